//! The numbers' SQL.

use std::collections::HashMap;

use diesel::{
    backend::Backend,
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{BigInt, Bool, HasSqlType},
};

use super::{Incoming, IncomingKind, Label, NewNumber, Number, Party, PhoneNumber, Who, party::Person};
use crate::{
    audit::Target,
    clock::At,
    db::{AccountId, Conn, GroupId, MemberId, MultiBackend, NumberId, Tx, schema::*, sql},
    failure::Failure,
    members::Status,
    web::listing::fold,
};

/// Numbers kept for somebody whose invitation does not run at this instant (R10): free, though the column does not say so
/// yet. The instant is bound, everything else written out.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct Lapsed(pub At);

impl Expression for Lapsed {
    type SqlType = Bool;
}
impl<QS: ?Sized> AppearsOnTable<QS> for Lapsed {}
impl<QS: ?Sized> SelectableExpression<QS> for Lapsed {}
impl<GB> ValidGrouping<GB> for Lapsed {
    type IsAggregate = is_aggregate::Never;
}
impl<DB> QueryFragment<DB> for Lapsed
where
    DB: Backend + HasSqlType<BigInt>,
    At: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(
            "(numbers.member_id IS NOT NULL AND EXISTS (SELECT 1 FROM members AS invitee WHERE invitee.account_id = numbers.account_id \
             AND invitee.id = numbers.member_id AND invitee.status = 'invited' AND NOT EXISTS (SELECT 1 FROM invitations AS running \
             WHERE running.account_id = numbers.account_id AND running.member_id = numbers.member_id AND running.state = 'open' \
             AND running.expires_at > ",
        );
        out.push_bind_param::<BigInt, At>(&self.0)?;
        out.push_sql(")))");
        Ok(())
    }
}

diesel::alias!(members as targets: Targets, user_groups as target_groups: TargetGroups);

/// A number with the names of who holds it and who gets its calls.
#[derive(Clone, Debug)]
pub struct Row {
    /// The number.
    pub number: Number,
    /// Who holds it now.
    pub holder: Option<Who>,
    /// For whom it was kept until their invitation ran out.
    pub lapsed: Option<Who>,
    /// The member or group its calls go to, where that is not whoever holds it.
    pub towards: Option<Who>,
}

type Joined = (Number, Option<Person>, Option<String>, Option<Person>, Option<String>, bool);

impl From<Joined> for Row {
    fn from((number, person, group, to_person, to_group, is_lapsed): Joined) -> Self {
        let who = |member: Option<MemberId>, person: Option<Person>, group: Option<GroupId>, name: Option<String>| {
            let person = member.zip(person).map(|(id, person)| Who::member(id, person));
            person.or_else(|| group.zip(name).map(|(id, name)| Who::group(id, name)))
        };
        let holder = who(number.member_id, person, number.group_id, group);
        let towards = who(number.incoming_member_id, to_person, number.incoming_group_id, to_group);
        let (holder, lapsed) = if is_lapsed { (None, holder) } else { (holder, None) };
        Row { number, holder, lapsed, towards }
    }
}

impl Row {
    /// What the audit log calls it.
    pub fn subject(&self) -> Target {
        Target::new(self.number.id, self.number.international.clone())
    }

    /// Who holds it, as forms send it: `none`, `member:ID`, `group:ID`.
    pub fn holder_word(&self) -> String {
        self.holder.as_ref().map_or_else(|| "none".to_owned(), |holder| holder.party.word())
    }

    /// Who holds it and where its calls go, as forms send it.
    pub fn incoming_word(&self) -> String {
        format!("{} {}", self.holder_word(), self.number.incoming().word())
    }

    /// Does nobody get its calls?
    pub fn reaches_nobody(&self) -> bool {
        self.holder.is_none() && self.number.incoming() == Incoming::Assignee
    }
}

pub(super) type Boxed<'a> = numbers::BoxedQuery<'a, MultiBackend>;

/// The numbers of an account.
pub(super) fn own<'a>(account: AccountId) -> Boxed<'a> {
    numbers::table.filter(numbers::account_id.eq(account)).into_boxed()
}

