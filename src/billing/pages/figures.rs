//! The figures of the billing page: the cycle, the seats, what is ahead, the next invoice.

use crate::{
    billing::{Ahead, Day, Plan, Subscription},
    members::address::LIST,
    web::words::{counted, thousands},
};

/// A figure of the cycle.
pub(super) struct FactView {
    pub(super) label: &'static str,
    pub(super) value: String,
    /// The list of those who are counted.
    pub(super) href: String,
}

/// The next invoice.
pub(super) struct NextView {
    /// Nothing where there is no next invoice.
    pub(super) amount: String,
    pub(super) formula: String,
    pub(super) when: String,
    pub(super) notes: Vec<String>,
}

/// "Team plan · $29.00 per seat and month · renews 1 Dec 2026".
pub(super) fn lead(of: &Subscription) -> String {
    let ends_on = of.seats.cycle.ends_on;
    let end = match (of.closed_at, &of.ahead) {
        (Some(at), _) => format!("closed {}", of.zone.day(at)),
        (None, Ahead::Closing) => format!("closes {ends_on}"),
        (None, _) => format!("renews {ends_on}"),
    };
    format!("{} plan · {} per seat and {} · {end}", of.plan.name, of.seats.price, of.seats.interval.unit())
}

/// Why the plan cannot be changed now (R38); empty where it can.
pub(super) fn fixed(of: &Subscription) -> &'static str {
    match (of.closed_at, &of.ahead) {
        (Some(_), _) => "The account is closed. Reopen it to change the plan.",
        (None, Ahead::Closing) => "The account is cancelled. Keep it to change the plan.",
        (None, _) => "",
    }
}

/// The cycle and its seats (R32, R33).
pub(super) fn facts(of: &Subscription, today: Day, invited: i64, deactivated: i64) -> Vec<FactView> {
    let (seats, cycle) = (&of.seats, of.seats.cycle);
    let fact = |label, value: String, status: &str| FactView {
        label,
        value,
        href: if status.is_empty() { String::new() } else { format!("{LIST}?status={status}") },
    };
    vec![
        fact("Cycle", format!("{} to {} · {} of {} days used", cycle.starts_on, cycle.ends_on, cycle.day(today), cycle.days()), ""),
        fact("Billed", seats.interval.name().into(), ""),
        fact("Active", format!("{}, a seat each", thousands(seats.active)), "active"),
        fact("Invited", format!("{}, no seat until they accept", thousands(invited)), "invited"),
        fact("Deactivated", format!("{}, free of charge", thousands(deactivated)), "deactivated"),
        match of.is_free() {
            true => fact("Seats", format!("{}, free of charge", thousands(seats.active)), ""),
            false => fact("Paid seats", format!("{}, of which {} vacant", thousands(seats.paid), thousands(seats.vacant())), ""),
        },
        fact("Plan’s limits", limits(&of.plan), ""),
    ]
}

/// "At least 2 seats, at most 5".
fn limits(plan: &Plan) -> String {
    let least = format!("At least {} billed", counted(i64::from(plan.seats_min), "seat"));
    match plan.seats_max {
        Some(most) if most > 0 && plan.is_free() => format!("At most {} places", thousands(i64::from(most))),
        None if plan.is_free() => "Any number of places".into(),
        Some(0) => format!("{least}, nobody more: the plan is no longer sold"),
        Some(most) => format!("{least}, at most {} places", thousands(i64::from(most))),
        None => format!("{least}, any number of places"),
    }
}

/// The next invoice if nobody comes or goes (R34).
pub(super) fn next(of: &Subscription) -> NextView {
    let ends_on = of.seats.cycle.ends_on;
    let none = |when: String| NextView { amount: String::new(), formula: String::new(), when, notes: Vec::new() };
    match (of.closed_at, &of.ahead) {
        (Some(_), _) => return none("There is none: the account is closed.".into()),
        (None, Ahead::Closing) => return none(format!("There is none: the account closes on {ends_on}.")),
        (None, _) => {}
    }
    let (plan, interval) = of.next_terms();
    let (seats, charge) = of.next_invoice();
    if charge.price.is_zero() {
        return none(format!("There is none: {} has no charge.", plan.name));
    }
    let active = format!(
        "{} now; each is a seat.",
        if of.seats.active == 1 { "1 active member".into() } else { format!("{} active members", thousands(of.seats.active)) }
    );
    let mut notes = vec![active];
    if seats.paid > seats.active {
        notes.push(format!("{} is billed for at least {}.", plan.name, counted(i64::from(plan.seats_min), "seat")));
    }
    notes.push(format!("{} per seat and {}, from {ends_on} to {}.", charge.price, interval.unit(), seats.cycle.ends_on));
    notes.push("Invited people count once they accept, deactivated ones do not. Vacant paid seats are not renewed.".into());
    notes.push(format!("It changes when people come or go before {ends_on}."));
    let formula = format!("{} × {} =", thousands(charge.seats), charge.price);
    NextView { amount: charge.amount.to_string(), formula, when: format!("on {ends_on}"), notes }
}
