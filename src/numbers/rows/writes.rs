//! What is written to numbers.

use diesel::prelude::*;

use crate::{
    clock::At,
    db::{
        AccountId, Conn, GroupId, MemberId, NumberId, Tx,
        schema::{accounts, numbers},
    },
    failure::Failure,
    numbers::{Incoming, IncomingKind, Label, NewNumber, Number, Party},
    web::listing::fold,
};

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
    move_counter(tx, account, written.len() as i64)?;
    Ok(written)
}

fn move_counter(tx: &mut Tx<'_>, account: AccountId, n: i64) -> Result<(), Failure> {
    diesel::update(accounts::table.find(account)).set(accounts::held_numbers.eq(accounts::held_numbers + n)).execute(&mut **tx)?;
    Ok(())
}

fn folded(e164: &str, label: &Label) -> String {
    format!("{e164} {}", fold(label.as_str())).trim_end().to_owned()
}

pub(in crate::numbers) fn set_label(tx: &mut Tx<'_>, account: AccountId, number: &Number, label: &Label) -> Result<(), Failure> {
    let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(number.id));
    let set = (numbers::label.eq(label.as_str()), numbers::folded.eq(folded(&number.e164, label)), numbers::version.eq(numbers::version + 1));
    diesel::update(row).set(set).execute(&mut **tx)?;
    Ok(())
}

pub(in crate::numbers) fn set_assignee(tx: &mut Tx<'_>, account: AccountId, id: NumberId, to: Option<Party>) -> Result<(), Failure> {
    let (member, group) = parts(to);
    let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(id));
    let set = (numbers::member_id.eq(member), numbers::group_id.eq(group), numbers::version.eq(numbers::version + 1));
    diesel::update(row).set(set).execute(&mut **tx)?;
    Ok(())
}

pub(in crate::numbers) fn set_incoming(tx: &mut Tx<'_>, account: AccountId, id: NumberId, to: Incoming, lost: bool) -> Result<(), Failure> {
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

pub(in crate::numbers) fn delete(tx: &mut Tx<'_>, account: AccountId, id: NumberId) -> Result<(), Failure> {
    let gone = diesel::delete(numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(id))).execute(&mut **tx)?;
    move_counter(tx, account, -(gone as i64))
}
