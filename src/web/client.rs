//! Where a request comes from.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::header, web::Data};

use crate::app::App;

/// The client's address: the peer's, or behind trusted proxies the last address they did not add themselves (T12).
pub fn address(request: &HttpRequest) -> String {
    ip(request).map_or_else(|| "unknown".into(), |ip| ip.to_string())
}

fn ip(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let app = request.app_data::<Data<App>>()?;
    let trusted = |ip: &IpAddr| app.settings.trusted_proxies.iter().any(|net| net.contains(ip));
    if !trusted(&peer) {
        return Some(peer);
    }
    let hops = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(','));
    let hops: Vec<IpAddr> = hops.filter_map(|hop| hop.trim().parse().ok()).collect();
    Some(hops.iter().rev().copied().find(|hop| !trusted(hop)).or(hops.first().copied()).unwrap_or(peer))
}

/// The browser's own words for itself, cut to what a page can show.
pub fn agent(request: &HttpRequest) -> String {
    let words = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("unknown");
    words.chars().filter(|c| !c.is_control()).take(200).collect()
}
