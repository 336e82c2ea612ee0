//! What becomes of numbers when whoever they point at goes away (R22, R46).

use super::{Incoming, Party, Row, party, rows};
use crate::{
    audit::{self, Author, Event},
    clock::At,
    db::{GroupId, MemberId, Tx},
    failure::Failure,
    routing::{self, Destination, Stop},
};

/// A group goes away: its numbers are nobody's, and calls that went to it go to `replacement`. Where there is none, or it
/// is nothing that a number's calls can go to, they go to voicemail, and the number is flagged. Behind the account's lock.
pub fn leave_group(tx: &mut Tx<'_>, author: &Author, group: GroupId, replacement: Option<&Destination>, now: At) -> Result<usize, Failure> {
    leave(tx, author, Party::Group(group), replacement, now)
}

/// The same for a member who goes away.
pub fn leave_member(tx: &mut Tx<'_>, author: &Author, member: MemberId, replacement: Option<&Destination>, now: At) -> Result<usize, Failure> {
    leave(tx, author, Party::Member(member), replacement, now)
}

fn leave(tx: &mut Tx<'_>, author: &Author, gone: Party, replacement: Option<&Destination>, now: At) -> Result<usize, Failure> {
    let pointing = rows::list_pointing_at(tx, author.account(), gone, now)?;
    for row in &pointing {
        let name = [&row.holder, &row.lapsed, &row.towards].into_iter().flatten().find(|who| who.party == gone).map_or("", |who| who.name.as_str());
        turn(tx, author, row, gone, name, replacement, now)?;
    }
    Ok(pointing.len())
}

fn turn(tx: &mut Tx<'_>, author: &Author, row: &Row, gone: Party, name: &str, replacement: Option<&Destination>, now: At) -> Result<(), Failure> {
    let (account, id) = (author.account(), row.number.id);
    let was_theirs = row.number.assignee() == Some(gone);
    let went_there = row.number.reaches(gone);
    if was_theirs {
        rows::set_assignee(tx, account, id, None)?;
    }
    let mut named = Vec::from_iter(gone.person());
    let mut details = if was_theirs { vec![format!("from {name}")] } else { Vec::new() };
    if went_there {
        let (to, lost) = instead(tx, author, row, gone, replacement, now)?;
        rows::set_incoming(tx, account, id, to, lost)?;
        let whither = match to {
            Incoming::To(party) => {
                named.extend(party.person());
                party::find_fit(tx, account, party, now)?.map_or_else(|_| String::new(), |who| who.name)
            }
            Incoming::Assignee | Incoming::Voicemail => "voicemail".into(),
        };
        details.push(format!("incoming calls from {name} to {whither}"));
    }
    let event = if was_theirs { Event::NumberUnassigned } else { Event::NumberDirected };
    audit::record_naming(tx, author, event, Some(&row.subject()), &details.join("; "), &named, now)
}

/// Where calls go instead, and whether that is only because there was nothing better.
fn instead(
    tx: &mut Tx<'_>,
    author: &Author,
    row: &Row,
    gone: Party,
    replacement: Option<&Destination>,
    now: At,
) -> Result<(Incoming, bool), Failure> {
    let account = author.account();
    let party = match replacement {
        Some(Destination::Member(id)) => Party::Member(*id),
        Some(Destination::Group(id)) => Party::Group(*id),
        Some(Destination::Voicemail) => return Ok((Incoming::Voicemail, false)),
        Some(Destination::Number(_) | Destination::Phone(_)) | None => return Ok((Incoming::Voicemail, true)),
    };
    let fits = party != gone && party::find_fit(tx, account, party, now)?.is_ok();
    let goes_round = fits && routing::find_loop(tx, account, Stop::Number(row.number.id), &party.destination())?.is_some();
    Ok(if fits && !goes_round { (Incoming::To(party), false) } else { (Incoming::Voicemail, true) })
}
