//! The outermost layer: what holds for every request and every answer.

use std::{panic::AssertUnwindSafe, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use askama::Template;
use futures_util::FutureExt;

use super::{Frame, metrics};
use crate::{
    app::App,
    authz::Actor,
    failure::{Failure, FailurePage},
    members::Theme,
};

/// The id of a request, as its failure page and its log lines name it.
#[derive(Clone)]
struct RequestId(String);

/// The request's id.
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}

/// Checks what comes in (T10, T12), guards against panics (T17), and finishes what goes out (T14).
pub async fn edge(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Err(Failure::internal("the application's data is missing").into());
    };
    let id = hex(&crate::keys::random::<8>());
    request.extensions_mut().insert(RequestId(id.clone()));
    let http = request.request().clone();
    let public = &app.settings.public_url;
    let refused = if !public.is_asked_for_by(&http) {
        Some(Failure::Misdirected)
    } else if !public.allows(&http) {
        Some(Failure::CrossSite)
    } else {
        None
    };
    let answer = match refused {
        Some(failure) => request.error_response(failure),
        None => {
            let running = AssertUnwindSafe(next.call(request)).catch_unwind();
            match running.await {
                Ok(Ok(answer)) => answer.map_into_boxed_body(),
                Ok(Err(error)) => ServiceResponse::from_err(error, http.clone()),
                Err(_panic) => ServiceResponse::from_err(Failure::internal("a handler panicked"), http.clone()),
            }
        }
    };
    let mut answer = explain(answer, &id);
    finish(answer.response_mut().headers_mut(), public.is_secure(), http.path());
    let (status, took) = (answer.status(), started.elapsed());
    metrics::observe(&answer, took);
    if http.method() == Method::GET || http.method() == Method::HEAD {
        tracing::debug!(request = id, method = %http.method(), path = http.path(), status = status.as_u16(), ms = took.as_millis() as u64, "answered");
    } else {
        tracing::info!(request = id, method = %http.method(), path = loggable(http.path()), status = status.as_u16(), ms = took.as_millis() as u64, "answered");
    }
    Ok(answer)
}

/// Paths with a token in them stay out of the log (T20).
fn loggable(path: &str) -> &str {
    let secret = ["/invitations/", "/password/", "/email-changes/", "/email-confirmations/"].iter().find(|prefix| path.starts_with(**prefix));
    secret.map_or(path, |prefix| prefix)
}

/// Puts the page with the sentence in the place of a bare failure, and logs what is ours to mend.
fn explain(answer: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let own = answer.response().error().and_then(|error| error.as_error::<Failure>());
    if let Some(Failure::Internal(cause)) = own {
        tracing::error!(request = id, path = loggable(answer.request().path()), cause = %Causes(cause.as_ref()), "a request failed");
    }
    let stand_in;
    let failure = match (own, answer.response().error()) {
        (Some(failure), _) => failure,
        (None, None) => return answer,
        (None, Some(other)) => {
            stand_in = translate(status, other);
            &stand_in
        }
    };
    let theme = Actor::of(answer.request()).map_or(Theme::System, |actor| actor.theme);
    let page = FailurePage::new(failure, Frame::for_anybody(theme, id.to_owned()), id.to_owned());
    let bare = failure.error_response();
    let (request, _) = answer.into_parts();
    let mut response = HttpResponse::build(bare.status());
    for (name, value) in bare.headers() {
        response.insert_header((name.clone(), value.clone()));
    }
    let response = match page.render() {
        Ok(html) => response.content_type("text/html; charset=utf-8").body(html),
        Err(_) => response.finish(),
    };
    ServiceResponse::new(request, response)
}

/// A refusal of the framework in the words of the product.
fn translate(status: StatusCode, error: &Error) -> Failure {
    match status {
        StatusCode::NOT_FOUND => Failure::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Failure::WrongMethod,
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge("The request is larger than this page takes."),
        StatusCode::SERVICE_UNAVAILABLE => Failure::Busy,
        status if status.is_client_error() => Failure::Malformed("The request is not well formed."),
        _ => {
            tracing::error!(%error, "a request failed in the framework");
            Failure::Busy
        }
    }
}

/// An error and what caused it, on one line.
struct Causes<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every answer (T14).
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

fn finish(headers: &mut HeaderMap, secure: bool, path: &str) {
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // A page whose address is a secret must not tell it to the next.
    let referrer = if loggable(path) == path { "same-origin" } else { "no-referrer" };
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
