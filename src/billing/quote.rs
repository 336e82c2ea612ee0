//! Money before the button: what an act would cost, and why (R35).

use super::{Charge, Seats, Subscription};
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
    /// What it would cost if `n` people became active at `now`.
    pub fn quote(&self, n: i64, now: At) -> Quote {
        let mut after = self.clone();
        let charge = after.seats.join(n, self.day(now));
        Quote { before: self.seats, after: after.seats, charge, next: after.next_invoice().1 }
    }
}
