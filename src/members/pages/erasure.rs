//! `/settings/team/members/{id}/erasure`: the Owner brings the erasure forward (R23), with the password (T8).

use actix_web::HttpResponse;
use askama::Template;

use super::{LIST, ending::due};
use crate::{
    authz::{Can, ManageBilling, SignedIn},
    db::MemberId,
    failure::Failure,
    members::{self, EraseRefusal, Member, Status},
    sign_in::{confirms, forms::read_current},
    web::{Flash, Frame, PathId, Posted, Visit, redirect},
};

#[derive(Template)]
#[template(path = "members/erasure.html")]
struct ErasurePage {
    frame: Frame,
    form: Posted,
    name: String,
    href: String,
    due: String,
    can_restore: bool,
}

/// Somebody removed, or no page: of all others there is nothing to erase.
async fn find(by: &Can<ManageBilling>, visit: &Visit, id: MemberId) -> Result<Member, Failure> {
    let account = by.account();
    let person = visit.app.db.read(move |conn| members::get(conn, account, id)).await?;
    if person.status == Status::Removed { Ok(person) } else { Err(Failure::NotFound) }
}

fn page(by: &Can<ManageBilling>, visit: &Visit, person: &Member, form: Posted) -> ErasurePage {
    ErasurePage {
        frame: visit.frame(by, "members"),
        form: form.without_secrets(),
        name: person.display_name(),
        href: format!("{LIST}/{}", person.id),
        due: due(person.erase_at, visit.now, by.actor().zone),
        can_restore: !person.joined_at.is_never(),
    }
}

/// What a second click finds. Of whom is not said: that is erased.
fn erased_already(visit: &Visit) -> HttpResponse {
    visit.flash(Flash::warn("The personal data is erased already. Nothing was changed."));
    redirect(LIST)
}

/// `GET …/erasure`
pub async fn new(by: Can<ManageBilling>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let person = find(&by, &visit, *id).await?;
    visit.show(&page(&by, &visit, &person, Posted::default()))
}

/// `POST …/erasure`: everything that says something of the person is gone.
pub async fn create(by: Can<ManageBilling>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (id, account, me) = (*id, by.account(), by.actor().member);
    let known = visit.app.db.read(move |conn| members::find(conn, account, id)).await?;
    if known.is_some_and(|person| person.erased_at.is_some()) {
        return Ok(erased_already(&visit));
    }
    let person = find(&by, &visit, id).await?;
    let Some(typed) = read_current(&mut form) else {
        return visit.refuse(&page(&by, &visit, &person, form));
    };
    let own = visit.app.db.read(move |conn| members::get(conn, account, me)).await?;
    let signed_in: Can<SignedIn> = by.actor().clone().prove()?;
    if !confirms(&visit, &signed_in, &own, &typed).await? {
        form.refuse("current_password", "This is not your current password.");
        return visit.refuse(&page(&by, &visit, &person, form));
    }
    let (acting, now) = (by.clone(), visit.now);
    match visit.app.db.write(move |tx| members::erase_now(tx, &acting, id, now)).await {
        Ok(()) => {
            // Without the name: it is erased.
            visit.flash(Flash::ok("The personal data is erased. What is left says “Former member”."));
            Ok(redirect(LIST))
        }
        // The second of two clicks that came at once.
        Err(EraseRefusal::Failure(Failure::NotFound)) => Ok(erased_already(&visit)),
        Err(EraseRefusal::Failure(failure)) => Err(failure),
        Err(EraseRefusal::NotRemoved) => {
            visit.flash(Flash::warn("They were restored meanwhile, so nothing was erased."));
            Ok(redirect(&format!("{LIST}/{id}")))
        }
    }
}
