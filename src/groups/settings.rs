//! A group's settings: each section is written by itself (R41–R45), and only over what was shown (R59).

use super::{Group, RingStrategy, hours::Hours, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageGroups},
    clock::At,
    db::{GroupId, Tx},
    failure::Failure,
    numbers,
    routing::{self, Destination, Stop},
    web::zone::Zone,
};

/// Why settings were not written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsRefusal {
    /// Calls would come back to this group; the names along the way (R45).
    #[error("calls would go in a circle")]
    Loop(Vec<String>),
    /// The group or number to fall back to is gone.
    #[error("the fallback is gone")]
    Gone,
    /// Only a group, a number or voicemail can be a fallback.
    #[error("no fallback")]
    NoFallback,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

fn held(tx: &mut Tx<'_>, by: &Can<ManageGroups>, id: GroupId, version: i64) -> Result<Group, Failure> {
    by.hold(tx)?;
    let group = rows::get(tx, by.account(), id)?;
    if group.version == version { Ok(group) } else { Err(Failure::Stale) }
}

fn changed(tx: &mut Tx<'_>, by: &Can<ManageGroups>, group: &Group, was_written: bool, details: &str, now: At) -> Result<(), Failure> {
    if !was_written {
        return Err(Failure::Stale);
    }
    audit::record(tx, &Author::of(by), Event::GroupChanged, Some(&Target::new(group.id, &group.name)), details, now)
}

/// Sets how a group rings, and for how many seconds (R41, R42). An unchanged form writes nothing.
pub fn set_ring(
    tx: &mut Tx<'_>,
    by: &Can<ManageGroups>,
    id: GroupId,
    version: i64,
    strategy: RingStrategy,
    secs: i64,
    now: At,
) -> Result<(), Failure> {
    let group = held(tx, by, id, version)?;
    if group.ring_strategy == strategy && group.ring_secs == secs {
        return Ok(());
    }
    let was_written = rows::set_ring(tx, &group, version, strategy, secs)?;
    changed(tx, by, &group, was_written, &format!("ring: {}, {secs} seconds", strategy.name()), now)
}

/// Sets when a group takes calls, in its zone (R43). An unchanged form writes nothing.
pub fn set_hours(tx: &mut Tx<'_>, by: &Can<ManageGroups>, id: GroupId, version: i64, zone: Zone, hours: &Hours, now: At) -> Result<(), Failure> {
    let group = held(tx, by, id, version)?;
    if group.zone() == zone && group.opening() == *hours {
        return Ok(());
    }
    let (spans, closed_on) = hours.to_columns();
    let was_written = rows::set_hours(tx, &group, version, zone, &spans, &closed_on)?;
    let listed = |lines: &str| lines.replace('\n', ", ");
    let spans = if spans.is_empty() { "always open".to_owned() } else { listed(&spans) };
    let closed = if closed_on.is_empty() { String::new() } else { format!("; closed on {}", listed(&closed_on)) };
    changed(tx, by, &group, was_written, &format!("hours: {spans} ({zone}){closed}"), now)
}

/// Sends the calls that nobody takes elsewhere, unless they would come back (R45).
///
/// # Errors
/// A loop with its path, a destination that is gone or that cannot be a fallback, a group that was changed meanwhile.
pub fn direct(tx: &mut Tx<'_>, by: &Can<ManageGroups>, id: GroupId, version: i64, to: &Destination, now: At) -> Result<(), SettingsRefusal> {
    let group = held(tx, by, id, version)?;
    if group.fallback() == *to && !group.fallback_lost {
        return Ok(());
    }
    check_fallback(tx, by, &group, to)?;
    let was_written = rows::set_fallback(tx, &group, version, to, false)?;
    let name = name_of(tx, by, to)?;
    Ok(changed(tx, by, &group, was_written, &format!("fallback: {name}"), now)?)
}

fn check_fallback(tx: &mut Tx<'_>, by: &Can<ManageGroups>, group: &Group, to: &Destination) -> Result<(), SettingsRefusal> {
    let account = by.account();
    let is_there = match to {
        Destination::Member(_) => return Err(SettingsRefusal::NoFallback),
        Destination::Voicemail | Destination::Phone(_) => true,
        Destination::Group(id) => rows::find(tx, account, *id)?.is_some(),
        Destination::Number(id) => numbers::find(tx, account, *id)?.is_some(),
    };
    if !is_there {
        return Err(SettingsRefusal::Gone);
    }
    match routing::find_loop(tx, account, Stop::Group(group.id), to)? {
        Some(names) => Err(SettingsRefusal::Loop(names)),
        None => Ok(()),
    }
}

/// A fallback as pages and the audit log write it.
pub(super) fn name_of(conn: &mut crate::db::Conn, by: &Can<ManageGroups>, to: &Destination) -> Result<String, Failure> {
    Ok(match to {
        Destination::Group(id) => rows::get(conn, by.account(), *id)?.name,
        Destination::Number(id) => numbers::get(conn, by.account(), *id)?.international,
        Destination::Phone(number) => number.international(),
        Destination::Voicemail | Destination::Member(_) => "Voicemail".into(),
    })
}
