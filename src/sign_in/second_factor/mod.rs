//! The second factor: a code of an authenticator app, or a recovery code (T7).

mod code;
mod picture;
mod rows;
mod turning;

pub use code::{RECOVERY_CODES, Secret, Typed};
pub use picture::Picture;
pub use turning::{
    Made, RemoveRefusal, ResetRefusal, SetUpRefusal, forget, may_reset, remove, renew_recovery_codes, reset, reset_by_operator, set_up,
};

use super::second_step::Pending;
use crate::{
    accounts,
    authz::Actor,
    clock::At,
    db::{AccountId, Conn, Digest32, MemberId, Tx},
    failure::Failure,
    keys::Keys,
    members::{self, Status},
    web::throttle,
};

/// What a sealed secret is about: its own member and no other.
fn about(member: MemberId) -> String {
    format!("second factor {member}")
}

/// The secret that the setup page shows. It is derived from the session, so a reload shows the same, another session
/// another, and looking writes nothing (T11).
pub fn offered(keys: &Keys, actor: &Actor) -> Secret {
    Secret::derived(keys, &[b"offered second factor", actor.member.as_str().as_bytes(), actor.session.as_str().as_bytes()])
}

/// Under which key tries at a member's second factor are counted (T4, T7).
pub fn tries_key(keys: &Keys, member: MemberId) -> Digest32 {
    keys.fingerprint(&[b"tries at a second factor", member.as_str().as_bytes()])
}

/// How many recovery codes a member has left.
///
/// # Errors
/// When the database cannot be read.
pub fn recovery_codes_left(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<i64, Failure> {
    rows::count_recovery(conn, account, member)
}

/// Takes a code of the member's, once (T7); how it was given, for the audit log. `None` when it is wrong or was taken.
fn take(tx: &mut Tx<'_>, account: AccountId, member: MemberId, typed: &Typed, now: At) -> Result<Option<&'static str>, Failure> {
    let taken = match typed {
        Typed::App(code) => match read_secret(tx, account, member)?.map(|secret| secret.step_of(code, now)).transpose()?.flatten() {
            Some(step) => rows::take_step(tx, account, member, step)?.then_some("with a code"),
            None => None,
        },
        Typed::Recovery(code) => {
            let digest = code::recovery_digest(tx.keys(), member, code);
            rows::take_recovery(tx, account, member, digest, now)?.then_some("with a recovery code")
        }
    };
    Ok(taken)
}

fn read_secret(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<Option<Secret>, Failure> {
    let Some(sealed) = rows::find(tx, account, member)? else { return Ok(None) };
    let plain = tx.keys().unseal(&about(member), &sealed);
    let secret = plain.and_then(|plain| Secret::of_bytes(&plain));
    secret.map(Some).ok_or_else(|| Failure::internal("a second factor cannot be opened: was it sealed with another ROLLCALL_SECRET?"))
}

/// Takes the second step of a sign-in. How it was given, for the audit log; `None` when the code is wrong or was taken
/// already. The count of tries is forgotten with the success.
///
/// # Errors
/// Signed out, when the member or their password changed since the first step, or the account is closed to them (R38).
pub fn pass(tx: &mut Tx<'_>, who: &Pending, typed: &Typed, now: At) -> Result<Option<&'static str>, Failure> {
    tx.lock(who.account)?;
    let person = members::get(tx, who.account, who.member)?;
    // What ends sessions counts on, and a pending one is one (T6).
    let is_shut_out = person.is_shut_out_of(&accounts::get(tx, who.account)?);
    if person.status != Status::Active || person.session_epoch != who.epoch || is_shut_out {
        return Err(Failure::SignedOut { next: who.step.next.clone() });
    }
    let how = take(tx, who.account, who.member, typed, now)?;
    if how.is_some() {
        let key = tries_key(tx.keys(), who.member);
        throttle::forget(tx, key)?;
    }
    Ok(how)
}
