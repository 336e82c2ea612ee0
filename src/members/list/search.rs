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

/// A term with more hits than this is looked for along the order of the list instead.
const FEW: i64 = 1000;

/// How a term is looked for.
enum Term {
    /// By SQLite's trigram index: the term is rare enough to narrow well.
    Indexed(String),
    /// Anywhere in the folded text: by PostgreSQL's trigram index, or along the list where the term is common.
    Anywhere(String),
    /// Too short for trigrams: the beginning of a name or an address.
    Beginning(String),
}

fn terms(conn: &mut Conn, q: &str) -> Result<Vec<Term>, Failure> {
    let mut terms = Vec::new();
    for word in fold(q).split_whitespace() {
        terms.push(if word.chars().count() < 3 {
            Term::Beginning(word.to_owned())
        } else if matches!(conn, Conn::Sqlite(_)) && hits(conn, word)? <= FEW {
            Term::Indexed(phrase(word))
        } else {
            Term::Anywhere(sql::containing(word))
        });
    }
    Ok(terms)
}

fn phrase(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// How often the trigram index knows a word, counted no further than one past [`FEW`].
fn hits(conn: &mut Conn, word: &str) -> Result<i64, Failure> {
    #[derive(QueryableByName)]
    struct Hits {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let query = diesel::sql_query("SELECT count(*) AS n FROM (SELECT rowid FROM member_search WHERE member_search MATCH ? LIMIT 1001)");
    Ok(query.bind::<Text, _>(phrase(word)).get_result::<Hits>(conn)?.n)
}

pub(super) type Boxed<'a> = members::BoxedQuery<'a, MultiBackend>;

/// The members of an account that a list shows, in no order yet.
pub(super) fn narrowed<'a>(conn: &mut Conn, account: AccountId, filters: &Filters, now: At) -> Result<Boxed<'a>, Failure> {
    let mut query = members::table.filter(members::account_id.eq(account)).into_boxed();
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
    for term in terms(conn, &filters.q)? {
        query = match term {
            Term::Indexed(phrase) => {
                let found = diesel::dsl::sql::<Bool>("members.seq IN (SELECT rowid FROM member_search WHERE member_search MATCH ");
                query.filter(found.bind::<Text, _>(phrase).sql(")"))
            }
            Term::Anywhere(pattern) => query.filter(members::folded.like(pattern).escape('!')),
            Term::Beginning(word) => {
                let (first, later) = (sql::beginning(&word), format!("% {}", sql::beginning(&word)));
                query.filter(members::folded.like(first).escape('!').or(members::folded.like(later).escape('!')))
            }
        };
    }
    Ok(query)
}
