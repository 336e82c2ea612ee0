//! The list of numbers (R47).

use diesel::{
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{HasSqlType, Text},
};

use super::{
    IncomingKind, Row,
    rows::{self, Boxed, is_free, is_held, load, own},
};
use crate::{
    clock::At,
    db::{AccountId, Conn, schema::numbers, sql},
    failure::Failure,
    web::listing::{Cursor, PAGE_SIZE, fold},
    words,
};

words! {
    /// Whether a list shows numbers that somebody holds.
    Assigned {
        /// Somebody does.
        Yes = "yes",
        /// Nobody does.
        No = "no",
    }
}

words! {
    /// Where the incoming calls of the numbers on a list go.
    IncomingWord {
        /// To whoever holds it.
        Assignee = "assignee",
        /// To a member.
        Member = "member",
        /// To a group.
        Group = "group",
        /// To voicemail.
        Voicemail = "voicemail",
        /// To whoever holds it, and nobody does.
        Nobody = "nobody",
    }
}

impl IncomingWord {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            IncomingWord::Assignee => "Whoever holds it",
            IncomingWord::Member => "Another user",
            IncomingWord::Group => "User group",
            IncomingWord::Voicemail => "Voicemail",
            IncomingWord::Nobody => "Nobody",
        }
    }
}

/// What a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Digits in any punctuation, a label, or the name of whoever holds it.
    pub q: String,
    /// Only what somebody, or nobody, holds.
    pub assigned: Option<Assigned>,
    /// Only numbers whose calls go there.
    pub incoming: Option<IncomingWord>,
}

impl Filters {
    /// Are all shown?
    pub const fn is_empty(&self) -> bool {
        self.q.is_empty() && self.assigned.is_none() && self.incoming.is_none()
    }
}

/// Held by somebody whose folded name contains this.
#[derive(Clone, Debug, QueryId)]
struct HeldBy(String);

sql::expression!(HeldBy: diesel::sql_types::Bool);
impl<DB> QueryFragment<DB> for HeldBy
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(
            "(EXISTS (SELECT 1 FROM members AS holder WHERE holder.account_id = numbers.account_id AND holder.id = numbers.member_id \
             AND holder.folded LIKE ",
        );
        out.push_bind_param::<Text, String>(&self.0)?;
        out.push_sql(
            " ESCAPE '!') OR EXISTS (SELECT 1 FROM user_groups AS holder WHERE holder.account_id = numbers.account_id \
             AND holder.id = numbers.group_id AND holder.folded LIKE ",
        );
        out.push_bind_param::<Text, String>(&self.0)?;
        out.push_sql(" ESCAPE '!'))");
        Ok(())
    }
}

/// The words of a search: digits are looked for without their punctuation, and without the zeros that are dialled before
/// them inside a country.
fn terms(q: &str) -> Vec<String> {
    let folded = fold(q);
    let is_number =
        |text: &str| text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || " +-.()/\u{2013}".contains(c));
    let digits = |text: &str| -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        // A few digits may be the end of a number.
        if digits.len() >= 6 { digits.trim_start_matches('0').to_owned() } else { digits }
    };
    if is_number(&folded) {
        return vec![digits(&folded)];
    }
    folded.split_whitespace().map(|word| if is_number(word) { digits(word) } else { word.to_owned() }).collect()
}

/// Narrows numbers to those that fit a search.
pub(super) fn searched<'a>(mut query: Boxed<'a>, q: &str, by_holder: bool) -> Boxed<'a> {
    for term in terms(q) {
        let pattern = sql::containing(&term);
        let has_it = numbers::folded.like(pattern.clone()).escape('!');
        let is_name = by_holder && !term.bytes().all(|b| b.is_ascii_digit());
        query = if is_name { query.filter(has_it.or(HeldBy(pattern))) } else { query.filter(has_it) };
    }
    query
}

fn narrowed<'a>(account: AccountId, filters: &Filters, now: At) -> Boxed<'a> {
    let mut query = searched(own(account), &filters.q, true);
    query = match filters.assigned {
        None => query,
        Some(Assigned::Yes) => query.filter(is_held(now)),
        Some(Assigned::No) => query.filter(is_free(now)),
    };
    match filters.incoming {
        None => query,
        Some(IncomingWord::Assignee) => query.filter(numbers::incoming_kind.eq(IncomingKind::Assignee)).filter(is_held(now)),
        Some(IncomingWord::Nobody) => query.filter(numbers::incoming_kind.eq(IncomingKind::Assignee)).filter(is_free(now)),
        Some(IncomingWord::Member) => query.filter(numbers::incoming_kind.eq(IncomingKind::Member)),
        Some(IncomingWord::Group) => query.filter(numbers::incoming_kind.eq(IncomingKind::Group)),
        Some(IncomingWord::Voicemail) => query.filter(numbers::incoming_kind.eq(IncomingKind::Voicemail)),
    }
}

/// One page of a list.
#[derive(Debug)]
pub struct Shown {
    /// Its rows, by number.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many match, with filters counted no further than [`COUNTED`].
    pub matching: i64,
}

/// Matches are counted so far and no further; beyond, the page says "more than".
pub const COUNTED: i64 = 1000;

/// How many parts the cursor has.
pub const KEY_PARTS: usize = 1;

/// One page of the list after `after`, and how many match.
pub fn page(conn: &mut Conn, account: AccountId, filters: &Filters, after: Option<&Cursor>, now: At) -> Result<Shown, Failure> {
    let mut rows = load(conn, beyond(narrowed(account, filters, now), after), PAGE_SIZE as i64 + 1, now)?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let position = after.map_or(0, |cursor| cursor.position);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: vec![last.number.e164.clone()], position: position + rows.len() });
    let matching = match more {
        // A page that ends the list has counted it.
        false => (position + rows.len()) as i64,
        true if filters.is_empty() => rows::count(conn, account)?,
        true => {
            let seen: Vec<bool> = sql::top(narrowed(account, filters, now).select(numbers::incoming_lost), COUNTED + 1).load(conn)?;
            seen.len() as i64
        }
    };
    Ok(Shown { rows, next, matching })
}

fn beyond<'a>(query: Boxed<'a>, after: Option<&Cursor>) -> Boxed<'a> {
    match after.and_then(|cursor| cursor.key.first()) {
        Some(number) => query.filter(numbers::number.gt(number.clone())),
        None => query,
    }
}

/// Rows of an export, so many at a time.
const EXPORTED: i64 = 1000;

/// Every row that matches, handed to `take` in the order of the list.
pub fn export(
    conn: &mut Conn,
    account: AccountId,
    filters: &Filters,
    now: At,
    mut take: impl FnMut(&Row) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut after: Option<Cursor> = None;
    loop {
        let rows = load(conn, beyond(narrowed(account, filters, now), after.as_ref()), EXPORTED, now)?;
        for row in &rows {
            take(row)?;
        }
        match rows.last() {
            Some(last) if rows.len() as i64 == EXPORTED => after = Some(Cursor { key: vec![last.number.e164.clone()], position: 0 }),
            _ => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r47_a_search_forgets_punctuation() {
        for (typed, wanted) in [
            ("+1 (415) 555-26", &["141555526"][..]),
            ("020 7946", &["207946"]),
            ("0101", &["0101"]),
            ("Main 415-555", &["main", "415555"]),
            ("Zürich", &["zurich"]),
            ("", &[]),
            ("+", &["+"]),
        ] {
            assert_eq!(terms(typed), wanted, "{typed}");
        }
    }
}
