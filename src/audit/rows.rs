//! The audit log's SQL.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::{
    Event,
    chain::{Link, Note},
};
use crate::{
    authz::Role,
    clock::At,
    db::{AccountId, Conn, Digest32, EventId, MemberId, SubjectId, Tx, schema::*, sql},
    failure::Failure,
    members::display_name,
    on_both,
};

/// What the first event of an account follows.
pub(super) const BEGINNING: Digest32 = Digest32([0; 32]);

/// An event as pages and exports show it.
#[derive(Debug, Queryable)]
pub struct Entry {
    /// Its number in the account, from 1.
    pub number: i64,
    /// When.
    pub at: At,
    /// What, as a word.
    pub event: String,
    /// Who; `None` once they are erased.
    pub actor: Option<String>,
    /// Whom.
    pub target: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// More words.
    pub details: Option<String>,
    actor_id: Option<MemberId>,
    target_id: Option<SubjectId>,
}

/// What a note says that went with a person whom it named.
const GONE_WITH_PERSON: &str = "the details were erased with a former member";

/// Where a note is gone, whoever of its event is still here is called by their present name.
fn fill_in(conn: &mut Conn, account: AccountId, mut entries: Vec<Entry>) -> Result<Vec<Entry>, Failure> {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.details.is_none()) {
        wanted.extend(entry.actor_id.map(|id| id.to_string()));
        wanted.extend(entry.target_id.map(|id| id.to_string()));
    }
    if wanted.is_empty() {
        return Ok(entries);
    }
    let names = names_of(conn, account, &wanted.into_iter().collect::<Vec<_>>())?;
    for entry in entries.iter_mut().filter(|entry| entry.details.is_none()) {
        entry.actor = match entry.actor_id {
            Some(id) => names.get(id.as_str()).cloned(),
            None => Some("—".into()),
        };
        entry.target = match entry.target_id {
            Some(id) => names.get(id.as_str()).cloned(),
            None => Some(String::new()),
        };
        entry.details = Some(GONE_WITH_PERSON.into());
    }
    Ok(entries)
}

/// The names of members, groups and numbers that are here.
fn names_of(conn: &mut Conn, account: AccountId, wanted: &[String]) -> Result<HashMap<String, String>, Failure> {
    type Person = (String, String, String, Option<String>, Option<String>);
    let mut names = HashMap::new();
    for chunk in wanted.chunks(500) {
        let people: Vec<Person> = members::table
            .filter(members::account_id.eq(account))
            .filter(members::id.eq_any(chunk))
            .filter(members::erased_at.is_null())
            .select((members::id, members::first_name, members::last_name, members::email, members::username))
            .load(conn)?;
        names.extend(
            people.into_iter().map(|(id, first, last, email, username)| (id, display_name(&first, &last, email.as_deref(), username.as_deref()))),
        );
        let groups = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::id.eq_any(chunk));
        names.extend(groups.select((user_groups::id, user_groups::name)).load::<(String, String)>(conn)?);
        let held = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq_any(chunk));
        names.extend(held.select((numbers::id, numbers::international)).load::<(String, String)>(conn)?);
    }
    Ok(names)
}

/// Which events a page shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Folded text in names, address or details.
    pub q: String,
    /// Only by this member.
    pub actor: Option<MemberId>,
    /// Only this event.
    pub event: Option<Event>,
    /// Not before.
    pub from: Option<At>,
    /// Before.
    pub until: Option<At>,
}

