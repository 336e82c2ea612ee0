//! How memberships end and come back: deactivated, reactivated, removed, restored, erased (R21–R23).

use diesel::prelude::*;
use rollcall::{
    authz::{ManageBilling, ManageGroups, ManageMembers, ManageNumbers, Role},
    clock::Span,
    db::{MemberId, NumberId, schema},
    members::{self, Status},
    numbers::{self, Incoming, Party, Present},
    routing::Destination,
};

use crate::{
    members::{LIST, find, invite, number, row},
    support::*,
};

mod columns;
mod deactivation;
mod erasure;
mod fresh_start;
mod letters;
mod places;
mod races;
mod rank;
mod removal;
mod restoration;
mod traces;

/// Where a member's page is.
pub fn page_of(person: &Person) -> String {
    format!("{LIST}/{}", person.id)
}

/// Presses the button of an act on a member, and follows to what it answers.
#[track_caller]
pub fn act(browser: &Browser, person: &Person, noun: &str) -> Page {
    browser.submit(&format!("{}/{noun}", page_of(person)), &[])
}

/// Where somebody stands now.
pub fn standing(world: &World, person: &Person) -> Status {
    world.row(person).status
}

/// One round of the ticker.
pub fn tick(world: &World) {
    world.block_on(rollcall::ticker::erase(&world.app, world.now())).expect("a ticker that works");
}

/// Is this person erased?
pub fn is_erased(world: &World, person: &Person) -> bool {
    let row = schema::members::table.filter(schema::members::id.eq(person.id)).select(schema::members::erased_at.is_not_null());
    world.read(|conn| row.get_result(conn))
}

/// The counters of an account are those of its rows, and its chain holds.
#[track_caller]
pub fn all_well(world: &World, account: rollcall::db::AccountId) {
    let (known, counted, chain) = world
        .app
        .db
        .read_now(|conn| {
            let known = rollcall::accounts::get(conn, account)?;
            Ok::<_, rollcall::failure::Failure>((known, members::count_by_status(conn, account)?, rollcall::audit::verify(conn, account)?))
        })
        .unwrap();
    assert_eq!([known.active_members, known.invited_members, known.deactivated_members, known.removed_members], counted);
    assert!(chain.is_ok(), "{chain:?}");
}

/// Removes by the product's way, on the plan of the account.
pub fn remove(world: &World, by: &Person, person: &Person) {
    let (by, now) = (world.proof::<ManageMembers>(by), world.now());
    world.app.db.write_now(|tx| members::remove(tx, &by, person.id, None, &world.app.plans, now)).expect("somebody who can be removed");
}

/// Deactivates by the product's way.
pub fn deactivate(world: &World, by: &Person, person: &Person) {
    let (by, now) = (world.proof::<ManageMembers>(by), world.now());
    world.app.db.write_now(|tx| members::deactivate(tx, &by, person.id, &world.app.plans, now)).expect("somebody who can be deactivated");
}

/// A number as the database has it.
pub fn number_row(world: &World, by: &Person, id: NumberId) -> numbers::Row {
    world.app.db.read_now(|conn| numbers::row_of(conn, by.account, id, world.now())).expect("a number")
}
