//! Seats and billing (R31 to R39), from the pages to the ledger.

use diesel::prelude::*;
use rollcall::{
    authz::{CancelAccount, Role},
    billing::{self, Step, Subscription},
    clock::Span,
    db::{AccountId, InvoiceId, schema},
    members::Status,
};

use crate::support::*;

mod acts;
mod banners;
mod books;
mod cancellation;
mod closed;
mod in_between;
mod invoice_commands;
mod invoices;
mod model;
mod money_first;
mod pages;
mod paths;
mod plan_change;
mod plans_file;
mod previews;
mod processes;
mod promises;
mod races;
mod renewal;
mod renewal_mail;
mod ticker;
mod wrong_ledgers;

pub const BILLING: &str = "/settings/billing";

/// Whatever is due in an account is done, as the ticker or the next click does it.
pub fn settle(world: &World, account: AccountId) -> Subscription {
    let now = world.now();
    world
        .app
        .db
        .write_now(|tx| {
            tx.lock(account)?;
            billing::settle(tx, account, &world.app.plans, now)
        })
        .expect("a settled account")
}

/// The owner's account is cancelled.
pub fn cancel(world: &World, owner: &Person) {
    let (by, now) = (world.proof::<CancelAccount>(owner), world.now());
    world.app.db.write_now(|tx| billing::cancel(tx, &by, None, &world.app.plans, now)).expect("a cancelled account");
}

/// The owner's account is cancelled, a month or a year passes, and it is closed.
pub fn close(world: &World, owner: &Person) -> Subscription {
    cancel(world, owner);
    let ends_on = settle(world, owner.account).seats.cycle.ends_on;
    let left = ends_on.since(settle(world, owner.account).day(world.now()));
    world.advance(Span::days(left));
    let closed = settle(world, owner.account);
    assert!(closed.closed_at.is_some(), "{closed:?}");
    closed
}

/// The owner's account is closed at this very instant, though its cycle is not over.
pub fn close_now(world: &World, account: AccountId) {
    use schema::{accounts::dsl as a, subscriptions::dsl as s};
    world.write(|conn| diesel::update(a::accounts.find(account)).set(a::closed_at.eq(Some(world.now()))).execute(conn));
    world.write(|conn| diesel::update(s::subscriptions.find(account)).set(s::renews_at.eq(rollcall::clock::At::NEVER)).execute(conn));
}

/// `(number, total in cents)` of each invoice of an account.
pub fn invoices(world: &World, account: AccountId) -> Vec<(i64, i64)> {
    use schema::invoices::dsl as i;
    let own = i::invoices.filter(i::account_id.eq(account)).order(i::number);
    world.read(|conn| own.select((i::number, i::total_cents)).load::<(i64, i64)>(conn))
}

/// `(kind, seats, days left, cents)` of each line of an account's ledger.
pub fn ledger(world: &World, account: AccountId) -> Vec<(String, i64, i64, i64)> {
    use schema::ledger_entries::dsl as l;
    let own = l::ledger_entries.filter(l::account_id.eq(account)).order(l::number);
    world.read(|conn| own.select((l::kind, l::seats, l::days_left, l::amount_cents)).load(conn))
}

/// Initech, on the 15th of April's 30 days: four people and one more, five paid seats.
pub fn initech(world: &World, plan: &str) -> [Person; 4] {
    world.advance(Span::days(30));
    let people = world.account("Initech", plan, ["Nia Obi", "Noa Obi", "Ned Obi", "Nan Obi"]);
    world.member(people[0].account, "Nel Obi", "nel@initech.test", Role::Agent, Status::Active);
    world.advance(Span::days(14));
    people
}

/// Invites somebody, who accepts.
#[track_caller]
pub fn accept(world: &World, email: &str, first: &str, last: &str) -> Person {
    let (person, path) = world.invite(&world.ada, email, Role::Agent);
    let page = world.browser().post(&path, &[("first_name", first), ("last_name", last), ("password", PASSWORD)]);
    assert_eq!(page.status, 303, "{}", page.text());
    person
}

/// Acme on Team, in a cycle of 30 days that it began with 5 people: 2 April to 2 May.
pub fn april() -> World {
    let world = World::wish().plan("team").open();
    world.member(world.ada.account, "Eli Novak", "eli@acme.test", Role::Agent, Status::Active);
    world.advance(Span::days(31));
    settle(&world, world.ada.account);
    world
}

/// So many pairs of lines: Dana leaves her seat and takes it again.
pub fn to_and_fro(world: &World, times: usize) {
    let (dana, now) = (world.dana.id, world.now());
    let written = world.app.db.write_now(|tx| {
        let mut subscription = billing::settle(tx, world.ada.account, &world.app.plans, now)?;
        for _ in 0..times {
            billing::leave(tx, &mut subscription, Step::Deactivated, dana, now)?;
            billing::take(tx, &mut subscription, Step::Reactivated, dana, None, now).expect("a free seat");
        }
        Ok::<_, rollcall::failure::Failure>(())
    });
    written.expect("lines");
}

/// The ids of an account's invoices, oldest first.
pub fn invoice_ids(world: &World, account: AccountId) -> Vec<InvoiceId> {
    let own = schema::invoices::table.filter(schema::invoices::account_id.eq(account)).order(schema::invoices::number);
    world.read(|conn| own.select(schema::invoices::id).load(conn))
}
