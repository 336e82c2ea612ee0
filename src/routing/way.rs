//! The way a call takes from fallback to fallback.

use super::{Destination, rows::find_stop};
use crate::{
    db::{AccountId, Conn, GroupId, NumberId},
    failure::Failure,
};

/// What sends calls on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A group, to its fallback.
    Group(GroupId),
    /// A number of the account, to where its incoming calls go.
    Number(NumberId),
}

impl Stop {
    /// The stop that a destination is, if calls can go on from there.
    pub const fn of(to: &Destination) -> Option<Self> {
        match to {
            Destination::Group(id) => Some(Stop::Group(*id)),
            Destination::Number(id) => Some(Stop::Number(*id)),
            Destination::Voicemail | Destination::Member(_) | Destination::Phone(_) => None,
        }
    }
}

/// The names along the way, when sending the calls of `from` to `to` would bring them back to it (R45); `None` when it
/// would not. Holds only behind the account's lock.
pub fn find_loop(conn: &mut Conn, account: AccountId, from: Stop, to: &Destination) -> Result<Option<Vec<String>>, Failure> {
    let Some((name, _)) = find_stop(conn, account, from)? else { return Ok(None) };
    let (mut names, mut next, mut seen) = (vec![name], Stop::of(to), Vec::new());
    // Nothing led in a circle before, so a way that does not come back here ends. Should the tables say otherwise, nobody
    // may wait for its end behind the lock.
    while let Some(stop) = next.filter(|stop| !seen.contains(stop)) {
        seen.push(stop);
        let Some((name, on)) = find_stop(conn, account, stop)? else { return Ok(None) };
        names.push(name);
        if stop == from {
            return Ok(Some(names));
        }
        next = on;
    }
    Ok(None)
}

/// A way as a sentence shows it: `Sales → Tier 2 → Sales`.
pub fn in_words(names: &[String]) -> String {
    names.join(" → ")
}
