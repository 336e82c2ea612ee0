//! What the billing page and the invoice say of a line and of an invoice.

use crate::{
    billing::{Day, Invoice, InvoiceStatus, address::HOME, statement::Line},
    members::address::LIST,
    web::{
        FlashLink,
        parts::{Badge, When},
        words::thousands,
    },
};

/// A day of the account's zone, which is the same day wherever it is read.
pub(super) fn day(day: Day) -> When {
    When { text: day.to_string(), iso: day.iso(), full: String::new() }
}

/// Where an invoice stands.
pub(super) fn badge(status: InvoiceStatus) -> Badge {
    let kind = match status {
        InvoiceStatus::Open => "info",
        InvoiceStatus::Paid => "ok",
        InvoiceStatus::Failed => "bad",
    };
    Badge::new(kind, status.name())
}

/// The page of an invoice.
pub(super) fn href(invoice: &Invoice) -> String {
    format!("{HOME}/invoices/{}", invoice.id)
}

/// Whoever a line is about: a link to their page, or a name alone.
pub(super) struct WhoView {
    pub(super) name: String,
    pub(super) href: Option<String>,
}

/// A line of the ledger.
pub(super) struct LineView {
    pub(super) day: When,
    pub(super) who: Option<WhoView>,
    pub(super) what: String,
    pub(super) moved: String,
    pub(super) stand: String,
    pub(super) why: String,
    pub(super) amount: String,
    pub(super) invoice: Option<FlashLink>,
    pub(super) seats: String,
    pub(super) price: String,
    pub(super) days: String,
}

impl LineView {
    /// `moved` is how many more active members there were after it.
    pub(super) fn of(line: &Line, moved: i64) -> Self {
        let entry = &line.entry;
        let link = |(id, name): (_, &String)| FlashLink { label: name.clone(), href: format!("{HOME}/invoices/{id}") };
        LineView {
            day: day(entry.happened_on),
            who: line.who.as_ref().map(|who| WhoView { name: who.name.clone(), href: who.id.map(|id| format!("{LIST}/{id}")) }),
            what: line.what(),
            moved: match moved {
                0 => String::new(),
                1.. => format!("+{}", thousands(moved)),
                _ => format!("−{}", thousands(-moved)),
            },
            stand: format!("{} active, {} paid", thousands(entry.active_seats), thousands(entry.paid_seats)),
            why: line.why(),
            amount: entry.amount.to_string(),
            invoice: entry.invoice_id.zip(line.invoice.as_ref()).map(link),
            seats: thousands(entry.seats),
            price: entry.price.to_string(),
            days: format!("{} of {}", entry.days_left, entry.days_in_cycle),
        }
    }
}
