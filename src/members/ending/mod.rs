//! How a membership ends, and how it comes back: deactivated and reactivated, removed and restored, erased (R21–R23).

mod consequences;
mod deactivation;
mod erasure;
mod removal;
mod restoration;
mod rows;

pub use consequences::{Consequences, Line, Ringing};
pub use deactivation::{DeactivateRefusal, deactivate, reactivate};
pub use erasure::{EraseRefusal, erase_due, erase_now, list_due};
pub(in crate::members) use removal::end_cancelled;
pub use removal::{RemoveRefusal, ends_at, remove};
pub use restoration::{Restored, restore};

use super::{Member, Status, invitation::places, notice::tell, rows::find_live};
use crate::{
    authz::Role,
    billing::{Plan, SeatRefusal},
    clock::At,
    db::{Conn, MemberId},
    failure::Failure,
};

/// Why somebody can be neither deactivated nor removed (R17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// It is oneself.
    #[error("oneself")]
    Yourself,
    /// The Owner goes only by transfer.
    #[error("the Owner")]
    Owner,
    /// Their standing is another, or that already.
    #[error("is {0:?}")]
    Is(Status),
}

/// Can `actor` deactivate this person? Asked by pages, and once more inside the write.
pub fn may_deactivate(actor: MemberId, person: &Member) -> Result<(), Barred> {
    may_end(actor, person, &[Status::Active])
}

/// Can `actor` remove this person? Whoever has not joined yet is not removed: their invitation is cancelled.
pub fn may_remove(actor: MemberId, person: &Member) -> Result<(), Barred> {
    may_end(actor, person, &[Status::Active, Status::Deactivated])
}

fn may_end(actor: MemberId, person: &Member, from: &[Status]) -> Result<(), Barred> {
    match barred(actor, person.id, person.role) {
        Some(barred) => Err(barred),
        None if !from.contains(&person.status) => Err(Barred::Is(person.status)),
        None => Ok(()),
    }
}

/// Why a person of this role can never be deactivated or removed by `actor`, whatever their standing (R17).
pub fn barred(actor: MemberId, person: MemberId, role: Role) -> Option<Barred> {
    match () {
        () if role == Role::Owner => Some(Barred::Owner),
        () if person == actor => Some(Barred::Yourself),
        () => None,
    }
}

/// Why somebody was not reactivated or restored.
#[derive(Debug, thiserror::Error)]
pub enum ReturnRefusal {
    /// Their standing is another; perhaps they are back already.
    #[error("is {0:?}")]
    Is(Status),
    /// They had never joined: there is nothing to go back to but a new invitation.
    #[error("never joined")]
    NeverJoined,
    /// The plan has no place left (R36).
    #[error("no place left")]
    NoPlace,
    /// They are a Supervisor, and the plan has none (R15).
    #[error("the plan has no Supervisors")]
    NoSupervisors,
    /// Somebody else has their address or username by now.
    #[error("the address is taken")]
    Taken(MemberId),
    /// The seat is not to be had, or for another amount than was shown (R33).
    #[error(transparent)]
    Seat(SeatRefusal),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<SeatRefusal> for ReturnRefusal {
    fn from(refusal: SeatRefusal) -> Self {
        match refusal {
            SeatRefusal::Failure(failure) => ReturnRefusal::Failure(failure),
            other => ReturnRefusal::Seat(other),
        }
    }
}

/// Can this person come back from `from`? Asked by pages, and once more inside the write, behind the account's lock.
pub fn may_return(conn: &mut Conn, person: &Member, from: Status, plan: &Plan, now: At) -> Result<(), ReturnRefusal> {
    if person.status != from {
        return Err(ReturnRefusal::Is(person.status));
    }
    if person.joined_at.is_never() {
        return Err(ReturnRefusal::NeverJoined);
    }
    if from == Status::Removed
        && let Some(other) = find_live(conn, person)?
    {
        return Err(ReturnRefusal::Taken(other));
    }
    if person.role == Role::Supervisor && !plan.supervisor {
        return Err(ReturnRefusal::NoSupervisors);
    }
    match places(conn, person.account_id, plan, now)? {
        Some((_, 0)) => Err(ReturnRefusal::NoPlace),
        _ => Ok(()),
    }
}
