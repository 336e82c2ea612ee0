//! Numbers: whose they are, where their calls go, and files of them.

use diesel::prelude::*;
use rollcall::{
    audit::Author,
    authz::{ManageMembers, ManageNumbers, Role},
    clock::Span,
    db::{AccountId, GroupId, NumberId, schema},
    members::Status,
    numbers::{self, AssignRefusal, Incoming, Label, NewNumber, Party, PhoneNumber, Present, Row},
    routing::Destination,
};

use crate::support::*;

mod adding;
mod assigning;
mod directing;
mod import;
mod leaving;
mod list;
mod loops;
mod picker;
mod queries;
mod races;
mod releasing;
mod reserving;

pub const LIST: &str = "/settings/numbers";
pub const MEMBERS: &str = "/settings/team/members";

/// A number of an account that nobody holds.
#[track_caller]
pub fn number_of(world: &World, owner: &Person, e164: &str, label: &str) -> NumberId {
    let new = NewNumber::new(PhoneNumber::parse(e164).unwrap(), Label::parse(label).unwrap(), world.now());
    let by = world.proof::<ManageNumbers>(owner);
    world.app.db.write_now(|tx| numbers::add(tx, &by, &new, world.now())).expect("a number that nobody has");
    new.id
}

/// A number of Acme that nobody holds.
#[track_caller]
pub fn number(world: &World, e164: &str, label: &str) -> NumberId {
    number_of(world, &world.ada, e164, label)
}

/// A user group, straight into the database.
pub fn group_of(world: &World, account: AccountId, name: &str) -> GroupId {
    use schema::user_groups as g;
    let id = GroupId::fresh(world.now());
    let row = (
        g::id.eq(id),
        g::account_id.eq(account),
        g::name.eq(name),
        g::name_key.eq(name.to_lowercase()),
        g::folded.eq(rollcall::web::listing::fold(name)),
        g::time_zone.eq("UTC"),
        g::created_at.eq(world.now()),
    );
    world.write(|conn| diesel::insert_into(g::table).values(row).execute(conn));
    id
}

/// A user group of Acme.
pub fn group(world: &World, name: &str) -> GroupId {
    group_of(world, world.ada.account, name)
}

/// Lets a group fall back to a number, past every rule.
pub fn fall_back(world: &World, group: GroupId, to: &Destination) {
    use schema::user_groups as g;
    let row = g::table.filter(g::id.eq(group));
    world.write(|conn| match to {
        Destination::Number(id) => diesel::update(row).set((g::fallback_kind.eq("number"), g::fallback_number_id.eq(id))).execute(conn),
        Destination::Group(id) => diesel::update(row).set((g::fallback_kind.eq("group"), g::fallback_group_id.eq(id))).execute(conn),
        other => panic!("no test falls back to {other:?}"),
    });
}

/// A number as it is now.
#[track_caller]
pub fn state(world: &World, id: NumberId) -> Row {
    world.app.db.read_now(|conn| numbers::row_of(conn, world.ada.account, id, world.now())).expect("a number")
}

/// Who holds a number, by name.
#[track_caller]
pub fn holder(world: &World, id: NumberId) -> Option<String> {
    state(world, id).holder.map(|holder| holder.name)
}

/// Assigns a number that nobody holds.
#[track_caller]
pub fn give(world: &World, id: NumberId, to: Party) {
    let by = world.proof::<ManageNumbers>(&world.ada);
    world.app.db.write_now(|tx| numbers::assign(tx, &by, id, Some(to), &Present::Unknown, world.now())).expect("a free number");
}

/// Sends the calls of a number elsewhere.
#[track_caller]
pub fn direct(world: &World, id: NumberId, to: Incoming) -> Result<Row, AssignRefusal> {
    let by = world.proof::<ManageNumbers>(&world.ada);
    world.app.db.write_now(|tx| numbers::direct(tx, &by, id, to, &Present::Unknown, world.now()))
}

/// The newest event of Acme.
#[track_caller]
pub fn newest(world: &World) -> [String; 4] {
    world.events(world.ada.account).pop().expect("an event")
}

/// The words of an event.
pub fn event(words: [&str; 4]) -> [String; 4] {
    words.map(str::to_owned)
}
