//! Who is in which group (R40): from the group's page, from the member's, and with an invitation.

use std::collections::{BTreeSet, HashSet};

use super::{Group, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, FillsGroups},
    clock::At,
    db::{AccountId, GroupId, MemberId, Tx},
    failure::Failure,
    members::{self, Status, display_name},
};

/// Why nobody joined.
#[derive(Debug, thiserror::Error)]
pub enum JoinRefusal {
    /// Somebody chosen is not a member (any more).
    #[error("somebody chosen is gone")]
    MemberGone,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Adds members to a group, at its end; who is in it already stays where they are. How many joined.
pub fn add<P: FillsGroups>(tx: &mut Tx<'_>, by: &Can<P>, group: GroupId, joining: &[MemberId], now: At) -> Result<usize, JoinRefusal> {
    by.hold(tx)?;
    let group = rows::get(tx, by.account(), group)?;
    join(tx, &Author::of(by), &group, joining, now)
}

pub(super) fn join(tx: &mut Tx<'_>, author: &Author, group: &Group, joining: &[MemberId], now: At) -> Result<usize, JoinRefusal> {
    let wanted: BTreeSet<MemberId> = joining.iter().copied().collect();
    let wanted: Vec<MemberId> = wanted.into_iter().collect();
    let known = rows::list_live(tx, group.account_id, &wanted)?;
    if known.len() != wanted.len() {
        return Err(JoinRefusal::MemberGone);
    }
    let present: HashSet<MemberId> = rows::list_present(tx, group.account_id, group.id, &wanted)?.into_iter().collect();
    let known: Vec<_> = known.into_iter().filter(|(id, ..)| !present.contains(id)).collect();
    let new: Vec<MemberId> = known.iter().map(|(id, ..)| *id).collect();
    if new.is_empty() {
        return Ok(0);
    }
    rows::append(tx, group, &new, now)?;
    let named = |(id, first, last, email, username): &rows::Known| {
        let name = display_name(first, last, email.as_deref(), username.as_deref());
        (Target::new(*id, name), group.name.clone())
    };
    let events: Vec<_> = known.iter().map(named).collect();
    audit::record_each(tx, author, Event::GroupJoined, &events, now)?;
    Ok(new.len())
}

/// Takes a member out of a group. Was the member in it?
pub fn remove<P: FillsGroups>(tx: &mut Tx<'_>, by: &Can<P>, group: GroupId, member: MemberId, now: At) -> Result<bool, Failure> {
    by.hold(tx)?;
    let group = rows::get(tx, by.account(), group)?;
    let person = members::get(tx, by.account(), member)?;
    leave(tx, &Author::of(by), &group, &Target::new(member, person.display_name()), member, now)
}

fn leave(tx: &mut Tx<'_>, author: &Author, group: &Group, target: &Target, member: MemberId, now: At) -> Result<bool, Failure> {
    let was_in = rows::take_out(tx, group.account_id, group.id, member)?;
    if was_in {
        audit::record(tx, author, Event::GroupLeft, Some(target), &group.name, now)?;
    }
    Ok(was_in)
}

/// Makes `groups` the groups a member is in: the member's page sends the whole set.
///
/// # Errors
/// `None` instead of the number of changes where a group is gone; a removed member is in no group.
pub fn set_groups_of<P: FillsGroups>(tx: &mut Tx<'_>, by: &Can<P>, member: MemberId, groups: &[GroupId], now: At) -> Result<Option<usize>, Failure> {
    by.hold(tx)?;
    let account = by.account();
    let person = members::get(tx, account, member)?;
    if person.status == Status::Removed {
        return Err(Failure::NotFound);
    }
    let (author, target) = (Author::of(by), Target::new(member, person.display_name()));
    let before: Vec<GroupId> = rows::list_of_member(tx, account, member)?.into_iter().map(|(id, _)| id).collect();
    let mut changes = 0;
    for id in groups.iter().filter(|id| !before.contains(id)) {
        let Some(group) = rows::find(tx, account, *id)? else { return Ok(None) };
        match join(tx, &author, &group, &[member], now) {
            Ok(joined) => changes += joined,
            Err(JoinRefusal::Failure(failure)) => return Err(failure),
            Err(JoinRefusal::MemberGone) => return Err(Failure::NotFound),
        }
    }
    for id in before.iter().filter(|id| !groups.contains(id)) {
        let group = rows::get(tx, account, *id)?;
        changes += usize::from(leave(tx, &author, &group, &target, member, now)?);
    }
    Ok(Some(changes))
}

/// Puts somebody who was just invited into groups (R4). False where one of them is gone; the caller gives up the whole
/// transaction then.
pub fn enroll(tx: &mut Tx<'_>, author: &Author, member: MemberId, groups: &[GroupId], now: At) -> Result<bool, Failure> {
    for id in groups {
        if !enroll_each(tx, author, &[member], *id, now)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// [`enroll`] for many who join one group.
pub fn enroll_each(tx: &mut Tx<'_>, author: &Author, members: &[MemberId], group: GroupId, now: At) -> Result<bool, Failure> {
    let Some(group) = rows::find(tx, author.account(), group)? else { return Ok(false) };
    match join(tx, author, &group, members, now) {
        Ok(_) => Ok(true),
        Err(JoinRefusal::MemberGone) => Ok(false),
        Err(JoinRefusal::Failure(failure)) => Err(failure),
    }
}

/// Takes somebody who leaves the account, or never came, out of every group.
pub fn leave_all(tx: &mut Tx<'_>, author: &Author, account: AccountId, member: MemberId, target: &Target, now: At) -> Result<(), Failure> {
    for (id, _) in rows::list_of_member(tx, account, member)? {
        let group = rows::get(tx, account, id)?;
        leave(tx, author, &group, target, member, now)?;
    }
    Ok(())
}
