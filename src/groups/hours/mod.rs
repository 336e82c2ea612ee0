//! Business hours: when a group takes calls (R43).
//!
//! A week of spans in the group's own zone, and dates on which it is closed. What the clocks and the calendar make of them:
//!
//! - A span opens when the wall first shows its opening time and closes when the wall shows nothing before its closing time
//!   any more, so where clocks go back it does not close and open again in between. Closing at 24:00 is the end of the day:
//!   the first instant of the next date.
//! - A time that clocks skip counts as the first instant after the gap. A span that lies in the gap does not open.
//! - A closed date is closed from its first instant to the first instant of the next date. A span from the evening before
//!   ends at that midnight, and a span that would start on a closed date does not open at all, past midnight neither.
//! - No spans at all means always open, but for the closed dates.

mod calendar;
mod day;
mod draft;
#[cfg(test)]
mod model;
mod op;
mod reading;
mod span;
mod state;

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub use day::Day;
pub use draft::{Draft, Typed};
pub use op::Op;
pub use reading::{Mistake, Mistakes};
pub use span::OpenSpan;
pub use state::State;

/// So many spans a day.
pub const MOST_SPANS: usize = 20;
/// So many closed dates.
pub const MOST_CLOSED: usize = 366;

/// When a group takes calls: spans that do not overlap, in the order of the week, and closed dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    spans: Vec<OpenSpan>,
    closed_on: BTreeSet<NaiveDate>,
}

impl Hours {
    /// The spans, in the order of the week; none for always open.
    pub fn spans(&self) -> &[OpenSpan] {
        &self.spans
    }

    /// The closed dates, in their order.
    pub fn closed_on(&self) -> impl Iterator<Item = NaiveDate> {
        self.closed_on.iter().copied()
    }

    /// What [`Hours::to_columns`] wrote. A line that cannot be read is left out.
    pub fn from_columns(hours: &str, closed_on: &str) -> Self {
        let spans = hours.lines().filter_map(|line| OpenSpan::parse(line).ok()).collect();
        let closed_on = closed_on.lines().filter_map(|line| line.parse().ok()).collect();
        Hours { spans: reading::in_order(spans).0, closed_on }
    }

    /// The columns `hours` and `closed_on`: a line a span, like `mon 09:00-17:00`, and a line a date, like `2026-12-25`.
    pub fn to_columns(&self) -> (String, String) {
        let lines = |lines: Vec<String>| lines.join("\n");
        (lines(self.spans.iter().map(OpenSpan::to_string).collect()), lines(self.closed_on.iter().map(NaiveDate::to_string).collect()))
    }
}
