//! Which bytes of a file a request asks for (RFC 9110, 14).

use std::ops::Range;

use actix_web::http::header::{self, HeaderMap};

/// What to answer with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it: 200.
    All,
    /// These bytes: 206.
    Part(Range<u64>),
    /// Bytes that the file does not have: 416.
    Beyond,
    /// Nothing; who asks has it already: 304.
    Unchanged,
}

/// Reads the request for a file of `size` bytes (more than none) whose strong tag is `tag`, with its quotation marks.
/// Several ranges at once, and whatever is no range, are answered with the whole file, as the standard allows.
pub fn asked(headers: &HeaderMap, is_head: bool, tag: &str, size: u64) -> Asked {
    let said = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = said(header::IF_NONE_MATCH) {
        let weakly = |one: &str| one.trim().trim_start_matches("W/") == tag;
        if known.trim() == "*" || known.split(',').any(weakly) {
            return Asked::Unchanged;
        }
    }
    let wanted = match said(header::RANGE) {
        Some(wanted) if !is_head && said(header::IF_RANGE).is_none_or(|known| known.trim() == tag) => wanted,
        _ => return Asked::All,
    };
    let Some((from, to)) = wanted.trim().strip_prefix("bytes=").and_then(|range| range.trim().split_once('-')) else { return Asked::All };
    match (number(from), number(to)) {
        (None, Some(last)) if from.is_empty() => match last.min(size) {
            0 => Asked::Beyond,
            last => Asked::Part(size - last..size),
        },
        (Some(from), None) if to.is_empty() => part(from, size - 1, size),
        (Some(from), Some(to)) if from <= to => part(from, to, size),
        _ => Asked::All,
    }
}

fn part(from: u64, to: u64, size: u64) -> Asked {
    if from >= size { Asked::Beyond } else { Asked::Part(from..to.min(size - 1) + 1) }
}

fn number(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn ask(pairs: &[(&'static str, &'static str)]) -> Asked {
        let request = pairs.iter().fold(TestRequest::get(), |request, pair| request.insert_header(*pair)).to_http_request();
        asked(request.headers(), false, "\"t\"", 100)
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (range, answer) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=0-99", Asked::Part(0..100)),
            ("bytes=10-", Asked::Part(10..100)),
            ("bytes=99-99999999999999999999999", Asked::Part(99..100)),
            ("bytes=-1", Asked::Part(99..100)),
            ("bytes=-1000", Asked::Part(0..100)),
            ("bytes=100-", Asked::Beyond),
            ("bytes=99999999999999999999999-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=5-4", Asked::All),
            ("bytes=0-1,3-4", Asked::All),
            ("bytes=-", Asked::All),
            ("bytes=a-b", Asked::All),
            ("bytes=+1-2", Asked::All),
            ("lines=0-1", Asked::All),
            ("", Asked::All),
        ] {
            assert_eq!(ask(&[("range", range)]), answer, "{range}");
        }
    }

    #[test]
    fn a_part_of_another_file_is_never_mixed_in() {
        assert_eq!(ask(&[("range", "bytes=1-2"), ("if-range", "\"t\"")]), Asked::Part(1..3));
        assert_eq!(ask(&[("range", "bytes=1-2"), ("if-range", "\"other\"")]), Asked::All);
        assert_eq!(ask(&[("range", "bytes=1-2"), ("if-range", "W/\"t\"")]), Asked::All);
        assert_eq!(ask(&[("range", "bytes=1-2"), ("if-range", "Sun, 22 Nov 2026 21:00:00 GMT")]), Asked::All);
        assert_eq!(ask(&[("if-none-match", "\"x\", W/\"t\"")]), Asked::Unchanged);
        assert_eq!(ask(&[("if-none-match", "\"x\""), ("range", "bytes=0-0")]), Asked::Part(0..1));
    }
}
