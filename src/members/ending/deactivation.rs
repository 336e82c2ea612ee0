//! Deactivating and reactivating (R21): out at once, and back with everything.

use super::{Barred, ReturnRefusal, may_deactivate, may_return, tell};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers},
    billing::{self, Bought, Money, Plans, Step},
    clock::At,
    db::{MemberId, Tx},
    failure::Failure,
    mail::Letter,
    members::{Member, Status, invitation::void_of, rows},
    sign_in,
};

/// Why somebody was not deactivated.
#[derive(Debug, thiserror::Error)]
pub enum DeactivateRefusal {
    /// Nobody deactivates this person, or not now (R17).
    #[error(transparent)]
    Barred(#[from] Barred),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Deactivates a member (R21): sessions and mailed links end and their invitations are void in the same transaction;
/// numbers, groups and settings stay.
///
/// # Errors
/// Oneself, the Owner, and whoever is not active.
pub fn deactivate(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId, plans: &Plans, now: At) -> Result<Member, DeactivateRefusal> {
    let mut subscription = billing::hold(tx, by, plans, now)?;
    let (account, author) = (by.account(), Author::of(by));
    let person = rows::get(tx, account, member)?;
    may_deactivate(by.actor().member, &person)?;
    if !rows::move_status(tx, account, member, Status::Active, Status::Deactivated)? {
        return Err(Failure::internal("an active member is not active behind the lock").into());
    }
    billing::leave(tx, &mut subscription, Step::Deactivated, member, now)?;
    sign_in::end_all_and_links(tx, account, member)?;
    void_of(tx, &author, member, now)?;
    tell(tx, &person, |company, name| Letter::Deactivated { company, name }, now)?;
    audit::record(tx, &author, Event::MemberDeactivated, Some(&Target::new(member, person.display_name())), "", now)?;
    Ok(person)
}

/// Lets a deactivated member in again, with role, groups and numbers as they are (R21). They take a seat, for the
/// amount that was `shown`, where one was (R33).
///
/// # Errors
/// No place under the plan's maximum, a Supervisor on a plan without them, and whoever is not deactivated.
pub fn reactivate(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    member: MemberId,
    shown: Option<Money>,
    plans: &Plans,
    now: At,
) -> Result<(Member, Bought), ReturnRefusal> {
    let mut subscription = billing::hold(tx, by, plans, now)?;
    let account = by.account();
    let person = rows::get(tx, account, member)?;
    may_return(tx, &person, Status::Deactivated, &subscription.plan, now)?;
    let bought = billing::take(tx, &mut subscription, Step::Reactivated, member, shown, now)?;
    if !rows::move_status(tx, account, member, Status::Deactivated, Status::Active)? {
        return Err(Failure::internal("a deactivated member is not deactivated behind the lock").into());
    }
    tell(tx, &person, |company, name| Letter::Reactivated { company, name }, now)?;
    audit::record(tx, &Author::of(by), Event::MemberReactivated, Some(&Target::new(member, person.display_name())), &bought.note(), now)?;
    Ok((person, bought))
}
