//! `/login`, `/login/account`, `/logout`.

use actix_web::HttpResponse;
use askama::Template;

use super::choice::Choice;
use crate::{
    audit::{self, Author, Event, Target},
    db::AccountId,
    failure::Failure,
    members,
    settings::SignupPolicy,
    sign_in::{self, Beginning, Candidate, SecondStep, devices, forms::LoginForm, rows},
    web::{Frame, Posted, Visit, client, listing::Query, local_path, login_path, redirect},
};

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage {
    frame: Frame,
    form: Posted,
    notice: String,
    signup: bool,
}

/// An account to choose.
struct AccountChoice {
    id: String,
    company: String,
    role: &'static str,
}

#[derive(Template)]
#[template(path = "accounts/choose.html")]
struct ChoosePage {
    frame: Frame,
    accounts: Vec<AccountChoice>,
}

/// One sentence for every cause (T2).
const WRONG: &str = "Email or password is wrong.";

/// What an earlier page asked this one to say.
fn notice(word: &str) -> &'static str {
    match word {
        "reset" => "Your password is set. Sign in with it.",
        "confirmed" => "Your address is confirmed. Sign in to go on.",
        "email" => "Your new address is in use. Sign in with it.",
        "out" => "You are signed out.",
        "choose" => "Choosing took too long. Sign in again.",
        _ => "",
    }
}

fn page(visit: &Visit, form: Posted, notice: &str) -> LoginPage {
    let signup = visit.app.settings.signup == SignupPolicy::Open;
    LoginPage { frame: visit.plain_frame(), form: form.without_secrets(), notice: notice.to_owned(), signup }
}

/// `GET /login`
pub async fn new(visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let next = local_path(query.get("next"));
    if visit.actor().is_some() {
        return Ok(redirect(next));
    }
    let form = Posted::filled([("next", if next == "/" { "" } else { next })]);
    visit.show(&page(&visit, form, notice(query.get("done"))))
}

/// `POST /login`
pub async fn create(visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(typed) = LoginForm::read(&mut form) else {
        return visit.refuse(&page(&visit, form, ""));
    };
    let fitting = sign_in::check(&visit.app, visit.request(), &typed.attempt, visit.now).await?;
    let (shut_out, mut people): (Vec<_>, Vec<_>) = fitting.into_iter().partition(|who| who.is_shut_out);
    match people.len() {
        0 if !shut_out.is_empty() => {
            // The password was right: nobody learns this who does not sign in there.
            for who in shut_out {
                form.refuse("", closed(&visit, who).await?);
            }
            visit.refuse(&page(&visit, form, ""))
        }
        0 => {
            form.refuse("login", WRONG);
            visit.refuse(&page(&visit, form, ""))
        }
        1 => {
            let who = people.remove(0);
            enter(&visit, who, &typed.attempt.login, &typed.next).await
        }
        _ => {
            let accounts =
                people.iter().map(|who| AccountChoice { id: who.account.to_string(), company: who.company.clone(), role: who.role.name() }).collect();
            let choice = Choice::new(typed.attempt.login, typed.next, people.iter().map(|who| (who.member, who.epoch)).collect(), visit.now);
            let mut answer = visit.show(&ChoosePage { frame: visit.plain_frame(), accounts })?;
            answer.add_cookie(&choice.cookie(&visit.app)).map_err(Failure::internal)?;
            Ok(answer)
        }
    }
}

/// What somebody reads whose account is closed, and is not theirs (R38).
async fn closed(visit: &Visit, who: Candidate) -> Result<String, Failure> {
    let owner = visit.app.db.read(move |conn| members::find_owner(conn, who.account)).await?;
    let owner = owner.map_or_else(|| "its Owner".into(), |owner| format!("its Owner, {},", owner.display_name()));
    Ok(format!("{} has closed its account. Ask {owner} to reopen it.", who.company))
}

/// `POST /login/account`
pub async fn choose(visit: Visit, form: Posted) -> Result<HttpResponse, Failure> {
    let (choice, account) = (Choice::of(&visit), form.value("account_id").parse::<AccountId>());
    let (Some(choice), Ok(account)) = (choice, account) else { return Ok(redirect("/login?done=choose")) };
    let (login, fitted) = (choice.login.clone(), choice.fitted.clone());
    let who = visit.app.db.read(move |conn| sign_in::choice_of(conn, &login, account, &fitted)).await?;
    let Some(who) = who else { return Ok(redirect("/login?done=choose")) };
    let mut answer = enter(&visit, who, &choice.login, &choice.next).await?;
    answer.add_cookie(&Choice::no_cookie(&visit.app)).map_err(Failure::internal)?;
    Ok(answer)
}

/// Begins the session of somebody whose password fitted.
async fn enter(visit: &Visit, who: Candidate, login: &str, next: &str) -> Result<HttpResponse, Failure> {
    let beginning =
        Beginning { account: who.account, member: who.member, epoch: who.epoch, address: visit.address(), agent: client::agent(visit.request()) };
    if who.has_second_factor {
        // Nothing has opened yet, so nothing is recorded and the browser proves nothing (T7).
        let step = SecondStep { login: login.to_owned(), next: next.to_owned() };
        sign_in::begin_pending(visit.session(), &beginning, &step)?;
        return Ok(redirect("/two-factor"));
    }
    let (address, now) = (visit.address(), visit.now);
    visit.app.db.write(move |tx| who.record(tx, &address, now)).await?;
    sign_in::begin(visit.session(), &beginning)?;
    let mut answer = redirect(next);
    answer.add_cookie(&devices::cookie(&visit.app, login)).map_err(Failure::internal)?;
    Ok(answer)
}

/// `POST /logout`
pub async fn destroy(visit: Visit, form: Posted) -> Result<HttpResponse, Failure> {
    if let Some(actor) = visit.actor() {
        let now = visit.now;
        visit
            .app
            .db
            .write(move |tx| {
                rows::end_one(tx, actor.account, actor.member, actor.session)?;
                let author = Author::member(actor.account, actor.member, actor.name.clone(), actor.address.clone());
                audit::record(tx, &author, Event::SignedOut, Some(&Target::new(actor.member, actor.name.clone())), "", now)
            })
            .await?;
    }
    visit.session().purge();
    let next = local_path(form.value("next"));
    // Only where somebody was sent here to become somebody else is there a place to go on to (R8).
    Ok(redirect(&if next.starts_with("/invitations/") { next.to_owned() } else { format!("{}?done=out", login_path("/")) }))
}
