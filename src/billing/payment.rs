//! Whether an invoice was paid: told by the operator, or by whatever program collects the money for them.

use super::{Invoice, InvoiceStatus, Money, rows};
use crate::{
    audit::{self, Author, Event, Target},
    clock::At,
    db::{AccountId, Conn, Tx},
    failure::Failure,
};

/// Reads the number of an invoice as people write it: `INV-0042`, or just 42.
pub fn parse_number(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let digits = match typed.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("INV-") => &typed[4..],
        _ => typed,
    };
    let plain = (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number > 0)
}

/// What became of an invoice that was to be settled.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The invoice as it was.
    pub was: Invoice,
    /// False where it stood so already, and nothing was changed.
    pub changed: bool,
}

/// Why an invoice was not settled.
#[derive(Debug, thiserror::Error)]
pub enum SettleRefusal {
    /// It has another total than was expected: a line came in between, as long as it is open.
    #[error("{} is {} and not {expected}", .invoice.name(), .invoice.total)]
    OtherTotal {
        /// The invoice as it is.
        invoice: Box<Invoice>,
        /// The total that whoever settles it knows.
        expected: Money,
    },
    /// There is no such invoice ([`Failure::NotFound`]), or the write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Marks the account's invoice `number` as paid or failed, by `author`. A failed one can be paid later, and a payment that was
/// taken back fails. One that stands so already is left alone, so that saying it twice does no harm. Whatever is settled gets
/// no more lines (R35). Where `expected` is given, the invoice must have that total: one that is open may have got a line since
/// it was read, and a payment settles no more than was paid.
///
/// # Errors
/// A [`SettleRefusal`]; nothing is changed then.
pub fn mark(
    tx: &mut Tx<'_>,
    author: &Author,
    number: i64,
    status: InvoiceStatus,
    expected: Option<Money>,
    now: At,
) -> Result<Settled, SettleRefusal> {
    let account = author.account();
    tx.lock(account)?;
    let was = rows::billed::find(tx, account, number)?.ok_or(Failure::NotFound)?;
    if let Some(expected) = expected.filter(|expected| *expected != was.total) {
        return Err(SettleRefusal::OtherTotal { invoice: Box::new(was), expected });
    }
    let changed = was.status != status;
    if changed {
        rows::billed::set_status(tx, &was, status, now)?;
        let details = format!("{}, {}: {}, was {}", was.name(), was.total, status.word(), was.status.word());
        audit::record(tx, author, Event::InvoiceSettled, Some(&Target::new(was.id, was.name())), &details, now)?;
    }
    Ok(Settled { was, changed })
}

/// Every invoice of an account, the oldest first, for the operator's list.
///
/// # Errors
/// When the database cannot be asked.
pub fn list_all(conn: &mut Conn, account: AccountId) -> Result<Vec<Invoice>, Failure> {
    rows::billed::list(conn, account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_is_named_as_people_write_it() {
        for (typed, number) in [("INV-0042", Some(42)), ("inv-42", Some(42)), (" 42 ", Some(42)), ("0042", Some(42)), ("INV-10000", Some(10_000))] {
            assert_eq!(parse_number(typed), number, "{typed}");
        }
        for typed in ["", "INV-", "INV-0", "0", "-1", "+1", "4.2", "INV 42", "ÄÖ42", "99999999999999999999", "INV-INV-1"] {
            assert_eq!(parse_number(typed), None, "{typed}");
        }
    }
}
