//! Telephone numbers of an account: who holds them, and where their calls go.

mod adding;
mod assignment;
pub mod forms;
pub mod import;
mod incoming;
mod label;
mod leaving;
pub mod list;
pub mod pages;
mod party;
mod phone;
mod release;
mod reservation;
mod rows;

pub use adding::{AddRefusal, LabelRefusal, NewNumber, add, relabel};
pub use assignment::{AssignRefusal, Present, assign, unassign};
pub use incoming::direct;
pub use label::Label;
pub use leaving::{leave_group, leave_member};
pub use list::{Assigned, Filters, IncomingWord, Shown, export, page};
pub use party::{Party, Who, list_groups};
pub use phone::PhoneNumber;
pub use release::{ReleaseRefusal, Use, release, users_of};
pub use reservation::{accounts_with_expired, free_expired, free_of, reserve};
pub use rows::{
    Row, count, e164_of_members, find, find_by_e164, get, insert_many, list_available, list_choices, list_free, list_of_group, list_of_member,
    list_pointing_at, names_of_members, recount, row_of, rows_by_e164,
};

use diesel::prelude::*;

use crate::{
    db::{GroupId, MemberId, NumberId, schema::numbers},
    words,
};

words! {
    /// What kind of destination the incoming calls of a number have.
    IncomingKind {
        /// Whoever the number is assigned to.
        Assignee = "assignee",
        /// A member.
        Member = "member",
        /// A user group.
        Group = "group",
        /// Voicemail.
        Voicemail = "voicemail",
    }
}

/// A telephone number of an account.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = numbers)]
pub struct Number {
    /// Its id.
    pub id: NumberId,
    /// In E.164.
    #[diesel(column_name = number)]
    pub e164: String,
    /// As people write it abroad.
    pub international: String,
    /// The two letters of its country; nothing for numbers of no country.
    pub region: String,
    /// What the account calls it; perhaps nothing.
    pub label: String,
    member_id: Option<MemberId>,
    group_id: Option<GroupId>,
    incoming_kind: IncomingKind,
    incoming_member_id: Option<MemberId>,
    incoming_group_id: Option<GroupId>,
    /// Where its calls went is gone and voicemail took the place (R22, R46).
    pub incoming_lost: bool,
    /// Counts edits (R59).
    pub version: i64,
}

impl Number {
    /// Whom it is assigned to. A reservation that ran out still stands here until it is cleared; [`Row::holder`] knows.
    pub fn assignee(&self) -> Option<Party> {
        self.member_id.map(Party::Member).or(self.group_id.map(Party::Group))
    }

    /// Do its incoming calls go to this member or group, as whoever it is assigned to or by choice?
    pub fn reaches(&self, party: Party) -> bool {
        match self.incoming() {
            Incoming::Assignee => self.assignee() == Some(party),
            Incoming::To(chosen) => chosen == party,
            Incoming::Voicemail => false,
        }
    }

    /// Where its incoming calls go.
    pub fn incoming(&self) -> Incoming {
        match (self.incoming_kind, self.incoming_member_id, self.incoming_group_id) {
            (IncomingKind::Member, Some(id), _) => Incoming::To(Party::Member(id)),
            (IncomingKind::Group, _, Some(id)) => Incoming::To(Party::Group(id)),
            (IncomingKind::Voicemail, ..) => Incoming::Voicemail,
            _ => Incoming::Assignee,
        }
    }
}

/// Where the incoming calls of a number go (R48).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Incoming {
    /// To whoever the number is assigned to.
    Assignee,
    /// To this member or group.
    To(Party),
    /// To voicemail.
    Voicemail,
}

impl Incoming {
    /// As forms send it: `assignee`, `member:ID`, `group:ID`, `voicemail`.
    pub fn word(self) -> String {
        match self {
            Incoming::Assignee => "assignee".into(),
            Incoming::To(party) => party.word(),
            Incoming::Voicemail => "voicemail".into(),
        }
    }

    /// What a form sent.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "assignee" => Some(Incoming::Assignee),
            "voicemail" => Some(Incoming::Voicemail),
            other => Party::from_word(other).map(Incoming::To),
        }
    }
}
