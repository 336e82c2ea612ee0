//! What is typed as a second factor: codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds), and recovery
//! codes.

use totp_rs::{Builder, Totp};

use crate::{
    clock::At,
    db::{Digest32, MemberId},
    failure::Failure,
    keys::{self, Keys},
};

/// What an authenticator app shares with the server.
#[derive(Clone)]
pub struct Secret([u8; 20]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A secret that nobody can guess without the instance key, and that is the same for the same `about`.
    pub(super) fn derived(keys: &Keys, about: &[&[u8]]) -> Self {
        let mut bytes = [0; 20];
        bytes.copy_from_slice(&keys.fingerprint(about).0[..20]);
        Secret(bytes)
    }

    /// The secret of the bytes that a column kept.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Secret)
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn totp(&self, labels: Option<(&str, &str)>) -> Result<Totp, Failure> {
        let builder = Builder::new().with_secret(totp_rs::Secret::new_stack(self.0));
        let builder = match labels {
            Some((company, login)) => builder.with_issuer(Some(without_colon(company))).with_account_name(without_colon(login)),
            None => builder,
        };
        builder.build().map_err(|error| Failure::internal(error.to_string()))
    }

    /// The step, counted in 30 seconds since 1970, of which `code` is the code; one step early or late still counts.
    pub(super) fn step_of(&self, code: &str, now: At) -> Result<Option<i64>, Failure> {
        let Ok(seconds) = u64::try_from(now.micros() / 1_000_000) else { return Ok(None) };
        Ok(self.totp(None)?.check(code, seconds).and_then(|step| i64::try_from(step).ok()))
    }

    /// The text that is typed into an app that cannot read the picture.
    pub fn text(&self) -> String {
        totp_rs::Secret::new_stack(self.0).to_base32()
    }

    /// The link in the picture that an app reads; `company` and `login` name the entry there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn link(&self, company: &str, login: &str) -> Result<String, Failure> {
        self.totp(Some((company, login)))?.to_url().map_err(|error| Failure::internal(error.to_string()))
    }
}

/// A colon separates company and login in the link.
fn without_colon(text: &str) -> String {
    let text = text.replace(':', " ");
    if text.trim().is_empty() { "Rollcall".into() } else { text }
}

/// What somebody typed as their second factor.
#[derive(Debug)]
pub enum Typed {
    /// Six digits of an authenticator app.
    App(String),
    /// A recovery code, folded.
    Recovery(String),
}

impl Typed {
    /// Reads what was typed; spaces and dashes do not count.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).collect();
        match text.len() {
            0 => Err("Enter the 6-digit code from your app, or a recovery code."),
            6 if text.bytes().all(|b| b.is_ascii_digit()) => Ok(Typed::App(text)),
            _ => Ok(Typed::Recovery(text.to_ascii_lowercase())),
        }
    }
}

/// So many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;
/// Letters and digits that are not mistaken for one another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
const LENGTH: usize = 12;

/// A recovery code: 60 random bits.
pub(super) fn fresh_recovery() -> String {
    keys::random::<LENGTH>().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).iter().collect()
}

/// A recovery code as it is shown: `abcd-efgh-jkmn`.
pub(super) fn shown(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What the database keeps of a recovery code.
pub(super) fn recovery_digest(keys: &Keys, member: MemberId, code: &str) -> Digest32 {
    keys.fingerprint(&[b"recovery code", member.as_str().as_bytes(), code.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t7_codes_are_those_of_rfc_6238() {
        let secret = Secret::of_bytes(b"12345678901234567890").unwrap();
        // The last six digits of the RFC's eight.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            let at = |seconds: i64| At::from_micros(seconds * 1_000_000);
            let found = |seconds: i64| secret.step_of(code, at(seconds)).unwrap();
            assert_eq!([0, 29, -30, 30, 61, -61].map(|off| found(seconds + off).is_some()), [true, true, true, true, false, false], "{code}");
            assert_eq!(found(seconds), Some(seconds / 30));
        }
        assert_eq!(secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn t7_what_is_typed_is_read_kindly() {
        assert!(matches!(Typed::parse(" 123 456 "), Ok(Typed::App(code)) if code == "123456"));
        assert!(matches!(Typed::parse("ABCD-efgh jkmn"), Ok(Typed::Recovery(code)) if code == "abcdefghjkmn"));
        assert!(Typed::parse(" - ").is_err());
        let code = fresh_recovery();
        assert_eq!(code.len(), 12);
        assert!(matches!(Typed::parse(&shown(&code)), Ok(Typed::Recovery(same)) if same == code));
    }

    #[test]
    fn t7_a_company_with_a_colon_still_gets_its_picture() {
        let secret = Secret::of_bytes(b"12345678901234567890").unwrap();
        let link = secret.link("Acme: Phone & Co", "ada@acme.test").unwrap();
        assert!(link.starts_with("otpauth://totp/Acme"), "{link}");
        assert!(link.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{link}");
        assert!(secret.link(":", ":").is_ok());
    }
}
