//! One act for several people at once: what the list's checkboxes are for.

use std::collections::HashMap;

use super::{
    Barred, Consequences, DeactivateRefusal, LinkRefusal, Member, RemoveRefusal, ReturnRefusal, RoleRefusal, change_role, deactivate, reactivate,
    remove, rows,
};
use crate::{
    authz::{Can, ManageMembers, Role},
    billing::{Charge, Money, Plans},
    clock::At,
    db::{Db, GroupId, MemberId, Tx},
    failure::Failure,
    groups::{self, JoinRefusal},
    members,
};

/// People of one selection; a page of the list has 50.
pub const MOST: usize = 200;

/// What is done with each of the people.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Mails the invitation again (R5).
    Resend,
    /// Deactivates them (R21).
    Deactivate,
    /// Lets them in again (R21).
    Reactivate,
    /// Removes them (R22); calls that went to them go to voicemail, which is flagged.
    Remove,
    /// Gives them another role (R17).
    ChangeRole(Role),
    /// Puts them into a group (R40).
    AddToGroup(GroupId),
}

/// Why somebody stays as they are.
#[derive(Debug)]
pub enum Kept {
    /// Their invitation cannot be sent again.
    Invitation(LinkRefusal),
    /// They can be neither deactivated nor removed, or not now.
    Barred(Barred),
    /// They cannot come back.
    Return(ReturnRefusal),
    /// Their role stays.
    Role(RoleRefusal),
    /// They have that role already.
    HasRole,
    /// They are in that group already.
    InGroup,
    /// They were removed.
    Removed,
}

/// What became of one of the people, or would.
#[derive(Debug)]
pub struct Outcome {
    /// Who, as they were before.
    pub member: Member,
    /// Done, with the seat that it charged where it charges any, or why not.
    pub result: Result<Option<Charge>, Kept>,
}

/// What was charged for all of them together.
pub fn total(outcomes: &[Outcome]) -> Money {
    outcomes.iter().filter_map(|outcome| outcome.result.as_ref().ok()).flatten().map(|charge| charge.amount).sum()
}

