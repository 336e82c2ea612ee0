//! Numbers that invited people have before they join (R10).

use super::{AssignRefusal, Party, Present, Row, Who, assignment::assign, rows};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageMembers},
    clock::At,
    db::{AccountId, Conn, MemberId, NumberId, Tx},
    failure::Failure,
};

const RAN_OUT: &str = "the invitation ran out";

/// Keeps a number for somebody whose invitation was just written.
///
/// # Errors
/// Who holds it is named; a number of no such id is [`Failure::NotFound`].
pub fn reserve(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId, number: NumberId, now: At) -> Result<Row, AssignRefusal> {
    assign(tx, by, number, Some(Party::Member(member)), &Present::Unknown, now)
}

/// Frees every number of a member; `why` is said in the audit log. Behind the account's lock.
pub fn free_of(tx: &mut Tx<'_>, author: &Author, member: MemberId, why: &str, now: At) -> Result<usize, Failure> {
    let account = author.account();
    let held = rows::list_rows_of_member(tx, account, member, now)?;
    for row in &held {
        free(tx, author, row, why, now)?;
    }
    Ok(held.len())
}

fn free(tx: &mut Tx<'_>, author: &Author, row: &Row, why: &str, now: At) -> Result<(), Failure> {
    rows::set_assignee(tx, author.account(), row.number.id, None)?;
    let holder = row.holder.as_ref().or(row.lapsed.as_ref());
    let (whom, named) = (holder.map_or("somebody who left", |who| who.name.as_str()), holder.and_then(Who::person));
    audit::record_naming(tx, author, Event::NumberUnassigned, Some(&row.subject()), &format!("from {whom}: {why}"), named.as_slice(), now)
}

/// Clears one reservation that ran out, before the ticker comes to it.
pub(super) fn clear(tx: &mut Tx<'_>, account: AccountId, row: &Row, now: At) -> Result<(), Failure> {
    free(tx, &Author::program(account, audit::PROGRAM), row, RAN_OUT, now)
}

/// The accounts in which numbers are kept for people whose invitation just ran out, in their order. `thoroughly` looks at
/// every number, not only at invitations that are not yet marked as run out.
pub fn accounts_with_expired(conn: &mut Conn, thoroughly: bool, now: At) -> Result<Vec<AccountId>, Failure> {
    if thoroughly { rows::accounts_with_lapsed(conn, now) } else { rows::accounts_with_due(conn, now) }
}

/// Frees the numbers of an account that are kept for people whose invitation does not run any more (R10, R39).
pub fn free_expired(tx: &mut Tx<'_>, account: AccountId, now: At) -> Result<usize, Failure> {
    tx.lock(account)?;
    let lapsed = rows::list_lapsed(tx, account, now)?;
    for row in &lapsed {
        clear(tx, account, row, now)?;
    }
    Ok(lapsed.len())
}
