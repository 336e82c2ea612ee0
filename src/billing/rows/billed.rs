//! The SQL of invoices and of what stands on them.

use diesel::prelude::*;

use crate::{
    billing::{Entry, Invoice, InvoiceStatus},
    clock::At,
    db::{
        AccountId, Conn, InvoiceId, Tx,
        schema::{invoices, ledger_entries},
    },
    failure::Failure,
};

/// The account's invoice of this number.
pub(in crate::billing) fn find(conn: &mut Conn, account: AccountId, number: i64) -> Result<Option<Invoice>, Failure> {
    let row = invoices::table.filter(invoices::account_id.eq(account)).filter(invoices::number.eq(number));
    Ok(row.select(Invoice::as_select()).get_result(conn).optional()?)
}

/// The account's invoices, the oldest first.
pub(in crate::billing) fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<Invoice>, Failure> {
    let own = invoices::table.filter(invoices::account_id.eq(account));
    Ok(own.order(invoices::number).select(Invoice::as_select()).load(conn)?)
}

/// Its lines, in order.
pub(in crate::billing) fn list_lines(conn: &mut Conn, account: AccountId, invoice: InvoiceId) -> Result<Vec<Entry>, Failure> {
    let own = ledger_entries::table.filter(ledger_entries::account_id.eq(account)).filter(ledger_entries::invoice_id.eq(invoice));
    Ok(own.order(ledger_entries::number).select(Entry::as_select()).load(conn)?)
}

/// Sets where an invoice stands, and since when.
pub(in crate::billing) fn set_status(tx: &mut Tx<'_>, invoice: &Invoice, status: InvoiceStatus, now: At) -> Result<(), Failure> {
    let row = diesel::update(invoices::table.find(invoice.id));
    row.set((invoices::status.eq(status), invoices::settled_at.eq(Some(now)))).execute(&mut **tx)?;
    Ok(())
}
