//! Adding a number, and naming it (R47).

use super::{Label, PhoneNumber, Row, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageNumbers},
    clock::At,
    db::{NumberId, Tx},
    failure::Failure,
};

/// A number about to be added.
#[derive(Clone, Debug)]
pub struct NewNumber {
    /// The id it will have.
    pub id: NumberId,
    /// It.
    pub number: PhoneNumber,
    /// What the account will call it.
    pub label: Label,
}

impl NewNumber {
    /// A number that nobody holds yet.
    pub fn new(number: PhoneNumber, label: Label, now: At) -> Self {
        NewNumber { id: NumberId::fresh(now), number, label }
    }
}

/// Why a number was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddRefusal {
    /// The account has it already.
    #[error("in this account already")]
    Here(Box<Row>),
    /// Another account has it; nobody learns which (R47).
    #[error("in use on this server")]
    Elsewhere,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Adds one number, which nobody holds yet.
pub fn add(tx: &mut Tx<'_>, by: &Can<ManageNumbers>, new: &NewNumber, now: At) -> Result<(), AddRefusal> {
    by.hold(tx)?;
    let account = by.account();
    if let Some(id) = rows::find_by_e164(tx, account, &new.number)? {
        return Err(AddRefusal::Here(Box::new(rows::row_of(tx, account, id, now)?)));
    }
    // Another account may add it at this moment, so only the index knows.
    if rows::insert_many(tx, account, std::slice::from_ref(new), now)?.is_empty() {
        return Err(AddRefusal::Elsewhere);
    }
    let target = Target::new(new.id, new.number.international());
    let details = if new.label.as_str().is_empty() { String::new() } else { format!("as {}", new.label.as_str()) };
    audit::record(tx, &Author::of(by), Event::NumberAdded, Some(&target), &details, now)?;
    Ok(())
}

/// Why a number was not given another label.
#[derive(Debug, thiserror::Error)]
pub enum LabelRefusal {
    /// Somebody else changed it meanwhile; as it is now (R59).
    #[error("changed meanwhile")]
    Changed(Box<Row>),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Gives a number another label, if it is still the one that the form showed.
pub fn relabel(tx: &mut Tx<'_>, by: &Can<ManageNumbers>, id: NumberId, label: &Label, version: i64, now: At) -> Result<(), LabelRefusal> {
    by.hold(tx)?;
    let row = rows::row_of(tx, by.account(), id, now)?;
    if row.number.version != version {
        // What is wished already is so, whoever did it.
        return if row.number.label == label.as_str() { Ok(()) } else { Err(LabelRefusal::Changed(Box::new(row))) };
    }
    if row.number.label == label.as_str() {
        return Ok(());
    }
    rows::set_label(tx, by.account(), &row.number, label)?;
    let details = format!("from “{}” to “{}”", row.number.label, label.as_str());
    audit::record(tx, &Author::of(by), Event::NumberLabelled, Some(&row.subject()), &details, now)?;
    Ok(())
}
