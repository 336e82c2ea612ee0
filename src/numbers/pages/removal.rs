//! `/settings/numbers/{id}/removal`: releasing a number (R47).

use actix_web::HttpResponse;
use askama::Template;

use super::{LIST, party_href};
use crate::{
    authz::{Can, ManageNumbers},
    db::NumberId,
    failure::Failure,
    numbers::{self, Number, Party, ReleaseRefusal, Use},
    web::{Flash, FlashLink, Frame, PathId, Visit, redirect},
};

#[derive(Template)]
#[template(path = "numbers/removal.html")]
struct RemovalPage {
    frame: Frame,
    number: String,
    label: String,
    href: String,
    uses: Vec<UseView>,
    /// The button was pressed, and something uses it.
    refused: bool,
}

struct UseView {
    text: &'static str,
    who: FlashLink,
    change: Option<FlashLink>,
}

fn view(id: NumberId, used: &Use) -> UseView {
    let link = |label: &str, href: String| FlashLink { label: label.to_owned(), href };
    match used {
        Use::Assignee(who) => UseView {
            text: "It is assigned to",
            who: link(&who.shown(), party_href(who.party)),
            change: Some(link("Unassign", format!("{LIST}/{id}/assignment"))),
        },
        Use::Incoming(who) => UseView {
            text: "Its incoming calls go to",
            who: link(&who.shown(), party_href(who.party)),
            change: Some(link("Change", format!("{LIST}/{id}/incoming"))),
        },
        Use::FallbackOf(group, name) => UseView {
            text: "It is the fallback of the user group",
            who: link(name, format!("{}/settings", party_href(Party::Group(*group)))),
            change: None,
        },
    }
}

fn page(by: &Can<ManageNumbers>, visit: &Visit, number: Number, uses: &[Use], refused: bool) -> RemovalPage {
    RemovalPage {
        href: format!("{LIST}/{}", number.id),
        uses: uses.iter().map(|used| view(number.id, used)).collect(),
        number: number.international,
        label: number.label,
        refused,
        frame: visit.frame(by, "numbers"),
    }
}

/// `GET /settings/numbers/{id}/removal`
pub async fn new(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>) -> Result<HttpResponse, Failure> {
    let (account, now, id) = (by.account(), visit.now, *id);
    let read = visit.app.db.read(move |conn| Ok::<_, Failure>((numbers::get(conn, account, id)?, numbers::users_of(conn, account, id, now)?)));
    let (number, uses) = read.await?;
    visit.show(&page(&by, &visit, number, &uses, false))
}

/// `POST /settings/numbers/{id}/removal`
pub async fn destroy(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>) -> Result<HttpResponse, Failure> {
    let (acting, account, now, id) = (by.clone(), by.account(), visit.now, *id);
    match visit.app.db.write(move |tx| numbers::release(tx, &acting, id, now)).await {
        Ok(number) => {
            visit.flash(Flash::ok(format!("{} is released.", number.international)));
            Ok(redirect(LIST))
        }
        Err(ReleaseRefusal::Failure(failure)) => Err(failure),
        Err(ReleaseRefusal::InUse(uses)) => {
            let number = visit.app.db.read(move |conn| numbers::get(conn, account, id)).await?;
            visit.refuse(&page(&by, &visit, number, &uses, true))
        }
    }
}
