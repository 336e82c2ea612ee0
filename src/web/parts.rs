//! Small things that many pages show, in the shapes that `templates/parts` takes.

use super::zone::{Zone, iso};
use crate::{clock::At, web::words};

/// An instant: its words, the machine's form, and the whole of it for a tooltip.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// What is read.
    pub text: String,
    /// For `datetime`; empty where there is no instant.
    pub iso: String,
    /// For the tooltip; may be empty.
    pub full: String,
}

impl When {
    fn at(text: String, at: At, zone: Zone) -> Self {
        When { text, iso: iso(at), full: format!("{} ({zone})", zone.minute(at)) }
    }
    /// Briefly, as seen from `now`: "2 min ago", "12 Mar 2026", "never".
    pub fn ago(at: At, now: At, zone: Zone) -> Self {
        if at.is_never() {
            return When { text: "never".into(), ..When::default() };
        }
        When::at(words::ago(at, now).unwrap_or_else(|| zone.day(at)), at, zone)
    }
    /// The day, or a dash.
    pub fn day(at: At, zone: Zone) -> Self {
        if at.is_never() {
            return When { text: "—".into(), ..When::default() };
        }
        When::at(zone.day(at), at, zone)
    }
    /// Day and minute.
    pub fn minute(at: At, zone: Zone) -> Self {
        When::at(zone.minute(at), at, zone)
    }
}

/// A word in a coloured pill; the words say it all, the colour repeats it.
#[derive(Clone, Debug)]
pub struct Badge {
    /// `ok`, `info`, `warn`, `bad` or nothing.
    pub kind: &'static str,
    /// What is read.
    pub text: String,
}

impl Badge {
    /// A badge.
    pub fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Badge { kind, text: text.into() }
    }
}

/// A name and a value.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The name.
    pub label: &'static str,
    /// The value.
    pub value: String,
}

/// Where a list goes on.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// The first page, when this is another.
    pub first: Option<String>,
    /// The next page, when there is one.
    pub next: Option<String>,
}

/// The head of a column that orders its list.
#[derive(Clone, Debug)]
pub struct SortLink {
    /// The address of the list in that order, or in the opposite one.
    pub href: String,
    /// `ascending`, `descending` or nothing.
    pub aria: &'static str,
}

/// A row of the table "What happens" on a page that asks before it does something.
#[derive(Clone, Debug)]
pub struct Consequence {
    /// What it happens to.
    pub item: String,
    /// What happens.
    pub happens: String,
}

impl Consequence {
    /// A row.
    pub fn new(item: impl Into<String>, happens: impl Into<String>) -> Self {
        Consequence { item: item.into(), happens: happens.into() }
    }
}
