//! Who can hold a number, and who its calls can go to: a member or a user group (R48).

use super::rows;
pub use super::rows::list_groups;
use crate::{
    clock::At,
    db::{AccountId, Conn, GroupId, MemberId},
    failure::Failure,
    members::{self, Status, StatusWord},
    routing::Destination,
};

/// A member or a user group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// A member.
    Member(MemberId),
    /// A user group.
    Group(GroupId),
}

impl Party {
    /// As forms send it: `member:ID`, `group:ID`.
    pub fn word(self) -> String {
        self.destination().word()
    }

    /// The member; nothing for a group.
    pub const fn person(self) -> Option<MemberId> {
        match self {
            Party::Member(id) => Some(id),
            Party::Group(_) => None,
        }
    }

    /// What a form sent.
    pub fn from_word(word: &str) -> Option<Self> {
        match Destination::parse(word).ok()? {
            Destination::Member(id) => Some(Party::Member(id)),
            Destination::Group(id) => Some(Party::Group(id)),
            _ => None,
        }
    }

    /// The same as a place where calls can go.
    pub fn destination(self) -> Destination {
        match self {
            Party::Member(id) => Destination::Member(id),
            Party::Group(id) => Destination::Group(id),
        }
    }
}

/// A party with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Which.
    pub party: Party,
    /// What pages call it.
    pub name: String,
    /// What files call it: the address or username of a member, `group:Name`.
    pub key: String,
    /// Where a member stands; nothing for a group.
    pub status: Option<Status>,
}

impl Who {
    /// A member by the parts of a row.
    pub(super) fn member(id: MemberId, (first, last, email, username, status): Person) -> Self {
        Who {
            party: Party::Member(id),
            name: members::display_name(&first, &last, email.as_deref(), username.as_deref()),
            key: email.or(username).unwrap_or_default(),
            status: Some(status),
        }
    }

    /// A group.
    pub(super) fn group(id: GroupId, name: String) -> Self {
        Who { party: Party::Group(id), key: format!("group:{name}"), name, status: None }
    }

    /// The member; nothing for a group.
    pub fn person(&self) -> Option<MemberId> {
        self.party.person()
    }

    /// The name, and for those who have not joined that they are invited.
    pub fn shown(&self) -> String {
        if self.is_invited() { format!("{} (invited)", self.name) } else { self.name.clone() }
    }

    /// Is it somebody who has not joined yet?
    pub fn is_invited(&self) -> bool {
        self.status == Some(Status::Invited)
    }
}

/// A member's names and status, as joined rows have them.
pub(super) type Person = (String, String, Option<String>, Option<String>, Status);

/// Why a party cannot be given a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is no such member or group.
    Unknown,
    /// The member was removed.
    Removed,
    /// The member is invited, and the invitation does not run any more.
    InviteOver,
}

impl Unfit {
    /// The sentence beside the field.
    pub const fn sentence(self) -> &'static str {
        match self {
            Unfit::Unknown => "Choose a user or a user group from the list.",
            Unfit::Removed => "That person was removed from the account. Choose somebody else.",
            Unfit::InviteOver => "The invite of that person is over. Send it again first, or choose somebody else.",
        }
    }
}

/// The party with its name, if it can be given a number: a group, an active or deactivated member, or one whose invitation
/// runs (R10, R48).
pub(super) fn find_fit(conn: &mut Conn, account: AccountId, party: Party, now: At) -> Result<Result<Who, Unfit>, Failure> {
    match party {
        Party::Group(id) => Ok(rows::find_group(conn, account, id)?.map(|name| Who::group(id, name)).ok_or(Unfit::Unknown)),
        Party::Member(id) => {
            if members::find(conn, account, id)?.is_none() {
                return Ok(Err(Unfit::Unknown));
            }
            let row = members::row_of(conn, account, id)?;
            Ok(match row.status_word(now) {
                StatusWord::Active | StatusWord::Deactivated | StatusWord::Invited => {
                    Ok(Who::member(id, (row.first_name, row.last_name, row.email, row.username, row.status)))
                }
                StatusWord::Expired | StatusWord::SendAgain => Err(Unfit::InviteOver),
                StatusWord::Removed => Err(Unfit::Removed),
            })
        }
    }
}
