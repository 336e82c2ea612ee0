//! Whether a member takes calls, by their own word.

use super::{Availability, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, SignedIn},
    clock::At,
    db::Tx,
    failure::Failure,
};

/// Says whether the actor takes calls (R42). Their role does not matter; saying the same again writes nothing.
pub fn set_availability(tx: &mut Tx<'_>, by: &Can<SignedIn>, availability: Availability, now: At) -> Result<(), Failure> {
    by.hold(tx)?;
    let person = rows::get(tx, by.account(), by.actor().member)?;
    if person.availability == availability {
        return Ok(());
    }
    // The version stays: nobody else's form shows this, so there is no edit that it could overtake (R59).
    rows::set_availability(tx, by.account(), person.id, availability)?;
    let target = Target::new(person.id, person.display_name());
    audit::record(tx, &Author::of(by), Event::AvailabilityChanged, Some(&target), availability.word(), now)
}
