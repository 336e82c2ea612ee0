//! The numbers' forms: strings to types.

use super::{Incoming, Label, Party, PhoneNumber, Present};
use crate::web::Posted;

/// Reads a number with its label.
pub fn read_new(form: &mut Posted) -> Option<(PhoneNumber, Label)> {
    let number = form.take("number", PhoneNumber::parse);
    let label = form.take("label", Label::parse);
    Some((number?, label?))
}

/// Reads a label and the version it replaces; a form without one is stale (R59).
pub fn read_label(form: &mut Posted) -> Option<(Label, i64)> {
    let version = form.value("version").parse().unwrap_or(0);
    Some((form.take("label", Label::parse)?, version))
}

/// Reads to whom a number is assigned; `none` for nobody.
pub fn read_assignee(form: &mut Posted) -> Option<Option<Party>> {
    form.take("assignee", |word| match word {
        "none" => Ok(None),
        word => Party::from_word(word).map(Some).ok_or("Choose who the number is assigned to."),
    })
}

/// Reads where incoming calls go.
pub fn read_incoming(form: &mut Posted) -> Option<Incoming> {
    form.take("incoming", |word| Incoming::from_word(word).ok_or("Choose where incoming calls go."))
}

/// What the form knew when it was shown.
pub fn read_present(form: &Posted) -> Present {
    match form.value("from") {
        "" => Present::Unknown,
        word => Present::Was(word.to_owned()),
    }
}
