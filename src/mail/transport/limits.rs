//! Time limits.

use std::time::Duration;

/// How long the pool waits for what.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For the name's look-up, and for each of its addresses to accept a connection: 10 s.
    pub connect: Duration,
    /// For the answer to each command; for the greeting, the encryption and the sign-in as a whole each: 30 s.
    pub command: Duration,
    /// For one mail altogether, connection included; the answer to the mail itself may take all that is left: 2 minutes.
    pub delivery: Duration,
    /// Until a connection without work is closed: 60 s.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), command: Duration::from_secs(30), delivery: Duration::from_secs(120), idle: Duration::from_secs(60) }
    }
}
