//! Passwords: what is accepted as a new one (T3).

use crate::web::listing::fold;

/// A password that was accepted as strong enough.
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Most characters of a password (T3).
const MOST: usize = 256;

/// The hint under a new password.
pub fn hint(least: usize) -> String {
    format!("At least {least} characters. A few unrelated words are strong and easy to remember.")
}

impl Password {
    /// Accepts a new password. `about` is what it must not contain: name, address, company (T3).
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str, least: usize, about: &[&str]) -> Result<Self, String> {
        let length = text.chars().count();
        if length < least {
            return Err(format!("Use at least {least} characters."));
        }
        if length > MOST {
            return Err(format!("Use at most {MOST} characters."));
        }
        let folded = fold(text);
        let words = about.iter().flat_map(|known| fold(known).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>());
        let words: Vec<String> = words.filter(|word| word.chars().count() >= 4).collect();
        if words.iter().any(|word| folded.contains(word)) || about.iter().any(|known| !known.trim().is_empty() && folded == fold(known)) {
            return Err("Leave your name, address and company out of the password.".into());
        }
        let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
        // Its time grows with the length, and what is strong after 100 characters stays so.
        let measured: String = text.chars().take(100).collect();
        if zxcvbn::zxcvbn(&measured, &inputs).score() < zxcvbn::Score::Three {
            return Err("This password is easy to guess. Use more words, or ones that do not belong together.".into());
        }
        Ok(Password(text.to_owned()))
    }

    /// A password by chance, for somebody who is to change it: 100 bits in four groups, of letters and digits that are not
    /// mistaken for each other.
    pub fn generate() -> Self {
        const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let signs: Vec<char> = crate::keys::random::<20>().iter().map(|byte| char::from(SIGNS[usize::from(byte & 31)])).collect();
        Password(signs.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
    }

    /// The password as text, to be shown once to whoever hands it over.
    pub fn shown_once(&self) -> &str {
        &self.0
    }

    /// The password itself, for hashing.
    pub(super) fn reveal(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// A password as typed at sign-in: nothing is asked of it.
    pub fn typed(text: &str) -> Self {
        Password(text.chars().take(MOST + 1).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r2_a_generated_password_is_strong_enough_and_another_each_time() {
        let made: std::collections::BTreeSet<String> = (0..200).map(|_| Password::generate().shown_once().to_owned()).collect();
        assert_eq!(made.len(), 200);
        for text in &made {
            assert_eq!(text.len(), 23, "{text}");
            assert!(Password::parse(text, 12, &["Front Desk", "Acme"]).is_ok(), "{text}");
        }
    }

    #[test]
    fn t3_length_strength_and_what_it_is_about() {
        let about = ["Ada Okafor", "ada@acme.test", "Acme Phone"];
        assert!(Password::parse("correct horse battery staple", 12, &about).is_ok());
        assert!(Password::parse("пароль из четырёх слов", 12, &about).is_ok());
        for (text, needle) in [
            ("short", "at least 12"),
            (&"x1Y-".repeat(65), "at most 256"),
            ("aaaaaaaaaaaaaaaa", "easy to guess"),
            ("password123456", "easy to guess"),
            ("xk7 OKAFOR zq9 vu3", "Leave your name"),
            ("ada@acme.test", "Leave your name"),
        ] {
            let error = Password::parse(text, 12, &about).unwrap_err();
            assert!(error.contains(needle), "{text}: {error}");
        }
    }
}
