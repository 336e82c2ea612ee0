//! The groups' SQL that more than one ability needs.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{FallbackKind, Group, GroupName, RingStrategy};
use crate::{
    clock::At,
    db::{
        AccountId, Conn, GroupId, MemberId, Tx,
        schema::{group_members, members, ring_turns, user_groups},
        sql,
    },
    failure::Failure,
    on_both,
    routing::Destination,
    web::{listing::fold, zone::Zone},
};

/// The group of this account with this id.
pub fn get(conn: &mut Conn, account: AccountId, id: GroupId) -> Result<Group, Failure> {
    find(conn, account, id)?.ok_or(Failure::NotFound)
}

/// The group of this account with this id, if there is such.
pub fn find(conn: &mut Conn, account: AccountId, id: GroupId) -> Result<Option<Group>, Failure> {
    let row = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::id.eq(id));
    Ok(row.select(Group::as_select()).get_result(conn).optional()?)
}

/// The group of this name, whatever its case.
pub(super) fn find_by_name(conn: &mut Conn, account: AccountId, name: &GroupName) -> Result<Option<GroupId>, Failure> {
    let row = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::name_key.eq(name.key()));
    Ok(row.select(user_groups::id).get_result(conn).optional()?)
}

/// Of these names, in the form by which they are unique, the groups that the account has.
pub fn list_by_keys(conn: &mut Conn, account: AccountId, keys: &[String]) -> Result<HashMap<String, GroupId>, Failure> {
    let mut found = HashMap::new();
    for chunk in keys.chunks(500) {
        let groups = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::name_key.eq_any(chunk));
        found.extend(groups.select((user_groups::name_key, user_groups::id)).load::<(String, GroupId)>(conn)?);
    }
    Ok(found)
}

