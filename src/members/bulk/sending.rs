//! Sending a file, a piece at a time (R29, T26): a piece is one transaction with its members, invitations, mails, numbers,
//! groups, events, and the rows' own outcomes. The account's lock and the rows' outcomes are the claim: whoever holds the
//! lock takes the next rows that are not settled, and nobody takes them again.

use super::{
    COLUMNS, Judged, Outcome, State, Terms, Upload,
    check::{Plan, Verdict, check, no_place, no_supervisors},
    keeping, rows,
    rows::Settled,
    sender,
};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageMembers},
    billing::{self, Plans},
    clock::At,
    db::{AccountId, BulkInviteId, GroupId, MemberId, Tx},
    failure::Failure,
    groups,
    members::{
        LinkRefusal,
        invitation::{Invitee, renew, write_each},
    },
    numbers::{self, AssignRefusal},
    web::{table_file::Table, words},
};

/// Rows of one piece: few enough that a click in the same account does not notice it.
pub const CHUNK: usize = 200;

/// Is there more to send?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Yes.
    More,
    /// No: the last row is settled, the sending stopped, or it was never begun.
    Over,
}

/// Sends the next piece of a file. Every row is looked at again; the account may have changed since the check.
///
/// # Errors
/// A failure; nothing of the piece was sent then.
pub fn send_some(tx: &mut Tx<'_>, plans: &Plans, account: AccountId, id: BulkInviteId, now: At) -> Result<Pace, Failure> {
    tx.lock(account)?;
    let Some(upload) = rows::find(tx, account, id)?.filter(|upload| upload.state == State::Sending) else { return Ok(Pace::Over) };
    // A cycle that is over may close the account, and then nobody is invited any more (R38).
    billing::settle(tx, account, plans, now)?;
    let Some(by) = sender::prove(tx, &upload, now)? else {
        rows::end(tx, account, id, State::Stopped, now)?;
        let author = Author::program(account, audit::PROGRAM);
        keeping::record(tx, &author, Event::BulkInviteStopped, id, upload.waiting(), now)?;
        return Ok(Pace::Over);
    };
    by.hold(tx)?;
    let next = rows::list_rows(tx, account, id, &[Outcome::Invite, Outcome::Resend], upload.sent_to, CHUNK as i64)?;
    if !next.is_empty() {
        let settled = send(tx, &by, plans, &upload, &next, now)?;
        rows::settle(tx, account, id, &settled)?;
    }
    if next.len() < CHUNK {
        rows::end(tx, account, id, State::Done, now)?;
        return Ok(Pace::Over);
    }
    Ok(Pace::More)
}

fn send(tx: &mut Tx<'_>, by: &Can<ManageMembers>, plans: &Plans, upload: &Upload, next: &[rows::Row], now: At) -> Result<Vec<Settled>, Failure> {
    let terms = Terms {
        plan: billing::settle(tx, by.account(), plans, now)?.plan,
        with_supervisor: plans.with_supervisor(),
        resend_pending: upload.resend_pending,
    };
    let table = Table::restore(upload.headers(), COLUMNS).map_err(Failure::internal)?;
    let lines: Vec<_> = next.iter().map(rows::Row::to_line).collect();
    let judged = check(tx, by.account(), &table, &lines, &terms, now)?;
    let wanted: Vec<&Plan> = judged.iter().filter_map(|row| if let Verdict::Invite(plan) = &row.verdict { Some(&**plan) } else { None }).collect();
    let invitees: Vec<Invitee> = wanted.iter().map(|plan| Invitee { email: plan.email.clone(), name: plan.name.clone(), role: plan.role }).collect();
    let members = if invitees.is_empty() { Vec::new() } else { write_each(tx, by, &invitees, ", by bulk invite", now)? };
    join_groups(tx, by, &wanted, &members, now)?;
    let mut members = members.into_iter();
    let mut settled = Vec::with_capacity(next.len());
    for (row, judged) in next.iter().zip(judged) {
        let Judged { verdict, reason, .. } = judged;
        let (outcome, said) = match verdict {
            Verdict::Invite(plan) => (Outcome::Invited, keep_number(tx, by, &plan, members.next(), now)?),
            Verdict::Resend(member) => resend(tx, by, member, plans, &terms, now)?,
            Verdict::Skip => (Outcome::Skip, None),
            Verdict::Error => (Outcome::Error, None),
        };
        // Where the first check said the same, there is nothing to write.
        let is_sent = matches!(outcome, Outcome::Invited | Outcome::Resent);
        let reason = said.or_else(|| (!is_sent || reason != row.reason).then_some(reason));
        settled.push(Settled { line: row.line, was: row.outcome, outcome, reason });
    }
    Ok(settled)
}

fn join_groups(tx: &mut Tx<'_>, by: &Can<ManageMembers>, plans: &[&Plan], members: &[MemberId], now: At) -> Result<(), Failure> {
    // In the order in which the file names them.
    let mut joining: Vec<(GroupId, Vec<MemberId>)> = Vec::new();
    for (plan, member) in plans.iter().zip(members) {
        for group in &plan.groups {
            match joining.iter_mut().find(|(known, _)| known == group) {
                Some((_, members)) => members.push(*member),
                None => joining.push((*group, vec![*member])),
            }
        }
    }
    for (group, members) in joining {
        if !groups::enroll_each(tx, &Author::of(by), &members, group, now)? {
            return Err(Failure::internal("a group went away behind the account's lock"));
        }
    }
    Ok(())
}

/// Keeps the row's number for whoever was just invited; a sentence when it cannot be kept.
fn keep_number(tx: &mut Tx<'_>, by: &Can<ManageMembers>, plan: &Plan, member: Option<MemberId>, now: At) -> Result<Option<String>, Failure> {
    let (Some(number), Some(member)) = (plan.number, member) else { return Ok(None) };
    match numbers::reserve(tx, by, member, number, now) {
        Ok(_) => Ok(None),
        Err(AssignRefusal::Failure(failure)) => Err(failure),
        Err(_) => Ok(Some("Invited without the number: it could not be kept for them.".into())),
    }
}

fn resend(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    member: MemberId,
    plans: &Plans,
    terms: &Terms,
    now: At,
) -> Result<(Outcome, Option<String>), Failure> {
    match renew(tx, by, member, plans, now) {
        Ok(_) => Ok((Outcome::Resent, None)),
        Err(LinkRefusal::TooSoon(span)) => {
            Ok((Outcome::Skip, Some(format!("Their invite was sent a moment ago. Another can be sent in {}.", words::wait(span)))))
        }
        Err(LinkRefusal::NoPlace) => Ok((Outcome::Error, Some(no_place(terms)))),
        Err(LinkRefusal::NoSupervisors) => Ok((Outcome::Error, Some(no_supervisors(terms)))),
        Err(LinkRefusal::NotInvited) => Ok((Outcome::Skip, Some("Not invited any more.".into()))),
        Err(LinkRefusal::Failure(failure)) => Err(failure),
    }
}
