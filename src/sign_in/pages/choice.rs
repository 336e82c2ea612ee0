//! Whom a password fitted, kept in the browser between the sign-in form and the choice of an account (T1).

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    clock::{At, Span},
    db::MemberId,
    web::Visit,
};

/// The choice must be made within this time.
const LIFE: Span = Span::minutes(5);
const ABOUT: &str = "choice of an account";

/// What the cookie says, sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Choice {
    pub login: String,
    pub next: String,
    /// Each with the number that their sessions carried then: a changed password is another number (T6).
    pub fitted: Vec<(MemberId, i64)>,
    ends: At,
}

fn name(app: &App) -> &'static str {
    if app.settings.public_url.is_secure() { "__Host-rollcall_choice" } else { "rollcall_choice" }
}

fn cookie(app: &App, value: String, age: Duration) -> Cookie<'static> {
    let secure = app.settings.public_url.is_secure();
    Cookie::build(name(app), value).path("/").secure(secure).http_only(true).same_site(SameSite::Strict).max_age(age).finish()
}

impl Choice {
    pub fn new(login: String, next: String, fitted: Vec<(MemberId, i64)>, now: At) -> Self {
        Choice { login, next, fitted, ends: now + LIFE }
    }

    pub fn cookie(&self, app: &App) -> Cookie<'static> {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        cookie(app, URL_SAFE_NO_PAD.encode(app.db.keys().seal(ABOUT, &plain)), Duration::seconds(LIFE.as_secs_up()))
    }

    pub fn no_cookie(app: &App) -> Cookie<'static> {
        cookie(app, String::new(), Duration::ZERO)
    }

    pub fn of(visit: &Visit) -> Option<Self> {
        let cookie = visit.request().cookie(name(&visit.app))?;
        let sealed = URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
        let plain = visit.app.db.keys().unseal(ABOUT, &sealed)?;
        let choice: Choice = serde_json::from_slice(&plain).ok()?;
        (choice.ends > visit.now).then_some(choice)
    }
}
