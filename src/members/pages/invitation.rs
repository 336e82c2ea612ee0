//! What can be done about an invitation: resend, show its link, cancel.

use actix_web::HttpResponse;
use askama::Template;

use super::{LIST, room::Room};
use crate::{
    authz::{Can, ManageMembers},
    db::MemberId,
    failure::Failure,
    members::{self, LinkRefusal},
    web::{Flash, Frame, PathId, Visit, redirect, words},
};

#[derive(Template)]
#[template(path = "members/link.html")]
struct LinkPage {
    frame: Frame,
    name: String,
    href: String,
    url: String,
    expires: String,
}

/// What was refused, as the flash of the list.
async fn explain(visit: &Visit, by: &Can<ManageMembers>, refusal: LinkRefusal) -> Result<HttpResponse, Failure> {
    let sentence = match refusal {
        LinkRefusal::Failure(failure) => return Err(failure),
        LinkRefusal::NotInvited => "That person is no longer invited: they joined, or the invitation was cancelled.".to_owned(),
        LinkRefusal::TooSoon(wait) => format!("An invite was sent to them a moment ago. Wait {} before sending another.", words::wait(wait)),
        LinkRefusal::NoPlace => {
            let room = Room::of(by, visit).await?;
            visit.flash(Flash::bad(room.no_place(0)).with_link(room.link()));
            return Ok(redirect(LIST));
        }
        LinkRefusal::NoSupervisors => {
            let room = Room::of(by, visit).await?;
            let said = room.no_supervisors("That person", &visit.app.plans.with_supervisor());
            visit.flash(Flash::bad(said).with_link(room.link()));
            return Ok(redirect(LIST));
        }
    };
    visit.flash(Flash::bad(sentence));
    Ok(redirect(LIST))
}

/// `POST …/invitation`: Resend (R5).
pub async fn create(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let (acting, plans, now, id) = (by.clone(), visit.app.plans.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| members::renew(tx, &acting, id, &plans, now)).await {
        Ok(email) => {
            visit.flash(Flash::ok(format!("Invite sent to {} again. The earlier link no longer works.", email.as_str())));
            Ok(redirect(LIST))
        }
        Err(refusal) => explain(&visit, &by, refusal).await,
    }
}

/// `POST …/invitation/link`: a link to hand over, shown once (R9).
pub async fn link(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let (acting, plans, now, id) = (by.clone(), visit.app.plans.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| members::show_link(tx, &acting, id, &plans, now)).await {
        Ok((person, token, expires_at)) => {
            let zone = by.actor().zone;
            visit.show(&LinkPage {
                frame: visit.frame(&by, "members"),
                name: person.display_name(),
                href: format!("{LIST}/{id}"),
                url: visit.app.settings.public_url.link(&format!("/invitations/{}", token.reveal())),
                expires: format!("{} ({zone})", zone.minute(expires_at)),
            })
        }
        Err(refusal) => explain(&visit, &by, refusal).await,
    }
}

/// `POST …/invitation/cancellation` (R10).
pub async fn destroy(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let (acting, now, id) = (by.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| members::cancel(tx, &acting, id, now)).await {
        Ok(person) => {
            visit.flash(Flash::ok(format!("The invite of {} is cancelled. Its link no longer works.", person.display_name())));
            Ok(redirect(LIST))
        }
        Err(refusal) => explain(&visit, &by, refusal).await,
    }
}
