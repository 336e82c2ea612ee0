//! The second factors' SQL.

use diesel::prelude::*;

use crate::{
    clock::At,
    db::{
        AccountId, Conn, Digest32, MemberId, Tx,
        schema::{members, recovery_codes, second_factors},
    },
    failure::Failure,
    on_both,
};

/// The sealed secret of a member, if they have one.
pub(super) fn find(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Option<Vec<u8>>, Failure> {
    let row = second_factors::table.filter(second_factors::account_id.eq(account)).filter(second_factors::member_id.eq(member));
    Ok(row.select(second_factors::sealed).get_result(conn).optional()?)
}

/// How many recovery codes a member has left.
pub(super) fn count_recovery(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<i64, Failure> {
    let left = recovery_codes::table
        .filter(recovery_codes::account_id.eq(account))
        .filter(recovery_codes::member_id.eq(member))
        .filter(recovery_codes::used_at.is_null());
    Ok(left.count().get_result(conn)?)
}

/// Writes a secret in the place of whatever was there.
pub(super) fn put(tx: &mut Tx<'_>, account: AccountId, member: MemberId, sealed: Vec<u8>, step: i64, now: At) -> Result<(), Failure> {
    delete(tx, account, member)?;
    let row = (
        second_factors::member_id.eq(member),
        second_factors::account_id.eq(account),
        second_factors::sealed.eq(sealed),
        second_factors::last_step.eq(step),
        second_factors::created_at.eq(now),
    );
    diesel::insert_into(second_factors::table).values(row).execute(&mut **tx)?;
    mark(tx, account, member, now)
}

/// Removes the secret and the recovery codes of a member.
pub(super) fn delete(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    delete_recovery(tx, account, member)?;
    let row = second_factors::table.filter(second_factors::account_id.eq(account)).filter(second_factors::member_id.eq(member));
    diesel::delete(row).execute(&mut **tx)?;
    mark(tx, account, member, At::NEVER)
}

fn mark(tx: &mut Tx<'_>, account: AccountId, member: MemberId, at: At) -> Result<(), Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(member));
    diesel::update(row).set(members::second_factor_at.eq(at)).execute(&mut **tx)?;
    Ok(())
}

fn delete_recovery(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    let codes = recovery_codes::table.filter(recovery_codes::account_id.eq(account)).filter(recovery_codes::member_id.eq(member));
    diesel::delete(codes).execute(&mut **tx)?;
    Ok(())
}

/// Replaces a member's recovery codes, used and unused.
pub(super) fn put_recovery(tx: &mut Tx<'_>, account: AccountId, member: MemberId, digests: &[Digest32]) -> Result<(), Failure> {
    delete_recovery(tx, account, member)?;
    let row = |digest: &Digest32| (recovery_codes::member_id.eq(member), recovery_codes::digest.eq(*digest), recovery_codes::account_id.eq(account));
    let rows: Vec<_> = digests.iter().map(row).collect();
    on_both!(tx, conn => diesel::insert_into(recovery_codes::table).values(&rows).execute(conn))?;
    Ok(())
}

/// Takes the code of a step, unless it or a newer one was taken: of any number at once, one gets it.
pub(super) fn take_step(tx: &mut Tx<'_>, account: AccountId, member: MemberId, step: i64) -> Result<bool, Failure> {
    let row = second_factors::table
        .filter(second_factors::account_id.eq(account))
        .filter(second_factors::member_id.eq(member))
        .filter(second_factors::last_step.lt(step));
    Ok(diesel::update(row).set(second_factors::last_step.eq(step)).execute(&mut **tx)? == 1)
}

/// Takes a recovery code, unless it was taken: of any number at once, one gets it.
pub(super) fn take_recovery(tx: &mut Tx<'_>, account: AccountId, member: MemberId, digest: Digest32, now: At) -> Result<bool, Failure> {
    let row = recovery_codes::table
        .filter(recovery_codes::account_id.eq(account))
        .filter(recovery_codes::member_id.eq(member))
        .filter(recovery_codes::digest.eq(digest))
        .filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(row).set(recovery_codes::used_at.eq(now)).execute(&mut **tx)? == 1)
}
