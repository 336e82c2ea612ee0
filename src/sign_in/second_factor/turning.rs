//! Turning a second factor on and off, and new recovery codes (T6, T7).

use super::{Secret, Typed, about, code, rows, take, tries_key};
use crate::{
    accounts,
    audit::{self, Author, Event, Target},
    authz::{Actor, Can, ManageMembers, OwnSecondFactor, Role, SignedIn},
    clock::At,
    db::{AccountId, MemberId, Tx},
    failure::Failure,
    mail::{Letter, TwoFactorChange},
    members::{self, Member},
    sign_in::{Fresh, end_all},
    web::throttle,
};

/// Why no second factor was set up, or no codes were made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpRefusal {
    /// The code is wrong, or was taken already.
    #[error("a wrong code")]
    Wrong,
    /// Another window set one up meanwhile, or removed it.
    #[error("it is so already")]
    Changed,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a second factor was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveRefusal {
    /// There is none.
    #[error("there is none")]
    NotSetUp,
    /// The account asks one of them.
    #[error("the account asks for it")]
    Required,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a lost second factor was not reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetRefusal {
    /// There is none.
    #[error("there is none")]
    NotSetUp,
    /// The Owner's is nobody's but the Owner's (T23).
    #[error("the Owner's")]
    Owner,
    /// Their own: the profile does that, with the password.
    #[error("one's own")]
    Own,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What the acting person gets: the codes to be shown once, and the number that their session carries from now on.
#[derive(Debug)]
pub struct Made {
    /// The recovery codes, as they are shown.
    pub codes: Vec<String>,
    /// The number for [`crate::sign_in::keep_own`] (T6).
    pub epoch: i64,
}

/// Sets up the offered secret, which `code` proves to be in an app. `another` says that it takes the place of one in use;
/// a first one is refused where there is one, and the other way round. Other sessions end and a mail says so (T6).
///
/// # Errors
/// A [`SetUpRefusal`].
pub fn set_up(
    tx: &mut Tx<'_>,
    by: &Can<OwnSecondFactor>,
    _fresh: &Fresh,
    offered: &Secret,
    typed: &Typed,
    another: bool,
    now: At,
) -> Result<Made, SetUpRefusal> {
    by.hold(tx)?;
    let person = members::get(tx, by.account(), by.actor().member)?;
    if person.has_second_factor() != another {
        return Err(SetUpRefusal::Changed);
    }
    let Typed::App(typed) = typed else { return Err(SetUpRefusal::Wrong) };
    let Some(step) = offered.step_of(typed, now)? else { return Err(SetUpRefusal::Wrong) };
    let sealed = tx.keys().seal(&about(person.id), offered.bytes());
    rows::put(tx, by.account(), person.id, sealed, step, now)?;
    let details = if another { "in another app" } else { "" };
    Ok(change(tx, by, &person, Event::TwoFactorSetUp, TwoFactorChange::SetUp, details, now)?)
}

/// Makes new recovery codes; the old ones end. `code` is one of the app in use, and tries at it are counted by the caller.
///
/// # Errors
/// A [`SetUpRefusal`].
pub fn renew_recovery_codes(tx: &mut Tx<'_>, by: &Can<OwnSecondFactor>, _fresh: &Fresh, typed: &Typed, now: At) -> Result<Made, SetUpRefusal> {
    by.hold(tx)?;
    let person = members::get(tx, by.account(), by.actor().member)?;
    if !person.has_second_factor() {
        return Err(SetUpRefusal::Changed);
    }
    if take(tx, by.account(), person.id, typed, now)?.is_none() {
        return Err(SetUpRefusal::Wrong);
    }
    let tries = tries_key(tx.keys(), person.id);
    throttle::forget(tx, tries)?;
    Ok(change(tx, by, &person, Event::RecoveryCodesMade, TwoFactorChange::NewCodes, "", now)?)
}

fn change(
    tx: &mut Tx<'_>,
    by: &Can<OwnSecondFactor>,
    person: &Member,
    event: Event,
    what: TwoFactorChange,
    details: &str,
    now: At,
) -> Result<Made, Failure> {
    let codes: Vec<String> = (0..code::RECOVERY_CODES).map(|_| code::fresh_recovery()).collect();
    let digests: Vec<_> = codes.iter().map(|typed| code::recovery_digest(tx.keys(), person.id, typed)).collect();
    rows::put_recovery(tx, by.account(), person.id, &digests)?;
    let epoch = end_all(tx, by.account(), person.id)?;
    tell(tx, person, what, now)?;
    audit::record(tx, &Author::of(by), event, Some(&target(person)), details, now)?;
    Ok(Made { codes: codes.iter().map(|typed| code::shown(typed)).collect(), epoch })
}

/// Removes one's own second factor; the password was checked by the caller. Other sessions end; the number for the acting
/// one (T6).
///
/// # Errors
/// A [`RemoveRefusal`].
pub fn remove(tx: &mut Tx<'_>, by: &Can<SignedIn>, now: At) -> Result<i64, RemoveRefusal> {
    by.hold(tx)?;
    let person = members::get(tx, by.account(), by.actor().member)?;
    if !person.has_second_factor() {
        return Err(RemoveRefusal::NotSetUp);
    }
    if accounts::get(tx, by.account())?.require_two_factor.asks(person.role) {
        return Err(RemoveRefusal::Required);
    }
    rows::delete(tx, by.account(), person.id)?;
    let epoch = end_all(tx, by.account(), person.id)?;
    tell(tx, &person, TwoFactorChange::Removed, now)?;
    audit::record(tx, &Author::of(by), Event::TwoFactorRemoved, Some(&target(&person)), "", now)?;
    Ok(epoch)
}

/// May this actor reset the second factor of `person`? The page, its question and the write ask this.
///
/// # Errors
/// Why not; never a failure.
pub fn may_reset(actor: &Actor, person: &Member) -> Result<(), ResetRefusal> {
    match () {
        () if person.id == actor.member => Err(ResetRefusal::Own),
        () if person.role == Role::Owner => Err(ResetRefusal::Owner),
        () if !person.has_second_factor() => Err(ResetRefusal::NotSetUp),
        () => Ok(()),
    }
}

/// Removes the second factor of somebody who lost it. Their sessions end, and they get a mail (T6).
///
/// # Errors
/// A [`ResetRefusal`].
pub fn reset(tx: &mut Tx<'_>, by: &Can<ManageMembers>, _fresh: &Fresh, member: MemberId, now: At) -> Result<(), ResetRefusal> {
    by.hold(tx)?;
    let person = members::get(tx, by.account(), member)?;
    may_reset(by.actor(), &person)?;
    Ok(drop_lost(tx, &Author::of(by), &person, now)?)
}

/// [`reset`] by whoever runs the server, for an Owner who lost theirs; `false` when there is none.
///
/// # Errors
/// When the write fails.
pub fn reset_by_operator(tx: &mut Tx<'_>, operator: &str, account: AccountId, member: MemberId, now: At) -> Result<bool, Failure> {
    tx.lock(account)?;
    let person = members::get(tx, account, member)?;
    if !person.has_second_factor() {
        return Ok(false);
    }
    drop_lost(tx, &Author::program(account, operator), &person, now)?;
    Ok(true)
}

fn drop_lost(tx: &mut Tx<'_>, author: &Author, person: &Member, now: At) -> Result<(), Failure> {
    rows::delete(tx, person.account_id, person.id)?;
    let tries = tries_key(tx.keys(), person.id);
    throttle::forget(tx, tries)?;
    end_all(tx, person.account_id, person.id)?;
    tell(tx, person, TwoFactorChange::Reset, now)?;
    audit::record(tx, author, Event::TwoFactorReset, Some(&target(person)), "", now)
}

/// Forgets the secret and the recovery codes of somebody whose data is erased (R23).
///
/// # Errors
/// When the write fails.
pub fn forget(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    rows::delete(tx, account, member)
}

fn target(person: &Member) -> Target {
    Target::new(person.id, person.display_name())
}

/// Tells a person that their two-factor sign-in changed.
fn tell(tx: &mut Tx<'_>, person: &Member, what: TwoFactorChange, now: At) -> Result<(), Failure> {
    members::tell(tx, person, |company, name| Letter::TwoFactorChanged { company, name, what }, now)
}
