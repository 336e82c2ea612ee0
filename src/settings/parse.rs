//! From a setting's text to its type, with a sentence for each mistake.

use std::{fmt::Display, net::SocketAddr, str::FromStr};

use lettre::message::Mailbox;

use super::{LogFormat, SignupPolicy};
use crate::clock::Span;

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is no address with a port: write it like 127.0.0.1:8080 or [::]:8080."))
}

pub(super) fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_| format!("{text:?} is no sender: write it like Rollcall <no-reply@example.com>."))
}

pub(super) fn signup(text: &str) -> Result<SignupPolicy, String> {
    match text {
        "first" => Ok(SignupPolicy::First),
        "open" => Ok(SignupPolicy::Open),
        "closed" => Ok(SignupPolicy::Closed),
        _ => Err(format!("{text:?} is not one of first, open, closed.")),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("{text:?} is not one of text, json.")),
    }
}

pub(super) fn filter(text: &str) -> Result<String, String> {
    match tracing_subscriber::EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("{text:?} is no log filter: write it like info or rollcall=debug,info.")),
    }
}

pub(super) fn networks(text: &str) -> Result<Vec<ipnet::IpNet>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            part.parse::<ipnet::IpNet>()
                .or_else(|_| part.parse::<std::net::IpAddr>().map(ipnet::IpNet::from))
                .map_err(|_| format!("{part:?} is no address or network: write it like 10.0.0.1 or 10.0.0.0/8."))
        })
        .collect()
}

/// A whole number between two bounds.
pub(super) fn whole<T: FromStr + PartialOrd + Display + Copy>(least: T, most: T) -> impl Fn(&str) -> Result<T, String> {
    move |text| match text.parse::<T>() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => Err(format!("{text:?} is no whole number from {least} to {most}.")),
    }
}

/// A length of time like `90s`, `30m`, `2h` or `7d`.
pub(super) fn span(text: &str) -> Result<Span, String> {
    let wrong = || format!("{text:?} is no length of time: write it like 90s, 30m, 2h or 7d.");
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let number: i64 = text[..split].parse().ok().filter(|n| (1..=1_000_000).contains(n)).ok_or_else(wrong)?;
    match &text[split..] {
        "s" => Ok(Span::secs(number)),
        "m" => Ok(Span::minutes(number)),
        "h" => Ok(Span::hours(number)),
        "d" => Ok(Span::days(number)),
        _ => Err(wrong()),
    }
}

/// Argon2id memory in KiB and passes; never below what T2 asks for.
pub(super) fn password_cost(text: &str) -> Result<(u32, u32), String> {
    let parsed = text.split_once(',').and_then(|(memory, passes)| Some((memory.trim().parse().ok()?, passes.trim().parse().ok()?)));
    match parsed {
        Some((memory, passes)) if (19_456..=4_194_304).contains(&memory) && (2..=100).contains(&passes) => Ok((memory, passes)),
        _ => Err(format!("{text:?} is no cost: write memory in KiB (19456 or more) and passes (2 or more), like 19456,2.")),
    }
}

/// The origin of a server that speaks S3.
pub(super) fn endpoint(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    match url.filter(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty()) {
        Some(url) => Ok(url.origin().ascii_serialization()),
        None => Err(format!("{text:?} is no server: write it like https://s3.example.com or http://127.0.0.1:9000, without a path.")),
    }
}

/// Both halves of a key, or neither.
pub(super) fn key(id: Option<String>, secret: Option<String>) -> Result<Option<(String, String)>, String> {
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Some((id, secret))),
        (None, None) => Ok(None),
        _ => Err("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together: set both or neither.".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(span("2h"), Ok(Span::hours(2)));
        assert_eq!(span("90s"), Ok(Span::secs(90)));
        for bad in ["", "2", "h", "2 h", "-1h", "2w", "99999999999999999999h", "0s"] {
            assert!(span(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_has_two_halves() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(key(text("a"), text("b")), Ok(Some(("a".into(), "b".into()))));
        assert_eq!(key(None, None), Ok(None));
        assert!(key(text("a"), None).is_err() && key(None, text("b")).is_err());
        assert_eq!(endpoint("http://127.0.0.1:9000/").as_deref(), Ok("http://127.0.0.1:9000"));
    }

    #[test]
    fn every_mistake_gets_a_sentence() {
        for sentence in [
            listen("8080").unwrap_err(),
            mailbox("nobody").unwrap_err(),
            signup("yes").unwrap_err(),
            networks("10.0.0.0/8, x").unwrap_err(),
            whole(1, 5)("9").unwrap_err(),
            password_cost("1,1").unwrap_err(),
            log_format("xml").unwrap_err(),
            filter("=[[").unwrap_err(),
            endpoint("127.0.0.1:9000").unwrap_err(),
            endpoint("http://127.0.0.1:9000/bucket").unwrap_err(),
        ] {
            assert!(sentence.ends_with('.') && sentence.contains('"'), "{sentence}");
        }
    }
}
