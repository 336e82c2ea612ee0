//! Which members a list shows: search and filters as conditions.

use diesel::{
    expression::SqlLiteral,
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};

use super::{Filters, StatusWord};
use crate::{
    clock::At,
    db::{AccountId, Conn, MultiBackend, schema::members, sql},
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
    /// Common, or left to PostgreSQL's trigram index: anywhere in the folded text.
    Anywhere(String),
    /// Common and too short for trigrams: a name or an address begins with it.
    Beginning(String),
}

fn terms(conn: &mut Conn, account: AccountId, filters: &Filters) -> Result<Vec<Term>, Failure> {
    let mut terms = Vec::new();
    for word in fold(&filters.q).split_whitespace() {
        let short = word.chars().count() < 3;
        let hits = match conn {
            // The removed are few, and the B-trees are of the others.
            _ if short && filters.status == Some(StatusWord::Removed) => None,
            Conn::Sqlite(_) if !short => by_trigrams(conn, account, word)?,
            Conn::Postgres(_) if !short => None,
            _ => by_beginning(conn, account, word)?,
        };
        terms.push(match hits {
            Some(hits) => Term::Rare(hits),
            None if short => Term::Beginning(sql::beginning(word)),
            None => Term::Anywhere(sql::containing(word)),
        });
    }
    Ok(terms)
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

type Boxed<'a> = members::BoxedQuery<'a, MultiBackend>;

/// The members of an account that a list shows, in no order yet.
pub(super) struct Narrowed<'a> {
    /// Them.
    pub query: Boxed<'a>,
    /// Known already to be more than are counted.
    pub is_common: bool,
}

/// Narrows the members of an account to those that a list shows.
pub(super) fn narrowed<'a>(conn: &mut Conn, account: AccountId, filters: &Filters, now: At) -> Result<Narrowed<'a>, Failure> {
    let terms = terms(conn, account, filters)?;
    let alone = terms.len() == 1 && filters.role.is_none() && filters.status.is_none();
    let common = |term: &Term| matches!((term, &*conn), (Term::Anywhere(_), Conn::Sqlite(_)) | (Term::Beginning(_), _));
    let is_common = alone && terms.iter().any(common);
    let mut query = members::table.into_boxed();
    query = if matches!(conn, Conn::Sqlite(_)) && terms.iter().any(|term| matches!(term, Term::Rare(_))) {
        // The hits lead: without the plus SQLite walks the whole account in the order of the list.
        query.filter(diesel::dsl::sql::<Bool>("+members.account_id = ").bind::<Text, _>(account))
    } else {
        query.filter(members::account_id.eq(account))
    };
    let invitation = |condition: &str| -> SqlLiteral<Bool> {
        let of_member = "EXISTS (SELECT 1 FROM invitations WHERE invitations.account_id = members.account_id AND invitations.member_id = members.id";
        diesel::dsl::sql(&format!("{of_member} AND {condition}"))
    };
    query = match filters.status {
        None => query.filter(sql::LiveMembers),
        Some(StatusWord::Active) => query.filter(members::status.eq(Status::Active)),
        Some(StatusWord::Deactivated) => query.filter(members::status.eq(Status::Deactivated)),
        Some(StatusWord::Removed) => query.filter(members::status.eq(Status::Removed)),
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
    for term in &terms {
        query = match term {
            Term::Rare(hits) => query.filter(members::seq.eq_any(hits.clone())),
            Term::Anywhere(pattern) => query.filter(members::folded.like(pattern.clone()).escape('!')),
            Term::Beginning(pattern) => {
                query.filter(members::sort_name.like(pattern.clone()).escape('!').or(members::email.like(pattern.clone()).escape('!')))
            }
        };
    }
    Ok(Narrowed { query, is_common })
}
