//! Billing's SQL: the subscription, and each step of the seats.

mod reading;

pub use reading::{Entry, Invoice};
pub(super) use reading::{Named, Person, find_beginning, find_invoice, list_invoiced, list_invoices, list_lines};

pub(super) mod billed;
pub(super) mod health;
pub(super) mod kept;

use diesel::prelude::*;

use super::{Ahead, Charge, Cycle, Day, Interval, InvoiceStatus, Money, Plans, Seats, Step, Subscription};
use crate::{
    clock::At,
    db::{
        AccountId, Conn, InvoiceId, MemberId, Tx,
        schema::{accounts, invoices, ledger_entries, subscriptions},
        sql,
    },
    failure::Failure,
    web::zone::Zone,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = subscriptions)]
pub(crate) struct Row {
    billed: Interval,
    price_cents: Money,
    anchor_day: i64,
    starts_on: Day,
    ends_on: Day,
    renews_at: At,
    next_plan: Option<String>,
    next_billed: Option<Interval>,
    closes: bool,
    entries: i64,
    invoices: i64,
}

/// What the account's own row says of its subscription.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(crate) struct OfAccount {
    plan: String,
    time_zone: String,
    active_members: i64,
    paid_seats: i64,
    closed_at: Option<At>,
}

/// A subscription, for statements that join it with its account.
#[derive(Queryable, Selectable)]
#[diesel(table_name = subscriptions)]
pub(crate) struct Stored {
    #[diesel(embed)]
    row: Row,
    #[diesel(embed)]
    of_account: OfAccount,
}

impl Stored {
    /// What was selected, as the account's subscription.
    pub(crate) fn read(self, conn: &mut Conn, account: AccountId, plans: &Plans) -> Result<Subscription, Failure> {
        read(conn, account, self.row, self.of_account, plans)
    }
}

pub(super) fn find(conn: &mut Conn, account: AccountId, plans: &Plans) -> Result<Option<Subscription>, Failure> {
    let row = subscriptions::table.inner_join(accounts::table).filter(subscriptions::account_id.eq(account));
    let found: Option<Stored> = row.select(Stored::as_select()).get_result(conn).optional()?;
    found.map(|stored| stored.read(conn, account, plans)).transpose()
}

fn read(
    conn: &mut Conn,
    account: AccountId,
    row: Row,
    OfAccount { plan, time_zone: zone, active_members: active, paid_seats: paid, closed_at }: OfAccount,
    plans: &Plans,
) -> Result<Subscription, Failure> {
    let interval = row.billed;
    let ahead = match (row.closes, row.next_plan) {
        (true, _) => Ahead::Closing,
        (false, None) => Ahead::Renewal,
        (false, Some(next)) => Ahead::Change { plan: plans.look_up(conn, &next)?, interval: row.next_billed.unwrap_or(interval) },
    };
    Ok(Subscription {
        account,
        zone: Zone::from_column(&zone),
        plan: plans.look_up(conn, &plan)?,
        seats: Seats { cycle: Cycle { starts_on: row.starts_on, ends_on: row.ends_on }, interval, price: row.price_cents, active, paid },
        ahead,
        renews_at: row.renews_at,
        closed_at,
        obstacle: None,
        anchor_day: u32::try_from(row.anchor_day).unwrap_or(1),
        entries: row.entries,
        invoices: row.invoices,
    })
}

pub(super) fn list_due(conn: &mut Conn, now: At, most: i64) -> Result<Vec<AccountId>, Failure> {
    let due = subscriptions::table.filter(sql::Renewing).filter(subscriptions::renews_at.le(now));
    Ok(due.order(subscriptions::renews_at).limit(most).select(subscriptions::account_id).load(conn)?)
}

/// Accounts that are older than billing, and have no subscription yet; at most so many.
pub(super) fn list_without(conn: &mut Conn, most: i64) -> Result<Vec<AccountId>, Failure> {
    let without = accounts::table.left_join(subscriptions::table).filter(subscriptions::account_id.is_null());
    Ok(without.order(accounts::id).limit(most).select(accounts::id).load(conn)?)
}

macro_rules! row {
    ($of:expr) => {{
        let of = $of;
        let (next_plan, next_billed, closes) = match &of.ahead {
            Ahead::Renewal => (None, None, false),
            Ahead::Change { plan, interval } => (Some(plan.word.clone()), Some(*interval), false),
            Ahead::Closing => (None, None, true),
        };
        (
            subscriptions::billed.eq(of.seats.interval),
            subscriptions::price_cents.eq(of.seats.price),
            subscriptions::anchor_day.eq(i64::from(of.anchor_day)),
            subscriptions::starts_on.eq(of.seats.cycle.starts_on),
            subscriptions::ends_on.eq(of.seats.cycle.ends_on),
            subscriptions::renews_at.eq(of.renews_at),
            subscriptions::next_plan.eq(next_plan),
            subscriptions::next_billed.eq(next_billed),
            subscriptions::closes.eq(closes),
            subscriptions::entries.eq(of.entries),
            subscriptions::invoices.eq(of.invoices),
        )
    }};
}

