//! Groups as lists show them, and the people of one.

use std::collections::HashMap;

use diesel::{
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Nullable, Text},
};

use super::Group;
use crate::{
    authz::Role,
    clock::At,
    db::{
        AccountId, Conn, GroupId, MemberId,
        schema::{group_members, member_calls, members, numbers, user_groups},
        sql,
    },
    failure::Failure,
    members::{Availability, Status, display_name},
    routing::Destination,
    web::listing::{Cursor, PAGE_SIZE, fold},
};

/// A group on the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The group.
    pub group: Group,
    /// Where calls go when nobody takes them.
    pub fallback: String,
}

/// A page of the groups.
#[derive(Debug)]
pub struct Shown {
    /// Its groups.
    pub rows: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many match.
    pub matching: i64,
}

/// One page of the groups whose name contains every word of `q`, in the order of their names.
pub fn page(conn: &mut Conn, account: AccountId, q: &str, after: Option<&Cursor>) -> Result<Shown, Failure> {
    let next_group = diesel::alias!(user_groups as next_group);
    let patterns: Vec<String> = fold(q).split_whitespace().map(sql::containing).collect();
    let mut query = user_groups::table
        .left_join(
            next_group.on(next_group
                .field(user_groups::account_id)
                .eq(user_groups::account_id)
                .and(next_group.field(user_groups::id).nullable().eq(user_groups::fallback_group_id))),
        )
        .left_join(numbers::table.on(numbers::account_id.eq(user_groups::account_id).and(numbers::id.nullable().eq(user_groups::fallback_number_id))))
        .filter(user_groups::account_id.eq(account))
        .into_boxed();
    for pattern in &patterns {
        query = query.filter(user_groups::folded.like(pattern.clone()).escape('!'));
    }
    if let Some([name, id]) = after.map(|cursor| cursor.key.as_slice()) {
        let later = user_groups::folded.gt(name.clone()).or(user_groups::id.gt(id.clone()));
        query = query.filter(user_groups::folded.ge(name.clone())).filter(later);
    }
    let ordered = query.order((user_groups::folded, user_groups::id)).select((
        Group::as_select(),
        next_group.field(user_groups::name).nullable(),
        numbers::international.nullable(),
    ));
    let mut rows: Vec<(Group, Option<String>, Option<String>)> = sql::top(ordered, PAGE_SIZE as i64 + 1).load(conn)?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let position = after.map_or(0, |cursor| cursor.position);
    let next = rows.last().filter(|_| more).map(|(last, ..)| Cursor { key: key_of(last), position: position + rows.len() });
    let matching = if more { count(conn, account, &patterns)? } else { (position + rows.len()) as i64 };
    let rows = rows.into_iter().map(|(group, to_group, to_number)| listed(group, to_group.or(to_number))).collect();
    Ok(Shown { rows, next, matching })
}

fn count(conn: &mut Conn, account: AccountId, patterns: &[String]) -> Result<i64, Failure> {
    let mut query = user_groups::table.filter(user_groups::account_id.eq(account)).into_boxed();
    for pattern in patterns {
        query = query.filter(user_groups::folded.like(pattern.clone()).escape('!'));
    }
    Ok(query.count().get_result(conn)?)
}

fn listed(group: Group, name: Option<String>) -> Listed {
    let fallback = match (group.fallback(), name) {
        (Destination::Phone(number), _) => number.international(),
        (_, Some(name)) => name,
        (_, None) => "Voicemail".into(),
    };
    Listed { group, fallback }
}

/// How many parts the cursor of the groups has.
pub const KEY_PARTS: usize = 2;

fn key_of(group: &Group) -> Vec<String> {
    vec![fold(&group.name), group.id.to_string()]
}

/// Every group by id and name, to choose from.
pub fn list_choices(conn: &mut Conn, account: AccountId) -> Result<Vec<(GroupId, String)>, Failure> {
    let all = user_groups::table.filter(user_groups::account_id.eq(account));
    Ok(all.order((user_groups::folded, user_groups::id)).select((user_groups::id, user_groups::name)).load(conn)?)
}

/// [`list_choices`] as a part of another statement, one with `accounts` in it: a line for each group, with its id, a space and
/// its name. No name has a line's end.
#[derive(Clone, Copy, Debug, QueryId)]
pub struct Choices;

sql::expression!(Choices: Nullable<Text>);
impl<DB: Backend> QueryFragment<DB> for Choices {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(SELECT string_agg(choice.id || ' ' || choice.name, '\n') FROM user_groups AS choice WHERE choice.account_id = accounts.id)");
        Ok(())
    }
}

