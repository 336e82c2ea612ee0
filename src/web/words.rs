//! Lengths of time in words.

use crate::clock::{At, Span};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// "1 group", "2 groups".
pub fn counted(n: i64, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// How long to wait, rounded up: "3 seconds", "2 hours".
pub fn wait(span: Span) -> String {
    let secs = span.as_secs_up().max(1);
    match secs {
        ..=90 => counted(secs, "second"),
        91..=5400 => counted((secs + MINUTE - 1) / MINUTE, "minute"),
        _ => counted((secs + HOUR - 1) / HOUR, "hour"),
    }
}

/// How long is left, to the nearest unit: "7 days", "3 hours", "less than a minute".
pub fn left(span: Span) -> String {
    let nearest = |secs: i64, unit: i64| (secs + unit / 2) / unit;
    match span.micros() / 1_000_000 {
        ..MINUTE => "less than a minute".into(),
        secs if nearest(secs, MINUTE) < 60 => counted(nearest(secs, MINUTE), "minute"),
        secs if nearest(secs, HOUR) < 24 => counted(nearest(secs, HOUR), "hour"),
        secs => counted(nearest(secs, DAY), "day"),
    }
}

/// How long ago, briefly: "just now", "2 min ago", "1 h ago", "yesterday"; `None` when longer, where a date says more.
pub fn ago(then: At, now: At) -> Option<String> {
    match now.since(then).micros() / 1_000_000 {
        ..120 => Some("just now".into()),
        secs @ 120..HOUR => Some(format!("{} min ago", secs / MINUTE)),
        secs @ HOUR..DAY => Some(format!("{} h ago", secs / HOUR)),
        DAY..172_800 => Some("yesterday".into()),
        _ => None,
    }
}

/// "1 person", "12,345 people".
pub fn people(n: i64) -> String {
    if n == 1 { "1 person".into() } else { format!("{} people", thousands(n)) }
}

/// A size as people read it: "900 bytes", "412 KiB", "1.4 MiB".
pub fn bytes(n: i64) -> String {
    match n {
        ..1024 => counted(n, "byte"),
        1024..1_048_576 => format!("{} KiB", (n + 512) / 1024),
        // One digit behind the point, rounded.
        _ => format!("{}.{} MiB", (n * 10 + 524_288) / 10_485_760, (n * 10 + 524_288) / 1_048_576 % 10),
    }
}

/// 12345 as "12,345".
pub fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        text.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_spans() {
        assert_eq!(wait(Span::secs(1)), "1 second");
        assert_eq!(wait(Span::secs(600)), "10 minutes");
        assert_eq!(wait(Span::hours(24)), "24 hours");
        assert_eq!(left(Span::days(7) - Span::secs(1)), "7 days");
        assert_eq!(left(Span::days(1) - Span::secs(1)), "1 day");
        assert_eq!(left(Span::hours(1) - Span::secs(1)), "1 hour");
        assert_eq!(left(Span::secs(59)), "less than a minute");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(999), "999");
        for (n, text) in [(1, "1 byte"), (900, "900 bytes"), (1024, "1 KiB"), (421_888, "412 KiB"), (1_468_006, "1.4 MiB"), (10_485_760, "10.0 MiB")]
        {
            assert_eq!(bytes(n), text);
        }
        let now = At::from_micros(1_000_000_000_000_000);
        assert_eq!(ago(now - Span::minutes(5), now).as_deref(), Some("5 min ago"));
        assert_eq!(ago(now - Span::days(3), now), None);
    }
}
