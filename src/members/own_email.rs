//! Proving an address: the one given at sign-up, and a new one that a member wants (R24, T9).

use super::{EmailAddress, Status, notice, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, SignedIn},
    clock::{At, Span},
    db::Tx,
    failure::Failure,
    keys::Token,
    mail::{self, Letter},
    sign_in::links::{self, MailedLink, Purpose},
};

/// A link to a new address works for 60 minutes (R24).
const LIFE: Span = Span::minutes(60);

/// Mails a link to the new address. An address that somebody in the account holds gets none, and the page says the same
/// either way.
pub fn ask_for_change(tx: &mut Tx<'_>, by: &Can<SignedIn>, email: &EmailAddress, now: At) -> Result<(), Failure> {
    by.hold(tx)?;
    let actor = by.actor();
    let target = Target::new(actor.member, actor.name.clone());
    links::end_open(tx, by.account(), actor.member, Some(Purpose::EmailChange))?;
    if rows::find_live_email(tx, by.account(), email)?.is_none() {
        let token = links::make(tx, by.account(), actor.member, Purpose::EmailChange, email, now + LIFE, now)?;
        let letter = Letter::EmailChange { company: actor.company.clone(), name: actor.name.clone(), token };
        mail::queue(tx, by.account(), Some(actor.member), email, &letter, now + LIFE, now)?;
    }
    audit::record(tx, &Author::of(by), Event::EmailChangeAsked, Some(&target), email.as_str(), now)
}

/// Spends the link that sign-up or an Admin's edit mailed; `false` when it opens nothing (any more), or when whoever it was
/// mailed for is not active or has another address by now.
pub fn confirm_address(tx: &mut Tx<'_>, token: &Token, address: &str, now: At) -> Result<bool, Failure> {
    let Some(link) = links::spend(tx, token, Purpose::EmailConfirmation, now)? else { return Ok(false) };
    let person = rows::get(tx, link.account_id, link.member_id)?;
    if person.status != Status::Active || person.email.as_deref() != Some(link.email.as_str()) {
        return Ok(false);
    }
    rows::set_verified(tx, link.account_id, link.member_id, now)?;
    let author = Author::member(link.account_id, link.member_id, person.display_name(), address);
    let target = Target::new(person.id, person.display_name());
    audit::record(tx, &author, Event::EmailConfirmed, Some(&target), &link.email, now)?;
    Ok(true)
}

/// Spends the link to a new address: it is theirs from now on, every session ends, the old address is told. `None` when
/// the link opens nothing (any more), or somebody took the address meanwhile.
pub fn confirm_change(tx: &mut Tx<'_>, token: &Token, address: &str, now: At) -> Result<Option<MailedLink>, Failure> {
    let Some(link) = links::spend(tx, token, Purpose::EmailChange, now)? else { return Ok(None) };
    let person = rows::get(tx, link.account_id, link.member_id)?;
    let Ok(email) = EmailAddress::parse(&link.email) else { return Ok(None) };
    if person.status != Status::Active || rows::find_live_email(tx, link.account_id, &email)?.is_some() {
        return Ok(None);
    }
    rows::set_proved_email(tx, &person, &email, now)?;
    crate::sign_in::end_all_and_links(tx, link.account_id, person.id)?;
    let new_email = email.as_str().to_owned();
    notice::tell(tx, &person, |company, name| Letter::EmailChanged { company, name, new_email, by: String::new() }, now)?;
    let author = Author::member(link.account_id, person.id, person.display_name(), address);
    let target = Target::new(person.id, person.display_name());
    audit::record(tx, &author, Event::EmailChanged, Some(&target), &format!("to {}", email.as_str()), now)?;
    Ok(Some(link))
}
