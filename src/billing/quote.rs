//! Money before the button: what an act would cost, and why (R35).

use super::{Charge, Money, Seats, Subscription};
use crate::clock::At;

/// What it would cost if so many people became active now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The seats before.
    pub before: Seats,
    /// The seats after.
    pub after: Seats,
    /// What would be charged today.
    pub charge: Charge,
    /// The next invoice, if nobody else comes or goes.
    pub next: Charge,
}

impl Subscription {
    /// What a seat beyond the paid ones costs at `now`: each that somebody takes is a line of its own.
    pub fn each(&self, now: At) -> Charge {
        self.quote(self.seats.vacant().max(0) + 1, now).charge
    }
    /// The most that is charged if `n` people become active at `now`, one after another: the vacant seats are taken first.
    pub fn most(&self, n: i64, now: At) -> Money {
        self.each(now).amount.times((n - self.seats.vacant()).max(0))
    }
    /// Does it cost nothing if somebody becomes active at `now`? Then a button may do it at once (R35).
    pub fn returns_free(&self, now: At) -> bool {
        self.quote(1, now).charge.amount.is_zero()
    }
    /// The subscription as the next to be invited may find it: `pending` people are invited already, and the vacant seats go to
    /// whoever accepts first (R33).
    #[must_use]
    pub fn expecting(&self, pending: i64) -> Self {
        let mut expected = self.clone();
        expected.seats.active += pending.min(self.seats.vacant()).max(0);
        expected
    }
    /// Is nothing charged, in this cycle and in the next?
    pub fn is_free(&self) -> bool {
        self.seats.price.is_zero() && self.next_invoice().1.price.is_zero()
    }
    /// What it would cost if `n` people became active at `now`.
    pub fn quote(&self, n: i64, now: At) -> Quote {
        let mut after = self.clone();
        let charge = after.seats.join(n, self.day(now));
        Quote { before: self.seats, after: after.seats, charge, next: after.next_invoice().1 }
    }
}
