//! What a member is to the account: who may make whom what, and the change (R13–R17).

use super::{Member, Status, notice, rows, void_of};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers, PermissionWord, Role},
    billing::{self, Plan, Plans},
    clock::At,
    db::{MemberId, Tx},
    failure::Failure,
    mail::Letter,
    sign_in::links::{self, Purpose},
};

/// Why a role stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum RoleRefusal {
    /// Nobody changes their own role (R17).
    #[error("one's own role")]
    Oneself,
    /// The Owner is demoted by a transfer only (R17).
    #[error("the Owner's role")]
    OfOwner,
    /// An Owner is made by a transfer only (R13).
    #[error("another Owner")]
    ToOwner,
    /// Nobody gives a role above their own (T23).
    #[error("a role above one's own")]
    AboveOwn,
    /// The plan has no Supervisors (R15).
    #[error("no Supervisors on this plan")]
    NoSupervisors,
    /// Who was removed has no role to change until they are restored.
    #[error("removed")]
    Removed,
    /// They were changed since the form was shown (R59).
    #[error("changed meanwhile")]
    Changed,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// A role that was given.
#[derive(Clone, Debug)]
pub struct RoleChange {
    /// The member, as they were before.
    pub person: Member,
    /// What they are now; what they were, where nothing was to be done.
    pub role: Role,
    /// Invitations they sent that are void now (R12).
    pub voided: usize,
}

/// May `actor`, who is an `own`, make `person` a `role`? What the page asks beforehand and the write asks again.
///
/// # Errors
/// The first reason why not.
pub fn may_have_role(actor: MemberId, own: Role, person: &Member, role: Role, plan: &Plan) -> Result<(), RoleRefusal> {
    if person.status == Status::Removed {
        return Err(RoleRefusal::Removed);
    }
    if person.role == Role::Owner {
        return Err(RoleRefusal::OfOwner);
    }
    if person.id == actor {
        return Err(RoleRefusal::Oneself);
    }
    match role {
        Role::Owner => Err(RoleRefusal::ToOwner),
        role if role.is_above(own) => Err(RoleRefusal::AboveOwn),
        Role::Supervisor if !plan.supervisor && person.role != Role::Supervisor => Err(RoleRefusal::NoSupervisors),
        _ => Ok(()),
    }
}

/// Gives a member another role. It counts from their next click and ends no session (R18, T6); links mailed to them die
/// (T9), and what they invited is void when they may no longer invite (R12). `seen` is the version that the form was shown
/// with (R59), nothing where none was. A role that they have already writes nothing.
pub fn change_role(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    member: MemberId,
    role: Role,
    seen: Option<i64>,
    plans: &Plans,
    now: At,
) -> Result<RoleChange, RoleRefusal> {
    let plan = billing::hold(tx, by, plans, now)?.plan;
    let actor = rows::get(tx, by.account(), by.actor().member)?;
    let person = rows::get(tx, by.account(), member)?;
    may_have_role(actor.id, actor.role, &person, role, &plan)?;
    if person.role == role {
        return Ok(RoleChange { person, role, voided: 0 });
    }
    if seen.is_some_and(|seen| seen != person.version) || !rows::set_role(tx, &person, role)? {
        return Err(RoleRefusal::Changed);
    }
    for purpose in [Purpose::PasswordReset, Purpose::EmailChange] {
        links::end_open(tx, by.account(), person.id, Some(purpose))?;
    }
    let author = Author::of(by);
    record(tx, &author, &person, role, now)?;
    let loses = PermissionWord::ManageMembers.held_by(person.role) && !PermissionWord::ManageMembers.held_by(role);
    let voided = if loses { void_of(tx, &author, person.id, now)? } else { 0 };
    tell(tx, by, &person, role, now)?;
    Ok(RoleChange { person, role, voided })
}

/// Writes down that `person` is a `role` now.
pub(super) fn record(tx: &mut Tx<'_>, author: &Author, person: &Member, role: Role, now: At) -> Result<(), Failure> {
    let details = format!("from {} to {}", person.role.name(), role.name());
    audit::record(tx, author, Event::RoleChanged, Some(&Target::new(person.id, person.display_name())), &details, now)
}

/// Tells them, where they have an address and can sign in to see what it means.
fn tell(tx: &mut Tx<'_>, by: &Can<ManageMembers>, person: &Member, role: Role, now: At) -> Result<(), Failure> {
    if person.status != Status::Active {
        return Ok(());
    }
    let who = by.actor().name.clone();
    notice::tell(tx, person, |company, name| Letter::RoleChanged { company, name, by: who, was: person.role, role }, now)
}
