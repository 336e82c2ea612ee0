//! What the pages of endings share: which acts a person allows, and why others do not.

use actix_web::HttpResponse;
use askama::Template;

use super::room::Room;
use crate::{
    authz::{Actor, Can, ManageMembers, Role},
    billing,
    clock::At,
    db::MemberId,
    failure::Failure,
    members::{self, Barred, Line, ReturnRefusal, Status, pages::LIST},
    web::{Choice, Flash, FlashLink, Frame, Posted, Visit, redirect},
};

/// Which acts a person's standing allows whoever looks; both the ⋮ menu and the profile offer them.
#[derive(Clone, Debug, Default)]
pub(super) struct Acts {
    pub assign: bool,
    pub deactivate: bool,
    pub reactivate: bool,
    pub remove: bool,
    pub restore: bool,
    pub erase: bool,
    /// Why they can be neither deactivated nor removed, where that is for good; else empty.
    pub barred: &'static str,
}

impl Acts {
    /// For a member of this standing; `has_joined` tells somebody removed from a cancelled invitation.
    pub fn of(actor: &Actor, id: MemberId, role: Role, status: Status, has_joined: bool) -> Self {
        let barred = members::barred(actor.member, id, role).map_or("", sentence);
        let free = barred.is_empty();
        let is_removed = status == Status::Removed;
        Acts {
            assign: matches!(status, Status::Active | Status::Deactivated),
            deactivate: free && status == Status::Active,
            reactivate: status == Status::Deactivated,
            remove: free && matches!(status, Status::Active | Status::Deactivated),
            restore: is_removed && has_joined,
            erase: is_removed && actor.role == Role::Owner,
            barred,
        }
    }
}

/// The foot of a profile: what ends the membership, or brings it back.
pub(super) struct Ending {
    pub acts: Acts,
    pub name: String,
    pub href: String,
    /// Like "Data deleted on 20 Dec 2026"; empty while nothing is to be deleted.
    pub due: String,
    /// Whether coming back costs nothing now; where it costs, the buttons lead to the page that says how much (R35).
    pub returns_free: bool,
}

/// When the data of somebody removed goes, in the documents' words.
pub(super) fn due(erase_at: Option<At>, now: At, zone: crate::web::zone::Zone) -> String {
    match erase_at {
        Some(at) if at > now => format!("Data deleted on {}", zone.day(at)),
        Some(_) => "Data is being deleted".into(),
        None => String::new(),
    }
}

/// A confirmation page: what happens, and the button that does it.
#[derive(Template)]
#[template(path = "members/ending.html")]
pub(super) struct EndingPage {
    pub frame: Frame,
    pub form: Posted,
    pub question: String,
    pub lead: String,
    /// Why it cannot be done at all; then there is no button.
    pub barred: String,
    pub consequences: Vec<Line>,
    /// Where calls can go instead; empty where none reach the person.
    pub choices: Vec<Choice>,
    /// The page it was opened from, carried along.
    pub from: String,
    pub action: String,
    pub verb: &'static str,
    pub name: String,
    pub href: String,
    pub cancel: String,
    pub milder: Option<FlashLink>,
}

/// Why somebody can be neither deactivated nor removed.
pub(super) const fn sentence(barred: Barred) -> &'static str {
    match barred {
        Barred::Yourself => "Nobody deactivates or removes themselves. Ask the Owner or another Admin.",
        Barred::Owner => "The Owner cannot be deactivated or removed. Transfer the ownership first.",
        Barred::Is(Status::Invited) => "They have not joined yet. Cancel their invite instead.",
        Barred::Is(Status::Active) => "They are active.",
        Barred::Is(Status::Deactivated) => "They are deactivated already.",
        Barred::Is(Status::Removed) => "They are removed already.",
    }
}

/// Why somebody stays out.
pub(super) fn why_out(refusal: ReturnRefusal, name: &str, with_supervisor: &str, room: &Room) -> Result<Flash, Failure> {
    Ok(match refusal {
        ReturnRefusal::Failure(failure) => return Err(failure),
        ReturnRefusal::Seat(refusal) => Flash::bad(billing::words::seat_refused(&refusal)),
        ReturnRefusal::Is(Status::Active) => Flash::warn(format!("{name} is active already, so nothing was changed.")),
        ReturnRefusal::Is(Status::Deactivated) => Flash::bad(format!("{name} is deactivated, not removed: reactivate them.")),
        ReturnRefusal::Is(Status::Removed) => Flash::bad(format!("{name} is removed, not deactivated: restore them.")),
        ReturnRefusal::Is(Status::Invited) => Flash::bad(format!("{name} is invited and has not joined yet.")),
        ReturnRefusal::NeverJoined => Flash::bad(format!("{name} never joined, so there is nothing to restore. Invite them again.")),
        ReturnRefusal::NoPlace => Flash::bad(room.no_place(0)).with_link(room.link()),
        ReturnRefusal::NoSupervisors => Flash::bad(room.no_supervisors(name, with_supervisor)).with_link(room.link()),
        ReturnRefusal::Taken(other) => Flash {
            link: Some(FlashLink { label: "Open profile".into(), href: format!("{LIST}/{other}") }),
            ..Flash::bad(format!("Somebody else has the address or username of {name} by now, so they cannot be restored."))
        },
    })
}

/// What was refused to somebody who should come back, as the flash of their page.
pub(super) async fn explain(
    by: &Can<ManageMembers>,
    visit: &Visit,
    name: Option<String>,
    href: &str,
    refusal: ReturnRefusal,
) -> Result<HttpResponse, Failure> {
    let room = Room::of(by, visit).await?;
    let name = name.unwrap_or_else(|| "That person".to_owned());
    visit.flash(why_out(refusal, &name, &visit.app.plans.with_supervisor(), &room)?);
    Ok(redirect(href))
}
