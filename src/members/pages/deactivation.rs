//! `/settings/team/members/{id}/deactivation` (R21).

use actix_web::HttpResponse;

use super::{
    LIST,
    ending::{EndingPage, sentence},
};
use crate::{
    authz::{Can, ManageMembers},
    billing::{self, Money},
    db::MemberId,
    failure::Failure,
    members::{self, Barred, Consequences, DeactivateRefusal, Status},
    web::{Flash, PathId, Posted, Visit, redirect},
};

async fn page(by: &Can<ManageMembers>, visit: &Visit, id: MemberId, form: Posted) -> Result<EndingPage, Failure> {
    let (account, actor, now) = (by.account(), by.actor().member, visit.now);
    let plans = visit.app.plans.clone();
    let (person, touched, subscription) = visit
        .app
        .db
        .read(move |conn| {
            let person = members::get(conn, account, id)?;
            Ok::<_, Failure>((person, Consequences::of(conn, account, id, now)?, billing::look(conn, account, &plans, now)?.foreseen(conn, now)?))
        })
        .await?;
    let (name, href) = (person.display_name(), format!("{LIST}/{id}"));
    Ok(EndingPage {
        frame: visit.frame(by, "members"),
        form: form.about_all(),
        question: format!("Deactivate {name}?"),
        lead: "They are out at once, and everything of theirs stays. It can be undone at any time.".into(),
        barred: members::may_deactivate(actor, &person).err().map_or("", sentence).into(),
        consequences: touched.of_deactivation(&subscription),
        choices: Vec::new(),
        from: String::new(),
        action: format!("{href}/deactivation"),
        verb: "Deactivate",
        cancel: format!("Keep {name} active"),
        name,
        href,
        milder: None,
    })
}

/// `GET …/deactivation`: what happens, with this person's real counts.
pub async fn new(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, *id, Posted::default()).await?)
}

/// `POST …/deactivation`
pub async fn create(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (acting, plans, now, id) = (by.clone(), visit.app.plans.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| members::deactivate(tx, &acting, id, &plans, now)).await {
        Ok(person) => {
            let flash = Flash::ok(format!("{} is deactivated and signed out everywhere.", person.display_name()));
            visit.flash(flash.with_undo(format!("{LIST}/{id}/reactivation"), Money::ZERO));
            Ok(redirect(LIST))
        }
        Err(DeactivateRefusal::Failure(failure)) => Err(failure),
        // The second click of two.
        Err(DeactivateRefusal::Barred(barred @ Barred::Is(Status::Deactivated | Status::Removed))) => {
            visit.flash(Flash::warn(format!("{} Nothing was changed.", sentence(barred))));
            Ok(redirect(&format!("{LIST}/{id}")))
        }
        Err(DeactivateRefusal::Barred(barred)) => {
            form.refuse("", sentence(barred));
            visit.refuse(&page(&by, &visit, id, form).await?)
        }
    }
}
