//! Which members a list shows: search and filters as conditions.

use diesel::{
    dsl::exists,
    expression::SqlLiteral,
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};

use super::{COUNTED, Filters, StatusWord};
use crate::{
    clock::At,
    db::{
        AccountId, Conn, MultiBackend,
        schema::{group_members, members, numbers, user_groups},
        sql,
    },
    failure::Failure,
    members::Status,
    web::listing::fold,
};

/// Hits of a word are listed so far; a word with more is common, and is looked for along the order of the list instead.
const FEW: i64 = 1000;

/// How a word is looked for.
enum Term {
    /// Rare: these members have it.
    Rare(Vec<i64>),
    /// Common, or left to PostgreSQL's trigram index: anywhere in the folded text, or in a number.
    Anywhere(String, Option<Holding>),
    /// Common and too short for trigrams: a name or an address begins with it.
    Beginning(String),
}

/// Who holds a number with the digits of a word.
enum Holding {
    /// These members.
    Few(Vec<i64>),
    /// More: whoever holds a number like this pattern.
    Many(String),
}

/// What a search found out before it looks for rows: how common its words are, and how large the group is.
pub(super) struct Asked {
    terms: Vec<Term>,
    is_sqlite: bool,
    group_size: Option<i64>,
}

impl Asked {
    /// Asks the database.
    pub fn of(conn: &mut Conn, account: AccountId, filters: &Filters) -> Result<Self, Failure> {
        let group_size = match filters.group {
            Some(group) => {
                let row = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::id.eq(group));
                Some(row.select(user_groups::members).get_result(conn).optional()?.unwrap_or(0))
            }
            None => None,
        };
        Ok(Asked { terms: terms(conn, account, filters)?, is_sqlite: matches!(conn, Conn::Sqlite(_)), group_size })
    }

    /// How many match, where that is known without counting; beyond what is counted, "more".
    pub fn known_count(&self, filters: &Filters) -> Option<i64> {
        if filters.role.is_some() || filters.status.is_some() {
            return None;
        }
        match (self.terms.as_slice(), self.group_size) {
            ([], size) => size,
            ([Term::Beginning(_)], None) => Some(COUNTED + 1),
            ([Term::Anywhere(..)], None) if self.is_sqlite => Some(COUNTED + 1),
            _ => None,
        }
    }
}

fn terms(conn: &mut Conn, account: AccountId, filters: &Filters) -> Result<Vec<Term>, Failure> {
    let folded = fold(&filters.q);
    // A number is often written with spaces in it.
    if folded.contains(' ')
        && let Some(number) = as_number(&folded)
    {
        return Ok(vec![term(conn, account, filters, number.trim_start_matches('+'), Some(number.clone()))?]);
    }
    folded.split_whitespace().map(|word| term(conn, account, filters, word, as_number(word))).collect()
}

/// The digits of what may be a part of a number, three at least, with the plus where it is the beginning of one.
fn as_number(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || "+-.()/ ".contains(c));
    (plain && digits.len() >= 3).then(|| if text.starts_with('+') { format!("+{digits}") } else { digits })
}

fn term(conn: &mut Conn, account: AccountId, filters: &Filters, word: &str, number: Option<String>) -> Result<Term, Failure> {
    let short = word.chars().count() < 3;
    let hits = match conn {
        // The removed are few, and the B-trees are of the others.
        _ if short && filters.status == Some(StatusWord::Removed) => None,
        Conn::Sqlite(_) if !short => by_trigrams(conn, account, word)?,
        Conn::Postgres(_) if !short => None,
        _ => by_beginning(conn, account, word)?,
    };
    let holding = match number {
        Some(number) => by_number(conn, account, &number)?,
        None => None,
    };
    Ok(match (hits, holding) {
        (Some(hits), None) => Term::Rare(hits),
        (Some(hits), Some(Holding::Few(more))) => Term::Rare([hits, more].concat()),
        (None, None) if short => Term::Beginning(sql::beginning(word)),
        (_, holding) => Term::Anywhere(sql::containing(word), holding),
    })
}

/// The members who hold a number with these digits; `None` where nobody does.
fn by_number(conn: &mut Conn, account: AccountId, number: &str) -> Result<Option<Holding>, Failure> {
    let pattern = if number.starts_with('+') { sql::beginning(number) } else { sql::containing(number) };
    let held = numbers::table
        .inner_join(members::table.on(members::account_id.eq(numbers::account_id).and(members::id.nullable().eq(numbers::member_id))))
        .filter(numbers::account_id.eq(account))
        .filter(numbers::number.like(pattern.clone()).escape('!'));
    let holders: Vec<i64> = sql::top(held.select(members::seq), FEW + 1).load(conn)?;
    Ok(match holders.len() as i64 {
        0 => None,
        1..=FEW => Some(Holding::Few(holders)),
        _ => Some(Holding::Many(pattern)),
    })
}

