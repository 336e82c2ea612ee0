//! What a file of numbers is compared with, and the files that wait for their import.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    clock::At,
    db::{
        AccountId, Conn, GroupId, MemberId, NumberId, NumberImportId, Tx,
        schema::{invitations, members, number_imports, numbers, user_groups},
        sql,
    },
    failure::Failure,
    members::Status,
    numbers::import::Upload,
};

/// Of these numbers, those that are on this server, and whether they are this account's.
pub(in crate::numbers) fn list_known(conn: &mut Conn, account: AccountId, e164: &[&str]) -> Result<HashMap<String, Option<NumberId>>, Failure> {
    let mut known = HashMap::new();
    for chunk in e164.chunks(500) {
        let rows: Vec<(String, AccountId, NumberId)> = numbers::table
            .filter(numbers::number.eq_any(chunk.iter().copied()))
            .select((numbers::number, numbers::account_id, numbers::id))
            .load(conn)?;
        known.extend(rows.into_iter().map(|(number, holder, id)| (number, (holder == account).then_some(id))));
    }
    Ok(known)
}

/// Members of an account by the address or username that files write, removed ones left out.
pub(in crate::numbers) fn members_by_key(
    conn: &mut Conn,
    account: AccountId,
    keys: &[String],
) -> Result<HashMap<String, (MemberId, Status)>, Failure> {
    let mut found = HashMap::new();
    for chunk in keys.chunks(500) {
        let own = || members::table.filter(members::account_id.eq(account)).filter(sql::LiveMembers);
        let by_email: Vec<(Option<String>, MemberId, Status)> =
            own().filter(members::email.eq_any(chunk)).select((members::email, members::id, members::status)).load(conn)?;
        let by_username: Vec<(Option<String>, MemberId, Status)> =
            own().filter(members::username.eq_any(chunk)).select((members::username, members::id, members::status)).load(conn)?;
        found.extend(by_username.into_iter().chain(by_email).filter_map(|(key, id, status)| Some((key?, (id, status)))));
    }
    Ok(found)
}

/// Groups of an account by their name in lower case.
pub(in crate::numbers) fn groups_by_key(conn: &mut Conn, account: AccountId, keys: &[String]) -> Result<HashMap<String, GroupId>, Failure> {
    let mut found = HashMap::new();
    for chunk in keys.chunks(500) {
        let groups = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::name_key.eq_any(chunk));
        found.extend(groups.select((user_groups::name_key, user_groups::id)).load::<(String, GroupId)>(conn)?);
    }
    Ok(found)
}

/// Which of these members are invited by an invitation that runs.
pub(in crate::numbers) fn list_running(conn: &mut Conn, account: AccountId, of: &[MemberId], now: At) -> Result<Vec<MemberId>, Failure> {
    let mut running = Vec::new();
    for chunk in of.chunks(500) {
        let open = invitations::table
            .filter(invitations::account_id.eq(account))
            .filter(invitations::member_id.eq_any(chunk))
            .filter(sql::OpenInvitations)
            .filter(invitations::expires_at.gt(now));
        running.extend(open.select(invitations::member_id).load::<MemberId>(conn)?);
    }
    Ok(running)
}

/// Keeps a file, and of an account's earlier ones no more than belong to its [`MOST_KEPT`] newest.
pub(in crate::numbers) fn keep_upload(tx: &mut Tx<'_>, account: AccountId, title: &str, content: &[u8], now: At) -> Result<NumberImportId, Failure> {
    let own = || number_imports::table.filter(number_imports::account_id.eq(account));
    let earlier: Vec<NumberImportId> = own().order(number_imports::id.desc()).select(number_imports::id).load(&mut **tx)?;
    for id in earlier.iter().skip(MOST_KEPT - 1) {
        diesel::delete(own().filter(number_imports::id.eq(id))).execute(&mut **tx)?;
    }
    let id = NumberImportId::fresh(now);
    let row = (
        number_imports::id.eq(id),
        number_imports::account_id.eq(account),
        number_imports::title.eq(title),
        number_imports::content.eq(content),
        number_imports::created_at.eq(now),
    );
    diesel::insert_into(number_imports::table).values(row).execute(&mut **tx)?;
    Ok(id)
}

/// So many files of an account are kept at once.
const MOST_KEPT: usize = 10;

pub(in crate::numbers) fn find_upload(conn: &mut Conn, account: AccountId, id: NumberImportId) -> Result<Option<Upload>, Failure> {
    let row = number_imports::table.filter(number_imports::account_id.eq(account)).filter(number_imports::id.eq(id));
    Ok(row.select(Upload::as_select()).get_result(conn).optional()?)
}

/// Writes down what became of a file, which is not needed any more.
pub(in crate::numbers) fn settle_upload(tx: &mut Tx<'_>, account: AccountId, upload: &Upload) -> Result<(), Failure> {
    let row = number_imports::table.filter(number_imports::account_id.eq(account)).filter(number_imports::id.eq(upload.id));
    diesel::update(row)
        .set((
            number_imports::content.eq(None::<Vec<u8>>),
            number_imports::added.eq(upload.added),
            number_imports::skipped.eq(upload.skipped),
            number_imports::failed.eq(upload.failed),
            number_imports::failed_rows.eq(&upload.failed_rows),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Deletes the files of an account that are `meant` by title, content and failed rows.
pub(in crate::numbers) fn delete_uploads_where(
    tx: &mut Tx<'_>,
    account: AccountId,
    meant: impl Fn(&str, Option<&[u8]>, &str) -> bool,
) -> Result<(), Failure> {
    type File = (NumberImportId, String, Option<Vec<u8>>, String);
    let own = || number_imports::table.filter(number_imports::account_id.eq(account));
    let files: Vec<File> =
        own().select((number_imports::id, number_imports::title, number_imports::content, number_imports::failed_rows)).load(&mut **tx)?;
    for (id, title, content, failed_rows) in files {
        if meant(&title, content.as_deref(), &failed_rows) {
            diesel::delete(own().filter(number_imports::id.eq(id))).execute(&mut **tx)?;
        }
    }
    Ok(())
}

pub(in crate::numbers) fn delete_uploads(tx: &mut Tx<'_>, before: At) -> Result<usize, Failure> {
    Ok(diesel::delete(number_imports::table.filter(number_imports::created_at.lt(before))).execute(&mut **tx)?)
}
