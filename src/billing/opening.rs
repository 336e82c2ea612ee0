//! The first cycle (R35).

use chrono::Datelike;

use super::{Ahead, Charge, Cycle, Day, Interval, Plan, Seats, Step, Subscription, rows};
use crate::{
    clock::At,
    db::{AccountId, Tx},
    failure::Failure,
    web::zone::Zone,
};

/// Opens the first cycle of an account, with an invoice of the plan's minimum (R35), or of its active members where those are
/// more, as in an account that is older than billing. Before any member is active.
pub fn open(tx: &mut Tx<'_>, account: AccountId, plan: &Plan, zone: Zone, active: i64, now: At) -> Result<Subscription, Failure> {
    let (mut opened, charge) = first(account, plan, zone, active, now);
    rows::insert(tx, &opened)?;
    rows::record(tx, &mut opened, Step::Opened, None, &charge, Day::of(now, zone), now)?;
    Ok(opened)
}

/// What [`open`] writes.
pub(super) fn first(account: AccountId, plan: &Plan, zone: Zone, active: i64, now: At) -> (Subscription, super::Charge) {
    let (interval, today) = (Interval::Monthly, Day::of(now, zone));
    let anchor_day = today.date().day();
    let cycle = Cycle::beginning(today, anchor_day, interval);
    let (seats, charge) = Seats::begin(cycle, interval, plan.price_of(interval), i64::from(plan.seats_min), active);
    let opened = Subscription {
        account,
        zone,
        plan: plan.clone(),
        seats,
        ahead: Ahead::Renewal,
        renews_at: cycle.ends_on.starts_at(zone),
        closed_at: None,
        obstacle: None,
        anchor_day,
        entries: 0,
        invoices: 0,
    };
    (opened, charge)
}

/// What an account that its Owner opens on `plan` at `now` is charged at once: the plan's minimum, for the first cycle (R35).
pub fn first_charge(plan: &Plan, zone: Zone, now: At) -> Charge {
    let (interval, today) = (Interval::Monthly, Day::of(now, zone));
    let cycle = Cycle::beginning(today, today.date().day(), interval);
    Seats::begin(cycle, interval, plan.price_of(interval), i64::from(plan.seats_min), 1).1
}

impl Subscription {
    /// The cycle that begins when a closed account is reopened at `now`: for whoever is active, but at least the plan's minimum
    /// (R38).
    pub fn reopening(&self, now: At) -> (Seats, Charge) {
        let (interval, today, plan) = (self.seats.interval, self.reopens_on(now), &self.plan);
        let cycle = Cycle::beginning(today, today.date().day(), interval);
        Seats::begin(cycle, interval, plan.price_of(interval), i64::from(plan.seats_min), self.seats.active)
    }

    /// The day of `now`; after a clock went back, the end of the last cycle, since a day is billed once (T33).
    fn reopens_on(&self, now: At) -> Day {
        self.day(now).max(self.seats.cycle.ends_on)
    }
}

/// Opens a cycle again, today, for an account that had closed (R38).
pub(super) fn reopen(tx: &mut Tx<'_>, subscription: &mut Subscription, now: At) -> Result<Charge, Failure> {
    let (seats, charge) = subscription.reopening(now);
    let today = seats.cycle.starts_on;
    subscription.anchor_day = today.date().day();
    subscription.renews_at = seats.cycle.ends_on.starts_at(subscription.zone);
    (subscription.seats, subscription.ahead, subscription.closed_at) = (seats, Ahead::Renewal, None);
    rows::record(tx, subscription, Step::Reopened, None, &charge, today, now)?;
    Ok(charge)
}