/// The members whose folded text contains a word, by SQLite's trigram index; `None` where they are many.
fn by_trigrams(conn: &mut Conn, account: AccountId, word: &str) -> Result<Option<Vec<i64>>, Failure> {
    #[derive(QueryableByName)]
    struct Hit {
        #[diesel(sql_type = BigInt)]
        seq: i64,
    }
    // CROSS JOIN: the index leads, whatever the planner thinks of it.
    let hits = diesel::sql_query(
        "SELECT members.seq FROM member_search CROSS JOIN members ON members.seq = member_search.rowid \
         WHERE member_search MATCH ? AND members.account_id = ? LIMIT ?",
    );
    let phrase = format!("\"{}\"", word.replace('"', "\"\""));
    let hits: Vec<Hit> = hits.bind::<Text, _>(phrase).bind::<Text, _>(account).bind::<BigInt, _>(FEW + 1).load(conn)?;
    Ok((hits.len() as i64 <= FEW).then(|| hits.into_iter().map(|hit| hit.seq).collect()))
}

/// The members whose name or address begins with a word, by B-trees; `None` where they are many.
fn by_beginning(conn: &mut Conn, account: AccountId, word: &str) -> Result<Option<Vec<i64>>, Failure> {
    let end = format!("{word}\u{10ffff}");
    let own = || members::table.filter(members::account_id.eq(account)).filter(sql::LiveMembers).select(members::seq).limit(FEW + 1);
    let mut hits: Vec<i64> = own().filter(members::sort_name.ge(word)).filter(members::sort_name.lt(&end)).load(conn)?;
    let by_address: Vec<i64> = own().filter(members::email.ge(word)).filter(members::email.lt(&end)).load(conn)?;
    hits.extend(by_address);
    hits.sort_unstable();
    hits.dedup();
    Ok((hits.len() as i64 <= FEW).then_some(hits))
}

pub(super) type Boxed<'a> = members::BoxedQuery<'a, MultiBackend>;

/// Narrows the members of an account to those that a list shows, in no order yet.
pub(super) fn narrowed<'a>(account: AccountId, filters: &Filters, asked: &Asked, now: At) -> Boxed<'a> {
    let is_small = asked.group_size.is_some_and(|size| size <= FEW);
    let mut query = members::table.into_boxed();
    query = if asked.is_sqlite && (is_small || asked.terms.iter().any(|term| matches!(term, Term::Rare(_)))) {
        // The hits lead: without the plus SQLite walks the whole account in the order of the list.
        query.filter(diesel::dsl::sql::<Bool>("+members.account_id = ").bind::<Text, _>(account))
    } else {
        query.filter(members::account_id.eq(account))
    };
    if let Some(group) = filters.group {
        let crew = group_members::table.filter(group_members::account_id.eq(account)).filter(group_members::group_id.eq(group));
        query = if asked.is_sqlite && !is_small {
            // Of a large group the page is soon full, so it is looked for along the order of the list.
            query.filter(exists(crew.filter(group_members::member_id.eq(members::id))))
        } else {
            query.filter(members::id.eq_any(crew.select(group_members::member_id)))
        };
    }
    let invitation = |condition: &str| -> SqlLiteral<Bool> {
        let of_member = "EXISTS (SELECT 1 FROM invitations WHERE invitations.account_id = members.account_id AND invitations.member_id = members.id";
        diesel::dsl::sql(&format!("{of_member} AND {condition}"))
    };
    query = match filters.status {
        None => query.filter(sql::LiveMembers),
        Some(StatusWord::Active) => query.filter(members::status.eq(Status::Active)),
        Some(StatusWord::Deactivated) => query.filter(members::status.eq(Status::Deactivated)),
        Some(StatusWord::Removed) => query.filter(sql::RemovedMembers),
        Some(StatusWord::Invited) => query
            .filter(members::status.eq(Status::Invited))
            .filter(invitation("invitations.state = 'open' AND invitations.expires_at > ").bind::<BigInt, _>(now).sql(")")),
        Some(StatusWord::Expired) => query.filter(members::status.eq(Status::Invited)).filter(
            invitation("(invitations.state = 'expired' OR invitations.state = 'open' AND invitations.expires_at <= ")
                .bind::<BigInt, _>(now)
                .sql("))"),
        ),
        Some(StatusWord::SendAgain) => query.filter(members::status.eq(Status::Invited)).filter(invitation("invitations.state = 'void')")),
    };
    if let Some(role) = filters.role {
        query = query.filter(members::role.eq(role));
    }
    for term in &asked.terms {
        query = match term {
            Term::Rare(hits) => query.filter(members::seq.eq_any(hits.clone())),
            Term::Anywhere(pattern, holding) => {
                let in_text = members::folded.like(pattern.clone()).escape('!');
                match holding {
                    None => query.filter(in_text),
                    Some(Holding::Few(holders)) => query.filter(in_text.or(members::seq.eq_any(holders.clone()))),
                    Some(Holding::Many(number)) => {
                        let held = numbers::table
                            .filter(numbers::account_id.eq(account))
                            .filter(numbers::member_id.eq(members::id.nullable()))
                            .filter(numbers::number.like(number.clone()).escape('!'));
                        query.filter(in_text.or(exists(held)))
                    }
                }
            }
            Term::Beginning(pattern) => {
                query.filter(members::sort_name.like(pattern.clone()).escape('!').or(members::email.like(pattern.clone()).escape('!')))
            }
        };
    }
    query
}
