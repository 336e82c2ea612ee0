//! What an account calls a number.

use crate::members::is_hidden;

/// Up to 80 characters, or nothing (R47).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.chars().count() {
            0..=80 if !text.chars().any(is_hidden) => Ok(Label(text)),
            0..=80 => Err("A label has letters, digits and spaces; take out what cannot be seen."),
            _ => Err("A label has at most 80 characters."),
        }
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
