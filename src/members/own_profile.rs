//! A member's own details.

use diesel::prelude::*;

use super::{JobTitle, PersonName, Theme, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, SignedIn},
    clock::At,
    db::{Tx, schema::members},
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
    ] {
        if differs {
            changed.push(field);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let (sort_name, folded) = rows::search_keys(&what.name.first, &what.name.last, before.email.as_deref(), before.username.as_deref());
    let row = members::table.filter(members::account_id.eq(by.account())).filter(members::id.eq(before.id));
    diesel::update(row)
        .set((
            members::first_name.eq(&what.name.first),
            members::last_name.eq(&what.name.last),
            members::job_title.eq(what.job_title.as_str()),
            members::time_zone.eq(zone),
            members::theme.eq(what.theme),
            members::sort_name.eq(sort_name),
            members::folded.eq(folded),
            members::version.eq(members::version + 1),
        ))
        .execute(&mut **tx)?;
    let target = Target::new(before.id, what.name.full());
    audit::record(tx, &Author::of(by), Event::ProfileChanged, Some(&target), &changed.join(", "), now)
}
