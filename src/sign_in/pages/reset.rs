//! `/password/new` and `/password/{token}`: a forgotten password.

use actix_web::{HttpResponse, web::Path};
use askama::Template;

use crate::{
    accounts::{self, Account},
    failure::Failure,
    keys::Token,
    members::{self, SignInName},
    sign_in::{
        self, devices,
        forms::read_new_password,
        links::{self, Purpose},
        passwords,
    },
    web::{
        FlashLink, Frame, Posted, Visit, redirect,
        throttle::{self, Verdict},
    },
};

#[derive(Template)]
#[template(path = "accounts/forgot.html")]
struct ForgotPage {
    frame: Frame,
    form: Posted,
}

#[derive(Template)]
#[template(path = "accounts/forgot_sent.html")]
struct SentPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    frame: Frame,
    form: Posted,
    login: String,
    password_hint: String,
}

/// A link that opens nothing (any more), and what to do instead.
#[derive(Template)]
#[template(path = "accounts/token_gone.html")]
pub(crate) struct GonePage {
    pub frame: Frame,
    pub title: String,
    pub message: String,
    pub advice: String,
    pub button: Option<FlashLink>,
}

fn gone(visit: &Visit) -> Result<HttpResponse, Failure> {
    let page = GonePage {
        frame: visit.plain_frame(),
        title: "This link does not work any more".into(),
        message: "It was used already, it is older than 60 minutes, or a newer one was sent.".into(),
        advice: "Ask for a new link; it takes a minute.".into(),
        button: Some(FlashLink { label: "Send me a new link".into(), href: "/password/new".into() }),
    };
    visit.page(actix_web::http::StatusCode::GONE, &page)
}

/// `GET /password/new`
pub async fn new(visit: Visit) -> Result<HttpResponse, Failure> {
    visit.show(&ForgotPage { frame: visit.plain_frame(), form: Posted::default() })
}

/// So many links an hour for one name, and so many tries a minute from one address; the answer never tells.
const LINKS_PER_HOUR: u32 = 5;

/// `POST /password/new`: the same answer known or unknown (T9).
pub async fn create(visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let name = form.take("login", |text| SignInName::parse(text).ok_or("Enter one email address, or account/username."));
    let Some(name) = name else {
        return visit.refuse(&ForgotPage { frame: visit.plain_frame(), form });
    };
    let keys = visit.app.db.keys();
    let by_address = keys.fingerprint(&[b"resets from", visit.address().as_bytes()]);
    let by_name = keys.fingerprint(&[b"resets of", form.value("login").trim().to_lowercase().as_bytes()]);
    let (most, address, now) = (visit.app.settings.login_per_minute, visit.address(), visit.now);
    let wait = visit
        .app
        .db
        .write(move |tx| {
            use crate::clock::Span;
            if let Verdict::Wait(wait) = throttle::within(tx, by_address, most, Span::minutes(1), now)? {
                return Ok(Some(wait));
            }
            if throttle::within(tx, by_name, LINKS_PER_HOUR, Span::hours(1), now)? == Verdict::Go {
                sign_in::ask(tx, &name, &address, now)?;
            }
            Ok::<_, Failure>(None)
        })
        .await?;
    match wait {
        Some(wait) => Err(Failure::TooMany(wait)),
        None => visit.show(&SentPage { frame: visit.plain_frame() }),
    }
}

fn page(visit: &Visit, form: Posted, person: &members::Member) -> ResetPage {
    let password_hint = passwords::hint(visit.app.settings.password_min);
    let login = person.email.clone().or_else(|| person.username.clone()).unwrap_or_default();
    ResetPage { frame: visit.plain_frame(), form: form.without_secrets(), login, password_hint }
}

/// The member whose password a link may set; `None` when it opens nothing (any more).
async fn behind(visit: &Visit, token: &Token) -> Result<Option<(members::Member, Account)>, Failure> {
    let (token, now) = (token.clone(), visit.now);
    visit
        .app
        .db
        .read(move |conn| {
            let link = links::find(conn, &token, Purpose::PasswordReset)?.filter(|link| link.works(now));
            let Some(link) = link else { return Ok(None) };
            let person = members::find(conn, link.account_id, link.member_id)?.filter(|person| person.status == members::Status::Active);
            let Some(person) = person else { return Ok(None) };
            let account = accounts::get(conn, link.account_id)?;
            Ok::<_, Failure>((!person.is_shut_out_of(&account)).then_some((person, account)))
        })
        .await
}

/// `GET /password/{token}`: shows a form and changes nothing (T11).
pub async fn edit(visit: Visit, token: Path<String>) -> Result<HttpResponse, Failure> {
    let Some(token) = Token::parse(&token) else { return gone(&visit) };
    match behind(&visit, &token).await? {
        Some((person, _)) => visit.show(&page(&visit, Posted::default(), &person)),
        None => gone(&visit),
    }
}

/// `POST /password/{token}`
pub async fn update(visit: Visit, token: Path<String>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(token) = Token::parse(&token) else { return gone(&visit) };
    let Some((person, account)) = behind(&visit, &token).await? else { return gone(&visit) };
    let about = [person.display_name(), person.email.clone().unwrap_or_default(), account.name];
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let Some(password) = read_new_password(&mut form, visit.app.settings.password_min, &about) else {
        return visit.refuse(&page(&visit, form, &person));
    };
    let hash = visit.app.hasher.hash(&password).await?;
    let (address, now) = (visit.address(), visit.now);
    let login = devices::names_of(&person, &account.slug).into_iter().next().unwrap_or_default();
    let done = visit
        .app
        .db
        .write(move |tx| {
            let done = sign_in::reset(tx, &token, &hash, &address, now)?;
            if done {
                // Whoever reads the mail gets in, however often strangers guessed (T4).
                devices::forget_tries(tx, &person, &account.slug)?;
            }
            Ok::<_, Failure>(done)
        })
        .await?;
    if !done {
        return gone(&visit);
    }
    let mut answer = redirect("/login?done=reset");
    answer.add_cookie(&devices::cookie(&visit.app, &login)).map_err(Failure::internal)?;
    Ok(answer)
}
