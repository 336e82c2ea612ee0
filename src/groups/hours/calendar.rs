//! Business hours on the calendar: open or closed at an instant, and until when.

use chrono::{Days, NaiveDate, NaiveTime};

use super::{Day, Hours, OpenSpan, span::DAY};
use crate::{clock::At, web::zone::Zone};

/// The week of a group that has set no hours.
const ALWAYS: [OpenSpan; 7] = [
    OpenSpan::whole(Day::Monday),
    OpenSpan::whole(Day::Tuesday),
    OpenSpan::whole(Day::Wednesday),
    OpenSpan::whole(Day::Thursday),
    OpenSpan::whole(Day::Friday),
    OpenSpan::whole(Day::Saturday),
    OpenSpan::whole(Day::Sunday),
];

impl Hours {
    /// Open at this instant?
    pub fn is_open(&self, zone: Zone, at: At) -> bool {
        self.open_until(zone, at).is_some()
    }

    /// The first instant after `at` from which it is closed instead of open, or open instead of closed; `None` when that
    /// never comes.
    pub fn next_change(&self, zone: Zone, at: At) -> Option<At> {
        if self.is_open(zone, at) { self.next_closing(zone, at) } else { self.next_opening(zone, at) }
    }

    fn next_closing(&self, zone: Zone, at: At) -> Option<At> {
        if self.is_unbroken() {
            // Only a closed date ends it; a date that the zone left out ends nothing.
            let today = zone.local(at).date_naive();
            let mut starts = self.closed_on.range(today..).map(|date| zone.start_of(*date));
            return starts.find(|start| *start > at && !self.is_open(zone, *start));
        }
        // Spans that touch go on from one to the other. The week has a hole, so this ends.
        let mut end = at;
        while let Some(later) = self.open_until(zone, end) {
            end = later;
        }
        Some(end)
    }

    fn next_opening(&self, zone: Zone, at: At) -> Option<At> {
        // A closed date, or a change of clocks near one, takes a week's only span: one week more for each, and some for
        // changes of clocks alone.
        let weeks = 2 * self.closed_on.len() + 10;
        let yesterday = zone.local(at).date_naive().pred_opt();
        let dates = std::iter::successors(yesterday, NaiveDate::succ_opt).take(7 * weeks);
        dates.flat_map(|date| self.runs_from(zone, date)).map(|(opens, _)| opens).find(|opens| *opens > at)
    }

    /// The latest end of the spans that are open at `at`.
    fn open_until(&self, zone: Zone, at: At) -> Option<At> {
        let today = zone.local(at).date_naive();
        // Where clocks go back over midnight, tomorrow has begun once before today ends: so tomorrow's spans count, and on
        // that short tomorrow those of two days before.
        let dates = [today.checked_sub_days(Days::new(2)), today.pred_opt(), Some(today), today.succ_opt()];
        let runs = dates.into_iter().flatten().flat_map(|date| self.runs_from(zone, date));
        runs.filter(|(opens, closes)| *opens <= at && at < *closes).map(|(_, closes)| closes).max()
    }

    /// The instants from and until which the spans of one date are open, in their order.
    fn runs_from(&self, zone: Zone, date: NaiveDate) -> impl Iterator<Item = (At, At)> {
        let day = Day::of(date);
        let is_closed = self.closed_on.contains(&date);
        let midnight = date.checked_add_days(Days::new(1)).filter(|next| self.closed_on.contains(next)).map(|next| zone.start_of(next));
        let spans = self.week().iter().filter(move |span| span.day == day && !is_closed);
        let runs = spans.filter_map(move |span| {
            let closes = span.closes_on(zone, date)?;
            Some((zone.first(local(date, span.opens)?), midnight.map_or(closes, |midnight| midnight.min(closes))))
        });
        runs.filter(|(opens, closes)| opens < closes)
    }

    fn week(&self) -> &[OpenSpan] {
        if self.spans.is_empty() { &ALWAYS } else { &self.spans }
    }

    /// True when no minute of the week is left out.
    fn is_unbroken(&self) -> bool {
        let open: i32 = self.week().iter().map(|span| span.in_week()).map(|(opens, closes)| closes - opens).sum();
        open == 7 * i32::from(DAY)
    }
}

impl OpenSpan {
    /// The instant at which the span of `date` closes.
    fn closes_on(&self, zone: Zone, date: NaiveDate) -> Option<At> {
        let next = date.succ_opt()?;
        Some(match self.closes {
            DAY => zone.start_of(next),
            closes if self.is_past_midnight() => zone.passed(local(next, closes)?),
            closes => zone.passed(local(date, closes)?),
        })
    }
}

