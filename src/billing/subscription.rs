//! What an account has bought, and what the end of its cycle brings.

use super::{Cycle, Day, Interval, Plan, Plans, Seats, misfit, rows};
use crate::{
    clock::At,
    db::{AccountId, Conn, Tx},
    failure::Failure,
    web::zone::Zone,
};

/// What the end of the running cycle brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// Another cycle.
    Renewal,
    /// Another cycle, on another plan or of another length (R37).
    Change {
        /// The plan.
        plan: Plan,
        /// The length.
        interval: Interval,
    },
    /// The account closes (R38).
    Closing,
}

/// An account's subscription.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Whose it is.
    pub account: AccountId,
    /// The zone that dates its days.
    pub zone: Zone,
    /// The plan, with its terms of today.
    pub plan: Plan,
    /// The running cycle, its price and its seats.
    pub seats: Seats,
    /// What the end of the cycle brings.
    pub ahead: Ahead,
    /// When the cycle ends; never, once the account is closed.
    pub renews_at: At,
    /// When the account closed (R38); no cycle runs since.
    pub closed_at: Option<At>,
    /// Why the plan that is chosen for the renewal cannot be had as things stand, where [`foreseen`](Subscription::foreseen)
    /// looked: then it is dropped there, and the next cycle is on the plan of this one (R37).
    pub obstacle: Option<String>,
    pub(super) anchor_day: u32,
    pub(super) entries: i64,
    pub(super) invoices: i64,
}

impl Subscription {
    /// The account's day at `now`.
    pub fn day(&self, now: At) -> Day {
        Day::of(now, self.zone)
    }
    /// Is the cycle over, and the next not begun?
    pub fn is_due(&self, now: At) -> bool {
        !self.renews_at.is_never() && self.renews_at <= now
    }
    /// The plan of the next cycle and its length. A change that would be dropped, since not everybody fits, counts for nothing.
    pub fn next_terms(&self) -> (&Plan, Interval) {
        match &self.ahead {
            Ahead::Change { plan, interval } if !self.would_drop(plan) => (plan, *interval),
            Ahead::Change { .. } | Ahead::Renewal | Ahead::Closing => (&self.plan, self.seats.interval),
        }
    }
    fn would_drop(&self, next: &Plan) -> bool {
        let too_many = next.seats_max.is_some_and(|max| i64::from(max) < self.seats.active);
        next.word != self.plan.word && (self.obstacle.is_some() || too_many)
    }
    /// The subscription with the answer whether everybody fits on the plan that is chosen for the renewal, for pages that say
    /// what the renewal brings (R35, R37).
    ///
    /// # Errors
    /// When the read fails.
    pub fn foreseen(mut self, conn: &mut Conn, now: At) -> Result<Self, Failure> {
        self.obstacle = match &self.ahead {
            Ahead::Change { plan, .. } if plan.word != self.plan.word && self.closed_at.is_none() => {
                misfit(conn, self.account, plan, now)?.map(|misfit| misfit.why(plan))
            }
            Ahead::Change { .. } | Ahead::Renewal | Ahead::Closing => None,
        };
        Ok(self)
    }
    /// The seats of the next cycle and the invoice that begins it, if nobody comes or goes until then: the estimate "Next
    /// invoice" (R34).
    pub fn next_invoice(&self) -> (Seats, super::Charge) {
        let (plan, interval) = self.next_terms();
        let cycle = self.seats.cycle.next(self.anchor_day, interval);
        Seats::begin(cycle, interval, plan.price_of(interval), i64::from(plan.seats_min), self.seats.active)
    }
    /// The subscription with every renewal in it that is due at `now`, as the next write will make it. A change of plan for
    /// which there is no room by then is dropped only there.
    #[must_use]
    pub fn as_of(mut self, now: At) -> Self {
        while self.is_due(now) {
            if self.ahead == Ahead::Closing {
                (self.closed_at, self.renews_at) = (Some(self.renews_at), At::NEVER);
                break;
            }
            let (plan, seats) = (self.next_terms().0.clone(), self.next_invoice().0);
            (self.plan, self.seats, self.ahead) = (plan, seats, Ahead::Renewal);
            self.renews_at = seats.cycle.ends_on.starts_at(self.zone);
        }
        self
    }
    /// The cycle that begins on `starts_on`.
    pub(super) fn cycle_from(&self, starts_on: Day, interval: Interval) -> Cycle {
        Cycle::beginning(starts_on, self.anchor_day, interval)
    }
}

/// The account's subscription, for pages. A renewal that is due is not in it until the ticker or the next write has made it.
pub fn find(conn: &mut Conn, account: AccountId, plans: &Plans) -> Result<Subscription, Failure> {
    rows::find(conn, account, plans)?.ok_or_else(|| Failure::internal("an account has no subscription"))
}

/// The account has another zone from now on: the running cycle ends when its last day ends there.
///
/// # Errors
/// When the write fails. The account is locked by whoever calls.
pub fn move_zone(tx: &mut Tx<'_>, account: AccountId, zone: Zone) -> Result<(), Failure> {
    rows::move_zone(tx, account, zone)
}
