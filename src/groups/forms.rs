//! The groups' forms: strings to types.

use super::{
    GroupName, RingStrategy,
    hours::{Draft, Hours},
};
use crate::{
    db::{GroupId, MemberId},
    numbers::PhoneNumber,
    routing::Destination,
    web::{Posted, zone::Zone},
};

/// A new group.
pub struct CreateForm {
    /// Its name.
    pub name: GroupName,
    /// Its members.
    pub members: Vec<MemberId>,
}

impl CreateForm {
    /// Reads the form.
    pub fn read(form: &mut Posted) -> Option<Self> {
        let name = form.take("name", GroupName::parse);
        let members = read_members(form);
        Some(CreateForm { name: name?, members: members? })
    }
}

/// Reads who was ticked.
pub fn read_members(form: &mut Posted) -> Option<Vec<MemberId>> {
    let parsed: Result<Vec<MemberId>, _> = form.values("member_ids").into_iter().map(str::parse).collect();
    if parsed.is_err() {
        form.refuse("member_ids", "Somebody you chose is no longer a member. Choose again.");
    }
    parsed.ok()
}

/// Reads which groups were ticked.
pub fn read_groups(form: &mut Posted) -> Option<Vec<GroupId>> {
    let parsed: Result<Vec<GroupId>, _> = form.values("group_ids").into_iter().map(str::parse).collect();
    if parsed.is_err() {
        form.refuse("group_ids", GROUP_GONE);
    }
    parsed.ok()
}

/// What to say about a group that was deleted meanwhile.
pub const GROUP_GONE: &str = "A group you chose was deleted meanwhile. Choose again.";

/// The version of the group that a form was shown with (R59); a form without one counts as outdated.
pub fn read_version(form: &Posted) -> i64 {
    form.value("version").parse().unwrap_or(-1)
}

/// Reads the section "ring" (R41, R42).
pub fn read_ring(form: &mut Posted) -> Option<(RingStrategy, i64)> {
    let strategy = form.take("ring_strategy", |word| RingStrategy::from_word(word).ok_or("Choose how the group rings."));
    let secs = form.take("ring_seconds", |text| match text.trim().parse::<i64>() {
        Ok(secs @ 5..=600) => Ok(secs),
        _ => Err("Enter a number of seconds from 5 to 600."),
    });
    Some((strategy?, secs?))
}

/// The business hours as typed, for the editor and for reading.
pub fn draft_of(form: &Posted) -> Draft {
    Draft::from_fields(form.values("day"), form.values("opens"), form.values("closes"), form.values("hours"))
}

/// The section "hours" (R43).
pub struct HoursForm {
    /// The zone of the hours.
    pub zone: Zone,
    /// The hours.
    pub hours: Hours,
}

impl HoursForm {
    /// Reads the form; every mistake gets its sentence.
    pub fn read(form: &mut Posted, draft: &Draft) -> Option<Self> {
        let zone = form.take("time_zone", str::parse::<Zone>);
        // One field of dates a line, or a field a date.
        let closed_on: Vec<String> = form.values("closed_on").iter().flat_map(|text| text.lines()).map(|line| line.trim().to_owned()).collect();
        let read = draft.read(closed_on.iter().map(String::as_str).filter(|line| !line.is_empty()));
        if let Err(mistakes) = &read {
            for mistake in &mistakes.hours {
                form.refuse("hours", mistake.sentence.clone());
            }
            for sentence in &mistakes.closed_on {
                form.refuse("closed_on", sentence.clone());
            }
        }
        Some(HoursForm { zone: zone?, hours: read.ok()? })
    }
}

/// Reads a destination: one word as the doors describe it, or the page's own fields (a kind with the choice beside it).
pub fn read_destination(form: &mut Posted, field: &'static str) -> Option<Destination> {
    let beside = |name: &str| form.value(&format!("{field}_{name}")).trim().to_owned();
    let word = form.value(field).trim().to_owned();
    let read = match word.as_str() {
        "group" if beside("group").is_empty() => Err("Choose the group to fall back to.".to_owned()),
        "number" if beside("number").is_empty() => Err("Choose the number to fall back to.".to_owned()),
        "group" | "number" => Destination::parse(&format!("{word}:{}", beside(&word))),
        "phone" => PhoneNumber::parse(&beside("phone")).map(Destination::Phone),
        word => Destination::parse(word),
    };
    form.take(field, |_| read)
}