fn local(date: NaiveDate, minute: u16) -> Option<chrono::NaiveDateTime> {
    NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0).map(|time| date.and_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::zone::iso;

    /// The first changes after the start of a date.
    fn changes(zone: &str, hours: (&str, &str), date: &str, n: usize) -> Vec<String> {
        let (zone, hours): (Zone, _) = (zone.parse().unwrap(), Hours::from_columns(hours.0, hours.1));
        let next = |at: &At| hours.next_change(zone, *at);
        std::iter::successors(next(&zone.start_of(date.parse().unwrap())), next).take(n).map(iso).collect()
    }

    #[test]
    fn r43_where_clocks_go_back_a_span_does_not_close_and_open_again() {
        // 1 November 2026: New York shows 01:00 to 02:00 twice, first at 05:00 UTC.
        let on = |spans| changes("America/New_York", (spans, ""), "2026-11-01", 2);
        assert_eq!(on("sun 00:30-01:00"), ["2026-11-01T04:30:00Z", "2026-11-01T05:00:00Z"]);
        assert_eq!(on("sun 00:30-02:00"), ["2026-11-01T04:30:00Z", "2026-11-01T07:00:00Z"]);
        assert_eq!(on("sun 00:30-01:30"), ["2026-11-01T04:30:00Z", "2026-11-01T06:30:00Z"]);
        assert_eq!(on("sun 01:30-05:00"), ["2026-11-01T05:30:00Z", "2026-11-01T10:00:00Z"]);
        assert_eq!(on("sun 00:30-01:15\nsun 01:45-05:00"), ["2026-11-01T04:30:00Z", "2026-11-01T10:00:00Z"]);
        assert_eq!(on("sat 22:00-01:30"), ["2026-11-01T06:30:00Z", "2026-11-08T03:00:00Z"]);
        // The Azores show 00:00 twice on 25 October 2026; the day before ends at the first of them.
        let azores = changes("Atlantic/Azores", ("sat 18:00-24:00", ""), "2026-10-24", 2);
        assert_eq!(azores, ["2026-10-24T18:00:00Z", "2026-10-25T00:00:00Z"]);
    }

    #[test]
    fn r43_a_time_that_clocks_skip_counts_as_the_end_of_the_gap() {
        // 8 March 2026: New York goes from 02:00 to 03:00 at 07:00 UTC.
        let on = |spans| changes("America/New_York", (spans, ""), "2026-03-08", 2);
        assert_eq!(on("sun 02:15-05:00"), ["2026-03-08T07:00:00Z", "2026-03-08T09:00:00Z"]);
        assert_eq!(on("sun 01:00-02:30"), ["2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z"]);
        assert_eq!(on("sun 02:10-02:50"), ["2026-03-15T06:10:00Z", "2026-03-15T06:50:00Z"]);
        assert_eq!(on("sun 01:00-02:00\nsun 03:00-04:00"), ["2026-03-08T06:00:00Z", "2026-03-08T08:00:00Z"]);
    }

    #[test]
    fn r43_a_closed_date_is_closed_from_midnight_to_midnight() {
        let london = |spans, closed| changes("Europe/London", (spans, closed), "2026-12-24", 2);
        // Thursday's span ends at midnight, and Friday's does not run into Saturday.
        let nights = "thu 22:00-02:00\nfri 22:00-02:00\nsat 22:00-02:00";
        assert_eq!(london(nights, "2026-12-25"), ["2026-12-24T22:00:00Z", "2026-12-25T00:00:00Z"]);
        assert_eq!(changes("Europe/London", (nights, "2026-12-25"), "2026-12-25", 2), ["2026-12-26T22:00:00Z", "2026-12-27T02:00:00Z"]);
        assert_eq!(london("", "2026-12-25\n2026-12-26"), ["2026-12-25T00:00:00Z", "2026-12-27T00:00:00Z"]);
        // Samoa had no 30 December 2011, so nobody was closed on it.
        let samoa = changes("Pacific/Apia", ("", "2011-12-30\n2012-01-02"), "2011-12-28", 2);
        assert_eq!(samoa, ["2012-01-01T10:00:00Z", "2012-01-02T10:00:00Z"]);
    }

    #[test]
    fn r43_always_open_never_changes() {
        assert_eq!(changes("Europe/London", ("", ""), "2026-12-24", 1), [""; 0]);
        assert_eq!(changes("Europe/London", ("", "2026-12-23"), "2026-12-24", 1), [""; 0]);
    }
}
