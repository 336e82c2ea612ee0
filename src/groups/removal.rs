//! Deleting a group: what points at it points elsewhere first (R46).

use super::{Group, greeting, rows, settings::SettingsRefusal};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageGroups},
    clock::At,
    db::{AccountId, Conn, GroupId, NumberId, Tx},
    failure::Failure,
    numbers::{self, Incoming, Party},
    routing::{self, Destination, Stop},
};

/// Something that points at a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A group that falls back to it.
    Fallback(GroupId, String),
    /// A number whose incoming calls go to it.
    Incoming(NumberId, String),
    /// A number that its members call and text from, and whose incoming calls go elsewhere.
    Assigned(NumberId, String),
    /// A number that is assigned to it, with its incoming calls.
    Both(NumberId, String),
}

/// A group that was deleted.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// What it was called.
    pub name: String,
    /// The file of its greeting, to be deleted after the commit.
    pub file: Option<String>,
}

/// Everything that points at a group, by name.
pub fn references(conn: &mut Conn, account: AccountId, id: GroupId, now: At) -> Result<Vec<Reference>, Failure> {
    let falling = rows::list_falling_back_to(conn, account, id)?;
    let mut found: Vec<Reference> = falling.into_iter().map(|group| Reference::Fallback(group.id, group.name)).collect();
    for row in numbers::list_pointing_at(conn, account, Party::Group(id), now)? {
        let (number, name) = (row.number.id, row.number.international.clone());
        let is_assigned = row.number.assignee() == Some(Party::Group(id));
        let rings = match row.number.incoming() {
            Incoming::Assignee => is_assigned,
            incoming => incoming == Incoming::To(Party::Group(id)),
        };
        found.extend(match (is_assigned, rings) {
            (true, true) => Some(Reference::Both(number, name)),
            (true, false) => Some(Reference::Assigned(number, name)),
            (false, true) => Some(Reference::Incoming(number, name)),
            (false, false) => None,
        });
    }
    Ok(found)
}

/// Deletes a group. Groups that fell back to it and numbers whose calls went to it get `replacement`; voicemail is flagged,
/// so that somebody chooses again. Nobody is deactivated.
///
/// # Errors
/// A replacement that is gone, or that would send calls in a circle.
pub fn delete(tx: &mut Tx<'_>, by: &Can<ManageGroups>, id: GroupId, replacement: &Destination, now: At) -> Result<Deleted, SettingsRefusal> {
    by.hold(tx)?;
    let account = by.account();
    let group = rows::get(tx, account, id)?;
    check_replacement(tx, account, &group, replacement)?;
    let (author, target) = (Author::of(by), Target::new(id, &group.name));
    for pointing in rows::list_falling_back_to(tx, account, id)? {
        // The replacement itself cannot fall back to itself.
        let to = if *replacement == Destination::Group(pointing.id) { &Destination::Voicemail } else { replacement };
        refuse_loop(tx, account, Stop::Group(pointing.id), to)?;
        if !rows::set_fallback(tx, &pointing, pointing.version, to, *to == Destination::Voicemail)? {
            return Err(Failure::Stale.into());
        }
        let details = format!("fallback: {} was deleted, now {}", group.name, super::settings::name_of(tx, by, to)?);
        audit::record(tx, &author, Event::GroupChanged, Some(&Target::new(pointing.id, &pointing.name)), &details, now)?;
    }
    let chosen = (*replacement != Destination::Voicemail).then_some(replacement);
    numbers::leave_group(tx, &author, id, chosen, now)?;
    let file = greeting::remove_of(tx, account, id)?;
    rows::delete(tx, &group)?;
    audit::record(tx, &author, Event::GroupDeleted, Some(&target), &crate::web::words::people(group.members), now)?;
    Ok(Deleted { name: group.name, file })
}

fn check_replacement(tx: &mut Tx<'_>, account: AccountId, group: &Group, to: &Destination) -> Result<(), SettingsRefusal> {
    match to {
        Destination::Voicemail | Destination::Phone(_) => Ok(()),
        Destination::Group(id) if *id != group.id && rows::find(tx, account, *id)?.is_some() => Ok(()),
        Destination::Number(id) if numbers::find(tx, account, *id)?.is_some() => Ok(()),
        Destination::Member(_) => Err(SettingsRefusal::NoFallback),
        Destination::Group(_) | Destination::Number(_) => Err(SettingsRefusal::Gone),
    }
}

fn refuse_loop(tx: &mut Tx<'_>, account: AccountId, from: Stop, to: &Destination) -> Result<(), SettingsRefusal> {
    match routing::find_loop(tx, account, from, to)? {
        Some(names) => Err(SettingsRefusal::Loop(names)),
        None => Ok(()),
    }
}
