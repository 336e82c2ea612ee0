//! Members: the people of an account.

mod acceptance;
pub(crate) mod address;
mod availability;
pub mod bulk;
mod details;
mod ending;
pub mod forms;
mod holders;
mod invitation;
mod list;
mod names;
mod notice;
mod own_email;
mod own_profile;
mod ownership;
pub mod pages;
mod role;
mod rows;
pub mod selection;
mod traces;
mod username_members;

pub use acceptance::{Acceptance, Accepted, Opening, accept, look_up};
pub use availability::set_availability;
pub use details::{Details, EditRefusal, Edited, edit, may_edit};
pub use ending::{
    Barred, Consequences, DeactivateRefusal, EraseRefusal, Line, RemoveRefusal, Restored, ReturnRefusal, Ringing, barred, deactivate, ends_at,
    erase_due, erase_now, list_due, may_deactivate, may_remove, may_return, reactivate, remove, restore,
};
pub use holders::{owner_name, whom_to_ask};
pub use invitation::{
    Invite, InviteRefusal, Invited, LinkRefusal, Refused, add_sample_invitations, cancel, expire, invite, invite_afresh, places, renew, show_link,
    void_of,
};
pub use list::{Filters, Held, Row, Shown, Sort, StatusWord, export, list_inviters, page, row_of};
pub(crate) use names::is_hidden;
pub use names::{DeviceAddress, EmailAddress, JobTitle, PersonName, SignInName, Username};
pub(crate) use notice::{tell, tell_owner};
pub use own_email::{ask_for_change, confirm_address, confirm_change};
pub use own_profile::{OwnDetails, edit_own};
pub use ownership::{Transfer, TransferRefusal, may_own, transfer, transfer_by_operator};
pub use role::{RoleChange, RoleRefusal, change_role, may_have_role};
pub use rows::{
    InvitationState, count_by_status, count_pending, count_placed, count_supervisors, find, find_live_email, find_live_username, find_owner, get,
    insert, insert_many, is_on_call, list_placed, list_supervisors, prove_address, set_credentials,
};
pub use traces::Traces;
pub use username_members::{CreateRefusal, GiveRefusal, NewUser, create_user, give_password, may_give_password};

use diesel::prelude::*;

use crate::{
    accounts::Account,
    authz::Role,
    clock::At,
    db::{AccountId, MemberId, schema::members},
    words,
};

words! {
    /// Where a member stands (R1).
    Status {
        /// Asked to join.
        Invited = "invited",
        /// Joined.
        Active = "active",
        /// Kept, but out (R21).
        Deactivated = "deactivated",
        /// Gone, until erased (R22, R23).
        Removed = "removed",
    }
}

words! {
    /// Whether a member takes calls, by their own word (R42).
    Availability {
        /// Calls ring.
        Available = "available",
        /// Calls pass them by.
        Away = "away",
    }
}

words! {
    /// How pages look to a member.
    Theme {
        /// As the system says.
        System = "system",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

impl Theme {
    /// The value of the page's `data-theme`; empty where the system decides.
    pub const fn attribute(self) -> &'static str {
        match self {
            Theme::System => "",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// A person in an account.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = members)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// Their account.
    pub account_id: AccountId,
    /// Their address; users by username may have none.
    pub email: Option<String>,
    /// When the address was proved to be theirs (T1).
    pub email_verified_at: Option<At>,
    /// Their username, for users by username.
    pub username: Option<String>,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// What they do.
    pub job_title: String,
    /// What they are to the account.
    pub role: Role,
    /// Where they stand.
    pub status: Status,
    /// Argon2id hash of their password.
    pub password_hash: Option<String>,
    /// The number that their sessions must carry (T6).
    pub session_epoch: i64,
    /// Their own zone; the account's when they chose none.
    pub time_zone: Option<String>,
    /// How pages look to them.
    pub theme: Theme,
    /// Who invited them.
    pub invited_by: Option<MemberId>,
    /// Whether they take calls, by their own word.
    pub availability: Availability,
    /// When they joined.
    pub joined_at: At,
    /// When they last used the portal, to the minute.
    pub last_active_at: At,
    /// Counts edits (R59).
    pub version: i64,
    /// Where the switch finds their phone: a SIP address or an extension.
    pub device: String,
    /// Somebody else knows their password: they must choose another before anything else opens (R2).
    pub must_change_password: bool,
    /// When they were removed.
    pub removed_at: Option<At>,
    /// When their personal data is due to be erased, once they are removed (R23).
    pub erase_at: Option<At>,
    /// When it was.
    pub erased_at: Option<At>,
    /// When they set up their second factor (T7); never, while they have none.
    pub second_factor_at: At,
}

impl Member {
    /// Does their sign-in take two steps (T7)?
    pub const fn has_second_factor(&self) -> bool {
        !self.second_factor_at.is_never()
    }
    /// Is their account closed, and not theirs (R38)?
    pub fn is_shut_out_of(&self, account: &Account) -> bool {
        account.closed_at.is_some() && self.role != Role::Owner
    }
    /// Their name, or the address or username that stands for it.
    pub fn display_name(&self) -> String {
        display_name(&self.first_name, &self.last_name, self.email.as_deref(), self.username.as_deref())
    }
}

/// A person's name, or the address or username that stands for it.
pub(crate) fn display_name(first: &str, last: &str, email: Option<&str>, username: Option<&str>) -> String {
    match (first.is_empty(), last.is_empty()) {
        (false, false) => format!("{first} {last}"),
        (false, true) => first.to_owned(),
        (true, false) => last.to_owned(),
        (true, true) => email.or(username).unwrap_or("Former member").to_owned(),
    }
}

/// A member about to be written for the first time.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// The id they will have.
    pub id: MemberId,
    /// Their account.
    pub account: AccountId,
    /// Their address.
    pub email: Option<EmailAddress>,
    /// Their username, for users by username.
    pub username: Option<Username>,
    /// Their name, when known.
    pub name: PersonName,
    /// What they are to the account.
    pub role: Role,
    /// Where they stand.
    pub status: Status,
    /// Argon2id hash of their password, once they have one.
    pub password_hash: Option<String>,
    /// Somebody else knows their password.
    pub must_change_password: bool,
    /// Who invited them.
    pub invited_by: Option<MemberId>,
    /// When they joined.
    pub joined_at: At,
    /// When they last used the portal.
    pub last_active_at: At,
}

impl NewMember {
    /// Somebody without a name, an address or a password yet.
    pub fn new(account: AccountId, role: Role, status: Status, now: At) -> Self {
        NewMember {
            id: MemberId::fresh(now),
            account,
            email: None,
            username: None,
            name: PersonName::default(),
            role,
            status,
            password_hash: None,
            must_change_password: false,
            invited_by: None,
            joined_at: if matches!(status, Status::Active) { now } else { At::NEVER },
            last_active_at: At::NEVER,
        }
    }
}
