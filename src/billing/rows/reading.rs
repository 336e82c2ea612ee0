//! Billing's SQL: what pages read of the ledger and of the invoices.

use diesel::prelude::*;

use crate::{
    billing::{Charge, Day, Interval, InvoiceStatus, Money, Step},
    clock::At,
    db::{
        AccountId, Conn, InvoiceId, MemberId,
        schema::{invoices, ledger_entries, members},
        sql,
    },
    failure::Failure,
};

/// A line of the ledger.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = ledger_entries)]
pub struct Entry {
    /// Its place in the account's ledger, from 1.
    pub number: i64,
    /// What happened.
    #[diesel(column_name = kind)]
    pub step: Step,
    /// Whose seat it is about.
    pub member_id: Option<MemberId>,
    /// When it was written.
    pub at: At,
    /// The day that it counts for.
    pub happened_on: Day,
    /// The first day of the cycle that it belongs to.
    pub cycle_starts_on: Day,
    /// The plan's name as it was sold.
    pub plan: String,
    /// How long the cycle is.
    #[diesel(column_name = billed)]
    pub interval: Interval,
    /// Seats that are charged.
    pub seats: i64,
    /// The price of each for the whole cycle.
    #[diesel(column_name = price_cents)]
    pub price: Money,
    /// Days that are charged.
    pub days_left: i64,
    /// Days of the cycle.
    pub days_in_cycle: i64,
    /// What was charged.
    #[diesel(column_name = amount_cents)]
    pub amount: Money,
    /// Active members afterwards.
    pub active_seats: i64,
    /// Paid seats afterwards.
    pub paid_seats: i64,
    /// The invoice that it is on; none where nothing was charged.
    pub invoice_id: Option<InvoiceId>,
}

impl Entry {
    /// What it cost, and why.
    pub const fn charge(&self) -> Charge {
        Charge { seats: self.seats, price: self.price, days_left: self.days_left, days_in_cycle: self.days_in_cycle, amount: self.amount }
    }
}

/// An invoice.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invoices)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// Whose it is.
    pub account_id: AccountId,
    /// Counted from 1 in each account, without gaps.
    pub number: i64,
    /// The day of its lines (R35).
    pub issued_on: Day,
    /// The sum of its lines.
    #[diesel(column_name = total_cents)]
    pub total: Money,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// When it was paid, or failed to be.
    pub settled_at: Option<At>,
    /// When it was written.
    pub created_at: At,
}

impl Invoice {
    /// As people write it: `INV-0042`.
    pub fn name(&self) -> String {
        Invoice::name_of(self.number)
    }
    /// The name of the invoice with this number.
    pub fn name_of(number: i64) -> String {
        format!("INV-{number:04}")
    }
}

/// First and last name, email, username and erasure of whoever a line is about.
pub(in crate::billing) type Person = (String, String, Option<String>, Option<String>, Option<At>);

/// A line, whoever it is about, and the number of its invoice.
pub(in crate::billing) type Named = (Entry, Option<Person>, Option<i64>);

macro_rules! lines {
    ($account:expr) => {
        ledger_entries::table
            .left_join(members::table.on(members::id.nullable().eq(ledger_entries::member_id)))
            .left_join(invoices::table.on(invoices::id.nullable().eq(ledger_entries::invoice_id)))
            .filter(ledger_entries::account_id.eq($account))
            .select((
                Entry::as_select(),
                (members::first_name, members::last_name, members::email, members::username, members::erased_at).nullable(),
                invoices::number.nullable(),
            ))
    };
}

/// The account's lines before the number `before`, newest first.
pub(in crate::billing) fn list_lines(conn: &mut Conn, account: AccountId, before: i64, most: i64) -> Result<Vec<Named>, Failure> {
    let lines = lines!(account).filter(ledger_entries::number.lt(before)).order(ledger_entries::number.desc());
    Ok(sql::top(lines, most).load(conn)?)
}

/// The lines of an invoice behind the number `after`, oldest first.
pub(in crate::billing) fn list_invoiced(
    conn: &mut Conn,
    account: AccountId,
    invoice: InvoiceId,
    after: i64,
    most: i64,
) -> Result<Vec<Named>, Failure> {
    let own = lines!(account).filter(ledger_entries::invoice_id.eq(invoice));
    let lines = own.filter(ledger_entries::number.gt(after)).order(ledger_entries::number);
    Ok(sql::top(lines, most).load(conn)?)
}

/// The number of the line that began the cycle of this first day.
pub(in crate::billing) fn find_beginning(conn: &mut Conn, account: AccountId, starts_on: Day) -> Result<Option<i64>, Failure> {
    let begun = ledger_entries::table.filter(ledger_entries::account_id.eq(account)).filter(sql::CyclesBegun);
    Ok(begun.filter(ledger_entries::cycle_starts_on.eq(starts_on)).select(ledger_entries::number).get_result(conn).optional()?)
}

/// The account's invoices before the number `before`, newest first.
pub(in crate::billing) fn list_invoices(conn: &mut Conn, account: AccountId, before: i64, most: i64) -> Result<Vec<Invoice>, Failure> {
    let own = invoices::table.filter(invoices::account_id.eq(account)).filter(invoices::number.lt(before));
    Ok(sql::top(own.order(invoices::number.desc()).select(Invoice::as_select()), most).load(conn)?)
}

/// The account's invoice of this id.
pub(in crate::billing) fn find_invoice(conn: &mut Conn, account: AccountId, id: InvoiceId) -> Result<Option<Invoice>, Failure> {
    let own = invoices::table.filter(invoices::account_id.eq(account)).filter(invoices::id.eq(id));
    Ok(own.select(Invoice::as_select()).get_result(conn).optional()?)
}
