//! Business hours from what was typed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    Day, Hours, MOST_CLOSED, MOST_SPANS, OpenSpan,
    span::{DAY, shown},
};

/// Minutes in a week.
const WEEK: i32 = 7 * DAY as i32;

/// One mistake in the hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The day that the sentence belongs beside; none when no day could be read.
    pub day: Option<Day>,
    /// What is wrong and what to do, naming the day.
    pub sentence: String,
}

/// All that is wrong with what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes {
    /// In the spans, in the order of the week.
    pub hours: Vec<Mistake>,
    /// In the closed dates.
    pub closed_on: Vec<String>,
}

impl Mistakes {
    /// The sentences beside one day.
    pub fn of(&self, day: Day) -> impl Iterator<Item = &str> {
        self.hours.iter().filter(move |mistake| mistake.day == Some(day)).map(|mistake| mistake.sentence.as_str())
    }
}

impl Hours {
    /// Hours from lines like `mon 09:00-17:00` and from texts of dates like `2026-12-25`, each of which may hold several.
    /// Empty lines count for nothing, and neither does a date given twice.
    ///
    /// # Errors
    /// Every mistake, not only the first.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>, closed_on: impl IntoIterator<Item = &'a str>) -> Result<Self, Mistakes> {
        let lines = lines.into_iter().filter(|line| !line.trim().is_empty());
        Hours::settle(lines.map(OpenSpan::parse), closed_on)
    }

    /// Hours from spans that were read one by one.
    pub(super) fn settle<'a>(
        read: impl Iterator<Item = Result<OpenSpan, (Option<Day>, String)>>,
        closed_on: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Mistakes> {
        let (mut spans, mut mistakes) = (Vec::new(), Mistakes::default());
        for span in read {
            match span {
                Ok(span) => spans.push(span),
                Err((day, sentence)) => mistakes.hours.push(Mistake { day, sentence }),
            }
        }
        let crowded = too_many(&spans);
        // Spans that are too many would overlap in as many sentences.
        let (spans, overlaps) = if crowded.is_empty() { in_order(spans) } else { (Vec::new(), crowded) };
        mistakes.hours.extend(overlaps);
        mistakes.hours.sort_by_key(|mistake| mistake.day.map(|day| day as u8));
        let (closed_on, wrong) = read_dates(closed_on);
        mistakes.closed_on = wrong;
        if mistakes == Mistakes::default() { Ok(Hours { spans, closed_on }) } else { Err(mistakes) }
    }
}

fn too_many(spans: &[OpenSpan]) -> Vec<Mistake> {
    let counts = Day::ALL.iter().map(|day| (*day, spans.iter().filter(|span| span.day == *day).count()));
    let crowded = counts.filter(|(_, count)| *count > MOST_SPANS);
    let mistake = |(day, count): (Day, usize)| Mistake {
        day: Some(day),
        sentence: format!("{}: {count} spans are too many. Keep at most {MOST_SPANS} on a day.", day.name()),
    };
    crowded.map(mistake).collect()
}

/// The spans in the order of the week, without those that overlap one before them, and a sentence for each of these.
/// Spans that only touch are kept as they are.
pub(super) fn in_order(mut spans: Vec<OpenSpan>) -> (Vec<OpenSpan>, Vec<Mistake>) {
    spans.sort_by_key(OpenSpan::in_week);
    // The span that reaches furthest so far. The week begins in whatever runs on from the Sunday before.
    let mut furthest = spans.iter().map(|span| (span.in_week().1 - WEEK, *span)).max_by_key(|(end, _)| *end);
    let (mut kept, mut mistakes) = (Vec::with_capacity(spans.len()), Vec::new());
    for span in spans {
        let (opens, closes) = span.in_week();
        match furthest {
            Some((end, earlier)) if opens < end => mistakes.push(overlap(&earlier, &span)),
            _ => kept.push(span),
        }
        if furthest.is_none_or(|(end, _)| end < closes) {
            furthest = Some((closes, span));
        }
    }
    (kept, mistakes)
}

fn overlap(earlier: &OpenSpan, later: &OpenSpan) -> Mistake {
    let (day, times) = (earlier.day.name(), earlier.times());
    let sentence = if earlier == later {
        format!("{day}: {times} is there twice. Delete one of them.")
    } else if earlier.day == later.day {
        format!("{day}: {times} overlaps {}. Change or delete one of them.", later.times())
    } else {
        format!("{day}: {times} overlaps {} {}. Change or delete one of them.", later.day.name(), later.times())
    };
    Mistake { day: Some(earlier.day), sentence }
}