/// Starts the chain of a new account.
pub(crate) fn begin(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Failure> {
    let head = (audit_heads::account_id.eq(account), audit_heads::number.eq(0), audit_heads::chain.eq(BEGINNING));
    diesel::insert_into(audit_heads::table).values(head).execute(&mut **tx)?;
    Ok(())
}

/// The head of the chain, held against other writers: the last lock that a transaction takes.
pub(super) fn lock_head(tx: &mut Tx<'_>, account: AccountId) -> Result<(i64, Digest32), Failure> {
    let head = audit_heads::table.find(account).select((audit_heads::number, audit_heads::chain));
    Ok(match &mut **tx {
        Conn::Postgres(conn) => head.for_update().first(conn)?,
        Conn::Sqlite(conn) => head.first(conn)?,
    })
}

pub(super) fn head(conn: &mut Conn, account: AccountId) -> Result<(i64, Digest32), Failure> {
    Ok(audit_heads::table.find(account).select((audit_heads::number, audit_heads::chain)).first(conn)?)
}

/// An event about to be written.
pub(super) struct New {
    pub id: EventId,
    pub link: Link,
    pub chain: Digest32,
    pub salt: [u8; 16],
    pub note: Note,
}

macro_rules! event_row {
    ($account:expr, $new:expr) => {
        (
            audit_events::id.eq($new.id),
            audit_events::account_id.eq($account),
            audit_events::number.eq($new.link.number),
            audit_events::at.eq($new.link.at),
            audit_events::event.eq($new.link.event),
            audit_events::actor_id.eq($new.link.actor),
            audit_events::target_id.eq($new.link.target),
            audit_events::note_digest.eq($new.link.note_digest),
            audit_events::chain.eq($new.chain),
        )
    };
}

macro_rules! note_row {
    ($new:expr) => {
        (
            audit_notes::event_id.eq($new.id),
            audit_notes::salt.eq($new.salt.as_slice()),
            audit_notes::actor.eq(&$new.note.actor),
            audit_notes::target.eq(&$new.note.target),
            audit_notes::address.eq(&$new.note.address),
            audit_notes::details.eq(&$new.note.details),
        )
    };
}

pub(super) fn append(tx: &mut Tx<'_>, account: AccountId, new: &New) -> Result<(), Failure> {
    diesel::insert_into(audit_events::table).values(event_row!(account, new)).execute(&mut **tx)?;
    diesel::insert_into(audit_notes::table).values(note_row!(new)).execute(&mut **tx)?;
    move_head(tx, account, new)
}

/// [`append`] for events that follow each other.
pub(super) fn append_many(tx: &mut Tx<'_>, account: AccountId, new: &[New]) -> Result<(), Failure> {
    for chunk in new.chunks(500) {
        let events: Vec<_> = chunk.iter().map(|new| event_row!(account, new)).collect();
        on_both!(tx, conn => diesel::insert_into(audit_events::table).values(&events).execute(conn))?;
        let notes: Vec<_> = chunk.iter().map(|new| note_row!(new)).collect();
        on_both!(tx, conn => diesel::insert_into(audit_notes::table).values(&notes).execute(conn))?;
    }
    new.last().map_or(Ok(()), |last| move_head(tx, account, last))
}

fn move_head(tx: &mut Tx<'_>, account: AccountId, last: &New) -> Result<(), Failure> {
    let head = (audit_heads::number.eq(last.link.number), audit_heads::chain.eq(last.chain));
    diesel::update(audit_heads::table.find(account)).set(head).execute(&mut **tx)?;
    Ok(())
}

/// Notes whom an event's details name.
pub(super) fn mention(tx: &mut Tx<'_>, event: EventId, named: &[MemberId]) -> Result<(), Failure> {
    let named: BTreeSet<MemberId> = named.iter().copied().collect();
    for member in named {
        let row = (audit_mentions::event_id.eq(event), audit_mentions::subject_id.eq(SubjectId::from(member)));
        diesel::insert_into(audit_mentions::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}

/// What the notes of a member's own events, and of those that happened to them, call them.
pub(super) fn list_called(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Vec<String>, Failure> {
    let own = || audit_events::table.inner_join(audit_notes::table).filter(audit_events::account_id.eq(account));
    let mut names: Vec<String> = own().filter(audit_events::actor_id.eq(member)).select(audit_notes::actor).distinct().load(conn)?;
    let happened = own().filter(audit_events::target_id.eq(SubjectId::from(member)));
    names.extend(happened.select(audit_notes::target).distinct().load::<String>(conn)?);
    Ok(names)
}

/// Deletes the notes of the events that a member did, that happened to them, or that name them.
pub(super) fn erase_notes(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    let own = || audit_events::table.filter(audit_events::account_id.eq(account)).select(audit_events::id);
    let subject = SubjectId::from(member);
    let done = own().filter(audit_events::actor_id.eq(member));
    diesel::delete(audit_notes::table.filter(audit_notes::event_id.eq_any(done))).execute(&mut **tx)?;
    let happened = own().filter(audit_events::target_id.eq(subject));
    diesel::delete(audit_notes::table.filter(audit_notes::event_id.eq_any(happened))).execute(&mut **tx)?;
    let mentioned = audit_mentions::table.filter(audit_mentions::subject_id.eq(subject)).select(audit_mentions::event_id);
    diesel::delete(audit_notes::table.filter(audit_notes::event_id.eq_any(mentioned))).execute(&mut **tx)?;
    Ok(())
}

/// May the event's note be missing, since it named somebody who is erased?
pub(super) fn names_erased(conn: &mut Conn, account: AccountId, number: i64) -> Result<bool, Failure> {
    let event = audit_events::table.filter(audit_events::account_id.eq(account)).filter(audit_events::number.eq(number));
    let (id, actor, target): (EventId, Option<MemberId>, Option<SubjectId>) =
        event.select((audit_events::id, audit_events::actor_id, audit_events::target_id)).get_result(conn)?;
    let mentioned: Vec<SubjectId> = audit_mentions::table.filter(audit_mentions::event_id.eq(id)).select(audit_mentions::subject_id).load(conn)?;
    let named: Vec<String> = actor.map(|id| id.to_string()).into_iter().chain(target.into_iter().chain(mentioned).map(|id| id.to_string())).collect();
    let erased = members::table.filter(members::account_id.eq(account)).filter(members::id.eq_any(named)).filter(members::erased_at.is_not_null());
    Ok(erased.count().get_result::<i64>(conn)? > 0)
}

type Chained = (Link, Digest32, Option<(Vec<u8>, Note)>);

/// The next thousand events after `number`, in the chain's order.
pub(super) fn links_after(conn: &mut Conn, account: AccountId, number: i64) -> Result<Vec<Chained>, Failure> {
    type Row = (i64, At, String, Option<MemberId>, Option<SubjectId>, Digest32, Digest32, Option<(Vec<u8>, String, String, String, String)>);
    let rows: Vec<Row> = audit_events::table
        .left_join(audit_notes::table)
        .filter(audit_events::account_id.eq(account))
        .filter(audit_events::number.gt(number))
        .order(audit_events::number)
        .limit(1000)
        .select((
            audit_events::number,
            audit_events::at,
            audit_events::event,
            audit_events::actor_id,
            audit_events::target_id,
            audit_events::note_digest,
            audit_events::chain,
            (audit_notes::salt, audit_notes::actor, audit_notes::target, audit_notes::address, audit_notes::details).nullable(),
        ))
        .load(conn)?;
    let chained = rows.into_iter().map(|(number, at, event, actor, target, note_digest, chain, note)| {
        // A word this program does not know was not written by it, and breaks the chain.
        let event = Event::from_word(&event).map_or("", Event::word);
        let note = note.map(|(salt, actor, target, address, details)| (salt, Note { actor, target, address, details }));
        (Link { number, at, event, actor, target, note_digest }, chain, note)
    });
    Ok(chained.collect())
}

/// Events before number `before` (all when `None`), newest first, at most `most`.
pub(super) fn list(conn: &mut Conn, account: AccountId, filter: &Filter, before: Option<i64>, most: i64) -> Result<Vec<Entry>, Failure> {
    let mut query = audit_events::table.left_join(audit_notes::table).filter(audit_events::account_id.eq(account)).into_boxed();
    if let Some(before) = before {
        query = query.filter(audit_events::number.lt(before));
    }
    if let Some(event) = filter.event {
        query = query.filter(audit_events::event.eq(event));
    }
    if let Some(actor) = filter.actor {
        query = query.filter(audit_events::actor_id.eq(actor));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::at.lt(until));
    }
    if !filter.q.is_empty() {
        let like = sql::containing(&filter.q);
        query = query.filter(
            sql::lower(audit_notes::actor)
                .like(like.clone())
                .escape('!')
                .or(sql::lower(audit_notes::target).like(like.clone()).escape('!'))
                .or(sql::lower(audit_notes::address).like(like.clone()).escape('!'))
                .or(sql::lower(audit_notes::details).like(like).escape('!')),
        );
    }
    let entries: Vec<Entry> = query
        .order(audit_events::number.desc())
        .limit(most)
        .select((
            audit_events::number,
            audit_events::at,
            audit_events::event,
            audit_notes::actor.nullable(),
            audit_notes::target.nullable(),
            audit_notes::address.nullable(),
            audit_notes::details.nullable(),
            audit_events::actor_id,
            audit_events::target_id,
        ))
        .load(conn)?;
    fill_in(conn, account, entries)
}

/// The newest events that happened to a member, for their profile.
pub fn list_of_target(conn: &mut Conn, account: AccountId, target: impl Into<SubjectId>, most: i64) -> Result<Vec<Entry>, Failure> {
    let entries: Vec<Entry> = audit_events::table
        .left_join(audit_notes::table)
        .filter(audit_events::account_id.eq(account))
        .filter(audit_events::target_id.eq(target.into()))
        .order(audit_events::number.desc())
        .limit(most)
        .select((
            audit_events::number,
            audit_events::at,
            audit_events::event,
            audit_notes::actor.nullable(),
            audit_notes::target.nullable(),
            audit_notes::address.nullable(),
            audit_notes::details.nullable(),
            audit_events::actor_id,
            audit_events::target_id,
        ))
        .load(conn)?;
    fill_in(conn, account, entries)
}

/// Whom the filter offers: those who manage, and the one it is set to.
pub(super) fn list_actors(conn: &mut Conn, account: AccountId, asked: Option<MemberId>) -> Result<Vec<(MemberId, String)>, Failure> {
    type Row = (MemberId, String, String, Option<String>, Option<String>);
    let rows: Vec<Row> = members::table
        .filter(members::account_id.eq(account))
        .filter(members::role.eq_any([Role::Owner, Role::Admin]).or(members::id.nullable().eq(asked)))
        .filter(sql::LiveMembers)
        .order(members::sort_name)
        .limit(200)
        .select((members::id, members::first_name, members::last_name, members::email, members::username))
        .load(conn)?;
    let name = |(id, first, last, email, username): Row| (id, display_name(&first, &last, email.as_deref(), username.as_deref()));
    Ok(rows.into_iter().map(name).collect())
}

/// How many events an account has, from its head.
pub(super) fn count(conn: &mut Conn, account: AccountId) -> Result<i64, Failure> {
    Ok(head(conn, account)?.0)
}
