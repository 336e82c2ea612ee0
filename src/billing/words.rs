//! Sentences about money that several pages say.

use super::{Ahead, Charge, Money, SeatRefusal, Subscription};
use crate::{clock::At, web::words::people};

/// Why no seat was taken, and what to do.
pub fn seat_refused(refusal: &SeatRefusal) -> String {
    match refusal {
        SeatRefusal::AmountChanged { shown, now } => amount_changed(*shown, now.charge.amount, &now.charge.formula()),
        SeatRefusal::Closed => "The account is closed. Its Owner can open it again.".into(),
        SeatRefusal::Failure(_) => "It did not work. Try again.".into(),
    }
}

/// The page showed an older amount: both are said, and nothing was done. `why` may be empty.
pub fn amount_changed(shown: Money, now: Money, why: &str) -> String {
    let why = if now.is_zero() || why.is_empty() { String::new() } else { format!(" ({why})") };
    format!(
        "The amount changed: the page showed {shown}, and it is {now} now{why}. Nothing was done and nothing was charged. Press the button again if you agree."
    )
}

/// "The Free plan charges nothing."
pub fn charges_nothing(of: &Subscription) -> String {
    format!("The {} plan charges nothing.", of.plan.name)
}

/// Why the next to come costs nothing: "No charge: one of 2 paid seats is free until 1 Dec 2026."
pub fn vacant(of: &Subscription) -> String {
    let seats = vacant_seats(of);
    format!("No charge: {seats}")
}

/// "one of 2 paid seats is free until 1 Dec 2026."
pub fn vacant_seats(of: &Subscription) -> String {
    let (paid, until) = (of.seats.paid, of.seats.cycle.ends_on);
    match of.seats.vacant() {
        1 => format!("one of {paid} paid seats is free until {until}."),
        n => format!("{n} of {paid} paid seats are free until {until}."),
    }
}

/// What was charged, behind the sentence that says what was done: " $14.50 was charged for 15 of 30 days."; nothing where
/// nothing was.
pub fn charged(charge: &Charge) -> String {
    if charge.amount.is_zero() {
        return String::new();
    }
    format!(" {} was charged for {} of {} days.", charge.amount, charge.days_left, charge.days_in_cycle)
}

/// What invitations of `n` people cost, behind the sentence that they are sent: " $14.50 when accepted today."; nothing where
/// nothing is ever charged.
pub fn when_accepted(of: &Subscription, n: i64, now: At) -> String {
    let most = of.most(n, now);
    match n {
        _ if of.is_free() || of.closed_at.is_some() => String::new(),
        1 if most.is_zero() => " No charge when accepted today.".into(),
        1 => format!(" {most} when accepted today."),
        _ if most.is_zero() => " No charge if all accept today.".into(),
        _ => format!(" Up to {most} if all accept today."),
    }
}

/// What a file of `n` people costs (R27): "Up to $551.00 if all accept today; each is charged on acceptance."
pub fn up_to(of: &Subscription, n: i64, now: At) -> String {
    if of.is_free() {
        return charges_nothing(of);
    }
    let (most, vacant) = (of.most(n, now), of.seats.vacant().max(0));
    let free = if vacant > 0 { format!(" Taken first: {}", vacant_seats(of)) } else { String::new() };
    if most.is_zero() && vacant >= n {
        return format!("No charge if all accept today; each is charged on acceptance.{free}");
    }
    let each = of.each(now);
    let why = if each.days_left == 0 { "today is the last day of the cycle".to_owned() } else { each.formula() };
    format!("Up to {most} if all accept today; each is charged on acceptance: {} today ({why}).{free}", each.amount)
}

/// What becomes of the seat of somebody active who leaves, in the documents' words; `whom` is "removed users".
pub fn seat_freed(of: &Subscription, whom: &str) -> String {
    if of.is_free() {
        return charges_nothing(of);
    }
    let (ends_on, minimum) = (of.seats.cycle.ends_on, i64::from(of.next_terms().0.seats_min));
    let decreases = format!("Your seat count decreases by one at the next renewal. No mid-cycle refund for {whom}.");
    match of.ahead {
        Ahead::Closing => format!("The seat is paid until {ends_on}, when the account closes. No mid-cycle refund for {whom}."),
        _ if of.seats.active <= minimum => {
            format!("{decreases} The renewal on {ends_on} bills the {} plan's minimum of {minimum} seats.", of.next_terms().0.name)
        }
        _ => format!("{decreases} The next renewal is on {ends_on}."),
    }
}

/// The seats beside the meter, without prices: "4 paid seats until 1 Dec 2026, one of them free".
pub fn paid_seats(of: &Subscription) -> String {
    let (paid, until) = (of.seats.paid, of.seats.cycle.ends_on);
    let seats = if paid == 1 { "seat" } else { "seats" };
    let vacant = match of.seats.vacant() {
        n if n <= 0 => String::new(),
        1 => ", one of them free".into(),
        n => format!(", {n} of them free"),
    };
    format!("{paid} paid {seats} until {until}{vacant}")
}

/// What the Owner reads beside the meter: "$29.00/seat, renews 1 Dec 2026".
pub fn renewal(of: &Subscription) -> String {
    let (price, on) = (of.seats.price, of.seats.cycle.ends_on);
    let per = match of.seats.interval {
        super::Interval::Monthly => "seat",
        super::Interval::Yearly => "seat and year",
    };
    match of.ahead {
        _ if of.closed_at.is_some() => "The account is closed".into(),
        Ahead::Closing => format!("{price}/{per}, closes {on}"),
        _ => format!("{price}/{per}, renews {on}"),
    }
}

/// For the confirmation of several at once: who of them is charged is said beside each.
pub fn together(total: Money, n: i64) -> String {
    if total.is_zero() { format!("No charge for {} today.", people(n)) } else { format!("{total} is charged today for {} together.", people(n)) }
}
