//! User groups: who rings together, when, and what happens when nobody does (R40–R46).

mod creation;
pub mod forms;
pub mod greeting;
pub mod hours;
mod list;
mod membership;
mod names;
pub mod pages;
mod removal;
mod ringing;
mod rows;
mod settings;

pub use creation::{CreateRefusal, create, rename};
pub use list::{Choices, Crew, KEY_PARTS, Listed, Row, Shown, crew, list_choices, names_of_members, page, read_choices};
pub use membership::{JoinRefusal, add, enroll, enroll_each, leave_all, remove, set_groups_of};
pub use names::GroupName;
pub use removal::{Deleted, Reference, delete, references};
pub use ringing::{names_of, snapshot};
pub use rows::{find, get, list_by_keys, list_of_member};
pub use settings::{SettingsRefusal, direct, set_hours, set_ring};

use diesel::prelude::*;

use hours::Hours;

use crate::{
    db::{AccountId, GroupId, NumberId, schema::user_groups},
    numbers::PhoneNumber,
    routing::Destination,
    web::zone::Zone,
    words,
};

words! {
    /// How a group's members ring (R41).
    RingStrategy {
        /// Everybody at once.
        Simultaneous = "simultaneous",
        /// One after another, beginning after whoever was offered the last call.
        RoundRobin = "round_robin",
        /// One after another, beginning with the longest idle.
        LeastRecentlyUsed = "least_recently_used",
    }
}

words! {
    /// The kinds of fallback, as the column has them (R45).
    FallbackKind {
        /// The group's own voicemail.
        Voicemail = "voicemail",
        /// Another group.
        Group = "group",
        /// A number of the account.
        Number = "number",
        /// A number outside the account.
        Phone = "phone",
    }
}

/// A user group.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = user_groups)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its account.
    pub account_id: AccountId,
    /// Its name.
    pub name: String,
    /// How its members ring.
    pub ring_strategy: RingStrategy,
    /// How long they ring before the fallback, in seconds.
    pub ring_secs: i64,
    /// The zone of its hours.
    pub time_zone: String,
    hours: String,
    pub(crate) closed_on: String,
    fallback_kind: FallbackKind,
    fallback_group_id: Option<GroupId>,
    fallback_number_id: Option<NumberId>,
    fallback_phone: Option<String>,
    /// What it fell back to went away, and voicemail took its place (R46).
    pub fallback_lost: bool,
    /// How many are in it.
    pub members: i64,
    /// Counts edits (R59).
    pub version: i64,
}

impl Group {
    /// The zone of its hours.
    pub fn zone(&self) -> Zone {
        Zone::from_column(&self.time_zone)
    }

    /// When it takes calls (R43).
    pub fn opening(&self) -> Hours {
        Hours::from_columns(&self.hours, &self.closed_on)
    }

    /// Where calls go when nobody takes them (R45).
    pub fn fallback(&self) -> Destination {
        let known = match self.fallback_kind {
            FallbackKind::Voicemail => None,
            FallbackKind::Group => self.fallback_group_id.map(Destination::Group),
            FallbackKind::Number => self.fallback_number_id.map(Destination::Number),
            FallbackKind::Phone => self.fallback_phone.clone().map(PhoneNumber::from_column).map(Destination::Phone),
        };
        known.unwrap_or(Destination::Voicemail)
    }
}