/// The lines of [`Choices`], in the order of [`list_choices`]: the databases promise none.
pub fn read_choices(lines: Option<&str>) -> Vec<(GroupId, String)> {
    let pair = |line: &str| line.split_once(' ').and_then(|(id, name)| Some((id.parse().ok()?, name.to_owned())));
    let mut choices: Vec<(GroupId, String)> = lines.into_iter().flat_map(str::lines).filter_map(pair).collect();
    choices.sort_by_cached_key(|(id, name)| (fold(name), id.to_string()));
    choices
}

/// The names of the groups that each of these members is in.
pub fn names_of_members(conn: &mut Conn, account: AccountId, wanted: &[MemberId]) -> Result<HashMap<MemberId, Vec<String>>, Failure> {
    let mut names: HashMap<MemberId, Vec<String>> = HashMap::new();
    for chunk in wanted.chunks(500) {
        let found: Vec<(MemberId, String)> = group_members::table
            .inner_join(user_groups::table.on(user_groups::account_id.eq(group_members::account_id).and(user_groups::id.eq(group_members::group_id))))
            .filter(group_members::account_id.eq(account))
            .filter(group_members::member_id.eq_any(chunk))
            .order((user_groups::folded, user_groups::id))
            .select((group_members::member_id, user_groups::name))
            .load(conn)?;
        for (member, name) in found {
            names.entry(member).or_default().push(name);
        }
    }
    Ok(names)
}

/// One of a group's people.
#[derive(Clone, Debug)]
pub struct Row {
    /// The member.
    pub id: MemberId,
    /// Their name, or what stands for it.
    pub name: String,
    /// The address or username, where it is not the name already.
    pub under: String,
    /// What they are to the account.
    pub role: Role,
    /// Where they stand.
    pub status: Status,
    /// Do they take calls?
    pub availability: Availability,
    /// Are they on a call?
    pub on_call: bool,
    /// The order of joining.
    pub place: i64,
}

/// A page of a group's people, in the order of joining.
#[derive(Debug)]
pub struct Crew {
    /// Its people.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Joins the people of a group with where they stand.
macro_rules! crew_of {
    ($account:expr, $group:expr) => {
        group_members::table
            .inner_join(members::table.on(members::account_id.eq(group_members::account_id).and(members::id.eq(group_members::member_id))))
            .left_join(
                member_calls::table
                    .on(member_calls::account_id.eq(group_members::account_id).and(member_calls::member_id.eq(group_members::member_id))),
            )
            .filter(group_members::account_id.eq($account))
            .filter(group_members::group_id.eq($group))
    };
}

/// One page of a group's people after `after`.
pub fn crew(conn: &mut Conn, account: AccountId, group: GroupId, after: Option<&Cursor>) -> Result<Crew, Failure> {
    let from: i64 = after.and_then(|cursor| cursor.key.first()?.parse().ok()).unwrap_or(0);
    let people = crew_of!(account, group).filter(group_members::place.gt(from)).order(group_members::place).select((
        members::id,
        members::first_name,
        members::last_name,
        members::email,
        members::username,
        members::role,
        members::status,
        members::availability,
        member_calls::on_call.nullable(),
        group_members::place,
    ));
    let people: Vec<Person> = sql::top(people, PAGE_SIZE as i64 + 1).load(conn)?;
    let more = people.len() > PAGE_SIZE;
    let rows: Vec<Row> = people.into_iter().take(PAGE_SIZE).map(row).collect();
    let position = after.map_or(0, |cursor| cursor.position);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: vec![last.place.to_string()], position: position + rows.len() });
    Ok(Crew { rows, next })
}

type Person = (MemberId, String, String, Option<String>, Option<String>, Role, Status, Availability, Option<bool>, i64);

fn row((id, first, last, email, username, role, status, availability, on_call, place): Person) -> Row {
    let name = display_name(&first, &last, email.as_deref(), username.as_deref());
    let under = [email, username].into_iter().flatten().find(|under| *under != name).unwrap_or_default();
    Row { id, name, under, role, status, availability, on_call: on_call.unwrap_or(false), place }
}

/// Where a member of a group stands with calls, in the order of joining.
pub(super) type Reach = (MemberId, i64, Status, Availability, Option<(bool, At)>);

/// All of a group's people, as far as ringing goes.
pub(super) fn list_reach(conn: &mut Conn, account: AccountId, group: GroupId) -> Result<Vec<Reach>, Failure> {
    let people = crew_of!(account, group).order(group_members::place).select((
        members::id,
        group_members::place,
        members::status,
        members::availability,
        (member_calls::on_call, member_calls::last_call_at).nullable(),
    ));
    Ok(people.load(conn)?)
}
