//! Removing a member (R22): everything that points at them points elsewhere, in one transaction.

use super::{Barred, may_remove, rows as own, tell};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers},
    billing::{self, Plan, Plans, Step},
    clock::{At, Span},
    db::{AccountId, MemberId, Tx},
    failure::Failure,
    groups,
    mail::Letter,
    members::{Member, Status, invitation::void_of, rows},
    numbers::{self, Party},
    routing::{self, Destination, Stop},
    sign_in,
};

/// On a paid plan personal data is kept for so long after the removal (R23).
const KEPT: Span = Span::days(28);

/// When the personal data of somebody removed at `now` is due to be erased: at once on a free plan, which is within one
/// round of the ticker.
pub fn ends_at(plan: &Plan, now: At) -> At {
    if plan.is_free() { now } else { now + KEPT }
}

/// Writes that an invitation ended before anybody joined: on every plan the list can say so for a while, and the address
/// goes like that of somebody removed (R23).
pub(in crate::members) fn end_cancelled(tx: &mut Tx<'_>, account: AccountId, member: MemberId, now: At) -> Result<(), Failure> {
    own::set_end(tx, account, member, Some((now, now + KEPT)))
}

/// Why somebody was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveRefusal {
    /// Nobody removes this person, or not now (R17).
    #[error(transparent)]
    Barred(#[from] Barred),
    /// What shall get their calls is gone, or cannot get calls.
    #[error("the replacement is gone")]
    Gone,
    /// Calls would come back to the number they came in on (R45); the names along the way.
    #[error("a loop")]
    Loop(Vec<String>),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Removes a member (R22). Their numbers are nobody's; calls that went to them go to `replacement`, a member or a group, or
/// without one to voicemail, which is flagged. They leave every group, their sessions end, their invitations are void. What
/// they had is remembered until they are erased, so that it can be given back.
///
/// Returns the person as they were, and when their personal data is erased.
///
/// # Errors
/// Oneself, the Owner, whoever has not joined or is removed already, and a replacement that cannot be.
pub fn remove(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    member: MemberId,
    replacement: Option<&Destination>,
    plans: &Plans,
    now: At,
) -> Result<(Member, At), RemoveRefusal> {
    let mut subscription = billing::hold(tx, by, plans, now)?;
    let (account, author) = (by.account(), Author::of(by));
    let person = rows::get(tx, account, member)?;
    may_remove(by.actor().member, &person)?;
    if let Some(to) = replacement {
        check_replacement(tx, account, member, to, now)?;
    }
    if !rows::move_status(tx, account, member, person.status, Status::Removed)? {
        return Err(Failure::internal("a member stands elsewhere behind the lock").into());
    }
    if person.status == Status::Active {
        billing::leave(tx, &mut subscription, Step::Removed, member, now)?;
    }
    let erase_at = ends_at(&subscription.plan, now);
    own::set_end(tx, account, member, Some((now, erase_at)))?;
    own::keep_left(tx, account, member)?;
    let target = Target::new(member, person.display_name());
    numbers::leave_member(tx, &author, member, replacement, now)?;
    groups::leave_all(tx, &author, account, member, &target, now)?;
    sign_in::end_all_and_links(tx, account, member)?;
    void_of(tx, &author, member, now)?;
    tell(tx, &person, |company, name| Letter::Removed { company, name, erase_at: (erase_at > now).then_some(erase_at) }, now)?;
    audit::record(tx, &author, Event::MemberRemoved, Some(&target), "", now)?;
    Ok((person, erase_at))
}

/// A replacement takes the calls of each number that went to the person.
fn check_replacement(tx: &mut Tx<'_>, account: AccountId, leaving: MemberId, to: &Destination, now: At) -> Result<(), RemoveRefusal> {
    let is_there = match to {
        Destination::Voicemail => true,
        Destination::Member(id) => *id != leaving && rows::find(tx, account, *id)?.is_some_and(|person| person.status == Status::Active),
        Destination::Group(id) => groups::find(tx, account, *id)?.is_some(),
        Destination::Number(_) | Destination::Phone(_) => false,
    };
    if !is_there {
        return Err(RemoveRefusal::Gone);
    }
    for row in numbers::list_pointing_at(tx, account, Party::Member(leaving), now)? {
        if row.number.reaches(Party::Member(leaving))
            && let Some(names) = routing::find_loop(tx, account, Stop::Number(row.number.id), to)?
        {
            return Err(RemoveRefusal::Loop(names));
        }
    }
    Ok(())
}
