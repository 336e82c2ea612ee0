//! One span of business hours.

use std::fmt;

use super::Day;

/// Minutes in a day.
pub(super) const DAY: u16 = 24 * 60;

/// From a time on one day to a time on the same day or, past midnight, on the next; at most 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSpan {
    pub(super) day: Day,
    /// Minute of the day, before 24:00.
    pub(super) opens: u16,
    /// Minute of the day, after 0:00 and up to 24:00; of the next day when not after `opens`.
    pub(super) closes: u16,
}

impl OpenSpan {
    /// A whole day.
    pub(super) const fn whole(day: Day) -> Self {
        OpenSpan { day, opens: 0, closes: DAY }
    }

    /// A span from what was typed for its two times. Closing at `00:00` is the end of the day, so `00:00` twice is all of it.
    ///
    /// # Errors
    /// A sentence that names the day.
    pub fn new(day: Day, opens: &str, closes: &str) -> Result<Self, String> {
        let name = day.name();
        let (opens, closes) = match (opens.trim(), closes.trim()) {
            ("", "") => return Err(format!("{name}: enter when it opens and when it closes, like 09:00–17:00.")),
            ("", closes) => return Err(format!("{name}: enter when it opens; it closes at {}.", shown(closes))),
            (opens, "") => return Err(format!("{name}: enter when it closes; it opens at {}.", shown(opens))),
            both => both,
        };
        let time = |text| minute(text).ok_or_else(|| format!("{name}: “{}” is not a time. Write times like 09:00 or 17:30.", shown(text)));
        let (opens, closes) = (time(opens)?, time(closes)?);
        let closes = if closes == 0 { DAY } else { closes };
        if opens == DAY {
            return Err(format!("{name}: 24:00 is the end of the day. To open then, enter 00:00 on the next day."));
        }
        if opens == closes {
            let time = clock(opens);
            return Err(format!("{name}: {time}–{time} opens and closes at the same time. For the whole day enter 00:00–00:00."));
        }
        Ok(OpenSpan { day, opens, closes })
    }

    /// A span written in one line, like `mon 09:00-17:00`; spaces, dashes and case may differ.
    ///
    /// # Errors
    /// The day it was for, if one can be read, and the sentence.
    pub fn parse(line: &str) -> Result<Self, (Option<Day>, String)> {
        let (day, times) = split_day(line);
        let Some(day) = day else {
            return Err((None, format!("“{}” does not start with a day. Write it like mon 09:00-17:00.", shown(line))));
        };
        let span = match split_times(times) {
            Some((opens, closes)) => OpenSpan::new(day, opens, closes),
            None => Err(format!("{}: “{}” is not a span. Write it like 09:00–17:00.", day.name(), shown(times))),
        };
        span.map_err(|sentence| (Some(day), sentence))
    }

    /// The day on which it opens.
    pub const fn day(&self) -> Day {
        self.day
    }

    /// True when it closes on the day after the one it opens on.
    pub const fn is_past_midnight(&self) -> bool {
        self.closes <= self.opens
    }

    /// Its two times, like `09:00–17:00`.
    pub fn times(&self) -> String {
        format!("{}–{}", clock(self.opens), clock(self.closes))
    }

    /// Its opening time as a form shows it.
    pub fn opens(&self) -> String {
        clock(self.opens)
    }

    /// Its closing time as a form shows it, where the end of the day is `00:00`.
    pub fn closes(&self) -> String {
        clock(self.closes % DAY)
    }

    /// The minutes of the week at which it opens and closes, counted from Monday; the latter may lie past Sunday.
    pub(super) fn in_week(&self) -> (i32, i32) {
        let opens = i32::from(self.day as u8) * i32::from(DAY) + i32::from(self.opens);
        let length = (self.closes + DAY - self.opens - 1) % DAY + 1;
        (opens, opens + i32::from(length))
    }
}

impl fmt::Display for OpenSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}-{}", self.day.word(), clock(self.opens), clock(self.closes))
    }
}

/// The day that a line starts with, and the rest of it.
pub(super) fn split_day(line: &str) -> (Option<Day>, &str) {
    let line = line.trim();
    let end = line.find(|c: char| !c.is_alphabetic()).unwrap_or(line.len());
    let (day, times) = line.split_at(end);
    (Day::parse(day), times.trim())
}

/// The two sides of the dash, of whatever length it is.
pub(super) fn split_times(times: &str) -> Option<(&str, &str)> {
    times.split_once(['-', '–', '—']).map(|(opens, closes)| (opens.trim(), closes.trim()))
}

/// The minute of the day that a time names: `9`, `9:00`, `09.00`, up to `24:00`.
pub(super) fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once([':', '.']).unwrap_or((text.trim(), "00"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !(1..=2).contains(&hours.len()) || minutes.len() != 2 || !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= DAY).then_some(hours * 60 + minutes)
}

/// Like `09:00`.
pub(super) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What was typed, short enough to be said again.
pub(super) fn shown(text: &str) -> String {
    text.trim().chars().take(40).collect()
}