fn read_dates<'a>(texts: impl IntoIterator<Item = &'a str>) -> (BTreeSet<NaiveDate>, Vec<String>) {
    let (mut dates, mut wrong) = (BTreeSet::new(), Vec::new());
    let words = texts.into_iter().flat_map(|text| text.split(|c: char| c.is_whitespace() || c == ',' || c == ';'));
    for word in words.filter(|word| !word.is_empty()) {
        // Four digits of year: chrono would read more, and fewer.
        match word.parse().ok().filter(|_| word.len() == 10 && word.starts_with(|c: char| c.is_ascii_digit())) {
            Some(date) => {
                dates.insert(date);
            }
            None => wrong.push(format!("“{}” is not a date. Write dates like 2026-12-25.", shown(word))),
        }
    }
    if dates.len() > MOST_CLOSED {
        wrong.push(format!("{} closed dates are too many. Keep at most {MOST_CLOSED}; those in the past can go.", dates.len()));
    }
    (dates, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(lines: &str) -> Vec<String> {
        Hours::parse(lines.lines(), []).err().unwrap_or_default().hours.into_iter().map(|mistake| mistake.sentence).collect()
    }

    #[test]
    fn r43_hours_are_written_in_one_way_however_they_were_typed() {
        let typed = ["Tue 9-12", "mon 13:00 – 17.30", "", "  MONDAY 9:00-12:00 ", "fri 22:00—2:00", "sun 00:00-00:00", "sat 18:00-24:00"];
        let hours = Hours::parse(typed, ["2027-01-01, 2026-12-25\n2026-12-25", " "]).unwrap();
        let columns = hours.to_columns();
        let spans = "mon 09:00-12:00\nmon 13:00-17:30\ntue 09:00-12:00\nfri 22:00-02:00\nsat 18:00-24:00\nsun 00:00-24:00";
        assert_eq!((columns.0.as_str(), columns.1.as_str()), (spans, "2026-12-25\n2027-01-01"));
        assert_eq!(Hours::from_columns(&columns.0, &columns.1), hours);
        assert_eq!(Hours::from_columns("", ""), Hours::default());
        assert_eq!(Hours::from_columns("mon 09:00-17:00\nmon 10:00-11:00\nrubbish", "soon").to_columns(), ("mon 09:00-17:00".into(), String::new()));
    }

    #[test]
    fn r43_each_mistake_gets_a_sentence_that_names_its_day() {
        for (line, sentence) in [
            ("mon 25:00-26:00", "Monday: “25:00” is not a time. Write times like 09:00 or 17:30."),
            ("mon 9:60-17:00", "Monday: “9:60” is not a time. Write times like 09:00 or 17:30."),
            ("mon 09:00-5pm", "Monday: “5pm” is not a time. Write times like 09:00 or 17:30."),
            ("tue 09:00-", "Tuesday: enter when it closes; it opens at 09:00."),
            ("tue -17:00", "Tuesday: enter when it opens; it closes at 17:00."),
            ("tue -", "Tuesday: enter when it opens and when it closes, like 09:00–17:00."),
            ("wed 09:00-09:00", "Wednesday: 09:00–09:00 opens and closes at the same time. For the whole day enter 00:00–00:00."),
            ("thu 24:00-02:00", "Thursday: 24:00 is the end of the day. To open then, enter 00:00 on the next day."),
            ("fri all day", "Friday: “all day” is not a span. Write it like 09:00–17:00."),
            ("9-17", "“9-17” does not start with a day. Write it like mon 09:00-17:00."),
            ("so 9-17", "“so 9-17” does not start with a day. Write it like mon 09:00-17:00."),
        ] {
            assert_eq!(sentences(line), [sentence]);
        }
        assert_eq!(sentences("tue 9-9\nmon 9-9\nmon 10-12").len(), 2, "all of them at once");
        assert!(sentences("tue 9-9\nmon 9-9")[0].starts_with("Monday"), "in the order of the week");
    }

    #[test]
    fn r43_spans_that_overlap_are_refused_and_spans_that_touch_are_not() {
        let one = |sentence: &str| vec![format!("{sentence} Change or delete one of them.")];
        assert_eq!(sentences("mon 09:00-12:00\nmon 11:00-15:00"), one("Monday: 09:00–12:00 overlaps 11:00–15:00."));
        assert_eq!(sentences("sat 01:00-05:00\nfri 22:00-02:00"), one("Friday: 22:00–02:00 overlaps Saturday 01:00–05:00."));
        assert_eq!(sentences("mon 00:00-05:00\nsun 22:00-02:00"), one("Sunday: 22:00–02:00 overlaps Monday 00:00–05:00."));
        assert_eq!(sentences("mon 09:00-17:00\nmon 09:00-17:00"), ["Monday: 09:00–17:00 is there twice. Delete one of them."]);
        // One long span over two short ones: each of them is named.
        assert_eq!(sentences("mon 00:00-24:00\nmon 09:00-10:00\nmon 11:00-12:00").len(), 2);
        assert_eq!(sentences("mon 09:00-12:00\nmon 12:00-17:00\nmon 22:00-00:00\ntue 00:00-02:00\nsun 22:00-02:00\nmon 02:00-03:00"), [""; 0]);
    }

    #[test]
    fn r43_a_day_has_at_most_20_spans_and_a_year_of_closed_dates() {
        let spans = |n: usize| (0..n).map(|i| format!("mon {:02}:{:02}-{:02}:{:02}", i / 2, i % 2 * 30, i / 2, i % 2 * 30 + 20)).collect::<Vec<_>>();
        assert_eq!(sentences(&spans(20).join("\n")), [""; 0]);
        assert_eq!(sentences(&spans(21).join("\n")), ["Monday: 21 spans are too many. Keep at most 20 on a day."]);
        let dates = |n: u64| (0..n).map(|i| (NaiveDate::default() + chrono::Days::new(i)).to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(Hours::parse([], [dates(366).as_str()]).unwrap().closed_on().count(), 366);
        let many = Hours::parse([], [dates(367).as_str()]).unwrap_err().closed_on;
        assert_eq!(many, ["367 closed dates are too many. Keep at most 366; those in the past can go."]);
    }

    #[test]
    fn r43_what_is_no_date_is_said_back() {
        for typed in ["25/12/2026", "2026-13-01", "2026-02-29", "26-12-25", "+2026-1-01", "20260-1-01", "Christmas"] {
            let mistakes = Hours::parse([], ["2026-12-25", typed]).unwrap_err();
            assert_eq!((mistakes.hours.len(), mistakes.closed_on), (0, vec![format!("“{typed}” is not a date. Write dates like 2026-12-25.")]));
        }
    }
}
