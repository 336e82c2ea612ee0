//! The outbox's SQL.

use diesel::prelude::*;

use crate::{
    clock::{At, Span},
    db::{AccountId, Conn, LeaseId, MailId, MemberId, Tx, schema::mails, sql::QueuedMails},
    failure::Failure,
    on_both, words,
};

words! {
    /// Where a mail stands.
    MailState {
        /// Waits for its first or next try.
        Queued = "queued",
        /// The server took it.
        Sent = "sent",
        /// The server will not take it (R9).
        Failed = "failed",
        /// Not worth sending any more.
        Dropped = "dropped",
    }
}

/// A mail about to be queued.
pub(super) struct NewMail<'a> {
    pub id: MailId,
    pub member: Option<MemberId>,
    pub kind: &'static str,
    pub to: &'a str,
    pub sealed: Vec<u8>,
}

/// A mail that this process holds and may send.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub(super) struct Held {
    pub id: MailId,
    pub to_address: String,
    pub message_id: String,
    pub sealed: Option<Vec<u8>>,
    pub attempts: i64,
    pub useful_until: At,
    pub created_at: At,
}

/// How a try ended, for the row.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub id: MailId,
    pub state: MailState,
    pub next_at: At,
    pub reason: Option<String>,
    /// The server was at fault: the try does not count.
    pub spared: bool,
}

macro_rules! new_row {
    ($account:expr, $new:expr, $useful_until:expr, $now:expr) => {
        (
            mails::id.eq($new.id),
            mails::account_id.eq($account),
            mails::member_id.eq($new.member),
            mails::kind.eq($new.kind),
            mails::to_address.eq($new.to),
            // Made once, so that a second delivery after a crash can be told for what it is (T27).
            mails::message_id.eq($new.id.as_str().to_ascii_lowercase()),
            mails::sealed.eq(&$new.sealed),
            mails::state.eq(MailState::Queued),
            mails::next_at.eq($now),
            mails::useful_until.eq($useful_until),
            mails::created_at.eq($now),
        )
    };
}

pub(super) fn insert(tx: &mut Tx<'_>, account: AccountId, new: &NewMail<'_>, useful_until: At, now: At) -> Result<(), Failure> {
    diesel::insert_into(mails::table).values(new_row!(account, new, useful_until, now)).execute(&mut **tx)?;
    Ok(())
}

