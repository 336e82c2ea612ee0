//! How pages speak of who rings (R41, R42).

use super::{Snapshot, Turn};
use crate::groups::RingStrategy;

impl RingStrategy {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            RingStrategy::Simultaneous => "Simultaneous",
            RingStrategy::RoundRobin => "Round-robin",
            RingStrategy::LeastRecentlyUsed => "Least-recently-used",
        }
    }

    /// What it does, in a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            RingStrategy::Simultaneous => "Everyone rings at once.",
            RingStrategy::RoundRobin => "Members ring one after another, in order of joining, beginning after whoever was offered the last call.",
            RingStrategy::LeastRecentlyUsed => {
                "Members ring one after another, beginning with whoever has been without a call longest; those who never had one come first."
            }
        }
    }
}

impl Snapshot {
    /// Like `2 of 3 reachable`.
    pub fn reachable_of_all(&self) -> String {
        format!("{} of {} reachable", self.reachable(), self.seats.len())
    }
}

impl Turn {
    /// What happens to a call for which nobody rings; `None` when somebody does, where a page names them.
    pub fn sentence(&self) -> Option<String> {
        match self {
            Turn::Closed => Some("Nobody rings: it is outside business hours.".into()),
            Turn::Nobody => Some("Nobody can ring: calls go to the fallback at once.".into()),
            Turn::AllBusy { wait_secs } => {
                Some(format!("Everybody reachable is on a call: callers wait up to {wait_secs} seconds, then go to the fallback."))
            }
            Turn::Ring(_) => None,
        }
    }
}