/// Rows in the order of their numbers, with the names that belong to them, in one statement.
pub(super) fn load(conn: &mut Conn, narrowed: Boxed<'_>, most: i64, now: At) -> Result<Vec<Row>, Failure> {
    let query = narrowed
        .left_join(members::table.on(members::account_id.eq(numbers::account_id).and(members::id.nullable().eq(numbers::member_id))))
        .left_join(user_groups::table.on(user_groups::account_id.eq(numbers::account_id).and(user_groups::id.nullable().eq(numbers::group_id))))
        .left_join(targets.on(
            targets.field(members::account_id).eq(numbers::account_id).and(targets.field(members::id).nullable().eq(numbers::incoming_member_id)),
        ))
        .left_join(
            target_groups.on(target_groups
                .field(user_groups::account_id)
                .eq(numbers::account_id)
                .and(target_groups.field(user_groups::id).nullable().eq(numbers::incoming_group_id))),
        )
        .order(numbers::number)
        .select((
            Number::as_select(),
            (members::first_name, members::last_name, members::email, members::username, members::status).nullable(),
            user_groups::name.nullable(),
            targets.fields((members::first_name, members::last_name, members::email, members::username, members::status)).nullable(),
            target_groups.field(user_groups::name).nullable(),
            Lapsed(now),
        ));
    let rows: Vec<Joined> = sql::top(query, most).load(conn)?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// All of them; no account has so many.
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

/// How many numbers an account has.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64, Failure> {
    Ok(numbers::table.filter(numbers::account_id.eq(account)).count().get_result(conn)?)
}

/// Of these numbers, those that are on this server, and whether they are this account's.
pub(super) fn list_known(conn: &mut Conn, account: AccountId, e164: &[&str]) -> Result<HashMap<String, Option<NumberId>>, Failure> {
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

/// Writes numbers that nobody on this server has; the ids of those written. What another account adds at this moment is
/// left out, not an error (R47).
pub fn insert_many(tx: &mut Tx<'_>, account: AccountId, new: &[NewNumber], now: At) -> Result<Vec<NumberId>, Failure> {
    let mut new: Vec<&NewNumber> = new.iter().collect();
    // Two accounts that add the same numbers wait for each other in one order only.
    new.sort_by(|a, b| a.number.cmp(&b.number));
    let mut written = Vec::with_capacity(new.len());
    for chunk in new.chunks(500) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|new| {
                (
                    numbers::id.eq(new.id),
                    numbers::account_id.eq(account),
                    numbers::number.eq(new.number.as_str()),
                    numbers::international.eq(new.number.international()),
                    numbers::region.eq(new.number.region()),
                    numbers::label.eq(new.label.as_str()),
                    numbers::folded.eq(folded(new.number.as_str(), &new.label)),
                    numbers::created_at.eq(now),
                )
            })
            .collect();
        match &mut **tx {
            Conn::Postgres(conn) => {
                let insert = diesel::insert_into(numbers::table).values(&rows).on_conflict(numbers::number).do_nothing();
                written.extend(insert.returning(numbers::id).get_results::<NumberId>(conn)?);
            }
            // Its transactions are alone, so what was looked up before still holds.
            Conn::Sqlite(conn) => {
                let e164: Vec<&str> = chunk.iter().map(|new| new.number.as_str()).collect();
                let there: Vec<String> = numbers::table.filter(numbers::number.eq_any(&e164)).select(numbers::number).load(conn)?;
                let rows: Vec<_> = chunk.iter().zip(rows).filter(|(new, _)| !there.iter().any(|known| known == new.number.as_str())).collect();
                written.extend(rows.iter().map(|(new, _)| new.id));
                let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
                diesel::insert_into(numbers::table).values(&rows).execute(conn)?;
            }
        }
    }
    Ok(written)
}

fn folded(e164: &str, label: &Label) -> String {
    format!("{e164} {}", fold(label.as_str())).trim_end().to_owned()
}

pub(super) fn set_label(tx: &mut Tx<'_>, account: AccountId, number: &Number, label: &Label) -> Result<(), Failure> {
    let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(number.id));
    let set = (numbers::label.eq(label.as_str()), numbers::folded.eq(folded(&number.e164, label)), numbers::version.eq(numbers::version + 1));
    diesel::update(row).set(set).execute(&mut **tx)?;
    Ok(())
}

pub(super) fn set_assignee(tx: &mut Tx<'_>, account: AccountId, id: NumberId, to: Option<Party>) -> Result<(), Failure> {
    let (member, group) = parts(to);
    let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(id));
    let set = (numbers::member_id.eq(member), numbers::group_id.eq(group), numbers::version.eq(numbers::version + 1));
    diesel::update(row).set(set).execute(&mut **tx)?;
    Ok(())
}

