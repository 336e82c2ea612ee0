//! Members take seats and leave them (R32, R33).

use super::{Charge, Money, Quote, Step, Subscription, rows};
use crate::{
    clock::At,
    db::{MemberId, Tx},
    failure::Failure,
};

/// Seats that were taken.
#[derive(Clone, Copy, Debug)]
pub struct Bought {
    /// What was charged.
    pub charge: Charge,
}

impl Bought {
    /// For the audit log and for "done" sentences: "charged $14.50 ($29.00 × 15 of 30 days)"; nothing where nothing was.
    pub fn note(&self) -> String {
        if self.charge.amount.is_zero() { String::new() } else { format!("charged {} ({})", self.charge.amount, self.charge.formula()) }
    }
}

/// Why no seat was taken.
#[derive(Debug, thiserror::Error)]
pub enum SeatRefusal {
    /// The page showed another amount than would be charged now: a day has passed, or somebody took the free seat.
    #[error("the amount changed from {shown} to {}", .now.charge.amount)]
    AmountChanged {
        /// What the page showed.
        shown: Money,
        /// What it is now.
        now: Box<Quote>,
    },
    /// The account is closed (R38).
    #[error("the account is closed")]
    Closed,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// `member` takes a seat: a vacant paid one, or one more that is charged (R33). Called after [`settle`](super::settle), in the
/// same transaction and before the member becomes active. `shown` is the amount that the page promised, where it promised one.
///
/// # Errors
/// An amount that is not what was shown; a closed account; a failed write.
pub fn take(
    tx: &mut Tx<'_>,
    subscription: &mut Subscription,
    step: Step,
    member: MemberId,
    shown: Option<Money>,
    now: At,
) -> Result<Bought, SeatRefusal> {
    if subscription.closed_at.is_some() {
        return Err(SeatRefusal::Closed);
    }
    let quote = subscription.quote(1, now);
    if let Some(shown) = shown.filter(|shown| *shown != quote.charge.amount) {
        return Err(SeatRefusal::AmountChanged { shown, now: Box::new(quote) });
    }
    let today = subscription.day(now);
    let charge = subscription.seats.join(1, today);
    rows::record(tx, subscription, step, Some(member), &charge, today, now)?;
    Ok(Bought { charge })
}

/// `n` people take seats at once, as when a company is brought over: one line of the ledger, that names nobody.
///
/// # Errors
/// When the write fails.
pub fn take_many(tx: &mut Tx<'_>, subscription: &mut Subscription, n: i64, now: At) -> Result<Bought, Failure> {
    let today = subscription.day(now);
    let charge = subscription.seats.join(n, today);
    rows::record(tx, subscription, Step::Accepted, None, &charge, today, now)?;
    Ok(Bought { charge })
}

/// `member`, who was active, leaves their seat. It stays paid until the cycle ends (R34).
///
/// # Errors
/// When the write fails.
pub fn leave(tx: &mut Tx<'_>, subscription: &mut Subscription, step: Step, member: MemberId, now: At) -> Result<(), Failure> {
    let today = subscription.day(now);
    subscription.seats.leave(1);
    let nothing = subscription.seats.join(0, today);
    rows::record(tx, subscription, step, Some(member), &nothing, today, now)?;
    Ok(())
}