pub(super) fn insert(tx: &mut Tx<'_>, of: &Subscription) -> Result<(), Failure> {
    diesel::insert_into(subscriptions::table).values((subscriptions::account_id.eq(of.account), row!(of))).execute(&mut **tx)?;
    Ok(())
}

/// Writes the subscription as it is now: its own row, and what the account's row says of it.
pub(super) fn update(tx: &mut Tx<'_>, of: &Subscription) -> Result<(), Failure> {
    diesel::update(subscriptions::table.find(of.account)).set(row!(of)).execute(&mut **tx)?;
    let account = (accounts::plan.eq(&of.plan.word), accounts::paid_seats.eq(of.seats.paid), accounts::closed_at.eq(of.closed_at));
    diesel::update(accounts::table.find(of.account)).set(account).execute(&mut **tx)?;
    Ok(())
}

pub(super) fn move_zone(tx: &mut Tx<'_>, account: AccountId, zone: Zone) -> Result<(), Failure> {
    let row = subscriptions::table.filter(subscriptions::account_id.eq(account)).filter(sql::Renewing);
    let ends_on: Option<Day> = row.select(subscriptions::ends_on).get_result(&mut **tx).optional()?;
    if let Some(ends_on) = ends_on {
        diesel::update(subscriptions::table.find(account)).set(subscriptions::renews_at.eq(ends_on.starts_at(zone))).execute(&mut **tx)?;
    }
    Ok(())
}

/// Writes one step of the seats: the subscription as it is after it, a line of the ledger, and what it costs on the invoice of
/// its day (R35).
pub(super) fn record(
    tx: &mut Tx<'_>,
    of: &mut Subscription,
    step: Step,
    member: Option<MemberId>,
    charge: &Charge,
    on: Day,
    now: At,
) -> Result<(), Failure> {
    let invoice = if charge.amount.is_zero() { None } else { Some(bill(tx, of, charge.amount, on, now)?) };
    of.entries += 1;
    update(tx, of)?;
    let entry = (
        ledger_entries::account_id.eq(of.account),
        ledger_entries::number.eq(of.entries),
        ledger_entries::kind.eq(step),
        ledger_entries::member_id.eq(member),
        ledger_entries::at.eq(now),
        ledger_entries::happened_on.eq(on),
        ledger_entries::cycle_starts_on.eq(of.seats.cycle.starts_on),
        ledger_entries::plan.eq(&of.plan.name),
        ledger_entries::billed.eq(of.seats.interval),
        ledger_entries::seats.eq(charge.seats),
        ledger_entries::price_cents.eq(charge.price),
        ledger_entries::days_left.eq(charge.days_left),
        ledger_entries::days_in_cycle.eq(charge.days_in_cycle),
        ledger_entries::amount_cents.eq(charge.amount),
        ledger_entries::active_seats.eq(of.seats.active),
        ledger_entries::paid_seats.eq(of.seats.paid),
        ledger_entries::invoice_id.eq(invoice),
    );
    diesel::insert_into(ledger_entries::table).values(entry).execute(&mut **tx)?;
    Ok(())
}

/// Adds `amount` to the account's open invoice of the day `on`, or to a new one with the next number. Where the newest invoice
/// is of a later day, after the clock or the account's zone went back over midnight, that day counts: invoices are dated in the
/// order of their numbers, and no day has two that are open.
fn bill(tx: &mut Tx<'_>, of: &mut Subscription, amount: Money, on: Day, now: At) -> Result<InvoiceId, Failure> {
    let newest = invoices::table.filter(invoices::account_id.eq(of.account)).filter(invoices::number.eq(of.invoices));
    let newest: Option<Invoice> = newest.select(Invoice::as_select()).get_result(&mut **tx).optional()?;
    let on = newest.as_ref().map_or(on, |newest| newest.issued_on.max(on));
    if let Some(invoice) = newest.filter(|invoice| invoice.issued_on == on && invoice.status == InvoiceStatus::Open) {
        diesel::update(invoices::table.find(invoice.id)).set(invoices::total_cents.eq(invoice.total + amount)).execute(&mut **tx)?;
        return Ok(invoice.id);
    }
    of.invoices += 1;
    let id = InvoiceId::fresh(now);
    let row = (
        invoices::id.eq(id),
        invoices::account_id.eq(of.account),
        invoices::number.eq(of.invoices),
        invoices::issued_on.eq(on),
        invoices::total_cents.eq(amount),
        invoices::created_at.eq(now),
    );
    diesel::insert_into(invoices::table).values(row).execute(&mut **tx)?;
    Ok(id)
}
