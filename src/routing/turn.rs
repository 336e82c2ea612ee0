//! Who rings: the one answer that a group's page shows and that calls get (R41, R42, R43).

use crate::{
    clock::At,
    db::MemberId,
    groups::{RingStrategy, hours::Hours},
    members::Availability,
    web::zone::Zone,
};

/// A member of a group, as far as ringing goes.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The member.
    pub member: MemberId,
    /// Their place in the order of joining. Whoever leaves and joins again gets a new one, at the end.
    pub place: i64,
    /// Neither invited nor deactivated nor removed.
    pub is_active: bool,
    /// What they say of themselves.
    pub availability: Availability,
    /// On a call now.
    pub on_call: bool,
    /// When their last call ended or was offered; [`At::NEVER`] when they never had one.
    pub last_call_at: At,
}

impl Seat {
    /// True when calls may ring here: active, and available by their own word. Somebody on a call is reachable all the same,
    /// and worth waiting for (R42).
    pub const fn is_reachable(&self) -> bool {
        self.is_active && matches!(self.availability, Availability::Available)
    }

    /// True when a call would ring now.
    pub const fn is_free(&self) -> bool {
        self.is_reachable() && !self.on_call
    }
}

/// A group at an instant, as far as ringing goes.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// How its members ring.
    pub strategy: RingStrategy,
    /// Seconds that a caller waits for an answer before the fallback.
    pub ring_secs: i64,
    /// When it takes calls.
    pub hours: Hours,
    /// The zone of its hours.
    pub zone: Zone,
    /// Its members, in any order.
    pub seats: Vec<Seat>,
    /// The place of whoever was offered the last call, though they may have left since.
    pub last_offered: Option<i64>,
}

/// What becomes of a call to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Outside business hours: the greeting, then the fallback.
    Closed,
    /// Nobody is reachable, or nobody is in the group: the fallback at once.
    Nobody,
    /// Everybody reachable is on a call: wait so many seconds for one of them, then the fallback.
    AllBusy {
        /// The group's ring limit.
        wait_secs: i64,
    },
    /// Somebody rings.
    Ring(Ring),
}

/// Who rings, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// True when all ring together; else they are offered the call one after another, in this order.
    pub at_once: bool,
    /// Who rings; at least one. In the order of joining when all ring together.
    pub members: Vec<MemberId>,
    /// The group's ring limit, after which the fallback takes over.
    pub secs: i64,
    /// The place to keep as [`Snapshot::last_offered`] when the call is offered; `None` leaves it. Only the first of the
    /// order moves it, so that one unanswered call does not cost the others behind them their turn.
    pub offered: Option<i64>,
}

impl Snapshot {
    /// How many can be reached, those on a call among them.
    pub fn reachable(&self) -> usize {
        self.seats.iter().filter(|seat| seat.is_reachable()).count()
    }

    /// Who rings when a call comes at `at`.
    pub fn turn(&self, at: At) -> Turn {
        if self.hours.is_open(self.zone, at) { self.turn_when_open() } else { Turn::Closed }
    }

    /// Who rings when a call comes within business hours: what "Rings next" shows while the group is closed.
    pub fn turn_when_open(&self) -> Turn {
        if self.reachable() == 0 {
            return Turn::Nobody;
        }
        let mut free: Vec<&Seat> = self.seats.iter().filter(|seat| seat.is_free()).collect();
        match self.strategy {
            RingStrategy::Simultaneous => free.sort_by_key(|seat| seat.place),
            // Places only grow, so the turn stands between the same two members whoever leaves or joins. Members after it
            // come first (`false` before `true`), then the circle begins again.
            RingStrategy::RoundRobin => free.sort_by_key(|seat| (self.last_offered.is_some_and(|last| seat.place <= last), seat.place)),
            // Never is the earliest instant.
            RingStrategy::LeastRecentlyUsed => free.sort_by_key(|seat| (seat.last_call_at, seat.place)),
        }
        let Some(first) = free.first() else { return Turn::AllBusy { wait_secs: self.ring_secs } };
        Turn::Ring(Ring {
            at_once: self.strategy == RingStrategy::Simultaneous,
            members: free.iter().map(|seat| seat.member).collect(),
            secs: self.ring_secs,
            offered: (self.strategy == RingStrategy::RoundRobin).then_some(first.place),
        })
    }
}
