//! Signing in with a password (T1, T2, T4).

use actix_web::HttpRequest;

use super::{
    devices,
    passwords::Password,
    rows::{self, Candidate},
};
use crate::{
    app::App,
    audit::{self, Author, Event, Target},
    clock::{At, Span},
    db::{AccountId, Conn, Digest32, MemberId},
    failure::Failure,
    members::SignInName,
    web::{
        client,
        throttle::{self, Verdict},
    },
};

/// A try to sign in.
pub struct Attempt {
    /// What was typed, folded, so that every spelling counts as one.
    pub login: String,
    /// The password.
    pub password: Password,
}

/// Whom the password fits.
pub type Fits = Vec<Candidate>;

/// Counts one try against the client's address and against `key`, before anything is checked (T4).
///
/// # Errors
/// Too many, with how long to wait.
pub async fn count_try(app: &App, request: &HttpRequest, key: Digest32, now: At) -> Result<(), Failure> {
    let address = app.db.keys().fingerprint(&[b"address", client::address(request).as_bytes()]);
    let most = app.settings.login_per_minute;
    app.db
        .write(move |tx| {
            if let Verdict::Wait(wait) = throttle::within(tx, address, most, Span::minutes(1), now)? {
                return Ok(Some(wait));
            }
            Ok(match throttle::climb(tx, key, now)? {
                Verdict::Go => None,
                Verdict::Wait(wait) => Some(wait),
            })
        })
        .await
        .and_then(|wait: Option<Span>| wait.map_or(Ok(()), |wait| Err(Failure::TooMany(wait))))
}

/// Members whom a sign-in name may mean: everywhere, or in one account.
///
/// # Errors
/// When the database cannot be read.
pub fn candidates(conn: &mut Conn, name: &SignInName, account: Option<AccountId>) -> Result<Vec<Candidate>, Failure> {
    rows::candidates(conn, name, account)
}

/// Checks a try and forgets its count when the password fits somebody. Unknown, deactivated, removed, invited and wrong
/// take the same path and the same time (T2).
///
/// # Errors
/// Too many tries, or busy.
pub async fn check(app: &App, request: &HttpRequest, attempt: &Attempt, now: At) -> Result<Fits, Failure> {
    let key = devices::throttle_key(app, request, &attempt.login);
    count_try(app, request, key, now).await?;
    let name = SignInName::parse(&attempt.login);
    let mut people = match name {
        Some(name) => app.db.read(move |conn| candidates(conn, &name, None)).await?,
        None => Vec::new(),
    };
    let hashes = people.iter().map(|who| who.password_hash.clone()).collect();
    let mut fits = app.hasher.fitting(&attempt.password, hashes).await?.into_iter();
    people.retain(|_| fits.next().unwrap_or(false));
    if people.is_empty() {
        return Ok(people);
    }
    let renewed = match people.iter().any(|who| app.hasher.is_outdated(&who.password_hash)) {
        true => Some(app.hasher.hash(&attempt.password).await?),
        false => None,
    };
    let (hasher, fitting) = (app.hasher.clone(), people.clone());
    app.db
        .write(move |tx| {
            throttle::forget(tx, key)?;
            for who in fitting.iter().filter(|who| hasher.is_outdated(&who.password_hash)) {
                if let Some(hash) = &renewed {
                    rows::renew_hash(tx, who, hash)?;
                }
            }
            Ok::<_, Failure>(())
        })
        .await?;
    Ok(people)
}

/// The member among those whom the password fitted, as they are now; nobody whose sessions have ended since (T6).
///
/// # Errors
/// When the database cannot be read.
pub fn choice_of(conn: &mut Conn, login: &str, chosen: AccountId, fitted: &[(MemberId, i64)]) -> Result<Option<Candidate>, Failure> {
    let Some(name) = SignInName::parse(login) else { return Ok(None) };
    let people = rows::candidates(conn, &name, Some(chosen))?;
    Ok(people.into_iter().find(|who| !who.is_shut_out && fitted.contains(&(who.member, who.epoch))))
}

impl Candidate {
    /// Writes down that they signed in.
    pub(super) fn record(&self, tx: &mut crate::db::Tx<'_>, address: &str, now: At) -> Result<(), Failure> {
        let author = Author::member(self.account, self.member, self.name.clone(), address);
        audit::record(tx, &author, Event::SignedIn, Some(&Target::new(self.member, self.name.clone())), "", now)
    }
}
