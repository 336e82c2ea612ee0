//! An account: one customer, with its own members, plan and zone.

pub(crate) mod address;
pub mod forms;
pub mod pages;
mod policy;
mod rows;
mod settings;
mod signup;

pub use policy::TwoFactorPolicy;
pub use rows::{count, count_erased, find, find_by_slug, find_slug, get, list_ids, move_counter};
pub use settings::{AccountDetails, Shown, edit};
pub use signup::{Founder, Opened, SignupRefusal, open};

use diesel::prelude::*;

use crate::{
    clock::At,
    db::{AccountId, schema::accounts},
    members::is_hidden,
    web::{listing::fold, zone::Zone},
};

/// An account as rules and pages see it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its short name, for username sign-in.
    pub slug: String,
    /// The company's name.
    pub name: String,
    /// The word of its plan.
    pub plan: String,
    /// The zone in which its days are counted.
    pub time_zone: String,
    /// Members that are active.
    pub active_members: i64,
    /// Members that are invited, whether or not the invitation still runs.
    pub invited_members: i64,
    /// Members that are deactivated.
    pub deactivated_members: i64,
    /// Members that are removed and not yet erased.
    pub removed_members: i64,
    /// Seats that the running cycle has paid for (R33).
    pub paid_seats: i64,
    /// When it was opened.
    pub created_at: At,
    /// When it closed, once it was cancelled (R38).
    pub closed_at: Option<At>,
    /// Of whom it asks a second factor (T7).
    pub require_two_factor: TwoFactorPolicy,
}

impl Account {
    /// The zone in which its days are counted.
    pub fn zone(&self) -> Zone {
        Zone::from_column(&self.time_zone)
    }
}

/// A company's name: 1 to 80 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyName(String);

impl CompanyName {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.chars().count() {
            0 => Err("Enter your company's name."),
            1..=80 if !text.chars().any(is_hidden) => Ok(CompanyName(text)),
            _ => Err("A company's name has at most 80 characters."),
        }
    }
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The short name it suggests: `Acme Phone & Co.` is `acme-phone-co`.
    fn slug(&self) -> String {
        let folded = fold(&self.0);
        let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let slug: String = words.collect::<Vec<_>>().join("-").chars().take(40).collect();
        let slug = slug.trim_matches('-');
        if slug.is_empty() { "account".into() } else { slug.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_suggests_a_slug() {
        for (name, slug) in [("Acme Phone & Co.", "acme-phone-co"), ("Ünïon", "union"), ("日本", "account"), ("a", "a")] {
            assert_eq!(CompanyName::parse(name).unwrap().slug(), slug);
        }
        assert!(CompanyName::parse("  ").is_err());
        assert!(CompanyName::parse(&"x".repeat(81)).is_err());
    }
}
