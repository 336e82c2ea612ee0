//! The accounts' SQL.

use diesel::prelude::*;

use super::{Account, TwoFactorPolicy};
use crate::{
    clock::At,
    db::{AccountId, Conn, Tx, schema::accounts},
    failure::Failure,
    members::Status,
};

/// The account.
pub fn get(conn: &mut Conn, id: AccountId) -> Result<Account, Failure> {
    find(conn, id)?.ok_or(Failure::NotFound)
}

/// The account, if there is such.
pub fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Account>, Failure> {
    Ok(accounts::table.find(id).select(Account::as_select()).first(conn).optional()?)
}

/// The account with this short name.
pub fn find_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Account>, Failure> {
    Ok(accounts::table.filter(accounts::slug.eq(slug)).select(Account::as_select()).first(conn).optional()?)
}

/// The short name of the server's only account; `None` when there is none or more than one.
pub fn find_slug(conn: &mut Conn) -> Result<Option<String>, Failure> {
    let mut slugs: Vec<String> = accounts::table.select(accounts::slug).limit(2).load(conn)?;
    Ok(if slugs.len() == 1 { slugs.pop() } else { None })
}

/// How many accounts there are.
pub fn count(conn: &mut Conn) -> Result<i64, Failure> {
    Ok(accounts::table.count().get_result(conn)?)
}

/// Every account, for the doctor.
pub fn list_ids(conn: &mut Conn) -> Result<Vec<AccountId>, Failure> {
    Ok(accounts::table.select(accounts::id).order(accounts::id).load(conn)?)
}

pub(super) fn insert(tx: &mut Tx<'_>, id: AccountId, slug: &str, name: &str, plan: &str, zone: &str, now: At) -> Result<(), Failure> {
    let row = (
        accounts::id.eq(id),
        accounts::slug.eq(slug),
        accounts::name.eq(name),
        accounts::plan.eq(plan),
        accounts::time_zone.eq(zone),
        accounts::created_at.eq(now),
    );
    diesel::insert_into(accounts::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Moves `n` members between the counters of two statuses; `None` where they come into being.
pub fn move_counter(tx: &mut Tx<'_>, account: AccountId, from: Option<Status>, to: Status, n: i64) -> Result<(), Failure> {
    if let Some(from) = from {
        add(tx, account, from, -n)?;
    }
    add(tx, account, to, n)
}

/// One removed member is erased, and counted no more (R23).
pub fn count_erased(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Failure> {
    add(tx, account, Status::Removed, -1)
}

fn add(tx: &mut Tx<'_>, account: AccountId, status: Status, n: i64) -> Result<(), Failure> {
    let row = diesel::update(accounts::table.find(account));
    match status {
        Status::Active => row.set(accounts::active_members.eq(accounts::active_members + n)).execute(&mut **tx),
        Status::Invited => row.set(accounts::invited_members.eq(accounts::invited_members + n)).execute(&mut **tx),
        Status::Deactivated => row.set(accounts::deactivated_members.eq(accounts::deactivated_members + n)).execute(&mut **tx),
        Status::Removed => row.set(accounts::removed_members.eq(accounts::removed_members + n)).execute(&mut **tx),
    }?;
    Ok(())
}

pub(super) fn update(tx: &mut Tx<'_>, id: AccountId, name: &str, zone: &str, policy: TwoFactorPolicy) -> Result<(), Failure> {
    let row = diesel::update(accounts::table.find(id));
    row.set((accounts::name.eq(name), accounts::time_zone.eq(zone), accounts::require_two_factor.eq(policy))).execute(&mut **tx)?;
    Ok(())
}
