//! User groups: who rings together, when, and what happens when nobody does.

pub mod greeting;
pub mod pages;

use crate::words;

words! {
    /// How a group's members ring (R41).
    RingStrategy {
        /// Everybody at once.
        Simultaneous = "simultaneous",
        /// One after another, beginning after whoever was offered the last call.
        RoundRobin = "round_robin",
        /// One after another, beginning with the longest idle.
        LeastRecentlyUsed = "least_recently_used",
    }
}
