//! `rollcall invoices`: whether what was billed has been paid.

use super::{
    args::{Invoices, OneInvoice},
    work::{self, OPERATOR, sentence},
};
use crate::{
    accounts::{self, Account},
    audit::Author,
    billing::{self, InvoiceStatus, Money, SettleRefusal},
    clock::Clock,
    db::Db,
    failure::Failure,
    settings::Settings,
};

/// So many accounts are named in a sentence.
const NAMED: usize = 20;

pub(super) fn run(settings: &Settings, wish: &Invoices) -> Result<(), String> {
    match wish {
        Invoices::MarkPaid { which, total } => mark(settings, which, InvoiceStatus::Paid, total.as_deref()),
        Invoices::MarkFailed(which) => mark(settings, which, InvoiceStatus::Failed, None),
        Invoices::List { account, open } => list(settings, account.as_deref(), *open),
    }
}

fn mark(settings: &Settings, which: &OneInvoice, status: InvoiceStatus, total: Option<&str>) -> Result<(), String> {
    let number = billing::parse_number(&which.number).ok_or_else(|| format!("{:?} is no invoice number; write it like INV-0042.", which.number))?;
    let expected = total.map(read_total).transpose()?;
    let (db, now) = (work::database(settings)?, Clock::System.now());
    let account = one_account(&db, which.account.as_deref())?;
    let marked = db.write_now(|tx| billing::mark(tx, &Author::program(account.id, OPERATOR), number, status, expected, now));
    let settled = marked.map_err(|refusal| match refusal {
        SettleRefusal::Failure(Failure::NotFound) => {
            format!("{} has no invoice INV-{number:04}; `rollcall invoices list --account {}` lists them.", account.name, account.slug)
        }
        SettleRefusal::Failure(other) => sentence(other),
        SettleRefusal::OtherTotal { invoice, expected } => format!(
            "{} of {} is {} and not {expected}, so nothing was changed. Settle the difference, then name the present total.",
            invoice.name(),
            account.slug,
            invoice.total
        ),
    })?;
    let (invoice, of) = (&settled.was, &account.slug);
    if settled.changed {
        println!("{} of {of}, {}, is {} now.", invoice.name(), invoice.total, status.word());
    } else {
        println!("{} of {of}, {}, is {} already; nothing was changed.", invoice.name(), invoice.total, status.word());
    }
    Ok(())
}

/// An amount as `invoices list` prints it.
fn read_total(typed: &str) -> Result<Money, String> {
    typed.parse().map_err(|_| format!("{typed:?} is no amount of US dollars; write it like 58.00."))
}

/// Tab-separated lines, for people and for programs.
fn list(settings: &Settings, account: Option<&str>, open: bool) -> Result<(), String> {
    let db = work::database(settings)?;
    let accounts = match account {
        Some(typed) => vec![work::account_of(&db, typed)?.id],
        None => db.read_now(accounts::list_ids).map_err(sentence)?,
    };
    println!("account\tnumber\tdate\ttotal\tstatus");
    for id in accounts {
        let looked = db.read_now(|conn| Ok::<_, Failure>((accounts::get(conn, id)?.slug, billing::list_all(conn, id)?)));
        let (slug, invoices) = looked.map_err(sentence)?;
        for invoice in invoices.iter().filter(|invoice| !open || invoice.status != InvoiceStatus::Paid) {
            println!("{slug}\t{}\t{}\t{}\t{}", invoice.name(), invoice.issued_on.iso(), invoice.total.plain(), invoice.status.word());
        }
    }
    Ok(())
}

/// The account that was named, or the server's only one: numbers are counted in each account.
fn one_account(db: &Db, typed: Option<&str>) -> Result<Account, String> {
    if let Some(typed) = typed {
        return work::account_of(db, typed);
    }
    let ids = db.read_now(accounts::list_ids).map_err(sentence)?;
    match ids.as_slice() {
        [] => Err("There is no account yet.".into()),
        [only] => db.read_now(|conn| accounts::get(conn, *only)).map_err(sentence),
        several => {
            let named = several.iter().take(NAMED);
            let slugs = db.read_now(|conn| named.map(|id| Ok(accounts::get(conn, *id)?.slug)).collect::<Result<Vec<_>, Failure>>());
            let more = several.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let slugs = slugs.map_err(sentence)?.join(", ");
            Err(format!("Every account counts its invoices from 1, so nothing was changed. Name one with --account: {slugs}{more}."))
        }
    }
}
