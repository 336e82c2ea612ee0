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

/// Whom to ask, where a permission lacked: a sentence that names them.
#[derive(Clone)]
pub struct Whom(pub String);

/// The request's id.
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}

/// Checks what comes in (T10, T12), guards against panics (T17), and finishes what goes out (T14).
pub async fn edge(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let app = request.app_data::<Data<App>>().cloned().ok_or_else(|| Failure::internal("the application's data is missing"))?;
    let id = hex(&crate::keys::random::<8>());
    request.extensions_mut().insert(RequestId(id.clone()));
    let public = &app.settings.public_url;
    let (method, path) = (request.method().clone(), loggable(request.path()).to_owned());
    let is_secret = path != request.path();
    let answer = if !public.is_asked_for_by(request.request()) {
        Ok(request.error_response(Failure::Misdirected))
    } else if header_bytes(request.headers()) > HEADER_LIMIT {
        Ok(request.error_response(Failure::LongHeaders))
    } else if !public.allows(request.request()) {
        Ok(request.error_response(Failure::CrossSite))
    } else {
        // No clone of the request may be held here: routing needs it alone.
        match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(Ok(answer)) => Ok(answer.map_into_boxed_body()),
            Ok(Err(error)) => Err(translate(error.as_response_error().status_code(), &error)),
            Err(_panic) => Err(Failure::internal("a handler panicked")),
        }
    };
    let secure = public.is_secure();
    let answer = match answer {
        Ok(answer) => {
            let mut answer = explain(answer, &id);
            finish(answer.response_mut().headers_mut(), secure, is_secret);
            metrics::observe(&answer, started.elapsed());
            Ok(answer)
        }
        Err(failure) => {
            let mut response = failure_page(&failure, Theme::System, None, &id, &path);
            finish(response.headers_mut(), secure, is_secret);
            Err(Finished::from(response))
        }
    };
    let status = answer.as_ref().map_or_else(|finished| finished.status, ServiceResponse::status).as_u16();
    let ms = started.elapsed().as_millis() as u64;
    if method == Method::GET || method == Method::HEAD {
        tracing::debug!(request = id, %method, path, status, ms, "answered");
    } else {
        tracing::info!(request = id, %method, path, status, ms, "answered");
    }
    Ok(answer?)
}

/// An answer that left the way of errors, where there is no request any more to hang it on.
#[derive(Debug)]
struct Finished {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl From<HttpResponse<String>> for Finished {
    fn from(response: HttpResponse<String>) -> Self {
        let (head, body) = response.into_parts();
        Finished { status: head.status(), headers: head.headers().clone(), body }
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "answered {}", self.status)
    }
}

impl ResponseError for Finished {
    fn status_code(&self) -> StatusCode {
        self.status
    }
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        response.body(self.body.clone())
    }
}

/// Most bytes of a request's headers (T17).
const HEADER_LIMIT: usize = 16 * 1024;

fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Paths with a token in them stay out of the log (T20).
fn loggable(path: &str) -> &str {
    let secret = ["/invitations/", "/password/", "/email-changes/", "/email-confirmations/"].iter().find(|prefix| path.starts_with(**prefix));
    secret.map_or(path, |prefix| prefix)
}

/// Puts the page with the sentence in the place of a bare failure.
fn explain(answer: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let status = answer.status();
    let Some(error) = answer.response().error().filter(|_| status.is_client_error() || status.is_server_error()) else { return answer };
    let stand_in;
    let failure = match error.as_error::<Failure>() {
        Some(failure) => failure,
        None => {
            stand_in = translate(status, error);
            &stand_in
        }
    };
    let theme = answer.request().extensions().get::<Theme>().copied().unwrap_or(Theme::System);
    let whom = answer.request().extensions().get::<Whom>().cloned();
    let page = failure_page(failure, theme, whom, id, loggable(answer.request().path())).map_into_boxed_body();
    answer.into_response(page)
}

/// Keeps the theme for a failure page: outside the session's own layer nobody knows any more who asked.
pub async fn keep_theme(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let answer = next.call(request).await?;
    if answer.response().error().is_some()
        && let Some(actor) = Actor::of(answer.request())
    {
        answer.request().extensions_mut().insert(actor.theme);
    }
    Ok(answer)
}

/// The page of a failure; what is ours to mend is logged, once.
fn failure_page(failure: &Failure, theme: Theme, whom: Option<Whom>, id: &str, path: &str) -> HttpResponse<String> {
    if let Failure::Internal(cause) = failure {
        tracing::error!(request = id, path, cause = %Causes(cause.as_ref()), "a request failed");
    }
    let page = FailurePage::new(failure, Frame::for_anybody(theme, id.to_owned()), whom.map(|Whom(names)| names), id.to_owned());
    let mut response = failure.error_response().set_body(page.render().unwrap_or_default());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
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

fn finish(headers: &mut HeaderMap, secure: bool, is_secret: bool) {
    // A handler may say more than holds everywhere, never less (T18).
    let own = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|own| own.to_str().ok().map(str::to_owned));
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Some(both) = own.and_then(|own| HeaderValue::from_str(&format!("{CONTENT_SECURITY}; {own}")).ok()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, both);
    }
    // A page whose address is a secret must not tell it to the next.
    let referrer = if is_secret { "no-referrer" } else { "same-origin" };
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
