//! The editor of business hours: a row a span, buttons that work without JavaScript.

use crate::{
    groups::hours::{Day, Draft, Typed},
    web::Posted,
};

/// A day of the editor.
pub(super) struct DayView {
    pub word: &'static str,
    pub name: &'static str,
    pub spans: Vec<Typed>,
    pub errors: Vec<String>,
}

/// The days of the draft, each with its own sentences.
pub(super) fn days(form: &Posted, draft: &Draft) -> Vec<DayView> {
    let view = |(day, spans): (Day, &[Typed])| DayView {
        word: day.word(),
        name: day.name(),
        spans: spans.to_vec(),
        errors: form
            .errors()
            .iter()
            .filter(|(field, sentence)| *field == "hours" && sentence.starts_with(day.name()))
            .map(|(_, s)| s.clone())
            .collect(),
    };
    draft.days().map(view).collect()
}
