//! Plans are data (R31): a toml file, compiled in and replaceable, checked when the program starts.

mod file;

use std::{path::Path, sync::Arc};

use rust_decimal::Decimal;

use super::{Interval, Money, rows::kept};
use crate::{
    db::{Conn, Db},
    failure::Failure,
};

const BUILT_IN: &str = include_str!("plans.toml");

/// What an account can buy.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    pub supervisor: bool,
}

impl Plan {
    /// Is nothing ever charged for it? A plan whose terms nobody knows is not meant.
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

/// The plans of this server: those that can be chosen, in the file's order, and those that left the file.
#[derive(Clone, Debug)]
pub struct Plans {
    offered: Arc<[Plan]>,
    kept: Arc<[Plan]>,
}

impl Plans {
    /// The plans in the file at `path`, or the built-in ones.
    ///
    /// # Errors
    /// A sentence that names the file, the line and the mistake.
    pub fn open(path: Option<&Path>) -> Result<Self, String> {
        let Some(path) = path else { return Self::parse(BUILT_IN) };
        let text = std::fs::read_to_string(path).map_err(|e| format!("ROLLCALL_PLANS: {} cannot be read ({e}).", path.display()))?;
        Self::parse(&text).map_err(|e| format!("ROLLCALL_PLANS: {}, {e}", path.display()))
    }

    /// The plans that `text` describes.
    ///
    /// # Errors
    /// A sentence for the first mistake, with its line and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Plans { offered: file::read(text)?.into(), kept: Arc::default() })
    }

    /// With the last terms of plans that were offered before and left the file, as the database keeps them. They are not
    /// offered: [`Plans::all`] and [`Plans::find`] pass them by.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn recall(&self, conn: &mut Conn) -> Result<Self, Failure> {
        let kept = kept::list(conn)?.into_iter().filter(|plan| self.find(&plan.word).is_none()).collect();
        Ok(Plans { offered: Arc::clone(&self.offered), kept })
    }

    /// [`Plans::recall`] for a program that sells: the terms of what it offers are kept first, for the day that they leave
    /// the file. Of two programs with different files the one that started last is believed.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn offer(&self, db: &Db) -> Result<Self, Failure> {
        let known = db.read_now(kept::list)?;
        let news: Vec<&Plan> = self.offered.iter().filter(|plan| !known.contains(plan)).collect();
        if !news.is_empty() {
            db.write_now(|tx| kept::keep(tx, &news))?;
        }
        db.read_now(|conn| self.recall(conn))
    }

    /// Every plan that can be chosen.
    pub fn all(&self) -> &[Plan] {
        &self.offered
    }

    /// The plan of a word, if it can be chosen.
    pub fn find(&self, word: &str) -> Option<&Plan> {
        self.offered.iter().find(|plan| plan.word == word)
    }

    /// The last terms of a plan that left the file.
    pub fn find_kept(&self, word: &str) -> Option<&Plan> {
        self.kept.iter().find(|plan| plan.word == word)
    }

    /// The plan of an account. One that left the file keeps its last terms; one whose terms nobody knows keeps its members,
    /// but takes in nobody and charges nothing.
    pub fn of_account(&self, word: &str) -> Plan {
        self.find(word).or_else(|| self.find_kept(word)).cloned().unwrap_or_else(|| Plan::unknown(word))
    }

    /// [`Plans::of_account`] beside the database: what another program, with another file, has sold since this one started is
    /// found too.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub(super) fn look_up(&self, conn: &mut Conn, word: &str) -> Result<Plan, Failure> {
        match self.find(word).or_else(|| self.find_kept(word)) {
            Some(plan) => Ok(plan.clone()),
            None => Ok(kept::find(conn, word)?.unwrap_or_else(|| Plan::unknown(word))),
        }
    }

    /// The names of the plans with the Supervisor role, for a sentence: "Pro and above".
    pub fn with_supervisor(&self) -> String {
        self.offered.iter().find(|plan| plan.supervisor).map_or_else(|| "not in any plan".into(), |plan| format!("{} and above", plan.name))
    }
}

impl Plan {
    fn unknown(word: &str) -> Self {
        Plan {
            word: word.to_owned(),
            name: word.to_owned(),
            price: Decimal::ZERO,
            yearly_price: None,
            seats_min: 1,
            seats_max: Some(0),
            supervisor: false,
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
}
