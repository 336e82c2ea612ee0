//! Where a call can be sent.

use crate::{
    db::{GroupId, MemberId, NumberId},
    numbers::PhoneNumber,
};

/// Where a call can be sent: what numbers and groups point at, and what forms and files write (R45, R48).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// The voicemail of whatever sends there.
    Voicemail,
    /// A member.
    Member(MemberId),
    /// A user group.
    Group(GroupId),
    /// A number of the account.
    Number(NumberId),
    /// A number outside the account.
    Phone(PhoneNumber),
}

impl Destination {
    /// As forms send it: `voicemail`, `member:ID`, `group:ID`, `number:ID`, `phone:+E164`.
    pub fn word(&self) -> String {
        match self {
            Destination::Voicemail => "voicemail".into(),
            Destination::Member(id) => format!("member:{id}"),
            Destination::Group(id) => format!("group:{id}"),
            Destination::Number(id) => format!("number:{id}"),
            Destination::Phone(number) => format!("phone:{}", number.as_str()),
        }
    }

    /// What a form sent.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(word: &str) -> Result<Self, String> {
        let unknown = || "Choose where calls go.".to_owned();
        if word == "voicemail" {
            return Ok(Destination::Voicemail);
        }
        let (kind, what) = word.split_once(':').ok_or_else(unknown)?;
        match kind {
            "member" => what.parse().map(Destination::Member).map_err(|_| unknown()),
            "group" => what.parse().map(Destination::Group).map_err(|_| unknown()),
            "number" => what.parse().map(Destination::Number).map_err(|_| unknown()),
            "phone" => PhoneNumber::parse(what).map(Destination::Phone),
            _ => Err(unknown()),
        }
    }
}
