//! Plans are data (R31): a toml file, compiled in and replaceable, checked when the program starts.

use std::{path::Path, sync::Arc};

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Interval, Money};

const BUILT_IN: &str = include_str!("plans.toml");

/// What an account can buy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The word in forms and in the database.
    pub word: String,
    /// As pages write it.
    pub name: String,
    /// US dollars a seat and month.
    pub price: Decimal,
    /// US dollars a seat and year, where it is not 12 × the month's.
    pub yearly_price: Option<Decimal>,
    /// Fewest seats that are billed.
    pub seats_min: u32,
    /// Most places there are (R36); none where the plan has no limit.
    pub seats_max: Option<u32>,
    /// Has the Supervisor role (R12).
    #[serde(default)]
    pub supervisor: bool,
}

impl Plan {
    /// Is nothing ever charged for it? A plan that left the file has no price that anybody knows, and is not meant.
    pub fn is_free(&self) -> bool {
        self.price.is_zero() && self.yearly_price.is_none_or(|price| price.is_zero()) && self.seats_max != Some(0)
    }

    /// What a seat costs for a cycle of this length (R35).
    pub fn price_of(&self, interval: Interval) -> Money {
        let dollars = match interval {
            Interval::Monthly => self.price,
            Interval::Yearly => self.yearly_price.unwrap_or(self.price * Decimal::from(12)),
        };
        Money::rounded(dollars)
    }

    /// Like "2–5 seats, $19.00 per seat and month".
    pub fn summary(&self) -> String {
        let seats = match self.seats_max {
            Some(max) if max == self.seats_min => format!("{max} seats"),
            Some(max) => format!("{}–{max} seats", self.seats_min),
            None => format!("{} seats or more", self.seats_min),
        };
        if self.price.is_zero() { format!("{seats}, no charge") } else { format!("{seats}, ${:.2} per seat and month", self.price) }
    }
}

/// Every plan of this server, in the file's order.
#[derive(Clone, Debug)]
pub struct Plans(Arc<[Plan]>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    plan: Vec<Plan>,
}

impl Plans {
    /// The plans in the file at `path`, or the built-in ones.
    ///
    /// # Errors
    /// A sentence that names the file and the mistake.
    pub fn open(path: Option<&Path>) -> Result<Self, String> {
        let Some(path) = path else { return Self::parse(BUILT_IN) };
        let text = std::fs::read_to_string(path).map_err(|e| format!("ROLLCALL_PLANS: {} cannot be read ({e}).", path.display()))?;
        Self::parse(&text).map_err(|e| format!("ROLLCALL_PLANS: {}: {e}", path.display()))
    }

    /// The plans that `text` describes.
    ///
    /// # Errors
    /// A sentence for the first mistake, with its plan or its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| crate::settings::one_line(&e))?;
        for (i, plan) in file.plan.iter().enumerate() {
            plan.check().map_err(|e| format!("plan {:?}: {e}", plan.word))?;
            if file.plan[..i].iter().any(|earlier| earlier.word == plan.word || earlier.name == plan.name) {
                return Err(format!("plan {:?}: there are two plans of this word or name; give each its own.", plan.word));
            }
        }
        if file.plan.is_empty() {
            return Err("there is no plan; write at least one [[plan]].".into());
        }
        Ok(Plans(file.plan.into()))
    }

    /// Every plan.
    pub fn all(&self) -> &[Plan] {
        &self.0
    }

    /// The plan of a word.
    pub fn find(&self, word: &str) -> Option<&Plan> {
        self.0.iter().find(|plan| plan.word == word)
    }

    /// The plan of an account. One that left the file keeps its members but allows nobody new.
    pub fn of_account(&self, word: &str) -> Plan {
        self.find(word).cloned().unwrap_or_else(|| Plan {
            word: word.to_owned(),
            name: word.to_owned(),
            price: Decimal::ZERO,
            yearly_price: None,
            seats_min: 1,
            seats_max: Some(0),
            supervisor: false,
        })
    }

    /// The names of the plans with the Supervisor role, for a sentence: "Pro and above".
    pub fn with_supervisor(&self) -> String {
        self.0.iter().find(|plan| plan.supervisor).map_or_else(|| "not in any plan".into(), |plan| format!("{} and above", plan.name))
    }
}

impl Plan {
    fn check(&self) -> Result<(), String> {
        let word_fits =
            !self.word.is_empty() && self.word.len() <= 40 && self.word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit());
        if !word_fits {
            return Err("its word must be lower-case letters, digits and underscores.".into());
        }
        if self.name.trim().is_empty() || self.name.len() > 80 {
            return Err("its name must have 1 to 80 characters.".into());
        }
        for (what, price) in [("price", Some(self.price)), ("yearly_price", self.yearly_price)] {
            let Some(price) = price else { continue };
            if price.is_sign_negative() && !price.is_zero() {
                return Err(format!("its {what} {price} is negative; write 0 or more."));
            }
            if price.normalize().scale() > 2 || price > Decimal::from(1_000_000) {
                return Err(format!("its {what} {price} must be whole cents and at most 1000000."));
            }
        }
        if self.seats_min == 0 {
            return Err("its seats_min must be 1 or more.".into());
        }
        match self.seats_max {
            Some(max) if max < self.seats_min => Err(format!("its seats_max {max} is under its seats_min {}.", self.seats_min)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r31_the_built_in_plans_are_the_documents() {
        let plans = Plans::parse(BUILT_IN).unwrap();
        let rows: Vec<_> = plans.all().iter().map(|p| (p.word.as_str(), p.price.to_string(), p.seats_min, p.seats_max, p.supervisor)).collect();
        assert_eq!(
            rows,
            [
                ("free", "0.00".into(), 1, Some(2), false),
                ("essentials", "19.00".into(), 2, Some(5), false),
                ("team", "29.00".into(), 2, None, false),
                ("pro", "49.00".into(), 2, None, true),
                ("pro_plus", "89.00".into(), 2, None, true),
                ("business", "99.00".into(), 10, None, true),
            ]
        );
        assert_eq!(plans.with_supervisor(), "Pro and above");
    }

    #[test]
    fn r31_every_mistake_in_a_plans_file_gets_a_sentence() {
        let plan = |changes: &str| {
            let mut lines = vec![("word", "\"a\""), ("name", "\"A\""), ("price", "\"1.00\""), ("seats_min", "2")];
            for change in changes.split(';').filter(|c| !c.is_empty()) {
                let (key, value) = change.split_once('=').unwrap();
                lines.retain(|(k, _)| *k != key);
                if value != "-" {
                    lines.push((key, value));
                }
            }
            let body: Vec<String> = lines.iter().map(|(k, v)| format!("{k} = {v}")).collect();
            format!("[[plan]]\n{}\n", body.join("\n"))
        };
        assert!(Plans::parse(&plan("")).is_ok());
        for (text, needle) in [
            (plan("price=\"-1\""), "negative"),
            (plan("price=\"1.005\""), "whole cents"),
            (plan("price=\"x\""), "line"),
            (plan("price=-"), "price"),
            (plan("seats_min=0"), "1 or more"),
            (plan("seats_min=-3"), "line"),
            (plan("seats_max=1"), "under its seats_min"),
            (plan("word=\"Team Plan\""), "lower-case"),
            (plan("name=\" \""), "1 to 80"),
            (plan("colour=\"red\""), "colour"),
            (plan("") + &plan(""), "two plans"),
            (String::new(), "plan"),
            ("plan = []".into(), "at least one"),
        ] {
            let error = Plans::parse(&text).unwrap_err();
            assert!(error.contains(needle), "{error} should say {needle}");
        }
    }
}
