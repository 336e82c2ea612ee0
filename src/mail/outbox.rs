//! The queue of mails: written with the change they tell of (ARCHITECTURE: decide in the transaction, talk after it).

use super::{Letter, rows};
use crate::{
    clock::At,
    db::{AccountId, Conn, MailId, MemberId, Tx},
    failure::Failure,
    members::{EmailAddress, Traces},
};

/// What a sealed letter is about: its own row and no other.
pub(super) fn about(id: MailId) -> String {
    format!("mail {id}")
}

/// Queues a letter. It is not sent any more after `useful_until`.
pub fn queue(
    tx: &mut Tx<'_>,
    account: AccountId,
    member: Option<MemberId>,
    to: &EmailAddress,
    letter: &Letter,
    useful_until: At,
    now: At,
) -> Result<MailId, Failure> {
    let new = seal(tx, member, to, letter, now)?;
    rows::insert(tx, account, &new, useful_until, now)?;
    tx.wake_post();
    Ok(new.id)
}

/// [`queue`] for many letters, each to a member of its own, in a few statements; their ids in the same order.
pub fn queue_each(
    tx: &mut Tx<'_>,
    account: AccountId,
    letters: &[(MemberId, &EmailAddress, Letter)],
    useful_until: At,
    now: At,
) -> Result<Vec<MailId>, Failure> {
    let sealed = letters.iter().map(|(member, to, letter)| seal(tx, Some(*member), to, letter, now));
    let new = sealed.collect::<Result<Vec<_>, Failure>>()?;
    rows::insert_many(tx, account, &new, useful_until, now)?;
    tx.wake_post();
    Ok(new.iter().map(|new| new.id).collect())
}

fn seal<'a>(tx: &Tx<'_>, member: Option<MemberId>, to: &'a EmailAddress, letter: &Letter, now: At) -> Result<rows::NewMail<'a>, Failure> {
    let id = MailId::fresh(now);
    let facts = serde_json::to_vec(letter).map_err(Failure::internal)?;
    let sealed = tx.keys().seal(&about(id), &facts);
    Ok(rows::NewMail { id, member, kind: letter.kind(), to: to.as_str(), sealed })
}

/// Drops the mails of a member's invitations that have not been sent: their links died.
pub fn drop_unsent(tx: &mut Tx<'_>, account: AccountId, member: MemberId, why: &str, now: At) -> Result<(), Failure> {
    rows::drop_unsent(tx, account, member, why, now)
}

/// The addresses that the mails to a member went to, those that were theirs before among them.
pub fn addresses_of(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Vec<String>, Failure> {
    rows::addresses_of(conn, account, member)
}

/// Deletes the mails to a member who is erased, sent or not, and takes their name out of those to others that wait (R23).
pub fn forget(tx: &mut Tx<'_>, account: AccountId, member: MemberId, traces: &Traces) -> Result<(), Failure> {
    rows::delete_of(tx, account, member)?;
    let mut after = None;
    loop {
        let waiting = rows::list_queued(tx, account, after, CHUNK)?;
        after = waiting.last().map(|(id, _)| *id);
        for (id, sealed) in &waiting {
            let opened = sealed.as_ref().and_then(|sealed| tx.keys().unseal(&about(*id), sealed));
            let Some(mut letter) = opened.and_then(|facts| serde_json::from_slice::<Letter>(&facts).ok()) else { continue };
            if letter.forget(traces) {
                let facts = serde_json::to_vec(&letter).map_err(Failure::internal)?;
                let sealed = tx.keys().seal(&about(*id), &facts);
                rows::set_sealed(tx, *id, &sealed)?;
            }
        }
        if (waiting.len() as i64) < CHUNK {
            return Ok(());
        }
    }
}

/// Letters that are opened at once.
const CHUNK: i64 = 500;

/// How many mails wait to be sent.
pub fn count_queued(conn: &mut Conn) -> Result<i64, Failure> {
    rows::count_queued(conn)
}
