//! The cookie of a browser that signed in before: strangers who guess at somebody's password slow themselves down, not
//! that browser (T4).

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use crate::{
    app::App,
    db::{Digest32, Tx},
    failure::Failure,
    keys::{self, Keys},
    members::Member,
    web::throttle,
};

fn name(app: &App) -> &'static str {
    if app.settings.public_url.is_secure() { "__Host-rollcall_device" } else { "rollcall_device" }
}

fn seal(app: &App, login: &str, nonce: &str) -> String {
    let mac = app.db.keys().fingerprint(&[b"device", login.as_bytes(), nonce.as_bytes()]);
    URL_SAFE_NO_PAD.encode(mac.0)
}

/// A cookie that proves an earlier success under `login`.
pub(crate) fn cookie(app: &App, login: &str) -> Cookie<'static> {
    let nonce = URL_SAFE_NO_PAD.encode(keys::random::<16>());
    let value = format!("{nonce}.{}", seal(app, login, &nonce));
    Cookie::build(name(app), value)
        .path("/")
        .secure(app.settings.public_url.is_secure())
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(180))
        .finish()
}

/// Under which key everybody's tries at `login` are counted.
fn common_key(keys: &Keys, login: &str) -> Digest32 {
    keys.fingerprint(&[b"tries", login.as_bytes()])
}

/// Every name with which a member of the account of this short name signs in, the best first: email, account/username, and
/// the username alone.
pub(crate) fn names_of(person: &Member, slug: &str) -> Vec<String> {
    let username = person.username.as_deref();
    let names = [person.email.clone(), username.map(|name| format!("{slug}/{name}")), username.map(str::to_owned)];
    names.into_iter().flatten().collect()
}

/// Forgets the tries at every name of a member who got a new password: whoever guessed closed their names (T4), and the new
/// password opens them again.
pub(crate) fn forget_tries(tx: &mut Tx<'_>, person: &Member, slug: &str) -> Result<(), Failure> {
    for name in names_of(person, slug) {
        let key = common_key(tx.keys(), &name);
        throttle::forget(tx, key)?;
    }
    Ok(())
}

/// Under which key tries at `login` from this browser are counted: its own when it succeeded before, else everybody's.
pub(super) fn throttle_key(app: &App, request: &HttpRequest, login: &str) -> Digest32 {
    let cookie = request.cookie(name(app));
    let known = cookie.as_ref().and_then(|cookie| cookie.value().split_once('.')).filter(|(nonce, mac)| {
        let right = seal(app, login, nonce);
        right.as_bytes().ct_eq(mac.as_bytes()).into()
    });
    match known {
        Some((nonce, _)) => app.db.keys().fingerprint(&[b"tries of a device", nonce.as_bytes()]),
        None => common_key(app.db.keys(), login),
    }
}