/// Why nothing was done with anybody.
#[derive(Debug, thiserror::Error)]
pub enum SelectionRefusal {
    /// The page showed another amount than would be charged now (R35).
    #[error("the amount changed from {shown} to {now}")]
    AmountChanged {
        /// What the page showed.
        shown: Money,
        /// What it is now.
        now: Money,
    },
    /// The write failed, or the group is gone.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Does `act` with each of the people in one transaction: with whom it can be done it is done, everybody else stays as they
/// are and is told why. Whoever is no member of the account, or is erased, is left out. `shown` is the amount that the page
/// promised for all of them together, where it promised one.
///
/// # Errors
/// A group that is gone is [`Failure::NotFound`]; another amount than was shown.
pub fn apply(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    act: Act,
    chosen: &[MemberId],
    shown: Option<Money>,
    plans: &Plans,
    now: At,
) -> Result<Vec<Outcome>, SelectionRefusal> {
    by.hold(tx)?;
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(chosen.len());
    for id in chosen {
        if outcomes.iter().any(|outcome| outcome.member.id == *id) {
            continue;
        }
        let Some(member) = rows::find(tx, by.account(), *id)?.filter(|member| member.erased_at.is_none()) else { continue };
        let result = one(tx, by, act, &member, plans, now)?;
        outcomes.push(Outcome { member, result });
    }
    let charged = total(&outcomes);
    match shown.filter(|shown| *shown != charged) {
        // The transaction goes, and with it everything that was done.
        Some(shown) => Err(SelectionRefusal::AmountChanged { shown, now: charged }),
        None => Ok(outcomes),
    }
}

fn one(tx: &mut Tx<'_>, by: &Can<ManageMembers>, act: Act, member: &Member, plans: &Plans, now: At) -> Result<Result<Option<Charge>, Kept>, Failure> {
    match act {
        Act::Resend => match members::renew(tx, by, member.id, plans, now) {
            Ok(_) => Ok(Ok(None)),
            Err(LinkRefusal::Failure(failure)) => Err(failure),
            Err(refusal) => Ok(Err(Kept::Invitation(refusal))),
        },
        Act::Deactivate => match deactivate(tx, by, member.id, plans, now) {
            Ok(_) => Ok(Ok(None)),
            Err(DeactivateRefusal::Failure(failure)) => Err(failure),
            Err(DeactivateRefusal::Barred(barred)) => Ok(Err(Kept::Barred(barred))),
        },
        Act::Reactivate => match reactivate(tx, by, member.id, None, plans, now) {
            Ok((_, bought)) => Ok(Ok(Some(bought.charge))),
            Err(ReturnRefusal::Failure(failure)) => Err(failure),
            Err(refusal) => Ok(Err(Kept::Return(refusal))),
        },
        Act::Remove => match remove(tx, by, member.id, None, plans, now) {
            Ok(_) => Ok(Ok(None)),
            Err(RemoveRefusal::Failure(failure)) => Err(failure),
            Err(RemoveRefusal::Barred(barred)) => Ok(Err(Kept::Barred(barred))),
            Err(RemoveRefusal::Gone | RemoveRefusal::Loop(_)) => Err(Failure::internal("voicemail is always there and leads nowhere")),
        },
        Act::ChangeRole(role) => match change_role(tx, by, member.id, role, None, plans, now) {
            Ok(change) if change.person.role == role => Ok(Err(Kept::HasRole)),
            Ok(_) => Ok(Ok(None)),
            Err(RoleRefusal::Failure(failure)) => Err(failure),
            Err(refusal) => Ok(Err(Kept::Role(refusal))),
        },
        Act::AddToGroup(group) => match groups::add(tx, by, group, &[member.id], now) {
            Ok(0) => Ok(Err(Kept::InGroup)),
            Ok(_) => Ok(Ok(None)),
            Err(JoinRefusal::MemberGone) => Ok(Err(Kept::Removed)),
            Err(JoinRefusal::Failure(failure)) => Err(failure),
        },
    }
}

/// The transaction of a rehearsal, which is never kept.
enum Rehearsed {
    Outcomes(Vec<Outcome>, HashMap<MemberId, Consequences>),
    Failure(Failure),
}

impl From<Failure> for Rehearsed {
    fn from(failure: Failure) -> Self {
        Rehearsed::Failure(failure)
    }
}

impl From<SelectionRefusal> for Rehearsed {
    fn from(refusal: SelectionRefusal) -> Self {
        match refusal {
            SelectionRefusal::Failure(failure) => Rehearsed::Failure(failure),
            SelectionRefusal::AmountChanged { .. } => Rehearsed::Failure(Failure::internal("a rehearsal promises no amount")),
        }
    }
}

/// What [`apply`] would do: the act itself, taken back. No second set of rules can say something else than the first, and
/// whatever one person takes from the next, like the last place of the plan, shows (T11: nothing is changed). With a removal
/// comes what it takes from each.
///
/// # Errors
/// Those of [`apply`].
pub async fn rehearse(
    db: &Db,
    by: &Can<ManageMembers>,
    act: Act,
    chosen: Vec<MemberId>,
    plans: Plans,
    now: At,
) -> Result<(Vec<Outcome>, HashMap<MemberId, Consequences>), Failure> {
    let by = by.clone();
    let play = move |tx: &mut Tx<'_>| -> Result<(), Rehearsed> {
        let mut touched = HashMap::new();
        if matches!(act, Act::Remove) {
            for id in &chosen {
                if rows::find(tx, by.account(), *id)?.is_some_and(|member| member.erased_at.is_none()) {
                    touched.insert(*id, Consequences::of(tx, by.account(), *id, now)?);
                }
            }
        }
        Err(Rehearsed::Outcomes(apply(tx, &by, act, &chosen, None, &plans, now)?, touched))
    };
    match db.write(play).await {
        Err(Rehearsed::Outcomes(outcomes, touched)) => Ok((outcomes, touched)),
        Err(Rehearsed::Failure(failure)) => Err(failure),
        Ok(()) => Err(Failure::internal("a rehearsal was kept")),
    }
}
