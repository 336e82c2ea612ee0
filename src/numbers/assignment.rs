//! Assigning a number, the one command behind both ways to it (R48).

use super::{
    Incoming, Party, Row, Who,
    party::{self, Unfit},
    rows,
};
use crate::{
    audit::{self, Author, Event},
    authz::{AssignsNumbers, Can},
    clock::At,
    db::{AccountId, MemberId, NumberId, Tx},
    failure::Failure,
    routing::{self, Stop},
};

/// What a form knows of a number's present state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Present {
    /// Nothing: what somebody holds is theirs.
    Unknown,
    /// That it was so when the form was shown.
    Was(String),
}

/// Why a number was not assigned, or its calls not sent elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum AssignRefusal {
    /// Somebody holds it.
    #[error("held by {}", .0.name)]
    Taken(Box<Who>),
    /// It is not as the form showed it any more (R59).
    #[error("changed meanwhile")]
    Changed,
    /// That member or group cannot be given a number.
    #[error("cannot be given a number: {0:?}")]
    Unfit(Unfit),
    /// Calls would come back to it (R45); the names along the way.
    #[error("a loop")]
    Loop(Vec<String>),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Assigns a number to a member or a group, or to nobody.
///
/// # Errors
/// Who holds it is named, unless `present` says that the form knew.
pub fn assign<P: AssignsNumbers>(
    tx: &mut Tx<'_>,
    by: &Can<P>,
    number: NumberId,
    to: Option<Party>,
    present: &Present,
    now: At,
) -> Result<Row, AssignRefusal> {
    by.hold(tx)?;
    let row = settled(tx, by.account(), number, now)?;
    match present {
        Present::Was(word) if *word != row.holder_word() => return Err(AssignRefusal::Changed),
        Present::Was(_) => {}
        Present::Unknown => {
            if let Some(holder) = row.holder.as_ref().filter(|holder| Some(holder.party) != to) {
                return Err(AssignRefusal::Taken(Box::new(holder.clone())));
            }
        }
    }
    give(tx, &Author::of(by), &row, to, now)
}

/// Takes a number from a member, if it is still theirs.
pub fn unassign<P: AssignsNumbers>(tx: &mut Tx<'_>, by: &Can<P>, member: MemberId, number: NumberId, now: At) -> Result<Row, AssignRefusal> {
    assign(tx, by, number, None, &Present::Was(Party::Member(member).word()), now)
}

/// The number behind the account's lock, a reservation that ran out cleared away (R10).
pub(super) fn settled(tx: &mut Tx<'_>, account: AccountId, number: NumberId, now: At) -> Result<Row, Failure> {
    let row = rows::row_of(tx, account, number, now)?;
    if row.lapsed.is_some() {
        super::reservation::clear(tx, account, &row, now)?;
        return rows::row_of(tx, account, number, now);
    }
    Ok(row)
}

/// Gives a number to somebody else, who may be nobody.
pub(super) fn give(tx: &mut Tx<'_>, author: &Author, row: &Row, to: Option<Party>, now: At) -> Result<Row, AssignRefusal> {
    let account = author.account();
    if row.holder.as_ref().map(|holder| holder.party) == to {
        return Ok(row.clone());
    }
    let who = match to {
        Some(party) => Some(party::find_fit(tx, account, party, now)?.map_err(AssignRefusal::Unfit)?),
        None => None,
    };
    // Whom it is assigned to is the choice that was missing.
    let heals = row.number.incoming_lost && to.is_some();
    if let Some(party) = to
        && (heals || row.number.incoming() == Incoming::Assignee)
    {
        refuse_loop(tx, account, row.number.id, party)?;
    }
    rows::set_assignee(tx, account, row.number.id, to)?;
    if heals {
        rows::set_incoming(tx, account, row.number.id, Incoming::Assignee, false)?;
    }
    let from = row.holder.as_ref().map(|holder| format!("from {}", holder.name));
    let (event, details) = match &who {
        Some(who) => (Event::NumberAssigned, from.into_iter().chain([format!("to {}", who.name)]).collect::<Vec<_>>().join(" ")),
        None => (Event::NumberUnassigned, from.unwrap_or_default()),
    };
    let named = row.holder.iter().chain(&who).filter_map(Who::person).collect::<Vec<_>>();
    audit::record_naming(tx, author, event, Some(&row.subject()), &details, &named, now)?;
    Ok(rows::row_of(tx, account, row.number.id, now)?)
}

/// Refuses to send the calls of a number where they would come back to it.
pub(super) fn refuse_loop(tx: &mut Tx<'_>, account: AccountId, number: NumberId, to: Party) -> Result<(), AssignRefusal> {
    match routing::find_loop(tx, account, Stop::Number(number), &to.destination())? {
        Some(names) => Err(AssignRefusal::Loop(names)),
        None => Ok(()),
    }
}
