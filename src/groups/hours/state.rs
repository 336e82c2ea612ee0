//! Open or closed now, as pages say it (R43).

use chrono::{Datelike, TimeDelta, Timelike};

use super::Hours;
use crate::{clock::At, web::zone::Zone};

/// How business hours stand at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Open, and never closing.
    Always,
    /// Open until this instant.
    Open(At),
    /// Closed until this instant; `None` when it does not open again.
    Closed(Option<At>),
}

impl State {
    /// True when calls are taken.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Always | State::Open(_))
    }
}

impl Hours {
    /// How they stand at `at`.
    pub fn state(&self, zone: Zone, at: At) -> State {
        match (self.is_open(zone, at), self.next_change(zone, at)) {
            (true, None) => State::Always,
            (true, Some(closes)) => State::Open(closes),
            (false, opens) => State::Closed(opens),
        }
    }

    /// The same as a page says it, like `Open now, closes 17:00 (America/New_York)`.
    pub fn sentence(&self, zone: Zone, at: At) -> String {
        match self.state(zone, at) {
            State::Always => "Always open".into(),
            State::Open(closes) => format!("Open now, closes {} ({zone})", when(zone, closes, at)),
            State::Closed(Some(opens)) => format!("Closed now, opens {} ({zone})", when(zone, opens, at)),
            State::Closed(None) => "Closed now, and no opening is ahead".into(),
        }
    }
}

/// A time of today, `17:00`; of the next seven days, `Mon 09:00`; later with its date, `2 Jan 2027, 09:00`.
fn when(zone: Zone, then: At, now: At) -> String {
    let (local, today) = (zone.local(then), zone.local(now));
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    if local.date_naive() == today.date_naive() {
        time
    } else if local.naive_local() - today.naive_local() < TimeDelta::days(7) {
        format!("{} {time}", local.weekday())
    } else {
        zone.minute(then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a page in New York says at a local time.
    fn said(hours: &Hours, local: &str) -> String {
        let zone: Zone = "America/New_York".parse().unwrap();
        hours.sentence(zone, zone.first(local.parse().unwrap())).replace(" (America/New_York)", "")
    }

    #[test]
    fn r43_the_page_says_open_or_closed_and_until_when() {
        let hours = |spans: &str| Hours::from_columns(spans, "2026-11-26\n2026-12-25");
        let week = hours("mon 09:00-12:00\nmon 12:00-17:00\nmon 22:00-02:00\ntue 09:00-24:00\nwed 09:00-17:00");
        let zone: Zone = "America/New_York".parse().unwrap();
        let noon = zone.first("2026-11-23T12:00:00".parse().unwrap());
        assert_eq!(week.sentence(zone, noon), "Open now, closes 17:00 (America/New_York)");
        for (at, sentence) in [
            ("2026-11-23T08:59:59", "Closed now, opens 09:00"),
            ("2026-11-23T09:00:00", "Open now, closes 17:00"),
            ("2026-11-23T17:00:00", "Closed now, opens 22:00"),
            ("2026-11-23T22:00:00", "Open now, closes Tue 02:00"),
            ("2026-11-24T10:00:00", "Open now, closes Wed 00:00"),
            ("2026-11-25T17:00:00", "Closed now, opens Mon 09:00"),
        ] {
            assert_eq!(said(&week, at), sentence, "{at}");
        }
    }

    #[test]
    fn r43_an_opening_more_than_seven_days_ahead_is_said_with_its_date() {
        let mondays = Hours::from_columns("mon 09:00-17:00", "2026-12-28");
        assert_eq!(said(&mondays, "2026-12-14T17:00:00"), "Closed now, opens Mon 09:00");
        assert_eq!(said(&mondays, "2026-12-21T17:00:00"), "Closed now, opens 4 Jan 2027, 09:00");
        // A week ahead, and this Monday is closed: the weekday alone would be taken for today's.
        assert_eq!(said(&mondays, "2026-12-28T08:00:00"), "Closed now, opens 4 Jan 2027, 09:00");
        assert_eq!(said(&mondays, "2026-12-28T09:00:01"), "Closed now, opens Mon 09:00");
    }

    #[test]
    fn r43_no_hours_or_a_whole_week_is_always_open_but_for_closed_dates() {
        let week =
            "mon 00:00-24:00\ntue 00:00-24:00\nwed 00:00-24:00\nthu 00:00-24:00\nfri 00:00-24:00\nsat 00:00-12:00\nsat 12:00-24:00\nsun 00:00-24:00";
        for spans in ["", week] {
            assert_eq!(said(&Hours::from_columns(spans, "2020-12-25"), "2026-11-22T12:00:00"), "Always open");
            let christmas = Hours::from_columns(spans, "2026-12-24\n2026-12-25");
            assert_eq!(said(&christmas, "2026-11-22T12:00:00"), "Open now, closes 24 Dec 2026, 00:00");
            assert_eq!(said(&christmas, "2026-12-23T12:00:00"), "Open now, closes Thu 00:00");
            assert_eq!(said(&christmas, "2026-12-24T12:00:00"), "Closed now, opens Sat 00:00");
        }
    }

    #[test]
    fn r43_whatever_dates_are_closed_the_next_opening_is_found() {
        let monday: chrono::NaiveDate = "2026-11-23".parse().unwrap();
        let weeks: Vec<String> = (0..366).map(|week| (monday + TimeDelta::weeks(week)).to_string()).collect();
        let hours = Hours::from_columns("mon 09:00-17:00", &weeks.join("\n"));
        assert_eq!(said(&hours, "2026-11-22T12:00:00"), "Closed now, opens 28 Nov 2033, 09:00");
    }
}
