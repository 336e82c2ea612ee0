//! `/signup`.

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    accounts::{
        self, Founder, SignupRefusal,
        forms::{SignupForm, password_hint, plan_choices, zone_choices},
    },
    failure::Failure,
    settings::SignupPolicy,
    sign_in::{self, Beginning, devices},
    web::{Choice, Flash, Frame, Posted, Visit, client, redirect},
};

#[derive(Template)]
#[template(path = "accounts/signup.html")]
struct SignupPage {
    frame: Frame,
    form: Posted,
    plans: Vec<Choice>,
    zones: Vec<Choice>,
    password_hint: String,
}

#[derive(Template)]
#[template(path = "accounts/signup_closed.html")]
struct ClosedPage {
    frame: Frame,
}

/// Is this the first visit to an empty server that lets its first visitor in?
pub(super) async fn is_first(visit: &Visit) -> Result<bool, Failure> {
    Ok(visit.app.settings.signup != SignupPolicy::Closed && visit.app.db.read(accounts::count).await? == 0)
}

async fn is_open(visit: &Visit) -> Result<bool, Failure> {
    Ok(match visit.app.settings.signup {
        SignupPolicy::Open => true,
        SignupPolicy::First => is_first(visit).await?,
        SignupPolicy::Closed => false,
    })
}

fn page(visit: &Visit, form: Posted) -> SignupPage {
    SignupPage {
        frame: visit.plain_frame(),
        plans: plan_choices(&form, &visit.app.plans, visit.now),
        zones: zone_choices(form.value("time_zone")),
        password_hint: password_hint(visit.app.settings.password_min),
        form: form.without_secrets(),
    }
}

/// `GET /signup`
pub async fn new(visit: Visit) -> Result<HttpResponse, Failure> {
    if !is_open(&visit).await? {
        return visit.page(actix_web::http::StatusCode::FORBIDDEN, &ClosedPage { frame: visit.plain_frame() });
    }
    let plan = visit.app.plans.all().first().map_or("", |plan| plan.word.as_str());
    visit.show(&page(&visit, Posted::filled([("plan", plan), ("time_zone", "UTC")])))
}

/// `POST /signup`
pub async fn create(visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let closed = || visit.page(actix_web::http::StatusCode::FORBIDDEN, &ClosedPage { frame: visit.plain_frame() });
    if !is_open(&visit).await? {
        return closed();
    }
    let Some(typed) = SignupForm::read(&mut form, &visit.app.plans, visit.app.settings.password_min) else {
        return visit.refuse(&page(&visit, form));
    };
    let password_hash = visit.app.hasher.hash(&typed.password).await?;
    let founder = Founder { company: typed.company, name: typed.name, email: typed.email, password_hash, plan: typed.plan, zone: typed.zone };
    let (policy, address, now) = (visit.app.settings.signup, visit.address(), visit.now);
    let (company, login) = (founder.company.as_str().to_owned(), founder.email.as_str().to_owned());
    let opened = visit.app.db.write(move |tx| accounts::open(tx, &founder, policy, None, &address, now)).await;
    let opened = match opened {
        Ok(opened) => opened,
        Err(SignupRefusal::Closed) => return closed(),
        Err(SignupRefusal::Failure(failure)) => return Err(failure),
    };
    let who = Beginning { account: opened.account, member: opened.owner, epoch: 0, address: visit.address(), agent: client::agent(visit.request()) };
    sign_in::begin(visit.session(), &who)?;
    let charge = opened.charge;
    let charged = if charge.amount.is_zero() { String::new() } else { format!(" {} was charged ({}).", charge.amount, charge.formula()) };
    let said = format!("Welcome. {company} is ready: invite your team. We have mailed you a link that confirms your address.{charged}");
    visit.flash(Flash::ok(said));
    let mut answer = redirect("/settings/team/members");
    answer.add_cookie(&devices::cookie(&visit.app, &login)).map_err(Failure::internal)?;
    Ok(answer)
}
