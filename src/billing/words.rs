//! Sentences about money that several pages say.

use super::{Ahead, Charge, Money, SeatRefusal, Subscription};
use crate::{
    clock::At,
    web::words::{counted, people},
};

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

/// "none is free", "one is free", "3 are free": of a plan's places.
pub fn free_places(free: i64) -> String {
    match free {
        0 => "none is free".into(),
        1 => "one is free".into(),
        n => format!("{n} are free"),
    }
}

/// "The Free plan charges nothing."
pub fn charges_nothing(of: &Subscription) -> String {
    format!("The {} plan charges nothing.", of.plan.name)
}

/// Why the next to come costs nothing: "No charge: one of 2 paid seats is vacant until 1 Dec 2026."
pub fn vacant(of: &Subscription) -> String {
    let seats = vacant_seats(of);
    format!("No charge: {seats}")
}

/// "one of 2 paid seats is vacant until 1 Dec 2026."
pub fn vacant_seats(of: &Subscription) -> String {
    let (paid, until) = (of.seats.paid, of.seats.cycle.ends_on);
    match of.seats.vacant() {
        1 => format!("one of {paid} paid seats is vacant until {until}."),
        n => format!("{n} of {paid} paid seats are vacant until {until}."),
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

/// Who may take the vacant seats first: "The vacant seat goes to whoever accepts first; 1 person is invited already."; nothing
/// where there is none, or nobody else is invited.
pub fn contended(of: &Subscription, pending: i64) -> Option<String> {
    let vacant = of.seats.vacant();
    if vacant < 1 || pending < 1 {
        return None;
    }
    let seats = if vacant == 1 { "The vacant seat goes".to_owned() } else { format!("The {vacant} vacant seats go") };
    Some(format!(
        "{seats} to whoever accepts first; {} invited already.",
        if pending == 1 { "1 person is".into() } else { format!("{} are", people(pending)) }
    ))
}

/// What invitations of `n` people cost where `pending` others are invited already, behind the sentence that they are sent:
/// " $14.50 when accepted today."; nothing where nothing is ever charged.
pub fn when_accepted(of: &Subscription, n: i64, pending: i64, now: At) -> String {
    let most = of.expecting(pending).most(n, now);
    match n {
        _ if of.is_free() || of.closed_at.is_some() => String::new(),
        1 if most.is_zero() => " No charge when accepted today.".into(),
        1 => format!(" {most} when accepted today."),
        _ if most.is_zero() => " No charge if all accept today.".into(),
        _ => format!(" Up to {most} if all accept today."),
    }
}

/// What a file of `n` people costs where `pending` others are invited already (R27): "Up to $551.00 if all accept today; each is
/// charged on acceptance."
pub fn up_to(of: &Subscription, n: i64, pending: i64, now: At) -> String {
    if of.is_free() {
        return charges_nothing(of);
    }
    let mut free = if of.seats.vacant() > 0 { format!(" Taken first: {}", vacant_seats(of)) } else { String::new() };
    free.extend(contended(of, pending).map(|contended| format!(" {contended}")));
    let of = &of.expecting(pending);
    let (most, vacant) = (of.most(n, now), of.seats.vacant().max(0));
    if most.is_zero() && vacant >= n {
        return format!("No charge if all accept today; each is charged on acceptance.{free}");
    }
    let each = of.each(now);
    let why = if each.days_left == 0 { "today is the last day of the cycle".to_owned() } else { each.formula() };
    format!("Up to {most} if all accept today; each is charged on acceptance: {} today ({why}).{free}", each.amount)
}

/// What becomes of the seats of `n` active people who leave, in the documents' words; `whom` is "removed users".
pub fn seats_freed(of: &Subscription, n: i64, whom: &str) -> String {
    if of.is_free() {
        return charges_nothing(of);
    }
    let mut after = of.clone();
    after.seats.leave(n);
    let (ends_on, (plan, _)) = (of.seats.cycle.ends_on, after.next_terms());
    let minimum = i64::from(plan.seats_min);
    let decreases = if n == 1 { "one".to_owned() } else { n.to_string() };
    let decreases = format!("Your seat count decreases by {decreases} at the next renewal. No mid-cycle refund for {whom}.");
    match of.ahead {
        Ahead::Closing if n == 1 => format!("The seat is paid until {ends_on}, when the account closes. No mid-cycle refund for {whom}."),
        Ahead::Closing => format!("The seats are paid until {ends_on}, when the account closes. No mid-cycle refund for {whom}."),
        _ if after.next_invoice().1.price.is_zero() => format!("{decreases} From {ends_on} on, the {} plan charges nothing.", plan.name),
        _ if after.seats.active < minimum => {
            format!("{decreases} The renewal on {ends_on} bills the {} plan's minimum of {}.", plan.name, counted(minimum, "seat"))
        }
        _ => format!("{decreases} The next renewal is on {ends_on}."),
    }
}

/// The seats beside the meter, without prices: "4 paid seats until 1 Dec 2026, one of them vacant".
pub fn paid_seats(of: &Subscription) -> String {
    if of.is_free() {
        return charges_nothing(of);
    }
    let (paid, until) = (of.seats.paid, of.seats.cycle.ends_on);
    let seats = if paid == 1 { "seat" } else { "seats" };
    let vacant = match of.seats.vacant() {
        n if n <= 0 => String::new(),
        1 => ", one of them vacant".into(),
        n => format!(", {n} of them vacant"),
    };
    format!("{paid} paid {seats} until {until}{vacant}")
}

/// What the Owner reads beside the meter: "$29.00/seat, renews 1 Dec 2026"; nothing on a plan without a charge.
pub fn renewal(of: &Subscription) -> String {
    let (price, on) = (of.seats.price, of.seats.cycle.ends_on);
    let per = match of.seats.interval {
        super::Interval::Monthly => "seat",
        super::Interval::Yearly => "seat and year",
    };
    match of.ahead {
        _ if of.closed_at.is_some() => "The account is closed".into(),
        Ahead::Closing if of.is_free() => format!("The account closes {on}"),
        _ if of.is_free() => String::new(),
        Ahead::Closing => format!("{price}/{per}, closes {on}"),
        _ => format!("{price}/{per}, renews {on}"),
    }
}

/// For the confirmation of several at once: who of them is charged is said beside each.
pub fn together(total: Money, n: i64) -> String {
    if total.is_zero() { format!("No charge for {} today.", people(n)) } else { format!("{total} is charged today for {} together.", people(n)) }
}
