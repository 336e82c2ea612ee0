//! Figures for Prometheus.

use std::{sync::LazyLock, time::Duration};

use actix_web::{HttpRequest, HttpResponse, body::MessageBody, dev::ServiceResponse, http::header, web::Data};
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntGauge, Registry, TextEncoder};
use subtle::ConstantTimeEq;

use crate::{app::App, failure::Failure};

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

static REQUESTS: LazyLock<HistogramVec> = LazyLock::new(|| {
    let buckets = vec![0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
    let options = HistogramOpts::new("rollcall_request_seconds", "Time to answer a request").buckets(buckets);
    let histogram = HistogramVec::new(options, &["method", "door", "status"]).expect("the names are valid");
    REGISTRY.register(Box::new(histogram.clone())).expect("registered once");
    histogram
});

static CONNECTIONS: LazyLock<IntGauge> = LazyLock::new(|| gauge("rollcall_database_connections_in_use", "Database connections in use"));
static MAILS: LazyLock<IntGauge> = LazyLock::new(|| gauge("rollcall_mails_queued", "Mails that wait to be sent"));

fn gauge(name: &str, help: &str) -> IntGauge {
    let gauge = IntGauge::new(name, help).expect("the name is valid");
    REGISTRY.register(Box::new(gauge.clone())).expect("registered once");
    gauge
}

/// Counts an answer under its door, never under its path: ids would make a series each.
pub fn observe<B: MessageBody>(answer: &ServiceResponse<B>, took: Duration) {
    let door = answer.request().match_pattern();
    let status = answer.status();
    let labels = [answer.request().method().as_str(), door.as_deref().unwrap_or("none"), status.as_str()];
    REQUESTS.with_label_values(&labels).observe(took.as_secs_f64());
}

/// `GET /metrics`: to loopback peers, or with the metrics token.
pub async fn show(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let local = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback()) && !request.headers().contains_key("x-forwarded-for");
    if !local && !has_token(&request, app.settings.metrics_token.as_deref()) {
        return Err(Failure::NotFound);
    }
    let queued = app.db.read(crate::mail::count_queued).await?;
    MAILS.set(queued);
    CONNECTIONS.set(app.db.connections().0.into());
    let mut text = Vec::new();
    TextEncoder::new().encode(&REGISTRY.gather(), &mut text).map_err(Failure::internal)?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}

fn has_token(request: &HttpRequest, token: Option<&str>) -> bool {
    let said = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    match (said, token) {
        (Some(said), Some(token)) => said.as_bytes().ct_eq(token.as_bytes()).into(),
        _ => false,
    }
}
