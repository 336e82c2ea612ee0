//! The greetings' SQL.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Greeting, Kept, Kind};
use crate::{
    clock::At,
    db::{
        AccountId, Conn, GroupId, MemberId, Tx,
        schema::{greetings, members},
    },
    failure::Failure,
    members::display_name,
};

/// The greeting of a group of this account.
pub fn find(conn: &mut Conn, account: AccountId, group: GroupId) -> Result<Option<Greeting>, Failure> {
    type Uploader = Option<(String, String, Option<String>, Option<String>)>;
    type Row = (String, Kind, String, i64, i64, At, Uploader);
    let row: Option<Row> = greetings::table
        .left_join(members::table.on(members::account_id.eq(greetings::account_id).and(members::id.nullable().eq(greetings::uploaded_by))))
        .filter(greetings::account_id.eq(account))
        .filter(greetings::group_id.eq(group))
        .select((
            greetings::file,
            greetings::kind,
            greetings::title,
            greetings::bytes,
            greetings::millis,
            greetings::uploaded_at,
            (members::first_name, members::last_name, members::email, members::username).nullable(),
        ))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(file, kind, title, bytes, millis, uploaded_at, who)| {
        let name = |(first, last, email, username): (String, String, Option<String>, Option<String>)| {
            display_name(&first, &last, email.as_deref(), username.as_deref())
        };
        Greeting { file, kind, title, bytes, millis, uploaded_by: who.map(name).unwrap_or_default(), uploaded_at }
    }))
}

/// Deletes a group's row; the file and the title that it had.
pub(super) fn take(tx: &mut Tx<'_>, account: AccountId, group: GroupId) -> Result<Option<(String, String)>, Failure> {
    let row = greetings::table.filter(greetings::account_id.eq(account)).filter(greetings::group_id.eq(group));
    let before = row.select((greetings::file, greetings::title)).get_result::<(String, String)>(&mut **tx).optional()?;
    if before.is_some() {
        diesel::delete(row).execute(&mut **tx)?;
    }
    Ok(before)
}

pub(super) fn insert(tx: &mut Tx<'_>, account: AccountId, group: GroupId, kept: &Kept, by: MemberId, now: At) -> Result<(), Failure> {
    let row = (
        greetings::account_id.eq(account),
        greetings::group_id.eq(group),
        greetings::file.eq(&kept.file),
        greetings::kind.eq(kept.kind),
        greetings::title.eq(&kept.title),
        greetings::bytes.eq(kept.bytes),
        greetings::millis.eq(kept.millis),
        greetings::uploaded_by.eq(by),
        greetings::uploaded_at.eq(now),
    );
    diesel::insert_into(greetings::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Which of these files a row names.
pub(super) fn named_of(conn: &mut Conn, files: &[String]) -> Result<BTreeSet<String>, Failure> {
    let named: Vec<String> = greetings::table.filter(greetings::file.eq_any(files)).select(greetings::file).load(conn)?;
    Ok(named.into_iter().collect())
}

/// The files of an account's greetings.
pub fn list_files(conn: &mut Conn, account: AccountId) -> Result<Vec<String>, Failure> {
    Ok(greetings::table.filter(greetings::account_id.eq(account)).select(greetings::file).load(conn)?)
}
