//! A forgotten password (T9).

use super::{
    links::{self, Purpose},
    rows::{self, Candidate},
    second_factor,
};
use crate::{
    accounts,
    audit::{self, Author, Event, Target},
    clock::{At, Span},
    db::Tx,
    failure::Failure,
    keys::Token,
    mail::{self, Letter},
    members::{self, EmailAddress, SignInName, Status},
    web::throttle,
};

/// A link works for 60 minutes.
pub const LIFE: Span = Span::minutes(60);

/// Mails a link to everybody whom the name may mean; nobody learns whether there is anybody.
pub fn ask(tx: &mut Tx<'_>, name: &SignInName, address: &str, now: At) -> Result<(), Failure> {
    for who in rows::candidates(tx, name, None)?.into_iter().filter(|who| !who.is_shut_out) {
        let person = members::get(tx, who.account, who.member)?;
        let Some(email) = person.email.as_deref().and_then(|email| EmailAddress::parse(email).ok()) else { continue };
        let token = make_link(tx, &who, &email, now)?;
        let letter = Letter::PasswordReset { company: who.company.clone(), name: who.name.clone(), token };
        mail::queue(tx, who.account, Some(who.member), &email, &letter, now + LIFE, now)?;
        let author = Author::stranger(who.account, address);
        audit::record(tx, &author, Event::PasswordResetAsked, Some(&Target::new(who.member, who.name.clone())), "", now)?;
    }
    Ok(())
}

/// Makes a link that sets a new password; an earlier one ends.
pub fn make_link(tx: &mut Tx<'_>, who: &Candidate, email: &EmailAddress, now: At) -> Result<Token, Failure> {
    // Before any link: whoever closes the account holds it and then ends the links of its members.
    tx.lock(who.account)?;
    links::end_open(tx, who.account, who.member, Some(Purpose::PasswordReset))?;
    links::make(tx, who.account, who.member, Purpose::PasswordReset, email, now + LIFE, now)
}

/// Spends a link: the password is set, every session and link ends, the person is told (T6, T9). `false` when the link
/// opens nothing (any more), its member is not active, or the account is closed to them (R38).
pub fn reset(tx: &mut Tx<'_>, token: &Token, password_hash: &str, address: &str, now: At) -> Result<bool, Failure> {
    let Some(link) = links::spend(tx, token, Purpose::PasswordReset, now)? else { return Ok(false) };
    let person = members::get(tx, link.account_id, link.member_id)?;
    if person.status != Status::Active || person.is_shut_out_of(&accounts::get(tx, link.account_id)?) {
        return Ok(false);
    }
    members::set_credentials(tx, link.account_id, link.member_id, password_hash)?;
    members::prove_address(tx, &person, &link.email, now)?;
    // Whoever guessed at the second step knew the old password.
    let tries = second_factor::tries_key(tx.keys(), person.id);
    throttle::forget(tx, tries)?;
    tell(tx, &person, now)?;
    let author = Author::member(link.account_id, person.id, person.display_name(), address);
    audit::record(tx, &author, Event::PasswordReset, Some(&Target::new(person.id, person.display_name())), "by a mailed link", now)?;
    Ok(true)
}

/// Tells a person that their password changed.
pub(crate) fn tell(tx: &mut Tx<'_>, person: &members::Member, now: At) -> Result<(), Failure> {
    members::tell(tx, person, |company, name| Letter::PasswordChanged { company, name }, now)
}
