//! Sessions in the database, behind actix-session (T5). The cookie carries a key; the database knows its digest.

use std::collections::HashMap;

use actix_session::{
    Session,
    storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError, generate_session_key},
};
use actix_web::cookie::time::Duration;
use serde::{Deserialize, Serialize};

use super::{
    ACTOR, FLASH, PENDING, Pending, SECOND_STEP, rows,
    second_step::{self, SecondStep},
};
use crate::{
    authz::Actor,
    clock::{At, Clock, Span},
    db::{AccountId, Db, Digest32, MemberId},
    failure::Failure,
    keys,
};

/// The entry that tells the store whose session begins.
const BEGINNING: &str = "beginning";
/// The entry that tells the store when the password was given, where that was not just now.
const PASSWORD_AT: &str = "password at";
/// A session's last use is written at most once in so long (T5).
const TOUCH: Span = Span::minutes(1);

type State = HashMap<String, String>;

/// Keeps sessions.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    clock: Clock,
    idle: Span,
    most: Span,
}

/// Whose session begins, and from where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Beginning {
    /// The account.
    pub account: AccountId,
    /// The member.
    pub member: MemberId,
    /// The number that the session carries (T6).
    pub epoch: i64,
    /// The client's address.
    pub address: String,
    /// The browser's words for itself.
    pub agent: String,
}

/// Begins a session under a new key, whatever was there before.
///
/// # Errors
/// When the session cannot take it.
pub fn begin(session: &Session, who: &Beginning) -> Result<(), Failure> {
    session.clear();
    session.renew();
    session.insert(BEGINNING, who).map_err(Failure::internal)
}

/// Keeps the acting session under a new key after [`rows::end_all`] ended all (T6).
///
/// # Errors
/// When the session cannot take it.
pub fn keep_own(session: &Session, actor: &Actor, agent: String, epoch: i64) -> Result<(), Failure> {
    begin(session, &Beginning { account: actor.account, member: actor.member, epoch, address: actor.address.clone(), agent })
}

/// [`keep_own`] where the password was not given again: it is as fresh as before (T8).
///
/// # Errors
/// When the session cannot take it.
pub fn keep_own_unasked(session: &Session, actor: &Actor, agent: String, epoch: i64) -> Result<(), Failure> {
    keep_own(session, actor, agent, epoch)?;
    note_password_at(session, actor.password_at)
}

/// Says that the password of the session that begins was given at `at`.
pub(super) fn note_password_at(session: &Session, at: At) -> Result<(), Failure> {
    session.insert(PASSWORD_AT, at).map_err(Failure::internal)
}

/// Is there anybody whose flash could be kept? Anonymous visitors get no row and no cookie (T5).
pub(crate) fn keeps_flash(session: &Session) -> bool {
    session.contains_key(ACTOR) || session.contains_key(BEGINNING)
}

fn digest(key: &SessionKey) -> Digest32 {
    keys::digest(key.as_ref().as_bytes())
}

/// Pages can be read while nothing can be written (T28): what a session notes of itself is not worth a failure.
fn note(written: Result<(), Failure>) {
    if let Err(error) = written {
        tracing::warn!(%error, "a session could not be noted");
    }
}

fn pending(actor: Actor, step: SecondStep) -> Pending {
    let Actor { account, member, session, epoch, role, name, company, password_at, .. } = actor;
    Pending { account, member, session, epoch, name, role, company, password_at, step }
}

impl Store {
    /// A store whose sessions end after `idle` without a request and after `most` in any case.
    pub fn new(db: Db, clock: Clock, idle: Span, most: Span) -> Self {
        Store { db, clock, idle, most }
    }

    async fn find(&self, key: Digest32) -> Result<Option<State>, Failure> {
        let (store, now) = (self.clone(), self.clock.now());
        let found = self.db.glance(move |conn| rows::find(conn, key)).await?;
        let Some(found) = found else { return Ok(None) };
        let most = if found.second_step.is_some() { second_step::LIFE.min(store.most) } else { store.most };
        if now.since(found.last_seen_at) >= store.idle || now.since(found.actor.since) >= most {
            // Gone for good, so that a clock set back does not revive it (T33).
            note(self.db.write(move |tx| rows::delete(tx, key)).await);
            return Ok(None);
        }
        let mut state = State::new();
        if let Some(step) = found.second_step {
            let step: SecondStep = serde_json::from_str(&step).map_err(Failure::internal)?;
            state.insert(PENDING.into(), serde_json::to_string(&pending(found.actor, step)).map_err(Failure::internal)?);
            return Ok(Some(state));
        }
        state.insert(ACTOR.into(), serde_json::to_string(&found.actor).map_err(Failure::internal)?);
        if let Some(flash) = found.flash {
            state.insert(FLASH.into(), flash);
        }
        if now.since(found.last_seen_at) >= TOUCH {
            note(self.db.write(move |tx| rows::touch(tx, key, &found.actor, now)).await);
        }
        Ok(Some(state))
    }

    async fn insert(&self, state: State) -> Result<SessionKey, Failure> {
        let who = state.get(BEGINNING).ok_or_else(|| Failure::internal("a session needs somebody"))?;
        let who: Beginning = serde_json::from_str(who).map_err(Failure::internal)?;
        let key = generate_session_key();
        let (digest, now) = (digest(&key), self.clock.now());
        let password_at = state.get(PASSWORD_AT).map_or(Ok(now), |at| serde_json::from_str(at)).map_err(Failure::internal)?;
        self.db
            .write(move |tx| {
                let flash = state.get(FLASH).map(String::as_str);
                let new = rows::NewSession {
                    key: digest,
                    account: who.account,
                    member: who.member,
                    epoch: who.epoch,
                    address: &who.address,
                    agent: &who.agent,
                    flash,
                    password_at,
                    second_step: state.get(SECOND_STEP).map(String::as_str),
                };
                rows::insert(tx, &new, now)
            })
            .await?;
        Ok(key)
    }
}

impl SessionStore for Store {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        self.find(digest(key)).await.map_err(|e| LoadError::Other(e.into()))
    }

    async fn save(&self, state: State, _ttl: &Duration) -> Result<SessionKey, SaveError> {
        self.insert(state).await.map_err(|e| SaveError::Other(e.into()))
    }

    async fn update(&self, key: SessionKey, state: State, _ttl: &Duration) -> Result<SessionKey, UpdateError> {
        let digest = digest(&key);
        note(self.db.write(move |tx| rows::set_flash(tx, digest, state.get(FLASH).map(String::as_str))).await);
        Ok(key)
    }

    async fn update_ttl(&self, _key: &SessionKey, _ttl: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let digest = digest(key);
        self.db.write(move |tx| rows::delete(tx, digest)).await.map_err(|e: Failure| e.into())
    }
}
