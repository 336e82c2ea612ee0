//! Whose the account is: handing it over (R20).

use super::{EmailAddress, Member, Status, notice, role, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, Role, TransferOwnership},
    clock::At,
    db::{AccountId, MemberId, Tx},
    failure::Failure,
    mail::Letter,
    sign_in,
};

/// Why the account stays whose it is.
#[derive(Debug, thiserror::Error)]
pub enum TransferRefusal {
    /// They are the Owner already.
    #[error("the Owner already")]
    IsOwner,
    /// Only somebody active can own an account.
    #[error("not active")]
    NotActive(Status),
    /// An Owner must be reachable: users by username are not.
    #[error("a user by username")]
    ByUsername,
    /// Nobody in the account has this address.
    #[error("nobody has this address")]
    Nobody,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// A transfer that was made.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// Who had the account, as they were.
    pub from: Member,
    /// Who has it now, as they were.
    pub to: Member,
    /// The number that the former Owner's next session carries; all sessions of both have ended (T6).
    pub epoch: i64,
}

/// Can the account become this member's?
///
/// # Errors
/// The reason why not.
pub const fn may_own(role: Role, status: Status, is_by_email: bool) -> Result<(), TransferRefusal> {
    match (role, status, is_by_email) {
        (Role::Owner, ..) => Err(TransferRefusal::IsOwner),
        (_, Status::Active, true) => Ok(()),
        (_, Status::Active, false) => Err(TransferRefusal::ByUsername),
        (_, status, _) => Err(TransferRefusal::NotActive(status)),
    }
}

impl Member {
    /// Is this a user by email, not one by username (R2)?
    pub const fn is_by_email(&self) -> bool {
        self.email.is_some() && self.username.is_none()
    }
}

/// The Owner hands the account over and becomes an Admin. The page has asked for the password (T8).
pub fn transfer(tx: &mut Tx<'_>, by: &Can<TransferOwnership>, to: MemberId, now: At) -> Result<Transfer, TransferRefusal> {
    by.hold(tx)?;
    let from = rows::get(tx, by.account(), by.actor().member)?;
    let to = rows::get(tx, by.account(), to)?;
    hand_over(tx, &Author::of(by), from, to, now)
}

/// The operator hands an account over, for an Owner who is gone.
pub fn transfer_by_operator(tx: &mut Tx<'_>, account: AccountId, to: &EmailAddress, operator: &str, now: At) -> Result<Transfer, TransferRefusal> {
    tx.lock(account)?;
    let from = rows::find_owner(tx, account)?.ok_or_else(|| Failure::internal("an account without an Owner"))?;
    let to = rows::find_live_email(tx, account, to)?.ok_or(TransferRefusal::Nobody)?;
    hand_over(tx, &Author::program(account, operator), from, to, now)
}

/// Both roles, both people's sessions and links, both events and both mails.
fn hand_over(tx: &mut Tx<'_>, author: &Author, from: Member, to: Member, now: At) -> Result<Transfer, TransferRefusal> {
    let account = author.account();
    may_own(to.role, to.status, to.is_by_email())?;
    if !rows::step_down(tx, account, from.id)? || !rows::step_up(tx, account, to.id)? {
        return Err(Failure::Stale.into());
    }
    let epoch = sign_in::end_all(tx, account, from.id)?;
    sign_in::end_all(tx, account, to.id)?;
    let target = Target::new(to.id, to.display_name());
    audit::record(tx, author, Event::OwnershipTransferred, Some(&target), &format!("before {}", to.role.name()), now)?;
    role::record(tx, author, &from, Role::Admin, now)?;
    tell(tx, &from, &to, now)?;
    Ok(Transfer { from, to, epoch })
}

fn tell(tx: &mut Tx<'_>, from: &Member, to: &Member, now: At) -> Result<(), Failure> {
    notice::tell(tx, from, |company, name| Letter::OwnershipGiven { company, name, owner: to.display_name() }, now)?;
    notice::tell(tx, to, |company, name| Letter::OwnershipTaken { company, name, owner: from.display_name() }, now)
}
