//! Business hours as they are being edited: what was typed, valid or not.

use super::{
    Day, Hours, Mistakes, OpenSpan,
    span::{DAY, clock, minute, split_day, split_times},
};

/// The two times of a span as typed; an added span has none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// When it opens.
    pub opens: String,
    /// When it closes; `00:00` for the end of the day.
    pub closes: String,
}

impl Typed {
    /// Times as a time field can show them, `09:00` for `9`; what is no time stays as it was typed.
    pub(super) fn new(opens: &str, closes: &str) -> Self {
        let opens_at = minute(opens).filter(|minute| *minute < DAY);
        Typed {
            opens: opens_at.map_or_else(|| opens.trim().to_owned(), clock),
            closes: minute(closes).map_or_else(|| closes.trim().to_owned(), |minute| clock(minute % DAY)),
        }
    }

    const fn is_blank(&self) -> bool {
        self.opens.is_empty() && self.closes.is_empty()
    }
}

/// A week of spans as typed, for the editor. [`Draft::read`] makes hours of it, [`Draft::apply`] the editor's operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Monday first.
    pub(super) days: [Vec<Typed>; 7],
    /// Lines that belong to no day or are no span: kept, so that reading can say so.
    pub(super) stray: Vec<String>,
}

impl Draft {
    /// The draft of hours that are valid.
    pub fn of(hours: &Hours) -> Self {
        let mut draft = Draft::default();
        for span in hours.spans() {
            draft.day_mut(span.day()).push(Typed { opens: span.opens(), closes: span.closes() });
        }
        draft
    }

    /// The draft that a form sent: the n-th values of the fields `day`, `opens` and `closes` make a span, and each value of
    /// `hours` is one, like `mon 09:00-17:00`.
    pub fn from_fields<'a>(
        days: impl IntoIterator<Item = &'a str>,
        opens: impl IntoIterator<Item = &'a str>,
        closes: impl IntoIterator<Item = &'a str>,
        hours: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let (mut draft, mut opens, mut closes) = (Draft::default(), opens.into_iter(), closes.into_iter());
        for word in days {
            let (opens, closes) = (opens.next().unwrap_or(""), closes.next().unwrap_or(""));
            match Day::parse(word) {
                Some(day) => draft.day_mut(day).push(Typed::new(opens, closes)),
                None => draft.stray.push(format!("{word} {opens}-{closes}")),
            }
        }
        for line in hours.into_iter().filter(|line| !line.trim().is_empty()) {
            let (day, times) = split_day(line);
            match (day, split_times(times)) {
                (Some(day), Some((opens, closes))) => draft.day_mut(day).push(Typed::new(opens, closes)),
                _ => draft.stray.push(line.to_owned()),
            }
        }
        draft
    }

    /// The spans of a day, in the order typed.
    pub fn day(&self, day: Day) -> &[Typed] {
        // `Day` has as many values as the array.
        &self.days[day as usize]
    }

    pub(super) fn day_mut(&mut self, day: Day) -> &mut Vec<Typed> {
        &mut self.days[day as usize]
    }

    /// Every day with its spans, Monday first.
    pub fn days(&self) -> impl Iterator<Item = (Day, &[Typed])> {
        Day::ALL.iter().map(|day| (*day, self.day(*day)))
    }

    /// The hours that were typed; spans without any time count for nothing.
    ///
    /// # Errors
    /// Every mistake, with a sentence that names its day.
    pub fn read<'a>(&self, closed_on: impl IntoIterator<Item = &'a str>) -> Result<Hours, Mistakes> {
        let typed = self.days().flat_map(|(day, spans)| spans.iter().filter(|typed| !typed.is_blank()).map(move |typed| (day, typed)));
        let spans = typed.map(|(day, typed)| OpenSpan::new(day, &typed.opens, &typed.closes).map_err(|sentence| (Some(day), sentence)));
        Hours::settle(spans.chain(self.stray.iter().map(|line| OpenSpan::parse(line))), closed_on)
    }
}