pub(super) fn insert_many(tx: &mut Tx<'_>, account: AccountId, new: &[NewMail<'_>], useful_until: At, now: At) -> Result<(), Failure> {
    for chunk in new.chunks(500) {
        let rows: Vec<_> = chunk.iter().map(|new| new_row!(account, new, useful_until, now)).collect();
        on_both!(tx, conn => diesel::insert_into(mails::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// Takes hold of up to `most` due mails: their try is counted before it is made (T27). Nobody else sends them while the
/// lease runs.
pub(super) fn claim(tx: &mut Tx<'_>, lease: LeaseId, until: At, most: i64, now: At) -> Result<Vec<Held>, Failure> {
    let late =
        mails::table.filter(QueuedMails).filter(mails::next_at.le(now)).filter(mails::useful_until.le(now)).filter(mails::leased_until.le(now));
    diesel::update(late)
        .set((
            mails::state.eq(MailState::Dropped),
            mails::reason
                .eq(diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>("coalesce(reason, 'it waited until it was of no use')")),
            mails::sealed.eq(None::<Vec<u8>>),
        ))
        .execute(&mut **tx)?;
    let due = mails::table
        .filter(QueuedMails)
        .filter(mails::next_at.le(now))
        .filter(mails::leased_until.le(now))
        .order(mails::next_at)
        .limit(most)
        .select(mails::id);
    let ids: Vec<MailId> = match &mut **tx {
        Conn::Postgres(conn) => due.for_update().skip_locked().load(conn)?,
        Conn::Sqlite(conn) => due.load(conn)?,
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let held = mails::table.filter(mails::id.eq_any(&ids));
    diesel::update(held).set((mails::lease.eq(lease), mails::leased_until.eq(until), mails::attempts.eq(mails::attempts + 1))).execute(&mut **tx)?;
    Ok(mails::table.filter(mails::id.eq_any(&ids)).order(mails::next_at).select(Held::as_select()).load(&mut **tx)?)
}

/// Prolongs what `lease` still holds.
pub(super) fn prolong(tx: &mut Tx<'_>, lease: LeaseId, until: At) -> Result<(), Failure> {
    let held = mails::table.filter(QueuedMails).filter(mails::lease.eq(lease));
    diesel::update(held).set(mails::leased_until.eq(until)).execute(&mut **tx)?;
    Ok(())
}

/// Writes how tries ended, for the mails that `lease` still holds: a lease that ran out has lost its say (T27).
pub(super) fn settle(tx: &mut Tx<'_>, lease: LeaseId, outcomes: &[Outcome], now: At) -> Result<(), Failure> {
    let sent: Vec<MailId> = outcomes.iter().filter(|o| o.state == MailState::Sent).map(|o| o.id).collect();
    for chunk in sent.chunks(500) {
        let held = mails::table.filter(mails::id.eq_any(chunk)).filter(mails::lease.eq(lease)).filter(QueuedMails);
        diesel::update(held)
            .set((
                mails::state.eq(MailState::Sent),
                mails::sent_at.eq(now),
                mails::sealed.eq(None::<Vec<u8>>),
                mails::reason.eq(None::<String>),
                mails::leased_until.eq(At::NEVER),
            ))
            .execute(&mut **tx)?;
    }
    for outcome in outcomes.iter().filter(|o| o.state != MailState::Sent) {
        let held = mails::table.filter(mails::id.eq(outcome.id)).filter(mails::lease.eq(lease)).filter(QueuedMails);
        let mine = diesel::update(held)
            .set((
                mails::state.eq(outcome.state),
                mails::next_at.eq(outcome.next_at),
                mails::reason.eq(&outcome.reason),
                mails::attempts.eq(mails::attempts - i64::from(outcome.spared)),
                mails::leased_until.eq(At::NEVER),
            ))
            .execute(&mut **tx)?;
        if mine == 1 && outcome.state != MailState::Queued {
            diesel::update(mails::table.find(outcome.id)).set(mails::sealed.eq(None::<Vec<u8>>)).execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// Lets go of every lease: for a database that no other process uses.
pub(super) fn release_all(tx: &mut Tx<'_>) -> Result<(), Failure> {
    diesel::update(mails::table.filter(QueuedMails).filter(mails::leased_until.gt(At::NEVER)))
        .set(mails::leased_until.eq(At::NEVER))
        .execute(&mut **tx)?;
    Ok(())
}

pub(super) fn drop_unsent(tx: &mut Tx<'_>, account: AccountId, member: MemberId, why: &str, _now: At) -> Result<(), Failure> {
    let unsent = mails::table
        .filter(mails::account_id.eq(account))
        .filter(mails::member_id.eq(member))
        .filter(mails::kind.eq("invitation"))
        .filter(QueuedMails);
    diesel::update(unsent).set((mails::state.eq(MailState::Dropped), mails::reason.eq(why), mails::sealed.eq(None::<Vec<u8>>))).execute(&mut **tx)?;
    Ok(())
}

pub(super) fn addresses_of(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Vec<String>, Failure> {
    let own = mails::table.filter(mails::account_id.eq(account)).filter(mails::member_id.eq(member));
    Ok(own.select(mails::to_address).distinct().load(conn)?)
}

pub(super) fn delete_of(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    diesel::delete(mails::table.filter(mails::account_id.eq(account)).filter(mails::member_id.eq(member))).execute(&mut **tx)?;
    Ok(())
}

type Waiting = (MailId, Option<Vec<u8>>);

/// Waiting mails of an account behind `after`, at most `most`.
pub(super) fn list_queued(conn: &mut Conn, account: AccountId, after: Option<MailId>, most: i64) -> Result<Vec<Waiting>, Failure> {
    let mut waiting = mails::table.filter(mails::account_id.eq(account)).filter(QueuedMails).into_boxed();
    if let Some(after) = after {
        waiting = waiting.filter(mails::id.gt(after));
    }
    Ok(waiting.order(mails::id).limit(most).select((mails::id, mails::sealed)).load(conn)?)
}

/// Puts another letter into a mail that waits.
pub(super) fn set_sealed(tx: &mut Tx<'_>, id: MailId, sealed: &[u8]) -> Result<(), Failure> {
    diesel::update(mails::table.filter(mails::id.eq(id)).filter(QueuedMails)).set(mails::sealed.eq(sealed)).execute(&mut **tx)?;
    Ok(())
}

pub(super) fn count_queued(conn: &mut Conn) -> Result<i64, Failure> {
    Ok(mails::table.filter(QueuedMails).count().get_result(conn)?)
}

/// Drops every mail of an account that has not been sent.
pub fn drop_all(tx: &mut Tx<'_>, account: AccountId, why: &str) -> Result<(), Failure> {
    let unsent = mails::table.filter(mails::account_id.eq(account)).filter(QueuedMails);
    diesel::update(unsent).set((mails::state.eq(MailState::Dropped), mails::reason.eq(why), mails::sealed.eq(None::<Vec<u8>>))).execute(&mut **tx)?;
    Ok(())
}

/// Drops the rows of mails that were settled long ago.
pub(super) fn sweep(tx: &mut Tx<'_>, kept: Span, now: At) -> Result<usize, Failure> {
    let old = mails::table.filter(mails::state.ne(MailState::Queued)).filter(mails::created_at.lt(now - kept));
    Ok(diesel::delete(old).execute(&mut **tx)?)
}
