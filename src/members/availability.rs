//! Whether a member takes calls, by their own word.

use diesel::prelude::*;

use super::{Availability, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, SignedIn},
    clock::At,
    db::{
        AccountId, Conn, MemberId, Tx,
        schema::{member_calls, members},
    },
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
    let row = members::table.filter(members::account_id.eq(by.account())).filter(members::id.eq(person.id));
    diesel::update(row).set(members::availability.eq(availability)).execute(&mut **tx)?;
    let target = Target::new(person.id, person.display_name());
    audit::record(tx, &Author::of(by), Event::AvailabilityChanged, Some(&target), availability.word(), now)
}

/// Is the member on a call?
pub fn is_on_call(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<bool, Failure> {
    let row = member_calls::table.filter(member_calls::account_id.eq(account)).filter(member_calls::member_id.eq(member));
    Ok(row.select(member_calls::on_call).get_result(conn).optional()?.unwrap_or(false))
}
