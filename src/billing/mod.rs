//! Seats and billing: plans, cycles, what seats cost, and the invoices (R31 to R39).

pub(crate) mod address;
mod banners;
mod bill;
mod calendar;
mod cancellation;
mod fitting;
pub mod forms;
mod health;
mod ledger;
mod money;
mod notice;
mod opening;
pub mod pages;
mod payment;
pub mod pdf;
mod plan_change;
mod plan_words;
mod plans;
mod quote;
mod renewal;
mod rows;
mod seats;
mod standing;
pub mod statement;
mod subscription;
pub mod words;

pub use banners::{Banner, banners};
pub use bill::Bill;
pub use calendar::{Cycle, Day, Interval};
pub use cancellation::{CancelRefusal, ReopenRefusal, Reopened, cancel, reopen};
pub use fitting::{Misfit, misfit};
pub use health::{Health, examine};
pub use ledger::{Charge, Seats};
pub use money::Money;
pub use opening::{first_charge, open};
pub use payment::{SettleRefusal, Settled, list_all, mark, parse_number};
pub use plan_change::{Change, ChangeLine, ChangeRefusal, Choice, Effect, change_plan, preview};
pub use plans::{Plan, Plans};
pub use quote::Quote;
pub use renewal::{hold, list_due, open_missing, settle};
pub(crate) use rows::Stored;
pub use rows::{Entry, Invoice};
pub use seats::{Bought, SeatRefusal, leave, take, take_many};
pub use standing::{Standing, look, standing};
pub use subscription::{Ahead, Subscription, find, move_zone};

use crate::words;

words! {
    /// A step of the seats.
    Step {
        /// The account was opened.
        Opened = "opened",
        /// A cycle began.
        Renewed = "renewed",
        /// The account was opened again after it had closed (R38).
        Reopened = "reopened",
        /// Somebody accepted their invitation.
        Accepted = "accepted",
        /// A user by username was made.
        Created = "created",
        /// Somebody was reactivated.
        Reactivated = "reactivated",
        /// Somebody was restored.
        Restored = "restored",
        /// Somebody was deactivated.
        Deactivated = "deactivated",
        /// An active member was removed.
        Removed = "removed",
        /// The plan became a dearer one (R37).
        Upgraded = "upgraded",
        /// The plan asks for more seats than were paid (R37).
        MinimumRaised = "minimum_raised",
        /// The account closed at the end of its cycle (R38).
        Closed = "closed",
    }
}

words! {
    /// Where an invoice stands.
    InvoiceStatus {
        /// To be paid.
        Open = "open",
        /// Paid.
        Paid = "paid",
        /// The payment failed.
        Failed = "failed",
    }
}

impl InvoiceStatus {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            InvoiceStatus::Open => "Open",
            InvoiceStatus::Paid => "Paid",
            InvoiceStatus::Failed => "Failed",
        }
    }
}
