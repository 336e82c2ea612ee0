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
        // Tomorrow too: where clocks go back over midnight, tomorrow has begun once before today ends.
        let dates = [today.pred_opt(), Some(today), today.succ_opt()];
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
            closes if self.is_past_midnight() => zone.last(local(next, closes)?),
            closes => zone.last(local(date, closes)?),
        })
    }
}

fn local(date: NaiveDate, minute: u16) -> Option<chrono::NaiveDateTime> {
    NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0).map(|time| date.and_time(time))
}
