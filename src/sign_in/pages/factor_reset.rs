//! `/settings/team/members/{id}/two-factor/removal`: the lost second factor of a member (T7).

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use crate::{
    accounts::{self, Account},
    authz::{Can, ManageMembers},
    db::MemberId,
    failure::Failure,
    members::{self, Member, pages::LIST},
    sign_in::{
        Fresh,
        second_factor::{self, ResetRefusal},
    },
    web::{Flash, Frame, PathId, Visit, parts::Consequence, redirect},
};

#[derive(Template)]
#[template(path = "members/two_factor_reset.html")]
struct ResetPage {
    frame: Frame,
    name: String,
    href: String,
    /// Why it cannot be done; then there is no button.
    barred: &'static str,
    consequences: Vec<Consequence>,
}

fn href(member: MemberId) -> String {
    format!("{LIST}/{member}")
}

async fn look(visit: &Visit, by: &Can<ManageMembers>, member: MemberId) -> Result<(Member, Account), Failure> {
    let account = by.account();
    visit.app.db.read(move |conn| Ok::<_, Failure>((members::get(conn, account, member)?, accounts::get(conn, account)?))).await
}

/// The question; or why it is none, without the button.
fn page(visit: &Visit, by: &Can<ManageMembers>, person: &Member, account: &Account, barred: &'static str) -> ResetPage {
    let next = match account.require_two_factor.asks(person.role) {
        true => "Password alone, then two-factor is set up again right away",
        false => "Password alone",
    };
    ResetPage {
        frame: visit.frame(by, "members"),
        name: person.display_name(),
        href: href(person.id),
        barred,
        consequences: vec![
            Consequence::new("Authenticator app and recovery codes", "Stop working"),
            Consequence::new("Next sign-in", next),
            Consequence::new("Sessions", "All end"),
            Consequence::new("Mail", "Tells them what happened"),
        ],
    }
}

fn refuse(visit: &Visit, by: &Can<ManageMembers>, person: &Member, account: &Account, refusal: ResetRefusal) -> Result<HttpResponse, Failure> {
    let (status, sentence) = match refusal {
        ResetRefusal::NotSetUp => {
            visit.flash(Flash::warn(format!("{} has no two-factor sign-in.", person.display_name())));
            return Ok(redirect(&href(person.id)));
        }
        ResetRefusal::Owner => (
            StatusCode::FORBIDDEN,
            "Nobody but the Owner changes the Owner’s two-factor sign-in. Whoever runs the server can reset it: rollcall reset-two-factor.",
        ),
        ResetRefusal::Own => (StatusCode::UNPROCESSABLE_ENTITY, "You change your own two-factor sign-in on your profile."),
        ResetRefusal::Failure(failure) => return Err(failure),
    };
    visit.page(status, &page(visit, by, person, account, sentence))
}

/// `GET /settings/team/members/{id}/two-factor/removal`
pub async fn new(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let (person, account) = look(&visit, &by, *id).await?;
    match second_factor::may_reset(by.actor(), &person) {
        Ok(()) => visit.show(&page(&visit, &by, &person, &account, "")),
        // Looking writes nothing, not even a flash (T11).
        Err(ResetRefusal::NotSetUp) => visit.show(&page(&visit, &by, &person, &account, "They have no two-factor sign-in.")),
        Err(refusal) => refuse(&visit, &by, &person, &account, refusal),
    }
}

/// `POST /settings/team/members/{id}/two-factor/removal`
pub async fn destroy(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let member = *id;
    let (person, account) = look(&visit, &by, member).await?;
    if let Err(refusal) = second_factor::may_reset(by.actor(), &person) {
        return refuse(&visit, &by, &person, &account, refusal);
    }
    let fresh = Fresh::of(&by, visit.now, &format!("{}/two-factor/removal", href(member)))?;
    let (acting, now) = (by.clone(), visit.now);
    match visit.app.db.write(move |tx| second_factor::reset(tx, &acting, &fresh, member, now)).await {
        Ok(()) => {
            let after = match account.require_two_factor.asks(person.role) {
                true => "They sign in with their password, and then set it up again.",
                false => "They sign in with their password alone.",
            };
            visit.flash(Flash::ok(format!("The two-factor sign-in of {} is reset. {after}", person.display_name())));
            Ok(redirect(&href(member)))
        }
        Err(refusal) => refuse(&visit, &by, &person, &account, refusal),
    }
}
