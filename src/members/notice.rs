//! Telling a person what somebody did with their membership or their sign-in.

use super::{EmailAddress, Member, rows};
use crate::{
    accounts,
    clock::{At, Span},
    db::{AccountId, Tx},
    failure::Failure,
    mail::{self, Letter},
};

/// A notice is worth sending for so long.
const USEFUL: Span = Span::days(3);

/// Queues a letter to a person's present address, made of their company's and their own name. Whoever has no address is
/// told nothing.
pub(crate) fn tell(tx: &mut Tx<'_>, person: &Member, letter: impl FnOnce(String, String) -> Letter, now: At) -> Result<(), Failure> {
    let Some(email) = person.email.as_deref().and_then(|email| EmailAddress::parse(email).ok()) else { return Ok(()) };
    let letter = letter(accounts::get(tx, person.account_id)?.name, person.display_name());
    mail::queue(tx, person.account_id, Some(person.id), &email, &letter, now + USEFUL, now)?;
    Ok(())
}

/// [`tell`] to whoever owns the account.
pub(crate) fn tell_owner(tx: &mut Tx<'_>, account: AccountId, letter: impl FnOnce(String, String) -> Letter, now: At) -> Result<(), Failure> {
    match rows::find_owner(tx, account)? {
        Some(owner) => tell(tx, &owner, letter, now),
        None => Ok(()),
    }
}
