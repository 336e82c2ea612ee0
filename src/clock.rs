//! Time as a value. The only reader of the wall clock.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// An instant in UTC, in whole microseconds: what both databases keep without loss.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct At(i64);

/// A length of time in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i64);

impl Span {
    /// A span of `n` seconds.
    pub const fn secs(n: i64) -> Self {
        Span(n * 1_000_000)
    }
    /// A span of `n` minutes.
    pub const fn minutes(n: i64) -> Self {
        Self::secs(n * 60)
    }
    /// A span of `n` hours.
    pub const fn hours(n: i64) -> Self {
        Self::minutes(n * 60)
    }
    /// A span of `n` times 24 hours.
    pub const fn days(n: i64) -> Self {
        Self::hours(n * 24)
    }
    /// Whole seconds, rounded up: what `Retry-After` wants.
    pub const fn as_secs_up(self) -> i64 {
        (self.0 + 999_999).div_euclid(1_000_000)
    }
    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl At {
    /// The instant that columns use for "never" (1970).
    pub const NEVER: At = At(0);

    /// From microseconds since 1970 UTC.
    pub const fn from_micros(micros: i64) -> Self {
        At(micros)
    }
    /// Microseconds since 1970 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// [`At::micros`] by reference, for columns.
    pub(crate) const fn as_micros_ref(&self) -> &i64 {
        &self.0
    }
    /// True where the column means "never".
    pub const fn is_never(self) -> bool {
        self.0 == 0
    }
    /// The same instant as chrono's type, for calendars and words.
    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_micros(self.0).single().unwrap_or(DateTime::UNIX_EPOCH)
    }
    /// How long after `earlier` this is; negative when before.
    pub const fn since(self, earlier: At) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl From<DateTime<Utc>> for At {
    fn from(at: DateTime<Utc>) -> Self {
        At(at.timestamp_micros())
    }
}

impl std::ops::Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0 - other.0)
    }
}

impl std::ops::Add<Span> for At {
    type Output = At;
    fn add(self, span: Span) -> At {
        At(self.0.saturating_add(span.0))
    }
}

impl std::ops::Sub<Span> for At {
    type Output = At;
    fn sub(self, span: Span) -> At {
        At(self.0.saturating_sub(span.0))
    }
}

/// Where the program gets the time from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's wall clock.
    System,
    /// A clock that moves only when told to, for tests.
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until moved.
    pub fn frozen(at: At) -> Self {
        Clock::Frozen(Arc::new(AtomicI64::new(at.0)))
    }

    /// The present instant.
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the wall clock")]
    pub fn now(&self) -> At {
        match self {
            Clock::System => Utc::now().into(),
            Clock::Frozen(at) => At(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a frozen clock by `span`; the system's clock moves by itself.
    pub fn advance(&self, span: Span) {
        if let Clock::Frozen(at) = self {
            at.fetch_add(span.0, Ordering::SeqCst);
        }
    }
}
