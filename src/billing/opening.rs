//! The first cycle (R35).

use chrono::Datelike;

use super::{Ahead, Cycle, Day, Interval, Money, Plan, Seats, Step, Subscription, rows};
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
        anchor_day,
        entries: 0,
        invoices: 0,
    };
    (opened, charge)
}

/// Opens a cycle again, today, for an account that had closed (R38): for whoever is active, but at least the plan's minimum.
pub(super) fn reopen(tx: &mut Tx<'_>, subscription: &mut Subscription, now: At) -> Result<Money, Failure> {
    let (interval, today) = (subscription.seats.interval, subscription.day(now));
    subscription.anchor_day = today.date().day();
    let cycle = subscription.cycle_from(today, interval);
    let plan = &subscription.plan;
    let (seats, charge) = Seats::begin(cycle, interval, plan.price_of(interval), i64::from(plan.seats_min), subscription.seats.active);
    subscription.seats = seats;
    subscription.renews_at = cycle.ends_on.starts_at(subscription.zone);
    (subscription.ahead, subscription.closed_at) = (Ahead::Renewal, None);
    rows::record(tx, subscription, Step::Reopened, None, &charge, today, now)?;
    Ok(charge.amount)
}
