//! `/email-confirmations/{token}` and `/email-changes/{token}`: links that prove an address.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use askama::Template;

use crate::{
    failure::Failure,
    keys::Token,
    members,
    sign_in::{
        GonePage,
        links::{self, Purpose},
    },
    web::{Flash, FlashLink, Frame, Visit, redirect},
};

#[derive(Template)]
#[template(path = "accounts/confirm_email.html")]
struct ConfirmPage {
    frame: Frame,
    title: &'static str,
    message: String,
    button: &'static str,
}

fn gone(visit: &Visit, advice: &str, label: &str, href: &str) -> Result<HttpResponse, Failure> {
    let page = GonePage {
        frame: visit.plain_frame(),
        title: "This link does not work any more".into(),
        message: "It was used already, or its time is over.".into(),
        advice: advice.to_owned(),
        button: Some(FlashLink { label: label.to_owned(), href: href.to_owned() }),
    };
    visit.page(StatusCode::GONE, &page)
}

/// The address that a working link proves.
async fn behind(visit: &Visit, token: &str, purpose: Purpose) -> Result<Option<(Token, String)>, Failure> {
    let Some(token) = Token::parse(token) else { return Ok(None) };
    let (asked, now) = (token.clone(), visit.now);
    let link = visit.app.db.read(move |conn| links::find(conn, &asked, purpose)).await?;
    Ok(link.filter(|link| link.works(now)).map(|link| (token, link.email)))
}

fn no_confirmation(visit: &Visit) -> Result<HttpResponse, Failure> {
    gone(visit, "If you have confirmed the address already, there is nothing to do.", "Go to the start page", "/")
}

fn no_change(visit: &Visit) -> Result<HttpResponse, Failure> {
    gone(visit, "Sign in and ask for the change again.", "Go to your profile", "/profile/email")
}

/// `GET /email-confirmations/{token}`
pub async fn confirmation(visit: Visit, token: Path<String>) -> Result<HttpResponse, Failure> {
    match behind(&visit, &token, Purpose::EmailConfirmation).await? {
        Some((_, email)) => visit.show(&ConfirmPage {
            frame: visit.plain_frame(),
            title: "Confirm your email",
            message: format!("Confirm that {email} is your address."),
            button: "Confirm address",
        }),
        None => no_confirmation(&visit),
    }
}

/// `POST /email-confirmations/{token}`
pub async fn confirm(visit: Visit, token: Path<String>) -> Result<HttpResponse, Failure> {
    let Some(token) = Token::parse(&token) else { return no_confirmation(&visit) };
    let (address, now) = (visit.address(), visit.now);
    if !visit.app.db.write(move |tx| members::confirm_address(tx, &token, &address, now)).await? {
        return no_confirmation(&visit);
    }
    if visit.actor().is_some() {
        visit.flash(Flash::ok("Your address is confirmed."));
        return Ok(redirect("/"));
    }
    Ok(redirect("/login?done=confirmed"))
}

/// `GET /email-changes/{token}`
pub async fn change(visit: Visit, token: Path<String>) -> Result<HttpResponse, Failure> {
    match behind(&visit, &token, Purpose::EmailChange).await? {
        Some((_, email)) => visit.show(&ConfirmPage {
            frame: visit.plain_frame(),
            title: "Use your new email",
            message: format!("From now on you sign in with {email}. You are signed out everywhere."),
            button: "Use this address",
        }),
        None => no_change(&visit),
    }
}

/// `POST /email-changes/{token}`
pub async fn confirm_change(visit: Visit, token: Path<String>) -> Result<HttpResponse, Failure> {
    let Some(token) = Token::parse(&token) else { return no_change(&visit) };
    let (address, now) = (visit.address(), visit.now);
    match visit.app.db.write(move |tx| members::confirm_change(tx, &token, &address, now)).await? {
        // Somebody else who is signed in here stays it.
        Some(link) if visit.actor().is_some_and(|actor| actor.member != link.member_id) => {
            visit.flash(Flash::ok(format!("The address {} is in use from now on.", link.email)));
            Ok(redirect("/"))
        }
        Some(_) => {
            visit.session().purge();
            Ok(redirect("/login?done=email"))
        }
        None => no_change(&visit),
    }
}
