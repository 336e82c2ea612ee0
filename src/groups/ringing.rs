//! Who rings next in a group: its people and its turn, as routing takes them.

use super::{Group, list, rows};
use crate::{
    clock::At,
    db::{AccountId, Conn, MemberId},
    failure::Failure,
    members::{self, Status},
    routing::{Seat, Snapshot},
};

/// The group as routing sees it (R41, R42).
pub fn snapshot(conn: &mut Conn, group: &Group) -> Result<Snapshot, Failure> {
    let seats = list::list_reach(conn, group.account_id, group.id)?;
    let last_offered = rows::find_turn(conn, group)?;
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
