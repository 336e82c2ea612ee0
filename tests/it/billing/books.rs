//! The ledger and the invoices of an account, and what must be true of them always.

use diesel::prelude::*;
use rollcall::{
    accounts,
    billing::{self, Charge, Cycle, Day, Entry, Interval, Invoice, InvoiceStatus, Money, Plans, Seats, Step},
    db::{AccountId, schema},
};

use crate::support::*;

/// A line of the ledger, without what says when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub step: Step,
    pub day: i64,
    /// The first day of the cycle.
    pub cycle: i64,
    pub plan: String,
    pub yearly: bool,
    pub seats: i64,
    pub price: i64,
    pub left: i64,
    pub days: i64,
    pub cents: i64,
    pub active: i64,
    pub paid: i64,
}

impl Line {
    /// A step with what it costs, and the seats as they are after it.
    pub fn of(step: Step, day: Day, plan: &str, seats: &Seats, charge: &Charge) -> Self {
        let (price, cents, yearly) = (charge.price.cents(), charge.amount.cents(), seats.interval == Interval::Yearly);
        let (day, cycle, plan) = (number(day), number(seats.cycle.starts_on), plan.to_owned());
        let (left, days, active, paid) = (charge.days_left, charge.days_in_cycle, seats.active, seats.paid);
        Line { step, day, cycle, plan, yearly, seats: charge.seats, price, left, days, cents, active, paid }
    }

    /// Does a cycle begin with it?
    fn begins(&self) -> bool {
        matches!(self.step, Step::Opened | Step::Renewed | Step::Reopened)
    }
}

/// A day's number since 1970.
pub fn number(day: Day) -> i64 {
    day.since(Day::from_number(0))
}

/// The account's ledger.
pub fn entries(world: &World, account: AccountId) -> Vec<Entry> {
    use schema::ledger_entries::dsl as l;
    world.read(|conn| l::ledger_entries.filter(l::account_id.eq(account)).order(l::number).select(Entry::as_select()).load(conn))
}

/// The account's ledger as lines.
pub fn lines(world: &World, account: AccountId) -> Vec<Line> {
    let line = |entry: Entry| Line {
        step: entry.step,
        day: number(entry.happened_on),
        cycle: number(entry.cycle_starts_on),
        yearly: entry.interval == Interval::Yearly,
        seats: entry.seats,
        price: entry.price.cents(),
        left: entry.days_left,
        days: entry.days_in_cycle,
        cents: entry.amount.cents(),
        active: entry.active_seats,
        paid: entry.paid_seats,
        plan: entry.plan,
    };
    entries(world, account).into_iter().map(line).collect()
}

/// Its invoices.
pub fn invoices(world: &World, account: AccountId) -> Vec<Invoice> {
    use schema::invoices::dsl as i;
    world.read(|conn| i::invoices.filter(i::account_id.eq(account)).order(i::number).select(Invoice::as_select()).load(conn))
}

/// Each invoice as its day and its cents.
pub fn bills(world: &World, account: AccountId) -> Vec<(String, i64)> {
    invoices(world, account).iter().map(|invoice| (invoice.issued_on.iso(), invoice.total.cents())).collect()
}

/// The ledger, made again from what its lines say happened: the steps, their days and plans, and nothing that was computed.
pub fn replay(lines: &[Line], plans: &Plans) -> Vec<Line> {
    let plan = |name: &str| plans.all().iter().find(|plan| plan.name == name).unwrap_or_else(|| panic!("a plan named {name}"));
    let mut anchor = 1;
    let mut seats: Option<Seats> = None;
    let mut again = Vec::new();
    for line in lines {
        let (terms, day) = (plan(&line.plan), Day::from_number(line.day));
        let interval = if line.yearly { Interval::Yearly } else { Interval::Monthly };
        let (price, minimum) = (terms.price_of(interval), i64::from(terms.seats_min));
        let before = seats.map_or(1, |seats| seats.active);
        let (after, charge) = match seats {
            Some(mut seats) if !line.begins() => {
                let charge = match line.step {
                    Step::Upgraded => seats.upgrade(price, day),
                    Step::MinimumRaised => seats.reach(minimum, day),
                    _ if line.active < before => {
                        seats.leave(before - line.active);
                        seats.join(0, day)
                    }
                    _ => seats.join(line.active - before, day),
                };
                (seats, charge)
            }
            _ => {
                if line.step != Step::Renewed {
                    anchor = chrono::Datelike::day(&day.date());
                }
                let starts_on = seats.filter(|_| line.step == Step::Renewed).map_or(day, |seats| seats.cycle.ends_on);
                Seats::begin(Cycle::beginning(starts_on, anchor, interval), interval, price, minimum, before)
            }
        };
        again.push(Line::of(line.step, day, &line.plan, &after, &charge));
        seats = Some(after);
    }
    again
}

/// What is true of every account's books: numbers without gaps, every charged line on an invoice and no other, totals that are
/// the sums of their lines, dates that never go back, and the seats as the last line left them.
#[track_caller]
pub fn check(world: &World, account: AccountId) {
    let (entries, invoices) = (entries(world, account), invoices(world, account));
    assert!(entries.iter().map(|entry| entry.number).eq(1..=entries.len() as i64), "gaps in the ledger");
    assert!(invoices.iter().map(|invoice| invoice.number).eq(1..=invoices.len() as i64), "gaps in the invoices");
    for entry in &entries {
        assert_eq!(entry.invoice_id.is_some(), entry.amount > Money::ZERO, "{entry:?}");
        assert!(entry.amount >= Money::ZERO && entry.paid_seats >= entry.active_seats, "{entry:?}");
    }
    for invoice in &invoices {
        let own = entries.iter().filter(|entry| entry.invoice_id == Some(invoice.id));
        assert_eq!(own.map(|entry| entry.amount).sum::<Money>(), invoice.total, "{}", invoice.name());
    }
    let in_order = |a: &Invoice, b: &Invoice| a.issued_on < b.issued_on || (a.issued_on == b.issued_on && a.status != InvoiceStatus::Open);
    assert!(invoices.is_sorted_by(in_order), "two invoices of one day: {invoices:?}");
    let (known, now) = world
        .app
        .db
        .read_now(|conn| Ok::<_, rollcall::failure::Failure>((accounts::get(conn, account)?, billing::find(conn, account, &world.app.plans)?)))
        .unwrap();
    let last = entries.last().expect("a first line");
    assert_eq!((last.active_seats, last.paid_seats), (now.seats.active, now.seats.paid));
    assert_eq!(known.active_members, now.seats.active);
    assert!(now.seats.paid >= now.seats.active);
}
