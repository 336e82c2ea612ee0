//! The numbers' pages, and the sentences that other pages say about numbers.

pub mod assignment;
pub mod import;
pub mod incoming;
pub mod index;
mod pick;
pub mod removal;
pub mod show;

use super::{AssignRefusal, Incoming, Number, Party, Row, Who};
use crate::{failure::Failure, routing::in_words};

const LIST: &str = "/settings/numbers";

/// The sentence beside the field for what was refused.
///
/// # Errors
/// What is no refusal stays a failure.
pub fn sentence(refusal: AssignRefusal) -> Result<String, Failure> {
    Ok(match refusal {
        AssignRefusal::Failure(failure) => return Err(failure),
        AssignRefusal::Taken(holder) => format!("That number is assigned to {}. Choose another one, or unassign it first.", holder.shown()),
        AssignRefusal::Changed => "Somebody else changed this number meanwhile, so nothing was saved. This is how it is now.".into(),
        AssignRefusal::Unfit(unfit) => unfit.sentence().into(),
        AssignRefusal::Loop(names) => format!("Calls would go round in a circle: {}. Choose somebody else.", in_words(&names)),
    })
}

/// A number with its label, as lists of choices write it.
pub fn titled(number: &Number) -> String {
    if number.label.is_empty() { number.international.clone() } else { format!("{} · {}", number.international, number.label) }
}

/// The page of a member or a group.
pub fn party_href(party: Party) -> String {
    match party {
        Party::Member(id) => format!("/settings/team/members/{id}"),
        Party::Group(id) => format!("/settings/user-groups/{id}"),
    }
}

/// A member or a group with a link.
struct WhoView {
    name: String,
    href: String,
}

impl WhoView {
    fn of(who: &Who) -> Self {
        WhoView { name: who.shown(), href: party_href(who.party) }
    }
}

/// Where incoming calls go: to somebody, or a word; `nobody` and `lost` are warnings.
struct IncomingView {
    who: Option<WhoView>,
    nobody: bool,
    lost: bool,
}

impl IncomingView {
    fn of(row: &Row) -> Self {
        let who = match row.number.incoming() {
            Incoming::Assignee => row.holder.as_ref(),
            Incoming::To(_) => row.towards.as_ref(),
            Incoming::Voicemail => None,
        };
        IncomingView { who: who.map(WhoView::of), nobody: row.reaches_nobody(), lost: row.number.incoming_lost }
    }
}
