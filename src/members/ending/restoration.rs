//! Restoring a removed member until they are erased (R23).

use super::{ReturnRefusal, may_return, rows as own, tell};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers},
    billing::{self, Bought, Money, Plans, Step},
    clock::At,
    db::{MemberId, Tx},
    failure::Failure,
    groups,
    mail::Letter,
    members::{Member, Status, rows},
    numbers::{self, AssignRefusal, Party, Present},
};

/// Somebody who is back.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The person.
    pub person: Member,
    /// How many groups they are in again, at the end of each.
    pub groups: usize,
    /// How many numbers they have again.
    pub numbers: usize,
    /// How many of their numbers somebody else has by now.
    pub taken: usize,
    /// The seat that they took.
    pub bought: Bought,
}

/// Takes a removed member back: active, in their role, in their groups that still exist, with their numbers that are still
/// free. They take a seat, for the amount that was `shown`, where one was (R33).
///
/// # Errors
/// No place under the plan's maximum, a Supervisor on a plan without them, an address that somebody else has by now, and
/// whoever is not removed.
pub fn restore(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    member: MemberId,
    shown: Option<Money>,
    plans: &Plans,
    now: At,
) -> Result<Restored, ReturnRefusal> {
    let mut subscription = billing::hold(tx, by, plans, now)?;
    let (account, author) = (by.account(), Author::of(by));
    let person = rows::get(tx, account, member)?;
    may_return(tx, &person, Status::Removed, &subscription.plan, now)?;
    let bought = billing::take(tx, &mut subscription, Step::Restored, member, shown, now)?;
    if !rows::move_status(tx, account, member, Status::Removed, Status::Active)? {
        return Err(Failure::internal("a removed member is not removed behind the lock").into());
    }
    own::set_end(tx, account, member, None)?;
    audit::record(tx, &author, Event::MemberRestored, Some(&Target::new(member, person.display_name())), &bought.note(), now)?;
    let (left_groups, left_numbers) = own::list_left(tx, account, member)?;
    if !groups::enroll(tx, &author, member, &left_groups, now)? {
        return Err(Failure::internal("a group that is remembered is gone").into());
    }
    let (mut back, mut taken) = (0, 0);
    for number in left_numbers {
        match numbers::assign(tx, by, number, Some(Party::Member(member)), &Present::Unknown, now) {
            Ok(_) => back += 1,
            Err(AssignRefusal::Failure(failure)) => return Err(failure.into()),
            Err(_) => taken += 1,
        }
    }
    own::forget_left(tx, account, member)?;
    tell(tx, &person, |company, name| Letter::Reactivated { company, name }, now)?;
    Ok(Restored { person, groups: left_groups.len(), numbers: back, taken, bought })
}
