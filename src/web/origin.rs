//! Which site we are: links are made from it, and only its own pages may change something (T10, T12).

use std::net::SocketAddr;

use actix_web::{
    HttpRequest,
    http::{Method, header},
};
use url::{Host, Url};

/// The origin that people type, without a path: `https://phone.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    secure: bool,
    loopback_port: Option<u16>,
}

impl PublicUrl {
    /// Parses an origin.
    ///
    /// # Errors
    /// A sentence that says what an origin looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no origin: write it like https://phone.example.com, without a path.");
        let url = Url::parse(text).map_err(|_| wrong())?;
        let bare = matches!(url.scheme(), "http" | "https") && matches!(url.path(), "" | "/");
        let bare = bare && url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        if !bare || url.host().is_none() {
            return Err(wrong());
        }
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        let origin = url.origin().ascii_serialization();
        let authority = origin.split_once("://").map(|(_, authority)| authority.to_owned()).ok_or_else(wrong)?;
        let loopback_port = loopback.then(|| url.port_or_known_default()).flatten();
        Ok(PublicUrl { secure: url.scheme() == "https", origin, authority, loopback_port })
    }

    /// What holds when nobody said a public URL.
    pub fn of_listener(listen: SocketAddr) -> Self {
        let port = listen.port();
        let host = match listen {
            SocketAddr::V4(v4) if v4.ip().is_unspecified() => "127.0.0.1".to_owned(),
            SocketAddr::V6(v6) if v6.ip().is_unspecified() => "[::1]".to_owned(),
            SocketAddr::V4(v4) => v4.ip().to_string(),
            SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
        };
        let text = format!("http://{host}:{port}");
        Self::parse(&text).unwrap_or(PublicUrl { authority: format!("{host}:{port}"), origin: text, secure: false, loopback_port: None })
    }

    /// The origin as browsers write it.
    pub fn origin(&self) -> &str {
        &self.origin
    }
    /// The address of a path of this site.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
    /// Are pages served over https?
    pub fn is_secure(&self) -> bool {
        self.secure
    }
    /// The host for mail: Message-IDs and greetings.
    pub fn host(&self) -> &str {
        let host = self
            .authority
            .rsplit_once(':')
            .map_or(self.authority.as_str(), |(host, port)| if port.bytes().all(|b| b.is_ascii_digit()) { host } else { self.authority.as_str() });
        host.trim_matches(['[', ']'])
    }

    fn is_own_authority(&self, authority: &str) -> bool {
        if authority.eq_ignore_ascii_case(&self.authority) {
            return true;
        }
        let Some(port) = self.loopback_port else { return false };
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|host| authority.eq_ignore_ascii_case(&format!("{host}:{port}")) || (port == 80 && authority.eq_ignore_ascii_case(host)))
    }

    /// Does the request ask for us by name (T12)? `/health` and `/metrics` answer to every name, for probes.
    pub fn is_asked_for_by(&self, request: &HttpRequest) -> bool {
        let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).or_else(|| request.uri().authority().map(|a| a.as_str()));
        let path = request.path();
        path.starts_with("/health/") || path == "/metrics" || named.is_some_and(|name| self.is_own_authority(name))
    }

    /// May the request change something (T10)? Safe methods always; others only from our own pages. API routes read no
    /// cookies, so no other site can speak through a browser there.
    pub fn allows(&self, request: &HttpRequest) -> bool {
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) || request.path().starts_with("/api/") {
            return true;
        }
        let said = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
        match (said("sec-fetch-site"), said("origin")) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => self.is_own_origin(origin),
            (None, None) => false,
        }
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        let scheme = if self.secure { "https://" } else { "http://" };
        origin == self.origin || (self.loopback_port.is_some() && origin.strip_prefix(scheme).is_some_and(|rest| self.is_own_authority(rest)))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn allowed(site: &PublicUrl, headers: &[(&'static str, &'static str)]) -> bool {
        let request = headers.iter().fold(TestRequest::post().uri("/x"), |request, pair| request.insert_header(*pair));
        site.allows(&request.to_http_request())
    }

    #[test]
    fn t10_only_our_own_pages_change_something() {
        let site = PublicUrl::parse("https://phone.example.com").unwrap();
        assert!(allowed(&site, &[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&site, &[("origin", "https://phone.example.com")]));
        for cross in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://phone.example.com")],
            &[("origin", "null")],
            &[("origin", "http://phone.example.com")],
            &[("origin", "https://phone.example.com.evil.test")],
            &[("origin", "https://phone.example.com:8443")],
            &[("referer", "https://phone.example.com/")],
            &[],
        ] {
            assert!(!allowed(&site, cross), "{cross:?}");
        }
        assert!(site.allows(&TestRequest::get().uri("/x").to_http_request()));
    }

    #[test]
    fn loopback_names_on_one_port_are_one_host() {
        let site = PublicUrl::of_listener("127.0.0.1:8080".parse().unwrap());
        for host in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"] {
            assert!(site.is_asked_for_by(&TestRequest::get().insert_header(("host", host)).to_http_request()), "{host}");
        }
        assert!(allowed(&site, &[("origin", "http://localhost:8080")]));
        for host in ["127.0.0.1:8081", "localhost", "evil.test:8080"] {
            assert!(!site.is_asked_for_by(&TestRequest::get().insert_header(("host", host)).to_http_request()), "{host}");
        }
        let public = PublicUrl::parse("https://phone.example.com").unwrap();
        assert!(!public.is_asked_for_by(&TestRequest::get().insert_header(("host", "localhost")).to_http_request()));
    }

    #[test]
    fn an_origin_has_no_path() {
        for bad in ["phone.example.com", "ftp://x", "https://x/y", "https://x?y", "https://u@x", "https://"] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(PublicUrl::parse("https://x.test/").unwrap().link("/a"), "https://x.test/a");
        assert_eq!(PublicUrl::parse("http://[::1]:80").unwrap().host(), "::1");
        assert_eq!(PublicUrl::parse("http://127.0.0.1:8080").unwrap().host(), "127.0.0.1");
    }
}
