//! The numbers' SQL.

mod file;
mod free;
mod joined;
mod writes;

pub(super) use file::{
    delete_uploads, delete_uploads_where, find_upload, groups_by_key, keep_upload, list_known, list_running, members_by_key, settle_upload,
};
pub(super) use free::{Lapsed, accounts_with_due, accounts_with_lapsed, is_free, is_held, list_lapsed};
pub use joined::Row;
pub(super) use joined::{Boxed, load, own};
pub use writes::insert_many;
pub(super) use writes::{delete, set_assignee, set_incoming, set_label};

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Number, Party, PhoneNumber, list::searched};
use crate::{
    clock::At,
    db::{
        AccountId, Conn, GroupId, MemberId, NumberId,
        schema::{accounts, numbers, user_groups},
        sql,
    },
    failure::Failure,
    web::listing::fold,
};

const ALL: i64 = 1_000_000;

/// The number of this account with this id, with its names.
pub fn row_of(conn: &mut Conn, account: AccountId, id: NumberId, now: At) -> Result<Row, Failure> {
    load(conn, own(account).filter(numbers::id.eq(id)), 1, now)?.pop().ok_or(Failure::NotFound)
}

/// The number of this account with this id.
pub fn get(conn: &mut Conn, account: AccountId, id: NumberId) -> Result<Number, Failure> {
    find(conn, account, id)?.ok_or(Failure::NotFound)
}

/// The number of this account with this id, if there is such.
pub fn find(conn: &mut Conn, account: AccountId, id: NumberId) -> Result<Option<Number>, Failure> {
    let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(id));
    Ok(row.select(Number::as_select()).get_result(conn).optional()?)
}

/// The id of a number that this account has.
pub fn find_by_e164(conn: &mut Conn, account: AccountId, number: &PhoneNumber) -> Result<Option<NumberId>, Failure> {
    let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::number.eq(number.as_str()));
    Ok(row.select(numbers::id).get_result(conn).optional()?)
}

/// Of these numbers, those that the account has, with their names, by E.164.
pub fn rows_by_e164(conn: &mut Conn, account: AccountId, e164: &[&str], now: At) -> Result<HashMap<String, Row>, Failure> {
    let mut found = HashMap::new();
    for chunk in e164.chunks(500) {
        let rows = load(conn, own(account).filter(numbers::number.eq_any(chunk.to_vec())), ALL, now)?;
        found.extend(rows.into_iter().map(|row| (row.number.e164.clone(), row)));
    }
    Ok(found)
}

/// How many numbers an account has, by its counter.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64, Failure> {
    Ok(accounts::table.find(account).select(accounts::held_numbers).get_result(conn)?)
}

/// How many numbers an account has by counting them, for the doctor.
pub fn recount(conn: &mut Conn, account: AccountId) -> Result<i64, Failure> {
    Ok(numbers::table.filter(numbers::account_id.eq(account)).count().get_result(conn)?)
}

/// Groups whose fallback is this number, by name.
pub(in crate::numbers) fn list_falling_back_to(conn: &mut Conn, account: AccountId, id: NumberId) -> Result<Vec<(GroupId, String)>, Failure> {
    let groups = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::fallback_number_id.eq(id));
    Ok(groups.order(user_groups::folded).select((user_groups::id, user_groups::name)).load(conn)?)
}

/// Numbers by id and as pages write them, to choose from.
pub fn list_choices(conn: &mut Conn, account: AccountId, most: i64) -> Result<Vec<(NumberId, String)>, Failure> {
    let all = numbers::table.filter(numbers::account_id.eq(account)).order(numbers::number);
    let rows: Vec<(NumberId, String, String)> = sql::top(all.select((numbers::id, numbers::international, numbers::label)), most).load(conn)?;
    let name = |international: String, label: String| if label.is_empty() { international } else { format!("{international} · {label}") };
    Ok(rows.into_iter().map(|(id, international, label)| (id, name(international, label))).collect())
}

/// The numbers of a member, as numbers.
pub fn list_of_member(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Vec<Number>, Failure> {
    let held = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::member_id.eq(member));
    Ok(held.order(numbers::number).select(Number::as_select()).load(conn)?)
}

