//! The SQL of the doctor's look at the ledger.

use diesel::prelude::*;

use crate::{
    billing::Money,
    clock::At,
    db::{
        AccountId, Conn, InvoiceId,
        schema::{accounts, invoices, ledger_entries, subscriptions},
    },
    failure::Failure,
};

/// What an account's rows say of its seats and of its newest numbers.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(in crate::billing) struct Counts {
    pub(in crate::billing) plan: String,
    pub(in crate::billing) active_members: i64,
    pub(in crate::billing) paid_seats: i64,
    #[diesel(embed)]
    pub(in crate::billing) bought: Option<Bought>,
}

/// What its subscription says.
#[derive(Queryable, Selectable)]
#[diesel(table_name = subscriptions)]
pub(in crate::billing) struct Bought {
    pub(in crate::billing) renews_at: At,
    pub(in crate::billing) next_plan: Option<String>,
    pub(in crate::billing) entries: i64,
    pub(in crate::billing) invoices: i64,
}

pub(in crate::billing) fn counts(conn: &mut Conn, account: AccountId) -> Result<Counts, Failure> {
    let row = accounts::table.left_join(subscriptions::table).filter(accounts::id.eq(account));
    Ok(row.select(Counts::as_select()).get_result(conn)?)
}

/// A line of the ledger: its number, the seats after it, what it charged, and where.
pub(in crate::billing) type Line = (i64, i64, i64, Money, Option<InvoiceId>);

/// So many of the account's ledger after the line `after`, in order.
pub(in crate::billing) fn list_lines(conn: &mut Conn, account: AccountId, after: i64, most: i64) -> Result<Vec<Line>, Failure> {
    let own = ledger_entries::table.filter(ledger_entries::account_id.eq(account)).filter(ledger_entries::number.gt(after));
    let columns =
        (ledger_entries::number, ledger_entries::active_seats, ledger_entries::paid_seats, ledger_entries::amount_cents, ledger_entries::invoice_id);
    Ok(own.order(ledger_entries::number).limit(most).select(columns).load(conn)?)
}

/// The account's invoices in order: id, number, total.
pub(in crate::billing) fn list_totals(conn: &mut Conn, account: AccountId) -> Result<Vec<(InvoiceId, i64, Money)>, Failure> {
    let own = invoices::table.filter(invoices::account_id.eq(account));
    Ok(own.order(invoices::number).select((invoices::id, invoices::number, invoices::total_cents)).load(conn)?)
}
