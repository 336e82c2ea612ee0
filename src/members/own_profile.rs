//! A member's own details.

use super::{DeviceAddress, JobTitle, PersonName, Theme, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, SignedIn},
    clock::At,
    db::Tx,
    failure::Failure,
    web::zone::Zone,
};

/// What members say about themselves.
#[derive(Clone, Debug)]
pub struct OwnDetails {
    /// Their name.
    pub name: PersonName,
    /// What they do.
    pub job_title: JobTitle,
    /// Their own zone; `None` for the account's.
    pub zone: Option<Zone>,
    /// How pages look to them.
    pub theme: Theme,
    /// Where the switch finds their phone; `None` leaves it as it is.
    pub device: Option<DeviceAddress>,
}

/// Writes what members say about themselves; an unchanged form writes nothing.
pub fn edit_own(tx: &mut Tx<'_>, by: &Can<SignedIn>, what: &OwnDetails, now: At) -> Result<(), Failure> {
    by.hold(tx)?;
    let before = rows::get(tx, by.account(), by.actor().member)?;
    let zone = what.zone.map(|zone| zone.name().to_owned());
    let mut changed = Vec::new();
    for (field, differs) in [
        ("name", before.first_name != what.name.first || before.last_name != what.name.last),
        ("job title", before.job_title != what.job_title.as_str()),
        ("time zone", before.time_zone != zone),
        ("theme", before.theme != what.theme),
        ("device", what.device.as_ref().is_some_and(|device| before.device != device.as_str())),
    ] {
        if differs {
            changed.push(field);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    rows::set_own(tx, &before, what)?;
    let target = Target::new(before.id, what.name.full());
    audit::record(tx, &Author::of(by), Event::ProfileChanged, Some(&target), &changed.join(", "), now)
}
