//! Seats and billing, as the Owner meets them (R31 to R39).

use diesel::prelude::*;
use rollcall::{
    authz::Role,
    billing::{self, Step},
    clock::Span,
    db::{AccountId, InvoiceId, schema},
};

use crate::support::*;

mod acts;
mod books;
mod invoice_commands;
mod invoices;
mod model;
mod pages;
mod paths;
mod plans_file;
mod processes;
mod races;
mod renewal;
mod renewal_mail;
mod ticker;
mod wrong_ledgers;

pub const BILLING: &str = "/settings/billing";

/// Renews whatever is due in an account.
pub fn settle(world: &World, account: AccountId) {
    world.app.db.write_now(|tx| billing::settle(tx, account, &world.app.plans, world.now())).expect("a renewal");
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
    world.member(world.ada.account, "Eli Novak", "eli@acme.test", Role::Agent, rollcall::members::Status::Active);
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
