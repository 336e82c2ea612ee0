//! `/invitations/{token}`: following an invitation's link (R6–R8).

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use askama::Template;

use crate::{
    authz::Role,
    failure::Failure,
    keys::Token,
    members::{self, Acceptance, Accepted, Opening, forms::AcceptForm},
    sign_in::{self, Beginning, GonePage, devices, passwords},
    web::{Flash, FlashLink, Frame, Posted, Visit, client, redirect, zone::Zone},
};

#[derive(Template)]
#[template(path = "invitations/accept.html")]
struct AcceptPage {
    frame: Frame,
    form: Posted,
    company: String,
    inviter: String,
    role: &'static str,
    email: String,
    expires: String,
    password_hint: String,
}

#[derive(Template)]
#[template(path = "invitations/someone_else.html")]
struct SomeoneElsePage {
    frame: Frame,
    email: String,
    company: String,
    me: String,
    next: String,
}

/// The page of a link that opens nothing (any more): each cause its own words (R7).
fn gone(visit: &Visit, opening: &Opening) -> Result<HttpResponse, Failure> {
    let to_login = || Some(FlashLink { label: "Sign in".into(), href: "/login".into() });
    let (title, message, advice, button) = match opening {
        Opening::Used { company } => (
            "This invitation was accepted".to_owned(),
            format!("Somebody joined {company} with it already."),
            "If that was you, sign in with your email and password.".to_owned(),
            to_login(),
        ),
        Opening::Expired { company, inviter } => (
            "This invitation has expired".to_owned(),
            format!("The invitation to {company} does not work any more."),
            format!("Ask {inviter} to send it again."),
            None,
        ),
        Opening::Cancelled { company, inviter } => (
            "This invitation was cancelled".to_owned(),
            format!("The invitation to {company} was taken back."),
            format!("If you think that is a mistake, ask {inviter}."),
            None,
        ),
        Opening::Replaced { company } => (
            "There is a newer invitation".to_owned(),
            format!("{company} sent you another link, and only the newest one works."),
            "Look for the latest mail.".to_owned(),
            None,
        ),
        Opening::Closed { company } => (
            format!("{company} has closed its account"),
            "Nobody can join it now.".to_owned(),
            "If it is opened again within the 7 days of your invitation, this link will work.".to_owned(),
            None,
        ),
        Opening::Unknown | Opening::Open { .. } => (
            "This link does not work".to_owned(),
            "It may have been copied incompletely.".to_owned(),
            "Copy the whole link from the mail, or ask whoever invited you for another.".to_owned(),
            None,
        ),
    };
    let status = if matches!(opening, Opening::Unknown) { StatusCode::NOT_FOUND } else { StatusCode::GONE };
    visit.page(status, &GonePage { frame: visit.plain_frame(), title, message, advice, button })
}

async fn look_up(visit: &Visit, token: &str) -> Result<(Option<Token>, Opening), Failure> {
    let Some(token) = Token::parse(token) else { return Ok((None, Opening::Unknown)) };
    let (asked, now) = (token.clone(), visit.now);
    let opening = visit.app.db.read(move |conn| members::look_up(conn, &asked, now)).await?;
    Ok((Some(token), opening))
}

/// Somebody else is signed in: joining now could join the wrong account (R8).
fn someone_else(visit: &Visit, token: &Token, email: &str, company: &str) -> Option<SomeoneElsePage> {
    let actor = visit.actor()?;
    Some(SomeoneElsePage {
        frame: visit.plain_frame(),
        email: email.to_owned(),
        company: company.to_owned(),
        me: format!("{} of {}", actor.name, actor.company),
        next: format!("/invitations/{}", token.reveal()),
    })
}

struct Terms {
    company: String,
    inviter: String,
    role: Role,
    email: String,
    expires_at: crate::clock::At,
}

fn page(visit: &Visit, form: Posted, terms: &Terms) -> AcceptPage {
    AcceptPage {
        frame: visit.plain_frame(),
        form: form.without_secrets(),
        company: terms.company.clone(),
        inviter: terms.inviter.clone(),
        role: terms.role.name(),
        email: terms.email.clone(),
        expires: format!("{} UTC", Zone::UTC.minute(terms.expires_at)),
        password_hint: passwords::hint(visit.app.settings.password_min),
    }
}

/// `GET /invitations/{token}`: shows a form and changes nothing (T11).
pub async fn new(visit: Visit, token: Path<String>) -> Result<HttpResponse, Failure> {
    match look_up(&visit, &token).await? {
        (Some(token), Opening::Open { company, inviter, role, email, name, expires_at, .. }) => {
            if let Some(page) = someone_else(&visit, &token, &email, &company) {
                return visit.show(&page);
            }
            let form = Posted::filled([("first_name", name.first), ("last_name", name.last)]);
            visit.show(&page(&visit, form, &Terms { company, inviter, role, email, expires_at }))
        }
        (_, opening) => gone(&visit, &opening),
    }
}

/// `POST /invitations/{token}`: spends it, and signs in.
pub async fn create(visit: Visit, token: Path<String>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (token, terms) = match look_up(&visit, &token).await? {
        (Some(token), Opening::Open { company, inviter, role, email, expires_at, .. }) => {
            (token, Terms { company, inviter, role, email, expires_at })
        }
        (_, opening) => return gone(&visit, &opening),
    };
    if let Some(page) = someone_else(&visit, &token, &terms.email, &terms.company) {
        return visit.page(StatusCode::CONFLICT, &page);
    }
    let Some(typed) = AcceptForm::read(&mut form, visit.app.settings.password_min, &terms.email, &terms.company) else {
        return visit.refuse(&page(&visit, form, &terms));
    };
    let password_hash = visit.app.hasher.hash(&typed.password).await?;
    let what = Acceptance { name: typed.name, password_hash, address: visit.address() };
    let (plans, now) = (visit.app.plans.clone(), visit.now);
    let member = match visit.app.db.write(move |tx| members::accept(tx, &token, &what, &plans, now)).await? {
        Accepted::Joined(member) => member,
        Accepted::Gone(opening) => return gone(&visit, &opening),
    };
    let who = Beginning {
        account: member.account_id,
        member: member.id,
        epoch: member.session_epoch,
        address: visit.address(),
        agent: client::agent(visit.request()),
    };
    sign_in::begin(visit.session(), &who)?;
    visit.flash(Flash::ok(format!("Welcome to {}.", terms.company)));
    let mut answer = redirect("/");
    answer.add_cookie(&devices::cookie(&visit.app, &terms.email)).map_err(Failure::internal)?;
    Ok(answer)
}
