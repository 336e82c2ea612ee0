//! What the doctor looks for in an account's billing.

use std::collections::HashMap;

use super::{Money, Plans, rows, rows::health::Line};
use crate::{
    clock::{At, Span},
    db::{AccountId, Conn, InvoiceId},
    failure::Failure,
};

/// A renewal that is later than this was missed by every ticker.
const LATE: Span = Span::hours(1);

/// Lines that are read at once.
const CHUNK: i64 = 5000;

/// What was seen in an account's billing.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// How many invoices were added up.
    pub invoices: usize,
    /// What is wrong, each a clause without the account's name: "INV-0003 is $98.00, but its lines add up to $99.00".
    pub wrong: Vec<String>,
}

/// Looks at an account's plan, seats, ledger and invoices, and changes nothing.
///
/// # Errors
/// When the database cannot be asked.
pub fn examine(conn: &mut Conn, account: AccountId, plans: &Plans, now: At) -> Result<Health, Failure> {
    let counts = rows::health::counts(conn, account)?;
    let mut wrong = Vec::new();
    if plans.find(&counts.plan).is_none() {
        wrong.push(gone("its plan", &counts.plan, plans));
    }
    if counts.paid_seats < counts.active_members {
        wrong.push(format!("{} seats are paid for {} active members", counts.paid_seats, counts.active_members));
    }
    let Some(bought) = counts.bought else {
        wrong.push("it has no subscription; the next start of the server opens one".into());
        return Ok(Health { invoices: 0, wrong });
    };
    if let Some(next) = bought.next_plan.as_deref().filter(|word| plans.find(word).is_none()) {
        wrong.push(gone("its next plan", next, plans));
    }
    if !bought.renews_at.is_never() && bought.renews_at + LATE < now {
        wrong.push("its renewal is more than an hour late; is the server running?".into());
    }
    let ledger = read_ledger(conn, account)?;
    if let Some(missing) = ledger.gap.or((ledger.lines != bought.entries).then_some(ledger.lines + 1)) {
        wrong.push(format!("line {missing} of its ledger is missing, or is not counted"));
    }
    if ledger.seats != (counts.active_members, counts.paid_seats) {
        wrong.push("the newest line of its ledger has other seats than the account".into());
    }
    let invoices = rows::health::list_totals(conn, account)?;
    if let Some(missing) = gap_in(invoices.iter().map(|(_, number, _)| *number), bought.invoices) {
        wrong.push(format!("INV-{missing:04} is missing, or is not counted"));
    }
    for (id, number, total) in &invoices {
        let sum = ledger.billed.get(id).copied().unwrap_or_default();
        if sum != *total {
            wrong.push(format!("INV-{number:04} is {total}, but its lines add up to {sum}"));
        }
    }
    Ok(Health { invoices: invoices.len(), wrong })
}

/// That a plan left the file, and what its accounts have instead.
fn gone(which: &str, word: &str, plans: &Plans) -> String {
    match plans.find_kept(word) {
        Some(kept) => format!("{which} {word} is not in the plans file; it keeps its last terms ({})", kept.summary()),
        None => format!("{which} {word} is not in the plans file, and its terms are not known: nothing is charged and nobody can join; put it back"),
    }
}

/// A ledger as it was read.
#[derive(Default)]
struct Ledger {
    lines: i64,
    gap: Option<i64>,
    seats: (i64, i64),
    billed: HashMap<InvoiceId, Money>,
}

fn read_ledger(conn: &mut Conn, account: AccountId) -> Result<Ledger, Failure> {
    let mut ledger = Ledger::default();
    let mut after = 0;
    loop {
        let lines: Vec<Line> = rows::health::list_lines(conn, account, after, CHUNK)?;
        for (number, active, paid, amount, invoice) in &lines {
            ledger.lines += 1;
            if *number != after + 1 {
                ledger.gap.get_or_insert(after + 1);
            }
            (after, ledger.seats) = (*number, (*active, *paid));
            if let Some(invoice) = invoice {
                let sum = ledger.billed.entry(*invoice).or_default();
                *sum = *sum + *amount;
            }
        }
        if (lines.len() as i64) < CHUNK {
            return Ok(ledger);
        }
    }
}

/// The first number that is missing from 1 up to `last`, or that is beyond it.
fn gap_in(numbers: impl Iterator<Item = i64>, last: i64) -> Option<i64> {
    let mut next = 1;
    for number in numbers {
        if number != next {
            return Some(next);
        }
        next += 1;
    }
    (next != last + 1).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_missing_number_is_found() {
        let gap = |numbers: &[i64], last| gap_in(numbers.iter().copied(), last);
        assert_eq!([gap(&[], 0), gap(&[1, 2, 3], 3)], [None, None]);
        assert_eq!([gap(&[1, 3], 3), gap(&[2], 2), gap(&[1], 2), gap(&[1, 2], 1), gap(&[], 1)], [Some(2), Some(1), Some(2), Some(3), Some(1)]);
    }
}