/// The groups a member is in, in the order of their names: id and name.
pub fn list_of_member(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Vec<(GroupId, String)>, Failure> {
    let own = group_members::table
        .inner_join(user_groups::table.on(user_groups::account_id.eq(group_members::account_id).and(user_groups::id.eq(group_members::group_id))))
        .filter(group_members::account_id.eq(account))
        .filter(group_members::member_id.eq(member));
    Ok(own.order((user_groups::folded, user_groups::id)).select((user_groups::id, user_groups::name)).load(conn)?)
}

pub(super) fn insert(tx: &mut Tx<'_>, account: AccountId, id: GroupId, name: &GroupName, zone: Zone, now: At) -> Result<(), Failure> {
    let row = (
        user_groups::id.eq(id),
        user_groups::account_id.eq(account),
        user_groups::name.eq(name.as_str()),
        user_groups::name_key.eq(name.key()),
        user_groups::folded.eq(fold(name.as_str())),
        user_groups::ring_strategy.eq(RingStrategy::Simultaneous),
        user_groups::time_zone.eq(zone.name()),
        user_groups::created_at.eq(now),
    );
    diesel::insert_into(user_groups::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Changes columns of a group that nobody has changed since version `$version`; evaluates to whether it was so (R59).
macro_rules! change {
    ($tx:expr, $group:expr, $version:expr, $columns:expr) => {{
        let row = user_groups::table
            .filter(user_groups::account_id.eq($group.account_id))
            .filter(user_groups::id.eq($group.id))
            .filter(user_groups::version.eq($version));
        diesel::update(row).set(($columns, user_groups::version.eq(user_groups::version + 1))).execute(&mut **$tx)? == 1
    }};
}

pub(super) fn set_name(tx: &mut Tx<'_>, group: &Group, version: i64, name: &GroupName) -> Result<bool, Failure> {
    let columns = (user_groups::name.eq(name.as_str()), user_groups::name_key.eq(name.key()), user_groups::folded.eq(fold(name.as_str())));
    Ok(change!(tx, group, version, columns))
}

pub(super) fn set_ring(tx: &mut Tx<'_>, group: &Group, version: i64, strategy: RingStrategy, secs: i64) -> Result<bool, Failure> {
    Ok(change!(tx, group, version, (user_groups::ring_strategy.eq(strategy), user_groups::ring_secs.eq(secs))))
}

pub(super) fn set_hours(tx: &mut Tx<'_>, group: &Group, version: i64, zone: Zone, hours: &str, closed_on: &str) -> Result<bool, Failure> {
    let columns = (user_groups::time_zone.eq(zone.name()), user_groups::hours.eq(hours), user_groups::closed_on.eq(closed_on));
    Ok(change!(tx, group, version, columns))
}

/// Sends the calls that nobody takes to `to`; `is_lost` where nobody chose it (R46).
pub(super) fn set_fallback(tx: &mut Tx<'_>, group: &Group, version: i64, to: &Destination, is_lost: bool) -> Result<bool, Failure> {
    let (kind, to_group, to_number, phone) = match to {
        Destination::Group(id) => (FallbackKind::Group, Some(*id), None, None),
        Destination::Number(id) => (FallbackKind::Number, None, Some(*id), None),
        Destination::Phone(number) => (FallbackKind::Phone, None, None, Some(number.as_str())),
        // No form offers a member (R45); the column has no place for one.
        Destination::Voicemail | Destination::Member(_) => (FallbackKind::Voicemail, None, None, None),
    };
    let columns = (
        user_groups::fallback_kind.eq(kind),
        user_groups::fallback_group_id.eq(to_group),
        user_groups::fallback_number_id.eq(to_number),
        user_groups::fallback_phone.eq(phone),
        user_groups::fallback_lost.eq(is_lost),
    );
    Ok(change!(tx, group, version, columns))
}

/// The groups that fall back to this one.
pub(super) fn list_falling_back_to(conn: &mut Conn, account: AccountId, to: GroupId) -> Result<Vec<Group>, Failure> {
    let pointing = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::fallback_group_id.eq(to));
    Ok(pointing.order((user_groups::folded, user_groups::id)).select(Group::as_select()).load(conn)?)
}

/// Those of `wanted` who are members of the account and not removed: id, given name, family name, address, username.
pub(super) type Known = (MemberId, String, String, Option<String>, Option<String>);
pub(super) fn list_live(conn: &mut Conn, account: AccountId, wanted: &[MemberId]) -> Result<Vec<Known>, Failure> {
    let mut known = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(500) {
        let live = members::table.filter(members::account_id.eq(account)).filter(members::id.eq_any(chunk)).filter(sql::LiveMembers);
        let columns = (members::id, members::first_name, members::last_name, members::email, members::username);
        known.extend(live.order((members::sort_name, members::id)).select(columns).load::<Known>(conn)?);
    }
    Ok(known)
}

/// Those of `wanted` who are in the group.
pub(super) fn list_present(conn: &mut Conn, account: AccountId, group: GroupId, wanted: &[MemberId]) -> Result<Vec<MemberId>, Failure> {
    let mut present = Vec::new();
    for chunk in wanted.chunks(500) {
        let found = group_members::table
            .filter(group_members::account_id.eq(account))
            .filter(group_members::group_id.eq(group))
            .filter(group_members::member_id.eq_any(chunk));
        present.extend(found.select(group_members::member_id).load::<MemberId>(conn)?);
    }
    Ok(present)
}

/// Puts members at the end of a group, in this order.
pub(super) fn append(tx: &mut Tx<'_>, group: &Group, joining: &[MemberId], now: At) -> Result<(), Failure> {
    let row = user_groups::table.filter(user_groups::account_id.eq(group.account_id)).filter(user_groups::id.eq(group.id));
    let more = joining.len() as i64;
    diesel::update(row)
        .set((user_groups::joins.eq(user_groups::joins + more), user_groups::members.eq(user_groups::members + more)))
        .execute(&mut **tx)?;
    let last: i64 = row.select(user_groups::joins).get_result(&mut **tx)?;
    let places: Vec<_> = joining
        .iter()
        .zip(last - more + 1..)
        .map(|(member, place)| {
            (
                group_members::account_id.eq(group.account_id),
                group_members::group_id.eq(group.id),
                group_members::member_id.eq(*member),
                group_members::place.eq(place),
                group_members::joined_at.eq(now),
            )
        })
        .collect();
    for chunk in places.chunks(500) {
        let chunk = chunk.to_vec();
        on_both!(tx, conn => diesel::insert_into(group_members::table).values(&chunk).execute(conn))?;
    }
    Ok(())
}

/// Takes a member out of a group, if they are in it.
pub(super) fn take_out(tx: &mut Tx<'_>, account: AccountId, group: GroupId, member: MemberId) -> Result<bool, Failure> {
    let row = group_members::table
        .filter(group_members::account_id.eq(account))
        .filter(group_members::group_id.eq(group))
        .filter(group_members::member_id.eq(member));
    let was_in = diesel::delete(row).execute(&mut **tx)? == 1;
    if was_in {
        let row = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::id.eq(group));
        diesel::update(row).set(user_groups::members.eq(user_groups::members - 1)).execute(&mut **tx)?;
    }
    Ok(was_in)
}

/// The place of whoever was offered the group's last call.
pub(super) fn find_turn(conn: &mut Conn, group: &Group) -> Result<Option<i64>, Failure> {
    let turn = ring_turns::table.filter(ring_turns::account_id.eq(group.account_id)).filter(ring_turns::group_id.eq(group.id));
    Ok(turn.select(ring_turns::place).get_result(conn).optional()?)
}

/// Deletes a group with its memberships and its turn; nothing may point at it any more.
pub(super) fn delete(tx: &mut Tx<'_>, group: &Group) -> Result<(), Failure> {
    let (account, id) = (group.account_id, group.id);
    diesel::delete(ring_turns::table.filter(ring_turns::account_id.eq(account)).filter(ring_turns::group_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(group_members::table.filter(group_members::account_id.eq(account)).filter(group_members::group_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::id.eq(id))).execute(&mut **tx)?;
    Ok(())
}
