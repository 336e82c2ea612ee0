//! In which order a list shows members, a page at a time by the keys of the last row.

use diesel::prelude::*;

use super::{
    Joined, Person, Row, Sort,
    holdings::{Groups, Numbers},
    search::Boxed,
};
use crate::{
    clock::At,
    db::{
        AccountId, Conn, MemberId,
        schema::{invitations, mails, members},
        sql,
    },
    failure::Failure,
    web::listing::Cursor,
};

/// How many parts the cursor of an order has.
pub const fn key_parts(sort: Sort) -> usize {
    match sort {
        Sort::Role | Sort::RoleDown | Sort::Status | Sort::StatusDown => 3,
        _ => 2,
    }
}

pub(super) fn key_of(row: &Row, sort: Sort) -> Vec<String> {
    let id = row.id.to_string();
    match sort {
        Sort::Name | Sort::NameDown => vec![row.sort_name.clone(), id],
        Sort::Role | Sort::RoleDown => vec![row.role.word().into(), row.sort_name.clone(), id],
        Sort::Status | Sort::StatusDown => vec![row.status.word().into(), row.sort_name.clone(), id],
        Sort::Active | Sort::ActiveDown => vec![row.last_active_at.micros().to_string(), id],
        Sort::Joined | Sort::JoinedDown => vec![row.joined_at.micros().to_string(), id],
    }
}

/// Adds everybody's newest invitation with the state of its mail, their numbers and their groups, in the same statement.
macro_rules! with_invitations {
    ($members:expr) => {
        $members
            .left_join(
                invitations::table.on(sql::InvitedMembers
                    .and(invitations::account_id.eq(members::account_id))
                    .and(invitations::member_id.eq(members::id))
                    .and(sql::NewestInvitations)),
            )
            .left_join(mails::table.on(invitations::mail_id.eq(mails::id.nullable())))
            .select((
                Person::as_select(),
                (invitations::state, invitations::expires_at).nullable(),
                (mails::state, mails::reason, mails::next_at).nullable(),
                Numbers,
                Groups,
            ))
    };
}

/// Rows of the list in its order. The first comparison with the cursor lets the index begin there.
pub(super) fn load(conn: &mut Conn, members: Boxed<'_>, sort: Sort, after: Option<&Cursor>, most: i64) -> Result<Vec<Row>, Failure> {
    let mut query = members;
    let key = |i: usize| after.map(|cursor| cursor.key.get(i).cloned().unwrap_or_default());
    let at = |i: usize| key(i).map(|text| At::from_micros(text.parse().unwrap_or(0)));
    macro_rules! ordered {
        ($column:expr, $value:expr, up) => {{
            if let (Some(value), Some(id)) = ($value, key(1)) {
                query = query.filter($column.ge(value.clone())).filter($column.gt(value).or(members::id.gt(id)));
            }
            query.order(($column.asc(), members::id.asc()))
        }};
        ($column:expr, $value:expr, down) => {{
            if let (Some(value), Some(id)) = ($value, key(1)) {
                query = query.filter($column.le(value.clone())).filter($column.lt(value).or(members::id.lt(id)));
            }
            query.order(($column.desc(), members::id.desc()))
        }};
    }
    macro_rules! by_word {
        ($column:expr, up) => {{
            if let (Some(word), Some(name), Some(id)) = (key(0), key(1), key(2)) {
                let later = members::sort_name.gt(name.clone()).or(members::sort_name.eq(name).and(members::id.gt(id)));
                query = query.filter($column.ge(word.clone())).filter($column.gt(word).or(later));
            }
            query.order(($column.asc(), members::sort_name.asc(), members::id.asc()))
        }};
        ($column:expr, down) => {{
            if let (Some(word), Some(name), Some(id)) = (key(0), key(1), key(2)) {
                let later = members::sort_name.lt(name.clone()).or(members::sort_name.eq(name).and(members::id.lt(id)));
                query = query.filter($column.le(word.clone())).filter($column.lt(word).or(later));
            }
            query.order(($column.desc(), members::sort_name.desc(), members::id.desc()))
        }};
    }
    let query = match sort {
        Sort::Name => ordered!(members::sort_name, key(0), up),
        Sort::NameDown => ordered!(members::sort_name, key(0), down),
        Sort::Active => ordered!(members::last_active_at, at(0), up),
        Sort::ActiveDown => ordered!(members::last_active_at, at(0), down),
        Sort::Joined => ordered!(members::joined_at, at(0), up),
        Sort::JoinedDown => ordered!(members::joined_at, at(0), down),
        Sort::Role => by_word!(members::role, up),
        Sort::RoleDown => by_word!(members::role, down),
        Sort::Status => by_word!(members::status, up),
        Sort::StatusDown => by_word!(members::status, down),
    };
    let rows: Vec<Joined> = sql::top(with_invitations!(query), most).load(conn)?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// One member as the list shows them.
pub fn row_of(conn: &mut Conn, account: AccountId, id: MemberId) -> Result<Row, Failure> {
    let person = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id)).into_boxed();
    let found: Option<Joined> = with_invitations!(person).first(conn).optional()?;
    found.map(Row::from).ok_or(Failure::NotFound)
}
