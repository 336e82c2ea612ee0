//! Where the incoming calls of a number go (R48).

use super::{
    AssignRefusal, Incoming, Party, Present, Row,
    assignment::{give, refuse_loop, settled},
    party, rows,
};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageNumbers},
    clock::At,
    db::{NumberId, Tx},
};

/// Sends the incoming calls of a number elsewhere. A number that nobody holds is assigned to whoever is chosen; from one
/// that somebody holds, they still call and text.
pub fn direct(tx: &mut Tx<'_>, by: &Can<ManageNumbers>, number: NumberId, to: Incoming, present: &Present, now: At) -> Result<Row, AssignRefusal> {
    by.hold(tx)?;
    let (account, author) = (by.account(), Author::of(by));
    let row = settled(tx, account, number, now)?;
    if let Present::Was(word) = present
        && *word != row.incoming_word()
    {
        return Err(AssignRefusal::Changed);
    }
    if let (Incoming::To(party), None) = (to, &row.holder) {
        // First, so that the calls of a number without a holder are no loop by what they do now.
        if row.number.incoming() != Incoming::Assignee {
            rows::set_incoming(tx, account, number, Incoming::Assignee, false)?;
        }
        let bare = rows::row_of(tx, account, number, now)?;
        return give(tx, &author, &bare, Some(party), now);
    }
    turn(tx, &author, &row, to, now)
}

/// Sends the calls of a number elsewhere, whoever holds it.
pub(super) fn turn(tx: &mut Tx<'_>, author: &Author, row: &Row, to: Incoming, now: At) -> Result<Row, AssignRefusal> {
    let (account, number) = (author.account(), row.number.id);
    let holder = row.holder.as_ref().map(|holder| holder.party);
    // Calls to the one who holds it are calls to the assignee, also when that is somebody else one day.
    let (to, party) = match to {
        Incoming::To(party) if holder == Some(party) => (Incoming::Assignee, Some(party)),
        Incoming::To(party) => (to, Some(party)),
        Incoming::Assignee => (to, holder),
        Incoming::Voicemail => (to, None),
    };
    if to == row.number.incoming() && !row.number.incoming_lost {
        return Ok(row.clone());
    }
    let name = match (to, party) {
        (Incoming::To(party), _) => party::find_fit(tx, account, party, now)?.map_err(AssignRefusal::Unfit)?.name,
        (Incoming::Assignee, _) => row.holder.as_ref().map_or_else(|| "whoever it is assigned to".to_owned(), |holder| holder.name.clone()),
        (Incoming::Voicemail, _) => "voicemail".to_owned(),
    };
    if let Some(party) = party {
        refuse_loop(tx, account, number, party)?;
    }
    rows::set_incoming(tx, account, number, to, false)?;
    let named = party.and_then(Party::person);
    audit::record_naming(tx, author, Event::NumberDirected, Some(&row.subject()), &format!("to {name}"), named.as_slice(), now)?;
    Ok(rows::row_of(tx, account, number, now)?)
}
