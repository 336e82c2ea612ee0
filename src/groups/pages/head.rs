//! What every page of a group begins with.

use super::PATH;
use crate::{clock::At, groups::Group};

/// The head of a group's pages: its name, whether it is open, its tabs.
pub(super) struct Head {
    pub name: String,
    pub href: String,
    pub here: &'static str,
    pub members: i64,
    pub hours_kind: &'static str,
    pub hours_word: String,
    pub hours_rest: String,
}

impl Head {
    pub(super) fn of(group: &Group, here: &'static str, now: At) -> Self {
        let (hours_kind, hours_word, hours_rest) = hours_badge(group, now);
        Head { name: group.name.clone(), href: format!("{PATH}/{}", group.id), here, members: group.members, hours_kind, hours_word, hours_rest }
    }
}

/// "Open now, closes 17:00 (America/New_York)" as a badge and the rest.
pub(super) fn hours_badge(group: &Group, now: At) -> (&'static str, String, String) {
    let (opening, zone) = (group.opening(), group.zone());
    let kind = if opening.is_open(zone, now) { "ok" } else { "" };
    let sentence = opening.sentence(zone, now);
    let (word, rest) = sentence.split_once(", ").unwrap_or((sentence.as_str(), ""));
    (kind, word.to_owned(), rest.to_owned())
}
