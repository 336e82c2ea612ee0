//! `/settings/team/members/{id}/two-factor/removal`: the lost second factor of a member (T7).

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    authz::{Can, ManageMembers},
    db::MemberId,
    failure::Failure,
    members,
    sign_in::{
        Fresh,
        second_factor::{self, ResetRefusal},
    },
    web::{Flash, FlashLink, Frame, PathId, Visit, redirect},
};

/// What happens to something.
struct Consequence {
    item: String,
    happens: String,
}

#[derive(Template)]
#[template(path = "members/two_factor_reset.html")]
struct ResetPage {
    frame: Frame,
    name: String,
    href: String,
    consequences: Vec<Consequence>,
}

fn href(member: MemberId) -> String {
    format!("/settings/team/members/{member}")
}

/// `GET /settings/team/members/{id}/two-factor/removal`
pub async fn new(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let (account, member) = (by.account(), *id);
    let person = visit.app.db.read(move |conn| members::get(conn, account, member)).await?;
    let consequence = |item: &str, happens: &str| Consequence { item: item.to_owned(), happens: happens.to_owned() };
    visit.show(&ResetPage {
        frame: visit.frame(&by, "members"),
        name: person.display_name(),
        href: href(member),
        consequences: vec![
            consequence("Authenticator app and recovery codes", "Stop working"),
            consequence("Next sign-in", "Password alone; where the account asks for two-factor, it is set up again right away"),
            consequence("Sessions", "All end"),
            consequence("Mail", "Tells them what happened"),
        ],
    })
}

/// `POST /settings/team/members/{id}/two-factor/removal`
pub async fn destroy(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let (account, member) = (by.account(), *id);
    let person = visit.app.db.read(move |conn| members::get(conn, account, member)).await?;
    let fresh = Fresh::of(&by, visit.now, &format!("{}/two-factor/removal", href(member)))?;
    let (acting, now, name) = (by.clone(), visit.now, person.display_name());
    let flash = match visit.app.db.write(move |tx| second_factor::reset(tx, &acting, &fresh, member, now)).await {
        Ok(()) => Flash::ok(format!("The two-factor sign-in of {name} is reset. They sign in with their password alone.")),
        Err(ResetRefusal::NotSetUp) => Flash::warn(format!("{name} has no two-factor sign-in.")),
        Err(ResetRefusal::Owner) => {
            Flash::bad("Nobody but the Owner changes the Owner's two-factor sign-in. Whoever runs the server can: rollcall reset-two-factor.")
        }
        Err(ResetRefusal::Own) => {
            let link = FlashLink { label: "Your two-factor sign-in".into(), href: "/profile/two-factor".into() };
            Flash { link: Some(link), ..Flash::bad("You change your own on your profile.") }
        }
        Err(ResetRefusal::Failure(failure)) => return Err(failure),
    };
    visit.flash(flash);
    Ok(redirect(&href(member)))
}
