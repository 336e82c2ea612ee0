//! `/two-factor`: the second step of signing in (T7).

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    audit::{self, Author, Event, Target},
    authz::Role,
    failure::Failure,
    sign_in::{self, Beginning, Pending, devices, forms::read_code, second_factor, store},
    web::{Frame, Posted, Visit, client, redirect},
};

#[derive(Template)]
#[template(path = "accounts/two_factor.html")]
struct StepPage {
    frame: Frame,
    form: Posted,
    company: String,
    /// What resets it, for the Owner, whom no Admin can help; else empty.
    command: String,
}

fn page(visit: &Visit, form: Posted, who: &Pending) -> StepPage {
    let command = if who.role == Role::Owner { format!("rollcall reset-two-factor {}", who.step.login) } else { String::new() };
    StepPage { frame: visit.plain_frame(), form: form.without_secrets(), company: who.company.clone(), command }
}

/// Where somebody goes who has no second step to take.
fn elsewhere(visit: &Visit) -> HttpResponse {
    redirect(if visit.actor().is_some() { "/" } else { "/login" })
}

/// `GET /two-factor`
pub async fn new(visit: Visit) -> Result<HttpResponse, Failure> {
    match Pending::of(visit.request()) {
        Some(who) => visit.show(&page(&visit, Posted::default(), &who)),
        None => Ok(elsewhere(&visit)),
    }
}

/// `POST /two-factor`: the code opens a session under a new key, and only now somebody signed in.
pub async fn create(visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(who) = Pending::of(visit.request()) else { return Ok(elsewhere(&visit)) };
    let Some(typed) = read_code(&mut form) else {
        return visit.refuse(&page(&visit, form, &who));
    };
    let key = second_factor::tries_key(visit.app.db.keys(), who.member);
    sign_in::count_try(&visit.app, visit.request(), key, visit.now).await?;
    let (asked, address, now) = (who.clone(), visit.address(), visit.now);
    let passed = visit
        .app
        .db
        .write(move |tx| {
            let Some(how) = second_factor::pass(tx, &asked, &typed, now)? else { return Ok::<_, Failure>(false) };
            let author = Author::member(asked.account, asked.member, asked.name.clone(), address);
            audit::record(tx, &author, Event::SignedIn, Some(&Target::new(asked.member, asked.name.clone())), how, now)?;
            Ok(true)
        })
        .await?;
    if !passed {
        form.refuse("code", "This code is wrong, or it was used already. Wait for the next one, or use a recovery code.");
        return visit.refuse(&page(&visit, form, &who));
    }
    let beginning =
        Beginning { account: who.account, member: who.member, epoch: who.epoch, address: visit.address(), agent: client::agent(visit.request()) };
    sign_in::begin(visit.session(), &beginning)?;
    store::note_password_at(visit.session(), who.password_at)?;
    let mut answer = redirect(&who.step.next);
    answer.add_cookie(&devices::cookie(&visit.app, &who.step.login)).map_err(Failure::internal)?;
    Ok(answer)
}
