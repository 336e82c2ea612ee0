//! The SQL of endings.

use diesel::prelude::*;

use crate::{
    clock::At,
    db::{
        AccountId, Conn, GroupId, MemberId, NumberId, Tx,
        schema::{bulk_invites, group_members, invitations, left_groups, left_numbers, member_calls, members, numbers},
        sql,
    },
    failure::Failure,
    members::{Availability, Status, Theme},
};

/// The row of one member of this account.
macro_rules! one {
    ($account:expr, $member:expr) => {
        members::table.filter(members::account_id.eq($account)).filter(members::id.eq($member))
    };
}

/// Writes when somebody was removed and when they are due to be erased; `None` when they are back.
pub(super) fn set_end(tx: &mut Tx<'_>, account: AccountId, member: MemberId, end: Option<(At, At)>) -> Result<(), Failure> {
    let set = (members::removed_at.eq(end.map(|(removed, _)| removed)), members::erase_at.eq(end.map(|(_, erase)| erase)));
    diesel::update(one!(account, member)).set(set).execute(&mut **tx)?;
    Ok(())
}

/// Remembers which groups and numbers a member has.
pub(super) fn keep_left(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    forget_left(tx, account, member)?;
    let groups = group_members::table.filter(group_members::account_id.eq(account)).filter(group_members::member_id.eq(member));
    let groups: Vec<GroupId> = groups.select(group_members::group_id).load(&mut **tx)?;
    for group in groups {
        let row = (left_groups::account_id.eq(account), left_groups::member_id.eq(member), left_groups::group_id.eq(group));
        diesel::insert_into(left_groups::table).values(row).execute(&mut **tx)?;
    }
    let held = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::member_id.eq(member));
    let held: Vec<NumberId> = held.select(numbers::id).load(&mut **tx)?;
    for number in held {
        let row = (left_numbers::account_id.eq(account), left_numbers::member_id.eq(member), left_numbers::number_id.eq(number));
        diesel::insert_into(left_numbers::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}

/// The groups and numbers that a removed member had, as far as they still exist.
pub(super) fn list_left(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<(Vec<GroupId>, Vec<NumberId>), Failure> {
    let groups = left_groups::table.filter(left_groups::account_id.eq(account)).filter(left_groups::member_id.eq(member));
    let numbers = left_numbers::table.filter(left_numbers::account_id.eq(account)).filter(left_numbers::member_id.eq(member));
    let groups = groups.order(left_groups::group_id).select(left_groups::group_id).load(conn)?;
    Ok((groups, numbers.order(left_numbers::number_id).select(left_numbers::number_id).load(conn)?))
}

/// Forgets them.
pub(super) fn forget_left(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    let groups = left_groups::table.filter(left_groups::account_id.eq(account)).filter(left_groups::member_id.eq(member));
    diesel::delete(groups).execute(&mut **tx)?;
    let numbers = left_numbers::table.filter(left_numbers::account_id.eq(account)).filter(left_numbers::member_id.eq(member));
    diesel::delete(numbers).execute(&mut **tx)?;
    Ok(())
}

/// Members who are due to be erased, by the index of ends.
pub(super) fn list_due(conn: &mut Conn, now: At, most: i64) -> Result<Vec<(AccountId, MemberId)>, Failure> {
    let due = members::table.filter(sql::EndingMembers).filter(members::erase_at.le(now)).order(members::erase_at);
    Ok(sql::top(due.select((members::account_id, members::id)), most).load(conn)?)
}

/// Takes everything that says something of a person out of their row, if it is not erased yet.
pub(super) fn blank(tx: &mut Tx<'_>, account: AccountId, member: MemberId, now: At) -> Result<bool, Failure> {
    let row = one!(account, member).filter(members::status.eq(Status::Removed)).filter(members::erased_at.is_null());
    let nothing = None::<String>;
    let names = (members::first_name.eq(""), members::last_name.eq(""), members::job_title.eq(""), members::sort_name.eq(""), members::folded.eq(""));
    let ways_in = (
        members::email.eq(&nothing),
        members::email_verified_at.eq(None::<At>),
        members::username.eq(&nothing),
        members::password_hash.eq(&nothing),
        members::must_change_password.eq(false),
        members::session_epoch.eq(members::session_epoch + 1),
    );
    let habits = (
        members::time_zone.eq(&nothing),
        members::theme.eq(Theme::System),
        members::availability.eq(Availability::Available),
        members::last_active_at.eq(At::NEVER),
        members::device.eq(""),
    );
    let ends = (members::erase_at.eq(None::<At>), members::erased_at.eq(now), members::version.eq(members::version + 1));
    Ok(diesel::update(row).set((names, ways_in, habits, ends)).execute(&mut **tx)? == 1)
}

/// Deletes the member's invitations, whose links open nothing from now on, and where they stood with calls.
pub(super) fn forget_traces(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    diesel::delete(invitations::table.filter(invitations::account_id.eq(account)).filter(invitations::member_id.eq(member))).execute(&mut **tx)?;
    diesel::delete(member_calls::table.filter(member_calls::account_id.eq(account)).filter(member_calls::member_id.eq(member))).execute(&mut **tx)?;
    // From where they started to send a file.
    let sent = bulk_invites::table.filter(bulk_invites::account_id.eq(account)).filter(bulk_invites::started_by.eq(member));
    diesel::update(sent).set(bulk_invites::started_from.eq("")).execute(&mut **tx)?;
    Ok(())
}
