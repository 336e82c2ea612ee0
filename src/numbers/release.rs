//! Releasing a number, once nothing uses it (R47).

use super::{Incoming, Number, Who, assignment::settled, rows};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageNumbers},
    clock::At,
    db::{AccountId, Conn, GroupId, NumberId, Tx},
    failure::Failure,
};

/// Something that uses a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is assigned to them.
    Assignee(Who),
    /// Its incoming calls go to them.
    Incoming(Who),
    /// The group falls back to it.
    FallbackOf(GroupId, String),
}

/// Why a number was not released.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseRefusal {
    /// These use it.
    #[error("in use")]
    InUse(Vec<Use>),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What uses a number: whoever it is assigned to, whoever gets its calls, groups that fall back to it.
pub fn users_of(conn: &mut Conn, account: AccountId, number: NumberId, now: At) -> Result<Vec<Use>, Failure> {
    let row = rows::row_of(conn, account, number, now)?;
    let mut uses: Vec<Use> = row.holder.map(Use::Assignee).into_iter().collect();
    if let (Incoming::To(_), Some(towards)) = (row.number.incoming(), row.towards) {
        uses.push(Use::Incoming(towards));
    }
    uses.extend(rows::list_falling_back_to(conn, account, number)?.into_iter().map(|(id, name)| Use::FallbackOf(id, name)));
    Ok(uses)
}

/// Releases a number: the account has it no more.
pub fn release(tx: &mut Tx<'_>, by: &Can<ManageNumbers>, number: NumberId, now: At) -> Result<Number, ReleaseRefusal> {
    by.hold(tx)?;
    let account = by.account();
    let row = settled(tx, account, number, now)?;
    let uses = users_of(tx, account, number, now)?;
    if !uses.is_empty() {
        return Err(ReleaseRefusal::InUse(uses));
    }
    rows::delete(tx, account, number)?;
    audit::record(tx, &Author::of(by), Event::NumberReleased, Some(&row.subject()), &row.number.label, now)?;
    Ok(row.number)
}
