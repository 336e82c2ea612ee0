//! The box "Billing": how much, and why, before the button (R35).

use super::{Ahead, Subscription, words};
use crate::{clock::At, web::words::counted};

/// What a page says of money before its button.
#[derive(Clone, Debug, Default)]
pub struct Bill {
    /// The seats, the amount with its formula, and the next invoice.
    pub line: String,
    /// What else is to know.
    pub notes: Vec<String>,
    /// The arithmetic in full; may be empty.
    pub working: String,
    /// The amount for the hidden field `shown`; empty where nothing is charged by the button.
    pub shown: String,
}

impl Bill {
    /// Of somebody who becomes active with the button.
    pub fn at_once(of: &Subscription, now: At) -> Self {
        let shown = of.quote(1, now).charge.amount.plain();
        Bill { shown, ..Bill::of(of, 1, "", now) }
    }

    /// Of an invitation of `n` people, which charges on acceptance and not before; `pending` others are invited already, and the
    /// vacant seats go to whoever accepts first.
    pub fn on_acceptance(of: &Subscription, n: i64, pending: i64, now: At) -> Self {
        let mut expected = of.expecting(pending);
        if let Ahead::Change { plan, .. } = &of.ahead
            && plan.word != of.plan.word
            && plan.seats_max.is_some_and(|max| i64::from(max) < of.seats.active + pending + n.max(1))
        {
            // With them not everybody fits, so the change would be dropped (R37).
            expected.obstacle = Some(String::new());
        }
        let mut bill = Bill::of(&expected, n.max(1), "Nothing if the invite expires", now);
        if of.closed_at.is_none() && !of.is_free() {
            bill.notes.extend(words::contended(of, pending));
            let (each, vacant) = (expected.each(now).amount, expected.seats.vacant());
            let later = "Each is charged on acceptance, for the days that are left then.";
            bill.notes.push(match n {
                2.. => later.to_owned(),
                _ if vacant > 1 => format!("{later} Of several people, the first {vacant} take vacant seats, each further one: {each} today."),
                _ => format!("{later} Of several people, each further one: {each} today."),
            });
        }
        bill
    }

    fn of(of: &Subscription, n: i64, unless: &str, now: At) -> Self {
        if of.closed_at.is_some() {
            return Bill { line: "The account is closed, so nobody can join. Its Owner can open it again.".into(), ..Bill::default() };
        }
        if of.is_free() {
            return Bill { line: words::charges_nothing(of), ..Bill::default() };
        }
        let (quote, each, vacant) = (of.quote(n, now), of.each(now), of.seats.vacant().max(0));
        let (most, ends_on) = (of.most(n, now), of.seats.cycle.ends_on);
        let (mut parts, mut first) = (Vec::new(), String::new());
        if n <= vacant {
            first = format!("{} ", words::vacant(of));
        } else {
            parts.push(format!("{} → {} seats", quote.before.paid, quote.after.paid));
            parts.push(match (n - vacant, each.days_left) {
                (_, 0) => format!("{most} today, the last day of the cycle"),
                (1, _) => format!("Today: {most} ({})", each.formula()),
                (charged, _) => format!("Today: {most} ({charged} × {}, each {})", each.amount, each.formula()),
            });
        }
        parts.push(match of.ahead {
            Ahead::Closing => format!("The account closes on {ends_on}, without another invoice"),
            Ahead::Renewal | Ahead::Change { .. } => format!("Invoice of {ends_on}: {}", quote.next.amount),
        });
        parts.extend((!unless.is_empty()).then(|| unless.to_owned()));
        let notes = if 0 < vacant && vacant < n { vec![format!("Taken first: {}", words::vacant_seats(of))] } else { Vec::new() };
        let day = of.seats.cycle.day(of.day(now));
        let mut working = format!(
            "A seat costs {} a {}. Today is day {day} of {}, which leaves {}. One seat beyond the paid ones: {} = {}.",
            of.seats.price,
            of.seats.interval.unit(),
            each.days_in_cycle,
            counted(each.days_left, "day"),
            each.formula(),
            each.amount,
        );
        if of.ahead != Ahead::Closing {
            working.push_str(&format!(" Next invoice: {} = {}.", quote.next.formula(), quote.next.amount));
        }
        Bill { line: first + &parts.join(" · "), notes, working, shown: String::new() }
    }
}
