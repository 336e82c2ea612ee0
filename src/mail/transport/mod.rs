//! How a mail leaves the house: through an SMTP server, or into a folder while none is set up (R9, T27).
//!
//! [`Transport::deliver`] tries one mail once. Queueing, leases, back-off and the circuit belong to the outbox; what it
//! needs for them is in [`Refusal`]: whom the answer is about, and whether it is lasting.

mod address;
mod connection;
mod files;
mod limits;
mod login;
mod message;
mod refusal;
mod smtp;
mod stream;
mod trouble;
mod trust;

use chrono::{DateTime, Utc};
use lettre::message::Mailbox;

pub use address::{Encryption, SmtpAddress};
pub use files::Folder;
pub use limits::Limits;
pub use refusal::{Refusal, Whom};
pub use smtp::Pool;

/// One mail ready to leave. The same value composes the same mail again, so that a repeated attempt is recognisable as
/// one: its [`message_id`](Self::message_id) and [`date`](Self::date) come from the outbox row, not from the attempt.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The one person it goes to.
    pub to: lettre::Address,
    /// Their name for the `To` header; control characters are taken out.
    pub to_name: Option<String>,
    /// The `Subject` header; control characters are taken out, so it cannot start another header (T19).
    pub subject: String,
    /// The text part. Links stay whole in the raw mail as long as their line has at most 998 characters.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// `local@domain` without angle brackets; `<` and `>` around it are tolerated.
    pub message_id: String,
    /// The `Date` header, and the first part of the name in a [`Folder`].
    pub date: DateTime<Utc>,
}

/// Where mails go.
#[derive(Debug)]
pub enum Transport {
    /// To the SMTP server of `ROLLCALL_SMTP_URL`.
    Smtp(Pool),
    /// Into a folder, one `.eml` each, because no server is set up.
    Files(Folder),
}

impl Transport {
    /// Tries to hand over one mail, once.
    ///
    /// Takes at most [`Limits::delivery`] after it got its turn. Dropping the future gives the mail up and closes its
    /// connection.
    ///
    /// # Errors
    /// The [`Refusal`] says why the mail was not taken, or may not have been: an answer lost after the final dot is a
    /// refusal too, because a mail twice is better than none (T27, at least once).
    pub async fn deliver(&self, from: &Mailbox, mail: &Outgoing) -> Result<(), Refusal> {
        match self {
            Self::Smtp(pool) => pool.deliver(from, mail).await,
            Self::Files(folder) => folder.deliver(from, mail).await,
        }
    }

    /// How many mails can leave at once. More calls of [`deliver`](Self::deliver) than this wait for their turn.
    #[must_use]
    pub fn connections(&self) -> usize {
        match self {
            Self::Smtp(pool) => pool.at_most(),
            Self::Files(_) => 1,
        }
    }

    /// Lets the mails that are leaving finish, says goodbye to the server and takes no further mail (T31).
    /// It waits for at most [`Limits::delivery`].
    pub async fn close(&self) {
        if let Self::Smtp(pool) = self {
            pool.close().await;
        }
    }
}
