//! Why a mail was not taken, and whom that concerns.

use super::trouble::Stage;

/// Whom a refusal is about; the outbox decides with it between failing one mail and resting all of them (T27).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// This mailbox: another person's mail would have been taken.
    Person,
    /// The server, our access to it, or the way there: any mail would have met the same.
    Server,
    /// May be either. Seen for one person only it is that person's; seen for several in a row it is the server's.
    Unclear,
}

/// Why a server did not take a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// Whom it concerns.
    pub whom: Whom,
    /// True after a 5xx answer: the same mail meets the same answer until somebody changes something.
    pub lasting: bool,
    /// A sentence fit for a page, such as `mx.acme.test said: 550 5.1.1 no such mailbox`. No control characters, no password.
    pub reason: String,
}

/// Whom a negative answer concerns.
///
/// The enhanced code (RFC 3463) decides where there is one; only the recipient's own codes are blamed on the person, so
/// that a server which refuses everybody fails nobody.
pub(super) fn judge(stage: Stage, code: u16, text: &str) -> Whom {
    if !matches!(stage, Stage::Rcpt | Stage::Data | Stage::Message) || matches!(code, 421 | 530 | 534 | 535 | 538) {
        return Whom::Server;
    }
    match (stage, enhanced(text)) {
        // x.1.7 and x.1.8 are about our own sender address.
        (_, Some((1, 7 | 8))) => Whom::Server,
        (_, Some((1 | 2, _))) => Whom::Person,
        (_, Some((3, _))) | (Stage::Data, _) => Whom::Server,
        // A grey list and "no relaying for that domain" both say x.7.1 at RCPT, so policy proves nothing there.
        (Stage::Rcpt, _) => Whom::Unclear,
        (_, _) if code < 500 => Whom::Server,
        // Refused after its content was seen: this mail's content, or the server's opinion of all of ours.
        (_, _) => Whom::Unclear,
    }
}

/// Subject and detail of the enhanced status code that `text` starts with.
fn enhanced(text: &str) -> Option<(u16, u16)> {
    let mut parts = text.split_whitespace().next()?.split('.');
    let class = parts.next()?;
    let subject = parts.next()?.parse().ok()?;
    let detail = parts.next()?.parse().ok()?;
    (matches!(class, "4" | "5") && parts.next().is_none()).then_some((subject, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_full_mailbox_is_the_persons() {
        for (code, text) in [
            (550, "5.1.1 no such mailbox"),
            (552, "5.2.2 full"),
            (450, "4.2.0 grey-listed"),
            (450, "4.1.1 not verified yet"),
            (550, "5.2.1 disabled"),
        ] {
            assert_eq!(judge(Stage::Rcpt, code, text), Whom::Person, "{code} {text}");
        }
        assert_eq!(judge(Stage::Message, 550, "5.1.1 unknown"), Whom::Person);
    }

    #[test]
    fn what_everybody_would_meet_is_the_servers() {
        for (stage, code, text) in [
            (Stage::Hello, 554, "no service for you"),
            (Stage::Auth, 535, "5.7.8 wrong"),
            (Stage::Mail, 550, "5.7.1 sender not yours"),
            (Stage::Rcpt, 421, "4.4.5 too busy"),
            (Stage::Rcpt, 530, "5.7.0 sign in first"),
            (Stage::Rcpt, 553, "5.1.8 bad sender"),
            (Stage::Rcpt, 451, "4.3.0 queue problem"),
            (Stage::Data, 554, "no"),
            (Stage::Message, 452, "4.3.1 disk full"),
            (Stage::Message, 451, "try later"),
        ] {
            assert_eq!(judge(stage, code, text), Whom::Server, "{stage:?} {code} {text}");
        }
    }

    #[test]
    fn what_may_be_either_says_so() {
        for (stage, code, text) in [
            (Stage::Rcpt, 550, "no"),
            (Stage::Rcpt, 450, "later"),
            (Stage::Rcpt, 554, "5.7.1 relay access denied"),
            (Stage::Message, 554, "5.7.1 looks like spam"),
            (Stage::Message, 554, "no"),
        ] {
            assert_eq!(judge(stage, code, text), Whom::Unclear, "{stage:?} {code} {text}");
        }
    }

    #[test]
    fn only_a_real_enhanced_code_counts() {
        assert_eq!(enhanced("5.1.1 no"), Some((1, 1)));
        for text in ["", "no", "1.2.3.4 is listed", "2.0.0 ok", "5.1 no", "5.x.1 no"] {
            assert_eq!(enhanced(text), None, "{text}");
        }
    }
}
