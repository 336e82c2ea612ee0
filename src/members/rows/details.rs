//! The SQL of what members are called, and of what they sign in with.

use diesel::prelude::*;

use super::search_keys;
use crate::{
    clock::At,
    db::{
        AccountId, Conn, MemberId, Tx,
        schema::members::{self, table},
        sql,
    },
    failure::Failure,
    members::{Acceptance, Details, EmailAddress, Member, OwnDetails, Username},
};

/// The member of this account who has this username and is not removed.
pub fn find_live_username(conn: &mut Conn, account: AccountId, username: &Username) -> Result<Option<Member>, Failure> {
    let row = table.filter(members::account_id.eq(account)).filter(members::username.eq(username.as_str())).filter(sql::LiveMembers);
    Ok(row.select(Member::as_select()).first(conn).optional()?)
}

/// Writes a member's details, if they are still as `before`; `false` where somebody was quicker (R59). Another address is
/// nobody's yet as far as anybody can tell (T1).
pub(in crate::members) fn set_details(tx: &mut Tx<'_>, before: &Member, what: &Details) -> Result<bool, Failure> {
    let (email, username) = (what.email.as_ref().map(EmailAddress::as_str), what.username.as_ref().map(Username::as_str));
    let (sort_name, folded) = search_keys(&what.name.first, &what.name.last, email, username);
    let verified_at = before.email_verified_at.filter(|_| before.email.as_deref() == email);
    let row = table.filter(members::account_id.eq(before.account_id)).filter(members::id.eq(before.id)).filter(members::version.eq(before.version));
    let written = diesel::update(row)
        .set((
            members::first_name.eq(&what.name.first),
            members::last_name.eq(&what.name.last),
            members::job_title.eq(what.job_title.as_str()),
            members::device.eq(what.device.as_str()),
            members::email.eq(email),
            members::email_verified_at.eq(verified_at),
            members::username.eq(username),
            members::sort_name.eq(sort_name),
            members::folded.eq(folded),
            members::version.eq(members::version + 1),
        ))
        .execute(&mut **tx)?;
    Ok(written == 1)
}

/// Writes what members say about themselves.
pub(in crate::members) fn set_own(tx: &mut Tx<'_>, before: &Member, what: &OwnDetails) -> Result<(), Failure> {
    let (sort_name, folded) = search_keys(&what.name.first, &what.name.last, before.email.as_deref(), before.username.as_deref());
    let device = what.device.as_ref().map_or(before.device.as_str(), |device| device.as_str());
    diesel::update(table.filter(members::account_id.eq(before.account_id)).filter(members::id.eq(before.id)))
        .set((
            members::first_name.eq(&what.name.first),
            members::last_name.eq(&what.name.last),
            members::job_title.eq(what.job_title.as_str()),
            members::time_zone.eq(what.zone.map(|zone| zone.name().to_owned())),
            members::theme.eq(what.theme),
            members::device.eq(device),
            members::sort_name.eq(sort_name),
            members::folded.eq(folded),
            members::version.eq(members::version + 1),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes an address that is proved to be theirs (T1).
pub(in crate::members) fn set_proved_email(tx: &mut Tx<'_>, before: &Member, email: &EmailAddress, now: At) -> Result<(), Failure> {
    let (sort_name, folded) = search_keys(&before.first_name, &before.last_name, Some(email.as_str()), before.username.as_deref());
    diesel::update(table.filter(members::account_id.eq(before.account_id)).filter(members::id.eq(before.id)))
        .set((
            members::email.eq(email.as_str()),
            members::email_verified_at.eq(now),
            members::sort_name.eq(sort_name),
            members::folded.eq(folded),
            members::version.eq(members::version + 1),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The address they have is proved to be theirs.
pub(in crate::members) fn set_verified(tx: &mut Tx<'_>, account: AccountId, id: MemberId, now: At) -> Result<(), Failure> {
    let row = table.filter(members::account_id.eq(account)).filter(members::id.eq(id));
    diesel::update(row).set(members::email_verified_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}

/// Writes what the invited adds when they join; their address is proved by the link they followed.
pub(in crate::members) fn set_joined(tx: &mut Tx<'_>, before: &Member, what: &Acceptance, now: At) -> Result<(), Failure> {
    let (sort_name, folded) = search_keys(&what.name.first, &what.name.last, before.email.as_deref(), None);
    diesel::update(table.filter(members::account_id.eq(before.account_id)).filter(members::id.eq(before.id)))
        .set((
            members::first_name.eq(&what.name.first),
            members::last_name.eq(&what.name.last),
            members::password_hash.eq(&what.password_hash),
            members::email_verified_at.eq(now),
            members::joined_at.eq(now),
            members::last_active_at.eq(now),
            members::sort_name.eq(sort_name),
            members::folded.eq(folded),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Sets the hash of a password that somebody else knows: it must be changed before anything else opens (R2), and every
/// session of the member is invalid (T6).
pub(in crate::members) fn give_credentials(tx: &mut Tx<'_>, account: AccountId, id: MemberId, password_hash: &str) -> Result<(), Failure> {
    let row = table.filter(members::account_id.eq(account)).filter(members::id.eq(id));
    diesel::update(row).set((members::password_hash.eq(password_hash), members::must_change_password.eq(true))).execute(&mut **tx)?;
    crate::sign_in::end_all(tx, account, id)?;
    Ok(())
}
