//! Bulk invite (R25–R30): a file is checked row by row, shown, and then sent by the server itself, a piece at a time.
//!
//! The file's rows stand in a table of their own, each with its outcome. What is to be sent moves once, in the transaction
//! that writes the invitation, so that no click, reload, crash or second process invites a row twice (T26).

mod check;
mod history;
mod keeping;
mod reading;
mod rows;
mod sender;
mod sending;
mod work;

pub use check::{Judged, check};
pub use history::{Listed, Shown, history};
pub use keeping::{StartRefusal, Started, failed_rows, forget, keep, start, sweep};
pub use reading::{COLUMNS, Terms, notice_of_roles};
pub use rows::{Row, count_running, find_uploader, list_problems, list_rows};
pub use sending::{CHUNK, Pace, send_some};
pub use work::{run, work};

use diesel::prelude::*;

use crate::{
    clock::At,
    db::{AccountId, BulkInviteId, Conn, MemberId, schema::bulk_invites},
    failure::Failure,
    words,
};

words! {
    /// Where a file of people stands.
    State {
        /// Checked, and nothing sent.
        Checked = "checked",
        /// The server is at it.
        Sending = "sending",
        /// Every row is settled.
        Done = "done",
        /// Whoever sent it may not invite any more: the rest waits for somebody else.
        Stopped = "stopped",
    }
}

words! {
    /// What becomes of a row.
    Outcome {
        /// Will be invited.
        Invite = "invite",
        /// Is invited already, and will be sent another invitation.
        Resend = "resend",
        /// Left out, for a reason.
        Skip = "skip",
        /// Wrong, for a reason.
        Error = "error",
        /// Was invited.
        Invited = "invited",
        /// Was sent another invitation.
        Resent = "resent",
    }
}

/// A file of people to invite.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = bulk_invites)]
pub struct Upload {
    /// Its id.
    pub id: BulkInviteId,
    /// Its account.
    pub account_id: AccountId,
    /// What it was called.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// Are people who are invited already sent another invitation?
    pub resend_pending: bool,
    headers: String,
    notices: String,
    delimiter: String,
    /// Who uploaded it.
    pub uploaded_by: Option<MemberId>,
    /// Who had it sent.
    pub started_by: Option<MemberId>,
    started_from: String,
    /// How many rows it has.
    pub lines: i64,
    /// How many of them were to be sent.
    pub sendable: i64,
    /// Rows yet to be invited.
    pub to_invite: i64,
    /// Rows yet to be sent another invitation.
    pub to_resend: i64,
    /// Rows left out.
    pub skipped: i64,
    /// Rows that are wrong.
    pub failed: i64,
    /// Rows invited.
    pub invited: i64,
    /// Rows sent another invitation.
    pub resent: i64,
    sent_to: i64,
    /// When it was uploaded.
    pub created_at: At,
    /// When its sending began.
    pub started_at: At,
    /// When its sending ended.
    pub ended_at: At,
    /// Its rows were deleted; the counts stay.
    pub emptied: bool,
}

impl Upload {
    /// What its reader did that whoever sent the file should know.
    pub fn notices(&self) -> Vec<String> {
        serde_json::from_str(&self.notices).unwrap_or_default()
    }

    /// Its own header.
    pub fn headers(&self) -> Vec<String> {
        serde_json::from_str(&self.headers).unwrap_or_default()
    }

    /// Rows yet to be sent.
    pub const fn waiting(&self) -> i64 {
        self.to_invite + self.to_resend
    }
}

/// The upload of this account with this id.
pub fn get(conn: &mut Conn, account: AccountId, id: BulkInviteId) -> Result<Upload, Failure> {
    rows::find(conn, account, id)?.ok_or(Failure::NotFound)
}
