//! Creating a group, and naming it anew (R40).

use super::{GroupName, membership, rows};
use crate::{
    accounts,
    audit::{self, Author, Event, Target},
    authz::{Can, ManageGroups},
    clock::At,
    db::{GroupId, MemberId, Tx},
    failure::Failure,
};

/// Why a group was not created or renamed.
#[derive(Debug, thiserror::Error)]
pub enum CreateRefusal {
    /// Another group has this name already.
    #[error("another group has this name")]
    NameTaken(GroupId),
    /// Somebody chosen is not a member (any more).
    #[error("somebody chosen is gone")]
    MemberGone,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Creates a group with these members. It is always open, in the account's zone, rings everybody at once and falls back
/// to voicemail until somebody says otherwise.
///
/// # Errors
/// The name is taken, or somebody chosen is gone; nothing is created then.
pub fn create(tx: &mut Tx<'_>, by: &Can<ManageGroups>, name: &GroupName, members: &[MemberId], now: At) -> Result<GroupId, CreateRefusal> {
    by.hold(tx)?;
    let account = by.account();
    if let Some(other) = rows::find_by_name(tx, account, name)? {
        return Err(CreateRefusal::NameTaken(other));
    }
    let zone = accounts::get(tx, account)?.zone();
    let id = GroupId::fresh(now);
    rows::insert(tx, account, id, name, zone, now)?;
    audit::record(tx, &Author::of(by), Event::GroupCreated, Some(&Target::new(id, name.as_str())), "", now)?;
    let group = rows::get(tx, account, id)?;
    membership::join(tx, &Author::of(by), &group, members, now).map_err(|refusal| match refusal {
        membership::JoinRefusal::MemberGone => CreateRefusal::MemberGone,
        membership::JoinRefusal::Failure(failure) => CreateRefusal::Failure(failure),
    })?;
    Ok(id)
}

/// Gives a group another name, if it is still the one that was shown (R59).
///
/// # Errors
/// The name is another group's, or the group was changed meanwhile.
pub fn rename(tx: &mut Tx<'_>, by: &Can<ManageGroups>, id: GroupId, version: i64, name: &GroupName, now: At) -> Result<(), CreateRefusal> {
    by.hold(tx)?;
    let group = rows::get(tx, by.account(), id)?;
    if group.version != version {
        return Err(Failure::Stale.into());
    }
    if group.name == name.as_str() {
        return Ok(());
    }
    if let Some(other) = rows::find_by_name(tx, by.account(), name)?.filter(|other| *other != id) {
        return Err(CreateRefusal::NameTaken(other));
    }
    if !rows::set_name(tx, &group, version, name)? {
        return Err(Failure::Stale.into());
    }
    let details = format!("from {}", group.name);
    Ok(audit::record(tx, &Author::of(by), Event::GroupRenamed, Some(&Target::new(id, name.as_str())), &details, now)?)
}
