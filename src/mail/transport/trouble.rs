//! What went wrong in a conversation with the server, and how to tell it on a page.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp;

use super::refusal::judge;
use super::{Refusal, SmtpAddress, Whom};

/// How far the conversation had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Connect,
    Tls,
    /// The server's greeting and its answer to EHLO.
    Hello,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// From the first byte of the mail to the answer after its final dot.
    Message,
}

/// What went wrong.
#[derive(Debug)]
pub(super) enum Cause {
    /// The server answered, with this code and text.
    Said(u16, String),
    /// The connection broke.
    Lost(String),
    /// Nothing came within this time.
    Silent(Duration),
    /// We could not ask for it at all.
    Unable(String),
}

/// A failed step: where, and what.
#[derive(Debug)]
pub(super) struct Trouble {
    pub stage: Stage,
    pub cause: Cause,
}

impl Trouble {
    pub(super) fn new(stage: Stage, cause: Cause) -> Self {
        Self { stage, cause }
    }

    pub(super) fn from_smtp(stage: Stage, error: &smtp::Error) -> Self {
        let cause = match error.status() {
            Some(code) => Cause::Said(u16::from(code), innermost(error)),
            None if error.is_client() => Cause::Unable(innermost(error)),
            None => Cause::Lost(innermost(error)),
        };
        Self { stage, cause }
    }

    /// Whether the server still waits for our next command.
    pub(super) fn leaves_connection_usable(&self) -> bool {
        match self.cause {
            Cause::Said(code, _) => code != 421,
            Cause::Unable(_) => matches!(self.stage, Stage::Mail | Stage::Rcpt),
            Cause::Lost(_) | Cause::Silent(_) => false,
        }
    }

    /// Whether a connection that had been idle turned out dead, with nothing of the mail handed over yet.
    pub(super) fn found_it_dead(&self) -> bool {
        matches!(self.stage, Stage::Mail | Stage::Rcpt | Stage::Data) && matches!(self.cause, Cause::Lost(_) | Cause::Silent(_) | Cause::Said(421, _))
    }

    /// The refusal this is, told about `server`.
    pub(super) fn into_refusal(self, server: &SmtpAddress) -> Refusal {
        let (whom, lasting) = match &self.cause {
            Cause::Said(code, text) => (judge(self.stage, *code, text), *code >= 500),
            Cause::Unable(_) if self.stage == Stage::Rcpt => (Whom::Person, true),
            Cause::Lost(_) | Cause::Silent(_) if self.stage == Stage::Message => (Whom::Unclear, false),
            Cause::Lost(_) | Cause::Silent(_) | Cause::Unable(_) => (Whom::Server, false),
        };
        Refusal { whom, lasting, reason: printable(&self.sentence(server)) }
    }

    fn sentence(&self, server: &SmtpAddress) -> String {
        let address = server;
        let server = &server.host;
        let doubt = match self.stage {
            Stage::Message => " It may have taken the mail.",
            _ => "",
        };
        match (&self.cause, self.stage) {
            (Cause::Said(code, text), _) => format!("{server} said: {code} {text}"),
            (Cause::Silent(limit), stage) => {
                format!("{server} did not {} within {}.{doubt}", stage.awaited(), Seconds(*limit))
            }
            (Cause::Lost(why), Stage::Connect) => format!("{address} cannot be reached: {why}."),
            (Cause::Lost(why), Stage::Tls) => {
                format!("No encrypted connection to {server}: {why}.")
            }
            (Cause::Lost(why), _) => format!("{server} broke the connection off: {why}.{doubt}"),
            (Cause::Unable(why), _) => format!("{server} {why}."),
        }
    }
}

impl Stage {
    fn awaited(self) -> &'static str {
        match self {
            Self::Connect => "accept a connection",
            Self::Tls => "finish the TLS handshake",
            Self::Hello => "greet",
            Self::Auth => "answer the sign-in",
            Self::Mail | Self::Rcpt | Self::Data => "answer",
            Self::Message => "confirm the mail",
        }
    }
}

/// The cause at the bottom, in its own words; lettre repeats itself on the way down.
fn innermost(error: &smtp::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    match deepest.to_string() {
        // lettre's words for a closed socket.
        text if text == "incomplete response" => "it closed the connection".into(),
        text => text,
    }
}

/// One line of at most 400 characters, whatever the server wrote.
fn printable(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(400).collect();
    line.trim_end().to_owned()
}

struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0.as_secs_f32())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: u16, text: &str) -> Refusal {
        let server = SmtpAddress::parse("smtp://mx.acme.test").expect("an address");
        Trouble::new(Stage::Rcpt, Cause::Said(code, text.into())).into_refusal(&server)
    }

    #[test]
    fn the_reason_is_one_printable_line() {
        let refusal = said(550, "5.1.1 no\r\nsuch \u{1b}[31mmailbox");
        assert_eq!(refusal.reason, "mx.acme.test said: 550 5.1.1 no  such  [31mmailbox");
        assert_eq!(said(550, &"x".repeat(9000)).reason.len(), 400);
    }
}
