//! Time zones by their IANA names, and times as people read them. The only user of chrono-tz.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::clock::{At, Span};

/// A time zone like `America/New_York`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Zone = Zone(Tz::UTC);

    /// Every zone that can be chosen, in the order of their names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let placed = |name: &&str| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("US/");
        std::iter::once("UTC").chain(chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(placed))
    }
    /// The IANA name.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }
    /// The zone of a column; what no longer exists counts as UTC.
    pub fn from_column(name: &str) -> Self {
        name.parse().unwrap_or(Zone::UTC)
    }
    /// `at` on this zone's wall.
    pub fn local(&self, at: At) -> DateTime<Tz> {
        at.utc().with_timezone(&self.0)
    }
    /// Like `12 Mar 2026`.
    pub fn day(&self, at: At) -> String {
        date(self.local(at).date_naive())
    }
    /// Like `12 Mar 2026, 14:05`.
    pub fn minute(&self, at: At) -> String {
        let local = self.local(at);
        format!("{} {} {}, {:02}:{:02}", local.day(), month(local.month0()), local.year(), local.hour(), local.minute())
    }
    /// The first instant of `day` in this zone.
    pub fn start_of(&self, day: NaiveDate) -> At {
        self.first(day.and_time(NaiveTime::MIN))
    }
    /// The first instant at which this zone's wall shows `local`. A time that clocks skip counts as the first instant after
    /// the gap.
    pub fn first(&self, local: NaiveDateTime) -> At {
        self.0.from_local_datetime(&local).earliest().map_or_else(|| self.end_of_gap(local), |at| at.to_utc().into())
    }
    /// The instant from which this zone's wall shows nothing before `local` any more; to the second. The same as
    /// [`Zone::first`], but where clocks go back to before it.
    pub fn passed(&self, local: NaiveDateTime) -> At {
        let before = local - TimeDelta::seconds(1);
        self.0.from_local_datetime(&before).latest().map_or_else(|| self.end_of_gap(before), |at| At::from(at.to_utc()) + Span::secs(1))
    }
    /// The first instant at which the wall shows a time after `local`, which it skips.
    fn end_of_gap(&self, local: NaiveDateTime) -> At {
        // No zone is further than 14 hours from UTC. The longest gap, 24 hours, is where Samoa changed its date.
        let near: At = local.and_utc().into();
        let (mut before, mut after) = (-26 * 3600, 26 * 3600);
        while after - before > 1 {
            let between = (before + after) / 2;
            if self.local(near + Span::secs(between)).naive_local() < local { before = between } else { after = between }
        }
        near + Span::secs(after)
    }
}

/// The name of a month, by hand: chrono reads its format anew for every date, and a list has a hundred of them.
fn month(month0: u32) -> &'static str {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS.get(month0 as usize).copied().unwrap_or("")
}

/// Like `12 Mar 2026`.
pub fn date(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(day.month0()), day.year())
}

/// Like `2026-03-12T14:05:00Z`.
pub fn iso(at: At) -> String {
    let utc = at.utc();
    format!("{}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.year(), utc.month(), utc.day(), utc.hour(), utc.minute(), utc.second())
}

impl FromStr for Zone {
    type Err = &'static str;
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.parse().map(Zone).map_err(|_| "Choose a time zone from the list, like Europe/London.")
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Zone::from_column(&<std::borrow::Cow<'de, str>>::deserialize(from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_minutes_as_people_read_them() {
        let at: At = DateTime::parse_from_rfc3339("2026-03-01T23:05:09Z").unwrap().to_utc().into();
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(zone.day(at), "2 Mar 2026");
        assert_eq!(zone.minute(at), "2 Mar 2026, 00:05");
        assert_eq!(iso(at), "2026-03-01T23:05:09Z");
    }

    #[test]
    fn a_day_starts_when_its_zone_says() {
        let zone: Zone = "America/Sao_Paulo".parse().unwrap();
        // In 2018 clocks sprang from 00:00 to 01:00 on 4 November.
        let day = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        assert_eq!(zone.start_of(day).utc().to_rfc3339(), "2018-11-04T03:00:00+00:00");
    }

    #[test]
    fn a_skipped_time_counts_as_the_end_of_the_gap_and_a_repeated_one_is_reached_once_and_passed_later() {
        let instants = |zone: &str, local: &str| {
            let (zone, local): (Zone, NaiveDateTime) = (zone.parse().unwrap(), local.parse().unwrap());
            (iso(zone.first(local)), iso(zone.passed(local)))
        };
        for (zone, local, first, passed) in [
            ("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-03-08T02:00:00", "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),
            // Nothing before 01:00 is shown again, though 01:00 is.
            ("America/New_York", "2026-11-01T01:00:00", "2026-11-01T05:00:00Z", "2026-11-01T05:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z", "2026-10-03T15:30:00Z"),
            // Samoa had no 30 December 2011.
            ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"),
            ("Asia/Kathmandu", "2026-01-01T00:00:00", "2025-12-31T18:15:00Z", "2025-12-31T18:15:00Z"),
        ] {
            assert_eq!(instants(zone, local), (first.to_owned(), passed.to_owned()), "{zone} {local}");
        }
    }
}
