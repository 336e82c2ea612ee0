//! A group's name.

use unicode_normalization::UnicodeNormalization;

use crate::members::is_hidden;

/// A group's name: 1 to 80 characters, unique in its account whatever the case (R40).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupName(String);

/// Most characters of a name.
const MOST: usize = 80;

impl GroupName {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        // Letters with accents can be written in two ways that look alike.
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        match text.chars().count() {
            0 => Err("Enter a name for the group, like West Coast Sales."),
            1..=MOST if text.chars().any(is_hidden) => Err("A group's name has letters, digits and signs only."),
            1..=MOST => Ok(GroupName(text)),
            _ => Err("A group's name has at most 80 characters."),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By which it is unique: the name in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r40_a_name_has_1_to_80_characters() {
        assert_eq!(GroupName::parse("  Tier  2 Support ").unwrap().as_str(), "Tier 2 Support");
        for name in ["ÉQUIPE", "E\u{301}quipe"] {
            assert_eq!(GroupName::parse(name).unwrap().key(), "équipe");
        }
        assert!(GroupName::parse(&"x".repeat(80)).is_ok());
        for bad in ["", " \n ", &"x".repeat(81), "a\u{202e}b"] {
            assert!(GroupName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
