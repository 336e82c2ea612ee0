//! The session between the right password and the second factor: it opens nothing (T7).

use actix_session::{Session, SessionExt};
use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

use super::{Beginning, PENDING, SECOND_STEP, begin};
use crate::{
    authz::Role,
    clock::{At, Span},
    db::{AccountId, MemberId, SessionId},
    failure::Failure,
};

/// The second step must be taken within this time.
pub const LIFE: Span = Span::minutes(10);

/// How sign-in goes on after the second step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SecondStep {
    /// The name under which they signed in, for the device's cookie (T4).
    pub login: String,
    /// A local path.
    pub next: String,
}

/// Somebody whose password was right and whose second factor is missing. It is no [`Actor`](crate::authz::Actor), so no
/// door takes it for one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    /// The account.
    pub account: AccountId,
    /// The member.
    pub member: MemberId,
    /// The session that the request came with.
    pub session: SessionId,
    /// The number that the session carries (T6).
    pub epoch: i64,
    /// Their name.
    pub name: String,
    /// What they are to the account.
    pub role: Role,
    /// The account's name.
    pub company: String,
    /// When the password was given.
    pub password_at: At,
    /// How sign-in goes on.
    pub step: SecondStep,
}

impl Pending {
    /// Whoever the request's session belongs to, when their second step is still to come.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.get_session().get(PENDING).ok().flatten()
    }
}

/// Begins a session that waits for the second factor, under a new key.
///
/// # Errors
/// When the session cannot take it.
pub fn begin_pending(session: &Session, who: &Beginning, step: &SecondStep) -> Result<(), Failure> {
    begin(session, who)?;
    session.insert(SECOND_STEP, step).map_err(Failure::internal)
}
