//! Erasing personal data (R23): by the ticker when it is due, or by the Owner before.
//!
//! The row stays, since others point at it ("invited by", calls, the audit log), and says nothing of anybody any more.

use super::rows as own;
use crate::{
    accounts,
    audit::{self, Author, Event, Target},
    authz::{Can, ManageBilling},
    clock::At,
    db::{AccountId, Conn, MemberId, Tx},
    failure::Failure,
    mail,
    members::{Member, Status, Traces, bulk, rows},
    numbers, sign_in,
};

/// Why somebody was not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseRefusal {
    /// Only who was removed is erased.
    #[error("not removed")]
    NotRemoved,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Members whose erasure is due at `now`, the longest due first, at most `most`.
pub fn list_due(conn: &mut Conn, now: At, most: i64) -> Result<Vec<(AccountId, MemberId)>, Failure> {
    own::list_due(conn, now, most)
}

/// Erases one member whose erasure is due. `false` when another process did, or they were restored meanwhile.
pub fn erase_due(tx: &mut Tx<'_>, account: AccountId, member: MemberId, now: At) -> Result<bool, Failure> {
    tx.lock(account)?;
    let Some(person) = rows::find(tx, account, member)?.filter(|person| person.erase_at.is_some_and(|due| due <= now)) else { return Ok(false) };
    erase(tx, &Author::program(account, audit::PROGRAM), &person, "", now)
}

/// Erases a removed member before it is due (R23): the Owner's choice.
///
/// # Errors
/// Whoever is not removed.
pub fn erase_now(tx: &mut Tx<'_>, by: &Can<ManageBilling>, member: MemberId, now: At) -> Result<(), EraseRefusal> {
    by.hold(tx)?;
    let person = rows::get(tx, by.account(), member)?;
    if person.status != Status::Removed || !erase(tx, &Author::of(by), &person, "before it was due", now)? {
        return Err(EraseRefusal::NotRemoved);
    }
    Ok(())
}

/// Erases a removed member; `false` when that is done already. Every noun forgets what it knows of them: a new table that
/// says something of a member is forgotten here.
fn erase(tx: &mut Tx<'_>, author: &Author, person: &Member, details: &str, now: At) -> Result<bool, Failure> {
    let (account, member) = (person.account_id, person.id);
    // Of any number of processes, one finds the row not erased.
    if !own::blank(tx, account, member, now)? {
        return Ok(false);
    }
    accounts::count_erased(tx, account)?;
    let traces = traces_of(tx, person)?;
    sign_in::forget(tx, account, member, traces.texts())?;
    mail::forget(tx, account, member, &traces)?;
    numbers::import::forget(tx, account, &traces)?;
    bulk::forget(tx, account, &traces)?;
    own::forget_left(tx, account, member)?;
    own::forget_traces(tx, account, member)?;
    audit::erase_notes(tx, account, member)?;
    audit::record(tx, author, Event::MemberErased, Some(&Target::nameless(member)), details, now)?;
    Ok(true)
}

/// What names the person, and did: the addresses that mails went to, and the names in the notes of their events.
fn traces_of(conn: &mut Conn, person: &Member) -> Result<Traces, Failure> {
    let mut called = mail::addresses_of(conn, person.account_id, person.id)?;
    called.extend(audit::names_of(conn, person.account_id, person.id)?);
    called.extend([Some(person.display_name()), person.email.clone()].into_iter().flatten());
    Ok(Traces::new(called, person.username.as_deref()))
}