pub(super) fn set_incoming(tx: &mut Tx<'_>, account: AccountId, id: NumberId, to: Incoming, lost: bool) -> Result<(), Failure> {
    let (kind, party) = match to {
        Incoming::Assignee => (IncomingKind::Assignee, None),
        Incoming::To(party @ Party::Member(_)) => (IncomingKind::Member, Some(party)),
        Incoming::To(party @ Party::Group(_)) => (IncomingKind::Group, Some(party)),
        Incoming::Voicemail => (IncomingKind::Voicemail, None),
    };
    let (member, group) = parts(party);
    let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(id));
    let set = (
        numbers::incoming_kind.eq(kind),
        numbers::incoming_member_id.eq(member),
        numbers::incoming_group_id.eq(group),
        numbers::incoming_lost.eq(lost),
        numbers::version.eq(numbers::version + 1),
    );
    diesel::update(row).set(set).execute(&mut **tx)?;
    Ok(())
}

const fn parts(party: Option<Party>) -> (Option<MemberId>, Option<GroupId>) {
    match party {
        Some(Party::Member(id)) => (Some(id), None),
        Some(Party::Group(id)) => (None, Some(id)),
        None => (None, None),
    }
}

pub(super) fn delete(tx: &mut Tx<'_>, account: AccountId, id: NumberId) -> Result<(), Failure> {
    diesel::delete(numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(id))).execute(&mut **tx)?;
    Ok(())
}

/// Groups whose fallback is this number, by name.
pub(super) fn list_falling_back_to(conn: &mut Conn, account: AccountId, id: NumberId) -> Result<Vec<(GroupId, String)>, Failure> {
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

pub(super) fn list_rows_of_member(conn: &mut Conn, account: AccountId, member: MemberId, now: At) -> Result<Vec<Row>, Failure> {
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
    let free = super::list::searched(own(account).filter(is_free(now)), q, false).order(numbers::number).select(Number::as_select());
    Ok(sql::top(free, most).load(conn)?)
}

/// What a picker shows: free numbers, and where something is looked for also taken ones, with whoever has them.
pub fn list_available(conn: &mut Conn, account: AccountId, now: At, q: &str, free: i64, taken: i64) -> Result<(Vec<Number>, Vec<Row>), Failure> {
    let free = list_free(conn, account, now, q, free)?;
    let taken = match q.trim() {
        "" => Vec::new(),
        _ => load(conn, super::list::searched(own(account).filter(is_held(now)), q, true), taken, now)?,
    };
    Ok((free, taken))
}

/// The condition of numbers that nobody holds.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn is_free(now: At) -> _ {
    let nobody: diesel::dsl::IsNull<numbers::member_id> = numbers::member_id.is_null();
    let lapsed: Lapsed = Lapsed(now);
    numbers::group_id.is_null().and(nobody.or(lapsed))
}

/// The condition of numbers that somebody holds.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn is_held(now: At) -> _ {
    let lapsed: Lapsed = Lapsed(now);
    numbers::group_id.is_not_null().or(numbers::member_id.is_not_null().and(diesel::dsl::not(lapsed)))
}

/// Accounts with numbers kept for people whose open invitation has run out: by the index of ends.
pub(super) fn accounts_with_due(conn: &mut Conn, now: At) -> Result<Vec<AccountId>, Failure> {
    let due = invitations::table
        .inner_join(numbers::table.on(numbers::account_id.eq(invitations::account_id).and(numbers::member_id.eq(invitations::member_id.nullable()))))
        .filter(sql::OpenInvitations)
        .filter(invitations::expires_at.le(now));
    Ok(due.select(numbers::account_id).distinct().order(numbers::account_id).load(conn)?)
}

/// Accounts with numbers kept for people whose invitation does not run: every kept number is looked at.
pub(super) fn accounts_with_lapsed(conn: &mut Conn, now: At) -> Result<Vec<AccountId>, Failure> {
    Ok(numbers::table.filter(Lapsed(now)).select(numbers::account_id).distinct().order(numbers::account_id).load(conn)?)
}

pub(super) fn list_lapsed(conn: &mut Conn, account: AccountId, now: At) -> Result<Vec<Row>, Failure> {
    load(conn, own(account).filter(Lapsed(now)), ALL, now)
}

/// Members of an account by the address or username that files write, removed ones left out.
pub(super) fn members_by_key(conn: &mut Conn, account: AccountId, keys: &[String]) -> Result<HashMap<String, (MemberId, Status)>, Failure> {
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
pub(super) fn groups_by_key(conn: &mut Conn, account: AccountId, keys: &[String]) -> Result<HashMap<String, GroupId>, Failure> {
    let mut found = HashMap::new();
    for chunk in keys.chunks(500) {
        let groups = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::name_key.eq_any(chunk));
        found.extend(groups.select((user_groups::name_key, user_groups::id)).load::<(String, GroupId)>(conn)?);
    }
    Ok(found)
}

/// Which of these members are invited by an invitation that runs.
pub(super) fn list_running(conn: &mut Conn, account: AccountId, of: &[MemberId], now: At) -> Result<Vec<MemberId>, Failure> {
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