/// The numbers of a group.
pub fn list_of_group(conn: &mut Conn, account: AccountId, group: GroupId) -> Result<Vec<Number>, Failure> {
    let held = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::group_id.eq(group));
    Ok(held.order(numbers::number).select(Number::as_select()).load(conn)?)
}

pub(in crate::numbers) fn list_rows_of_member(conn: &mut Conn, account: AccountId, member: MemberId, now: At) -> Result<Vec<Row>, Failure> {
    load(conn, own(account).filter(numbers::member_id.eq(member)), ALL, now)
}

/// The numbers that a party holds, or whose calls go to it.
pub fn list_pointing_at(conn: &mut Conn, account: AccountId, party: Party, now: At) -> Result<Vec<Row>, Failure> {
    let pointing = match party {
        Party::Member(id) => own(account).filter(numbers::member_id.eq(id).or(numbers::incoming_member_id.eq(id))),
        Party::Group(id) => own(account).filter(numbers::group_id.eq(id).or(numbers::incoming_group_id.eq(id))),
    };
    load(conn, pointing, ALL, now)
}

/// The numbers of each of these members as pages write them.
pub fn names_of_members(conn: &mut Conn, account: AccountId, of: &[MemberId]) -> Result<HashMap<MemberId, Vec<String>>, Failure> {
    let texts = texts_of_members(conn, account, of)?;
    Ok(texts.into_iter().map(|(member, texts)| (member, texts.into_iter().map(|(_, international)| international).collect())).collect())
}

/// The numbers of each of these members in E.164, for files.
pub fn e164_of_members(conn: &mut Conn, account: AccountId, of: &[MemberId]) -> Result<HashMap<MemberId, Vec<String>>, Failure> {
    let texts = texts_of_members(conn, account, of)?;
    Ok(texts.into_iter().map(|(member, texts)| (member, texts.into_iter().map(|(e164, _)| e164).collect())).collect())
}

type Texts = HashMap<MemberId, Vec<(String, String)>>;

fn texts_of_members(conn: &mut Conn, account: AccountId, of: &[MemberId]) -> Result<Texts, Failure> {
    let mut texts = Texts::new();
    for chunk in of.chunks(500) {
        let held = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::member_id.eq_any(chunk));
        let rows: Vec<(Option<MemberId>, String, String)> =
            held.order(numbers::number).select((numbers::member_id, numbers::number, numbers::international)).load(conn)?;
        for (member, e164, international) in rows {
            if let Some(member) = member {
                texts.entry(member).or_default().push((e164, international));
            }
        }
    }
    Ok(texts)
}

/// Numbers that nobody holds, by digits or label, at most `most`.
pub fn list_free(conn: &mut Conn, account: AccountId, now: At, q: &str, most: i64) -> Result<Vec<Number>, Failure> {
    let free = searched(own(account).filter(is_free(now)), q, false).order(numbers::number).select(Number::as_select());
    Ok(sql::top(free, most).load(conn)?)
}

/// What a picker shows: free numbers, and where something is looked for also taken ones, with whoever has them.
pub fn list_available(conn: &mut Conn, account: AccountId, now: At, q: &str, free: i64, taken: i64) -> Result<(Vec<Number>, Vec<Row>), Failure> {
    let free = list_free(conn, account, now, q, free)?;
    let taken = match q.trim() {
        "" => Vec::new(),
        _ => load(conn, searched(own(account).filter(is_held(now)), q, true), taken, now)?,
    };
    Ok((free, taken))
}

/// The name of a group of this account.
pub(in crate::numbers) fn find_group(conn: &mut Conn, account: AccountId, id: GroupId) -> Result<Option<String>, Failure> {
    let row = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::id.eq(id));
    Ok(row.select(user_groups::name).get_result(conn).optional()?)
}

/// User groups by a part of their name, in its order, at most `most`.
pub fn list_groups(conn: &mut Conn, account: AccountId, q: &str, most: i64) -> Result<Vec<(GroupId, String)>, Failure> {
    let mut groups = user_groups::table.filter(user_groups::account_id.eq(account)).into_boxed();
    for word in fold(q).split_whitespace() {
        groups = groups.filter(user_groups::folded.like(sql::containing(word)).escape('!'));
    }
    let groups = groups.order((user_groups::folded, user_groups::id)).select((user_groups::id, user_groups::name));
    Ok(sql::top(groups, most).load(conn)?)
}
