//! Renewals by the ticker (R34, R39).

use diesel::prelude::*;
use rollcall::{
    billing::{self, Invoice, InvoiceStatus},
    clock::Span,
    db::{
        AccountId,
        schema::{self, ledger_entries, subscriptions},
    },
    ticker,
};

use crate::support::*;

/// Every invoice of an account, the oldest first.
pub fn invoices(world: &World, account: AccountId) -> Vec<Invoice> {
    world.app.db.read_now(|conn| billing::list_all(conn, account)).unwrap()
}

fn numbers(world: &World, account: AccountId) -> Vec<i64> {
    invoices(world, account).iter().map(|invoice| invoice.number).collect()
}

#[test]
fn r39_every_account_that_is_due_is_renewed_and_none_twice() {
    let world = World::new();
    let before = numbers(&world, world.ada.account).len();
    world.advance(Span::days(31));
    for _ in 0..2 {
        world.block_on(ticker::renew(&world.app, &mut Vec::new(), world.now())).unwrap();
    }
    for account in [world.ada.account, world.gus.account] {
        assert_eq!(numbers(&world, account).len(), before + 1);
        let newest = invoices(&world, account).pop().unwrap();
        assert_eq!((newest.total.cents(), newest.status, newest.issued_on.iso().as_str()), (19_600, InvoiceStatus::Open, "2026-04-02"));
    }
}

#[test]
fn r39_an_account_that_cannot_be_renewed_holds_up_no_other() {
    let world = World::new();
    let before = numbers(&world, world.gus.account).len();
    // Its next line would have a number that is taken.
    world.write(|conn| {
        diesel::update(subscriptions::table.find(world.ada.account)).set(subscriptions::entries.eq(subscriptions::entries - 1)).execute(conn)
    });
    world.advance(Span::days(31));
    world.block_on(ticker::renew(&world.app, &mut Vec::new(), world.now())).unwrap();
    assert_eq!(numbers(&world, world.gus.account).len(), before + 1);
    assert_eq!(numbers(&world, world.ada.account).len(), before, "nothing of it is half done");
    world.write(|conn| {
        diesel::update(subscriptions::table.find(world.ada.account)).set(subscriptions::entries.eq(subscriptions::entries + 1)).execute(conn)
    });
    world.block_on(ticker::renew(&world.app, &mut Vec::new(), world.now())).unwrap();
    assert_eq!(numbers(&world, world.ada.account).len(), before + 1, "and it is made good later");
}

#[test]
fn r35_an_account_that_is_older_than_billing_gets_its_first_cycle_when_the_server_starts() {
    let world = World::new();
    let account = world.ada.account;
    world.write(|conn| {
        diesel::delete(ledger_entries::table.filter(ledger_entries::account_id.eq(account))).execute(conn)?;
        diesel::delete(schema::invoices::table.filter(schema::invoices::account_id.eq(account))).execute(conn)?;
        diesel::delete(subscriptions::table.find(account)).execute(conn)
    });
    world.advance(Span::days(3));
    let started = world.neighbour();
    let bought = world.app.db.read_now(|conn| billing::find(conn, account, &started.app.plans)).unwrap();
    assert_eq!((bought.seats.active, bought.seats.paid, bought.seats.cycle.starts_on.iso().as_str()), (4, 4, "2026-03-05"));
    let billed = invoices(&world, account);
    assert_eq!(billed.iter().map(|invoice| (invoice.number, invoice.total.cents())).collect::<Vec<_>>(), [(1, 19_600)]);
    drop(started);
    drop(world.neighbour());
    assert_eq!(numbers(&world, account), [1], "another start opens nothing");
}
