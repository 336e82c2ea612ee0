//! Writes a mail as RFC 5322 text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::Outgoing;

/// RFC 5322's longest line, without its end.
const LONGEST_LINE: usize = 998;

/// Which bytes the reader of the mail can be trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// Only ASCII passes every server; other letters are encoded.
    Ascii,
    /// Any UTF-8, for a file that a person opens.
    Utf8,
}

/// Composes `mail`, with lines ending in CR LF.
///
/// # Errors
/// lettre's reason, when it finds an address it cannot write.
pub(super) fn compose(from: &Mailbox, mail: &Outgoing, letters: Letters) -> Result<Vec<u8>, String> {
    let part = |kind, text: &str| SinglePart::builder().header(kind).body(body(text, letters));
    let name = mail.to_name.as_deref().map(one_line).filter(|name| !name.is_empty());
    Message::builder()
        .from(Mailbox::new(from.name.as_deref().map(one_line), in_ascii_domain(&from.email)))
        .to(Mailbox::new(name, in_ascii_domain(&mail.to)))
        .subject(one_line(&mail.subject))
        .date(date(mail))
        .message_id(Some(format!("<{}>", id(mail))))
        // RFC 3834: holiday answers and mailing lists leave generated mails alone.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
        .multipart(
            MultiPart::alternative().singlepart(part(ContentType::TEXT_PLAIN, &mail.text)).singlepart(part(ContentType::TEXT_HTML, &mail.html)),
        )
        .map(|message| message.formatted())
        .map_err(|error| error.to_string())
}

/// Kept within the years that lettre can write; it panics outside them.
fn date(mail: &Outgoing) -> SystemTime {
    let seconds = mail.date.timestamp().clamp(0, 253_402_300_799);
    UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs())
}

/// The mail's id without angle brackets, spaces and control characters.
pub(super) fn id(mail: &Outgoing) -> String {
    mail.message_id.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).collect()
}

/// `address` with its domain as it stands in DNS: only the part before the @ may then need SMTPUTF8.
pub(super) fn in_ascii_domain(address: &Address) -> Address {
    if address.domain().is_ascii() {
        return address.clone();
    }
    url::Host::parse(address.domain())
        .ok()
        .and_then(|domain| Address::new(address.user(), domain.to_string()).ok())
        .unwrap_or_else(|| address.clone())
}

/// lettre itself folds every line from 77 characters up into quoted-printable, which breaks links apart in the raw mail.
fn body(text: &str, letters: Letters) -> Body {
    let text = text.replace("\r\n", "\n").replace(['\r', '\0'], "");
    let fits = text.split('\n').all(|line| line.len() <= LONGEST_LINE);
    let encoding = match letters {
        _ if text.is_ascii() => ContentTransferEncoding::SevenBit,
        Letters::Utf8 => ContentTransferEncoding::EightBit,
        Letters::Ascii => return Body::new(text),
    };
    if fits { Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), encoding) } else { Body::new(text) }
}

fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(change: impl FnOnce(&mut Outgoing), letters: Letters) -> String {
        let mut mail = Outgoing {
            to: "ann@acme.test".parse().expect("an address"),
            to_name: None,
            subject: "Hello".into(),
            text: "Hi".into(),
            html: "<p>Hi</p>".into(),
            message_id: "01J@rollcall.test".into(),
            date: chrono::DateTime::UNIX_EPOCH,
        };
        change(&mut mail);
        let from = "Rollcall <no-reply@acme.test>".parse().expect("a mailbox");
        String::from_utf8(compose(&from, &mail, letters).expect("a mail")).expect("UTF-8")
    }

    #[test]
    fn a_subject_or_name_cannot_start_another_header() {
        let raw = raw(
            |mail| {
                mail.subject = "Hi\r\nBcc: eve@evil.test\r\n\r\nbody".into();
                mail.to_name = Some("Ann\r\nBcc: eve@evil.test\u{0}".into());
                mail.message_id = "<01J@x>\r\nBcc: eve@evil.test".into();
            },
            Letters::Ascii,
        );
        let headers = raw.split("\r\n\r\n").next().expect("headers");
        assert!(!headers.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{headers}");
        assert_eq!(headers.matches("Subject:").count(), 1);
    }

    #[test]
    fn a_long_link_stays_on_one_line() {
        let link = format!("https://portal.test/invitations/{}", "k".repeat(120));
        for letters in [Letters::Ascii, Letters::Utf8] {
            let raw = raw(|mail| mail.text = format!("Accept:\n{link}\n"), letters);
            assert!(raw.contains(&format!("\r\n{link}\r\n")), "{raw}");
        }
        let raw = raw(|mail| mail.text = format!("Grüße von Zoë:\n{link}\n"), Letters::Utf8);
        assert!(raw.contains(&format!("Zoë:\r\n{link}\r\n")), "{raw}");
    }

    #[test]
    fn no_date_is_too_strange_to_write() {
        for date in [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC] {
            assert!(raw(|mail| mail.date = date, Letters::Ascii).contains("Date: "));
        }
    }

    #[test]
    fn only_ascii_reaches_a_server_and_no_line_is_too_long() {
        let raw = raw(
            |mail| {
                mail.subject = "Einladung von Zoë".into();
                mail.to = "ann@müller.test".parse().expect("an address");
                mail.text = format!("Grüße\n{}", "x".repeat(5000));
                mail.html = "y".repeat(5000);
            },
            Letters::Ascii,
        );
        assert!(raw.is_ascii(), "{raw}");
        assert!(raw.lines().all(|line| line.len() <= LONGEST_LINE));
        assert!(raw.contains("ann@xn--mller-kva.test"), "{raw}");
    }
}
