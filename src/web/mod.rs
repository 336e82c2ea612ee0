//! HTTP mechanics. Nothing here knows a noun of the product.

pub mod assets;
pub mod client;
pub mod edge;
pub mod export;
mod frame;
pub mod icons;
pub mod listing;
pub mod metrics;
pub mod origin;
pub mod parts;
mod posted;
pub mod ranges;
pub mod table_file;
pub mod throttle;
pub mod upload;
mod visit;
pub mod words;
pub mod zone;

pub use frame::{Flash, FlashKind, FlashLink, Frame};
pub use posted::{Choice, Posted};
pub use visit::{PathId, Visit, redirect};

use actix_web::{HttpRequest, http::Method};
use url::form_urlencoded;

/// The path of the sign-in page that leads back to `next`.
pub fn login_path(next: &str) -> String {
    with_next("/login", next)
}

/// `path` with where to go on to, where that is not the start.
pub fn with_next(path: &str, next: &str) -> String {
    if next == "/" {
        return path.into();
    }
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("{path}?{query}")
}

/// Where to come back to after signing in: the page itself for a GET, else the start.
pub fn way_back(request: &HttpRequest) -> String {
    let asks = request.method() == Method::GET || request.method() == Method::HEAD;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    local_path(if asks { path } else { "/" }).to_owned()
}

/// `next` when it is a path of this site, else `/` (T13).
pub fn local_path(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.chars().any(char::is_control);
    if local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t13_next_leads_nowhere_else() {
        assert_eq!(local_path("/settings/team/members?q=a#b"), "/settings/team/members?q=a#b");
        for bad in ["", "x", "//evil.test", "/\\evil.test", "https://evil.test", "/a\r\nSet-Cookie: x", "/a\u{85}", "\\/evil", "javascript:alert(1)"]
        {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }
}
