//! The only error that leaves a handler: a status, a page, one log line.

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use askama::Template;
use diesel::result::{DatabaseErrorKind, Error as Diesel};

use crate::{
    authz::{Errand, PermissionWord},
    clock::Span,
    web::Frame,
};

/// Why a request was not answered with the page it asked for.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nobody is signed in; `next` is where they wanted to go (a local path).
    #[error("signed out")]
    SignedOut {
        /// The path to come back to.
        next: String,
    },
    /// Signed in, but not allowed to.
    #[error("denied: {0:?}")]
    Denied(PermissionWord),
    /// Signed in, but something else comes first: answered with its page.
    #[error("something else comes first: {0:?}")]
    Errand(Errand),
    /// The password was given too long ago for what was asked (T8): answered with the page that asks for it, and then `next`.
    #[error("the password was given too long ago")]
    StalePassword {
        /// The local path to go on to.
        next: String,
    },
    /// The request came from another site (T10).
    #[error("cross-site request")]
    CrossSite,
    /// No such thing in this account (R19).
    #[error("not found")]
    NotFound,
    /// The path is right, the method is not.
    #[error("method not allowed")]
    WrongMethod,
    /// The object changed since the form was shown (R59).
    #[error("stale form")]
    Stale,
    /// The request cannot be read; the sentence says why.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// More than the limit (T17); the sentence names it.
    #[error("too large")]
    TooLarge(&'static str),
    /// More header bytes than the limit (T17).
    #[error("long headers")]
    LongHeaders,
    /// The body took too long (T17).
    #[error("slow body")]
    Slow,
    /// Too many tries; come back after so long (T4).
    #[error("too many tries")]
    TooMany(Span),
    /// Asked for by a name that is not ours (T12).
    #[error("misdirected")]
    Misdirected,
    /// Full, locked or away: come back soon (T28).
    #[error("busy")]
    Busy,
    /// Anything else: logged with the request's id.
    #[error("internal: {0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    /// Something that should not happen.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Failure::Internal(cause.into())
    }
}

impl From<Diesel> for Failure {
    fn from(error: Diesel) -> Self {
        match &error {
            Diesel::NotFound => Failure::internal("a row that must be there is missing"),
            Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _) => Failure::Busy,
            Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::ReadOnlyTransaction, _) => Failure::Busy,
            Diesel::DatabaseError(_, info) if is_passing(info.message()) => {
                tracing::warn!(error = info.message(), "the database is busy or away");
                Failure::Busy
            }
            _ => Failure::internal(error),
        }
    }
}

/// Locked, timed out, full or shutting down, in the words of either database.
fn is_passing(message: &str) -> bool {
    const PASSING: &[&str] = &[
        "database is locked",
        "database is full",
        "disk I/O error",
        "disk is full",
        "lock timeout",
        "statement timeout",
        "deadlock detected",
        "terminating connection",
        "server closed the connection",
        "shutting down",
        "starting up",
        "No space left",
        "too many clients",
    ];
    PASSING.iter().any(|words| message.contains(words))
}

/// How long a client waits before it tries a busy server again.
const COME_BACK: Span = Span::secs(2);

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Failure::SignedOut { .. } | Failure::Errand(_) | Failure::StalePassword { .. } => StatusCode::SEE_OTHER,
            Failure::Denied(_) | Failure::CrossSite => StatusCode::FORBIDDEN,
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Failure::Stale => StatusCode::CONFLICT,
            Failure::Malformed(_) => StatusCode::BAD_REQUEST,
            Failure::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::LongHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Failure::Slow => StatusCode::REQUEST_TIMEOUT,
            Failure::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Failure::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The bare answer; [`crate::web::edge`] puts the page with the request's id in its place.
    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Failure::SignedOut { next } => {
                answer.insert_header((header::LOCATION, crate::web::login_path(next)));
            }
            Failure::Errand(errand) => {
                answer.insert_header((header::LOCATION, errand.path()));
            }
            Failure::StalePassword { next } => {
                answer.insert_header((header::LOCATION, crate::web::with_next("/password/confirmation", next)));
            }
            Failure::TooMany(wait) => {
                answer.insert_header((header::RETRY_AFTER, wait.as_secs_up().max(1).to_string()));
            }
            Failure::Busy => {
                answer.insert_header((header::RETRY_AFTER, COME_BACK.as_secs_up().to_string()));
            }
            _ => {}
        }
        answer.finish()
    }
}

/// The page that says what went wrong and what to do.
#[derive(Template)]
#[template(path = "failure.html")]
pub struct FailurePage {
    frame: Frame,
    title: &'static str,
    message: String,
    advice: String,
    request_id: String,
    status: u16,
}

impl FailurePage {
    /// The page for `failure`. `whom` names the people to ask, where a permission lacked and they are known.
    pub fn new(failure: &Failure, frame: Frame, whom: Option<String>, request_id: String) -> Self {
        let (title, message, advice) = failure.sentences();
        FailurePage { frame, title, message, advice: whom.unwrap_or(advice), request_id, status: failure.status_code().as_u16() }
    }
}

impl Failure {
    fn sentences(&self) -> (&'static str, String, String) {
        let (title, message, advice) = match self {
            Failure::SignedOut { .. } => ("Sign in first", "This page needs you to be signed in.", ""),
            Failure::Errand(_) => ("Something else comes first", "This page opens once your sign-in is in order.", ""),
            Failure::StalePassword { .. } => ("Your password first", "This needs your password once more.", ""),
            Failure::Denied(lacking) => {
                return ("You may not do that", format!("Only {} can open this page.", lacking.holders()), lacking.whom_to_ask().into());
            }
            Failure::CrossSite => {
                ("Blocked", "This request came from another site, so nothing was changed.", "Open Rollcall by its own address and try again.")
            }
            Failure::NotFound => {
                ("Page not found", "There is nothing at this address.", "It may have been removed, or the link was copied incompletely.")
            }
            Failure::WrongMethod => ("Opened the wrong way", "This address cannot be opened that way.", "Go back and use the page's own buttons."),
            Failure::Stale => (
                "Changed meanwhile",
                "Somebody else changed this since you opened the page, so nothing was saved.",
                "Go back, reload the page and try again.",
            ),
            Failure::Malformed(why) => ("The request cannot be read", *why, "Go back and try again."),
            Failure::TooLarge(limit) => ("Too large", *limit, "Nothing was taken. Send less at once."),
            Failure::LongHeaders => {
                ("Too large", "The request's headers are larger than 16 KiB, so it was not read.", "Clear this site's cookies and try again.")
            }
            Failure::Slow => {
                ("Too slow", "The request did not arrive within 30 seconds, so nothing was taken.", "Check your connection and try again.")
            }
            Failure::TooMany(wait) => {
                return (
                    "Too many tries",
                    "There were too many tries, so this one was not checked.".into(),
                    format!("Wait {} and try again.", crate::web::words::wait(*wait)),
                );
            }
            Failure::Misdirected => ("Wrong address", "This server does not answer to that name.", "Open Rollcall by its public address."),
            Failure::Busy => ("Busy", "The server is too busy to answer right now. Nothing was changed.", "Try again in a few seconds."),
            Failure::Internal(_) => (
                "Something went wrong",
                "This did not work, and it is not your fault. Nothing was changed.",
                "Try again. If it happens again, tell your administrator the number below.",
            ),
        };
        (title, message.into(), advice.into())
    }
}
