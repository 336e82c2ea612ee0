//! The mail about an invoice that came by itself (R34, R39).

use super::{Entry, Subscription, rows, statement::Line};
use crate::{
    accounts,
    clock::{At, Span},
    db::Tx,
    failure::Failure,
    mail::{self, Letter},
    members::{self, EmailAddress},
};

/// Such a mail is worth sending for so long: a bill is no less due after a week without mail.
const USEFUL: Span = Span::days(28);

/// Mails the Owner the newest invoice, which nobody's click made: a renewal's, or the first one of an account that is older than
/// billing. An Owner without an address is told nothing.
pub(super) fn mail_newest(tx: &mut Tx<'_>, of: &Subscription, now: At) -> Result<(), Failure> {
    let (Some(owner), Some(invoice)) = (members::find_owner(tx, of.account)?, rows::billed::find(tx, of.account, of.invoices)?) else {
        return Ok(());
    };
    let Some(email) = owner.email.as_deref().and_then(|email| EmailAddress::parse(email).ok()) else { return Ok(()) };
    let lines = rows::billed::list_lines(tx, of.account, invoice.id)?;
    let letter = Letter::Invoice {
        company: accounts::get(tx, of.account)?.name,
        name: owner.display_name(),
        number: invoice.name(),
        date: invoice.issued_on.to_string(),
        lines: lines.into_iter().map(line).collect(),
        total: invoice.total.to_string(),
        invoice: invoice.id.to_string(),
    };
    mail::queue(tx, of.account, Some(owner.id), &email, &letter, now + USEFUL, now)?;
    Ok(())
}

/// A line as the mail says it, and its amount. Names of members are not in it: mails are kept elsewhere.
fn line(entry: Entry) -> (String, String) {
    let (formula, amount, line) = (entry.charge().formula(), entry.amount.to_string(), Line::from(entry));
    (format!("{}, {}: {formula}", line.sentence(), line.period()), amount)
}
