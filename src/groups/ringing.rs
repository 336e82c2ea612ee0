//! Who rings next in a group: its people and its turn, as routing takes them.

use diesel::prelude::*;

use super::{Group, list};
use crate::{
    clock::At,
    db::{AccountId, Conn, MemberId, schema::ring_turns},
    failure::Failure,
    members::{self, Status},
    routing::{Seat, Snapshot},
};

/// The group as routing sees it (R41, R42).
pub fn snapshot(conn: &mut Conn, group: &Group) -> Result<Snapshot, Failure> {
    let seats = list::list_reach(conn, group.account_id, group.id)?;
    let turn = ring_turns::table.filter(ring_turns::account_id.eq(group.account_id)).filter(ring_turns::group_id.eq(group.id));
    let last_offered: Option<i64> = turn.select(ring_turns::place).get_result(conn).optional()?;
    let seat = |(member, place, status, availability, calls): list::Reach| {
        let (on_call, last_call_at) = calls.unwrap_or((false, At::NEVER));
        Seat { member, place, is_active: status == Status::Active, availability, on_call, last_call_at }
    };
    Ok(Snapshot {
        strategy: group.ring_strategy,
        ring_secs: group.ring_secs,
        hours: group.opening(),
        zone: group.zone(),
        seats: seats.into_iter().map(seat).collect(),
        last_offered,
    })
}

/// The names of a few members, in this order.
pub fn names_of(conn: &mut Conn, account: AccountId, members: &[MemberId]) -> Result<Vec<String>, Failure> {
    let mut names = Vec::with_capacity(members.len());
    for id in members {
        names.extend(members::find(conn, account, *id)?.map(|person| person.display_name()));
    }
    Ok(names)
}
