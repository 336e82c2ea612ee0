//! Days, and the cycles that they make (R34, R38).

use std::fmt;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use crate::{
    clock::At,
    web::zone::{Zone, date},
    words,
};

/// A day of the calendar, as the account's zone dates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Day(i64);

impl Day {
    /// The day of an instant in `zone`.
    pub fn of(at: At, zone: Zone) -> Self {
        Day::from(zone.local(at).date_naive())
    }
    /// So many days after 1 January 1970.
    pub const fn from_number(days: i64) -> Self {
        Day(days)
    }
    /// [`Day::from_number`]'s number by reference, for columns.
    pub(crate) const fn as_number_ref(&self) -> &i64 {
        &self.0
    }
    /// The date.
    pub fn date(self) -> NaiveDate {
        TimeDelta::try_days(self.0).and_then(|days| NaiveDate::default().checked_add_signed(days)).unwrap_or_default()
    }
    /// The first instant of the day in `zone`.
    pub fn starts_at(self, zone: Zone) -> At {
        zone.start_of(self.date())
    }
    /// Days from `earlier` to this one; negative when before.
    pub const fn since(self, earlier: Day) -> i64 {
        self.0 - earlier.0
    }
    /// Like `2026-12-01`, for files.
    pub fn iso(self) -> String {
        self.date().to_string()
    }
    /// The opposite of [`Day::iso`], for hidden fields.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<NaiveDate>().ok().map(Day::from)
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Day(date.signed_duration_since(NaiveDate::default()).num_days())
    }
}

/// Like `1 Dec 2026`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&date(self.date()))
    }
}

words! {
    /// How often an account is billed.
    Interval {
        /// Every month.
        Monthly = "monthly",
        /// Every year.
        Yearly = "yearly",
    }
}

impl Interval {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            Interval::Monthly => "Monthly",
            Interval::Yearly => "Yearly",
        }
    }
    /// What a price is for: "per seat and month".
    pub const fn unit(self) -> &'static str {
        match self {
            Interval::Monthly => "month",
            Interval::Yearly => "year",
        }
    }
    const fn months(self) -> u32 {
        match self {
            Interval::Monthly => 1,
            Interval::Yearly => 12,
        }
    }
}

/// A billing period: from its first day up to the next one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Its first day.
    pub starts_on: Day,
    /// The first day of the next.
    pub ends_on: Day,
}

impl Cycle {
    /// The cycle that begins on `starts_on`. Cycles begin on `anchor_day` of a month, or on its last where it is shorter: of
    /// the 31st they begin on 31 January, 28 February, 31 March.
    pub fn beginning(starts_on: Day, anchor_day: u32, interval: Interval) -> Self {
        let first = starts_on.date().with_day(1).unwrap_or_default();
        let month = first.checked_add_months(Months::new(interval.months())).unwrap_or(NaiveDate::MAX);
        let ends_on =
            (28..=anchor_day.clamp(1, 31)).rev().find_map(|day| month.with_day(day)).or_else(|| month.with_day(anchor_day)).unwrap_or(month);
        Cycle { starts_on, ends_on: Day::from(ends_on) }
    }
    /// The one after it.
    pub fn next(self, anchor_day: u32, interval: Interval) -> Self {
        Cycle::beginning(self.ends_on, anchor_day, interval)
    }
    /// How many days it has.
    pub const fn days(self) -> i64 {
        self.ends_on.since(self.starts_on)
    }
    /// Which of its days `on` is, counted from 1 (R33). A day beside the cycle, after the account's zone was changed or before
    /// a renewal that is late, counts as the nearest of it.
    pub fn day(self, on: Day) -> i64 {
        (on.since(self.starts_on) + 1).clamp(1, self.days())
    }
    /// How many of its days are left after `on`.
    pub fn left(self, on: Day) -> i64 {
        self.days() - self.day(on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from(text.parse::<NaiveDate>().unwrap())
    }

    /// The first days of the cycles after `start`.
    fn starts(start: &str, interval: Interval, n: usize) -> Vec<String> {
        let anchor = day(start).date().day();
        let first = Cycle::beginning(day(start), anchor, interval);
        std::iter::successors(Some(first), |cycle| Some(cycle.next(anchor, interval))).map(|cycle| cycle.ends_on.iso()).take(n).collect()
    }

    #[test]
    fn r34_an_anchor_at_a_months_end_comes_back_after_shorter_months() {
        assert_eq!(starts("2026-01-31", Interval::Monthly, 4), ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]);
        assert_eq!(starts("2028-01-30", Interval::Monthly, 3), ["2028-02-29", "2028-03-30", "2028-04-30"]);
        assert_eq!(starts("2026-01-29", Interval::Monthly, 3), ["2026-02-28", "2026-03-29", "2026-04-29"]);
        assert_eq!(starts("2026-12-15", Interval::Monthly, 2), ["2027-01-15", "2027-02-15"]);
        assert_eq!(starts("2026-11-01", Interval::Monthly, 2), ["2026-12-01", "2027-01-01"]);
    }

    #[test]
    fn r38_a_year_has_365_or_366_days() {
        assert_eq!(starts("2028-02-29", Interval::Yearly, 4), ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]);
        let cycle = |start| Cycle::beginning(day(start), day(start).date().day(), Interval::Yearly);
        assert_eq!((cycle("2026-03-01").days(), cycle("2027-03-01").days()), (365, 366));
    }

    #[test]
    fn r33_days_of_a_cycle_are_counted_from_1() {
        let cycle = Cycle::beginning(day("2026-11-01"), 1, Interval::Monthly);
        let of = |on| (cycle.day(day(on)), cycle.left(day(on)));
        assert_eq!([of("2026-11-01"), of("2026-11-15"), of("2026-11-30")], [(1, 29), (15, 15), (30, 0)]);
        assert_eq!([of("2026-10-31"), of("2026-12-01")], [(1, 29), (30, 0)]);
    }

    #[test]
    fn a_day_comes_back_as_it_went() {
        for text in ["1969-12-31", "1970-01-01", "2026-11-23", "2400-02-29"] {
            assert_eq!(day(text).iso(), text);
        }
        assert_eq!(day("2026-12-01").to_string(), "1 Dec 2026");
    }
}
