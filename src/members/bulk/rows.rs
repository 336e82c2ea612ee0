//! The SQL of bulk invites.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::{COLUMNS, Judged, Outcome, State, Upload};
use crate::{
    authz::Role,
    clock::At,
    db::{
        AccountId, BulkInviteId, Conn, MemberId, Tx,
        schema::{bulk_invite_rows, bulk_invites, invitations, members},
        sql,
    },
    failure::Failure,
    members::{Status, Traces, display_name},
    on_both,
    web::table_file::{Line, Table},
};

/// A row of a file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line in the file.
    pub line: i64,
    /// Its cells as the file has them.
    pub cells: Vec<String>,
    /// Its address as it was read; nothing where it is none.
    pub email: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why, or what was made of it.
    pub reason: String,
}

type Columns = (i64, String, String, Outcome, String);

impl From<Columns> for Row {
    fn from((line, cells, email, outcome, reason): Columns) -> Self {
        Row { line, cells: serde_json::from_str(&cells).unwrap_or_default(), email, outcome, reason }
    }
}

impl Row {
    pub(super) fn to_line(&self) -> Line {
        Line::new(self.line.unsigned_abs(), self.cells.clone())
    }
}

/// Somebody who holds an address of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub id: MemberId,
    pub status: Status,
    pub role: Role,
    /// Does their invitation run?
    pub runs: bool,
}

/// Of these addresses, those of members, and of removed ones who once joined (R11).
pub(super) fn list_known(conn: &mut Conn, account: AccountId, emails: &[&str], now: At) -> Result<HashMap<String, Known>, Failure> {
    let mut known = HashMap::new();
    for chunk in emails.chunks(500) {
        let of = |kept: bool| {
            let own = members::table.filter(members::account_id.eq(account)).filter(members::email.eq_any(chunk.to_vec()));
            let own = own.select((members::email, members::id, members::role, members::status)).into_boxed();
            if kept { own.filter(sql::LiveMembers) } else { own.filter(sql::RemovedMembers).filter(members::joined_at.gt(At::NEVER)) }
        };
        let former: Vec<(Option<String>, MemberId, Role, Status)> = of(false).load(conn)?;
        let live: Vec<(Option<String>, MemberId, Role, Status)> = of(true).load(conn)?;
        let invited: Vec<MemberId> = live.iter().filter(|(.., status)| *status == Status::Invited).map(|(_, id, ..)| *id).collect();
        let running = list_running(conn, account, &invited, now)?;
        for (email, id, role, status) in former.into_iter().chain(live) {
            known.extend(email.map(|email| (email, Known { id, status, role, runs: running.contains(&id) })));
        }
    }
    Ok(known)
}

/// People of the file's resends whose invitation still runs: they hold a place already.
pub fn count_running(conn: &mut Conn, account: AccountId, id: BulkInviteId, now: At) -> Result<i64, Failure> {
    let running = invitations::table
        .filter(invitations::account_id.eq(account))
        .filter(sql::OpenInvitations)
        .filter(invitations::expires_at.gt(now))
        .select(invitations::member_id);
    let theirs = members::table.filter(members::account_id.eq(account)).filter(members::id.eq_any(running)).select(members::email);
    let resends = bulk_invite_rows::table
        .filter(bulk_invite_rows::account_id.eq(account))
        .filter(bulk_invite_rows::bulk_invite_id.eq(id))
        .filter(bulk_invite_rows::outcome.eq(Outcome::Resend))
        .filter(bulk_invite_rows::email.nullable().eq_any(theirs));
    Ok(resends.count().get_result(conn)?)
}

fn list_running(conn: &mut Conn, account: AccountId, of: &[MemberId], now: At) -> Result<HashSet<MemberId>, Failure> {
    if of.is_empty() {
        return Ok(HashSet::new());
    }
    let open = invitations::table
        .filter(invitations::account_id.eq(account))
        .filter(invitations::member_id.eq_any(of))
        .filter(sql::OpenInvitations)
        .filter(invitations::expires_at.gt(now));
    Ok(open.select(invitations::member_id).load::<MemberId>(conn)?.into_iter().collect())
}

fn own(
    account: AccountId,
    id: BulkInviteId,
) -> diesel::dsl::Filter<
    diesel::dsl::Filter<bulk_invites::table, diesel::dsl::Eq<bulk_invites::account_id, AccountId>>,
    diesel::dsl::Eq<bulk_invites::id, BulkInviteId>,
> {
    bulk_invites::table.filter(bulk_invites::account_id.eq(account)).filter(bulk_invites::id.eq(id))
}

pub(super) fn find(conn: &mut Conn, account: AccountId, id: BulkInviteId) -> Result<Option<Upload>, Failure> {
    Ok(own(account, id).select(Upload::as_select()).get_result(conn).optional()?)
}

/// A file about to be kept.
pub(super) struct New<'a> {
    pub title: &'a str,
    pub resend_pending: bool,
    pub table: &'a Table,
    pub judged: &'a [Judged],
    pub notices: &'a [String],
    pub by: MemberId,
}

/// Keeps a file with the verdicts on its rows.
pub(super) fn insert(tx: &mut Tx<'_>, account: AccountId, new: &New<'_>, now: At) -> Result<BulkInviteId, Failure> {
    let id = BulkInviteId::fresh(now);
    let json = |list: &[String]| serde_json::to_string(list).map_err(Failure::internal);
    let count = |outcome: Outcome| new.judged.iter().filter(|row| row.outcome() == outcome).count() as i64;
    let (invite, resend) = (count(Outcome::Invite), count(Outcome::Resend));
    let row = (
        bulk_invites::id.eq(id),
        bulk_invites::account_id.eq(account),
        bulk_invites::title.eq(new.title),
        bulk_invites::resend_pending.eq(new.resend_pending),
        bulk_invites::headers.eq(json(new.table.headers())?),
        bulk_invites::notices.eq(json(new.notices)?),
        bulk_invites::delimiter.eq(char::from(new.table.delimiter()).to_string()),
        bulk_invites::uploaded_by.eq(new.by),
        bulk_invites::lines.eq(new.judged.len() as i64),
        bulk_invites::sendable.eq(invite + resend),
        bulk_invites::to_invite.eq(invite),
        bulk_invites::to_resend.eq(resend),
        bulk_invites::skipped.eq(count(Outcome::Skip)),
        bulk_invites::failed.eq(count(Outcome::Error)),
        bulk_invites::created_at.eq(now),
    );
    diesel::insert_into(bulk_invites::table).values(row).execute(&mut **tx)?;
    let pairs: Vec<_> = new.table.rows.iter().zip(new.judged).collect();
    for chunk in pairs.chunks(500) {
        let mut rows = Vec::with_capacity(chunk.len());
        for (line, judged) in chunk {
            rows.push((
                bulk_invite_rows::account_id.eq(account),
                bulk_invite_rows::bulk_invite_id.eq(id),
                bulk_invite_rows::line.eq(judged.line),
                bulk_invite_rows::cells.eq(json(line.cells())?),
                bulk_invite_rows::email.eq(judged.email.as_str()),
                bulk_invite_rows::outcome.eq(judged.outcome()),
                bulk_invite_rows::reason.eq(judged.reason.as_str()),
            ));
        }
        on_both!(tx, conn => diesel::insert_into(bulk_invite_rows::table).values(&rows).execute(conn))?;
    }
    Ok(id)
}

/// Deletes files that nobody sent, but for the newest `kept` of the account.
pub(super) fn delete_unsent(tx: &mut Tx<'_>, account: AccountId, kept: usize) -> Result<(), Failure> {
    let unsent = bulk_invites::table.filter(bulk_invites::account_id.eq(account)).filter(bulk_invites::state.eq(State::Checked));
    let ids: Vec<BulkInviteId> = unsent.order(bulk_invites::id.desc()).select(bulk_invites::id).load(&mut **tx)?;
    for id in ids.into_iter().skip(kept) {
        delete_rows(tx, id)?;
        diesel::delete(own(account, id)).execute(&mut **tx)?;
    }
    Ok(())
}

fn delete_rows(tx: &mut Tx<'_>, id: BulkInviteId) -> Result<(), Failure> {
    diesel::delete(bulk_invite_rows::table.filter(bulk_invite_rows::bulk_invite_id.eq(id))).execute(&mut **tx)?;
    Ok(())
}

/// Rows behind `after` in the file's order, at most `most`; of one outcome, or all.
pub fn list_rows(conn: &mut Conn, account: AccountId, id: BulkInviteId, of: &[Outcome], after: i64, most: i64) -> Result<Vec<Row>, Failure> {
    let mut rows = bulk_invite_rows::table
        .filter(bulk_invite_rows::account_id.eq(account))
        .filter(bulk_invite_rows::bulk_invite_id.eq(id))
        .filter(bulk_invite_rows::line.gt(after))
        .into_boxed();
    if !of.is_empty() {
        rows = rows.filter(bulk_invite_rows::outcome.eq_any(of.to_vec()));
    }
    let columns = (bulk_invite_rows::line, bulk_invite_rows::cells, bulk_invite_rows::email, bulk_invite_rows::outcome, bulk_invite_rows::reason);
    let found: Vec<Columns> = sql::top(rows.order(bulk_invite_rows::line).select(columns), most).load(conn)?;
    Ok(found.into_iter().map(Row::from).collect())
}

/// The first rows with errors.
pub fn list_problems(conn: &mut Conn, account: AccountId, id: BulkInviteId, most: i64) -> Result<Vec<Row>, Failure> {
    list_rows(conn, account, id, &[Outcome::Error], 0, most)
}

/// The name of a member who uploaded or sent a file.
pub fn find_uploader(conn: &mut Conn, account: AccountId, id: Option<MemberId>) -> Result<String, Failure> {
    let Some(id) = id else { return Ok("Former member".into()) };
    let columns = (members::first_name, members::last_name, members::email, members::username);
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id));
    let (first, last, email, username): (String, String, Option<String>, Option<String>) = row.select(columns).get_result(conn)?;
    Ok(display_name(&first, &last, email.as_deref(), username.as_deref()))
}

/// Moves a file into its sending, if it waits for that.
pub(super) fn begin(tx: &mut Tx<'_>, account: AccountId, id: BulkInviteId, by: MemberId, from: &str, now: At) -> Result<bool, Failure> {
    let waits = own(account, id).filter(bulk_invites::state.eq_any([State::Checked, State::Stopped]));
    let set = (
        bulk_invites::state.eq(State::Sending),
        bulk_invites::started_by.eq(by),
        bulk_invites::started_from.eq(from),
        bulk_invites::started_at.eq(now),
    );
    Ok(diesel::update(waits).set(set).execute(&mut **tx)? == 1)
}

/// Ends the sending of a file, if it is being sent.
pub(super) fn end(tx: &mut Tx<'_>, account: AccountId, id: BulkInviteId, state: State, now: At) -> Result<(), Failure> {
    let set = (bulk_invites::state.eq(state), bulk_invites::ended_at.eq(now), bulk_invites::started_from.eq(""));
    diesel::update(own(account, id).filter(sql::SendingBulkInvites)).set(set).execute(&mut **tx)?;
    Ok(())
}

/// Files that are being sent, oldest first.
pub(super) fn list_sending(conn: &mut Conn) -> Result<Vec<(AccountId, BulkInviteId)>, Failure> {
    let sending = bulk_invites::table.filter(sql::SendingBulkInvites).order(bulk_invites::id);
    Ok(sending.select((bulk_invites::account_id, bulk_invites::id)).load(conn)?)
}

/// How a row that was to be sent ended.
pub(super) struct Settled {
    pub line: i64,
    pub was: Outcome,
    pub outcome: Outcome,
    /// Why; nothing where what the check said still holds.
    pub reason: Option<String>,
}

/// Writes how rows ended, in one statement for those that need no sentence of their own, and moves the counts.
pub(super) fn settle(tx: &mut Tx<'_>, account: AccountId, id: BulkInviteId, settled: &[Settled]) -> Result<(), Failure> {
    for outcome in [Outcome::Invited, Outcome::Resent] {
        let lines: Vec<i64> = settled.iter().filter(|row| row.outcome == outcome && row.reason.is_none()).map(|row| row.line).collect();
        if !lines.is_empty() {
            let rows = bulk_invite_rows::table.filter(bulk_invite_rows::bulk_invite_id.eq(id)).filter(bulk_invite_rows::line.eq_any(lines));
            diesel::update(rows).set(bulk_invite_rows::outcome.eq(outcome)).execute(&mut **tx)?;
        }
    }
    for row in settled {
        if let Some(reason) = &row.reason {
            let at = bulk_invite_rows::table.filter(bulk_invite_rows::bulk_invite_id.eq(id)).filter(bulk_invite_rows::line.eq(row.line));
            let set = (bulk_invite_rows::outcome.eq(row.outcome), bulk_invite_rows::reason.eq(reason));
            diesel::update(at).set(set).execute(&mut **tx)?;
        }
    }
    let was = |outcome: Outcome| settled.iter().filter(|row| row.was == outcome).count() as i64;
    let is = |outcome: Outcome| settled.iter().filter(|row| row.outcome == outcome).count() as i64;
    let set = (
        bulk_invites::to_invite.eq(bulk_invites::to_invite - was(Outcome::Invite)),
        bulk_invites::to_resend.eq(bulk_invites::to_resend - was(Outcome::Resend)),
        bulk_invites::invited.eq(bulk_invites::invited + is(Outcome::Invited)),
        bulk_invites::resent.eq(bulk_invites::resent + is(Outcome::Resent)),
        bulk_invites::skipped.eq(bulk_invites::skipped + is(Outcome::Skip)),
        bulk_invites::failed.eq(bulk_invites::failed + is(Outcome::Error)),
        bulk_invites::sent_to.eq(settled.iter().map(|row| row.line).max().unwrap_or_default()),
    );
    diesel::update(own(account, id)).set(set).execute(&mut **tx)?;
    Ok(())
}

/// Uploads behind `before` (all when `None`), newest first, with the name of whoever uploaded them.
pub(super) fn list(conn: &mut Conn, account: AccountId, before: Option<BulkInviteId>, most: i64) -> Result<Vec<(Upload, String)>, Failure> {
    let mut uploads = bulk_invites::table.filter(bulk_invites::account_id.eq(account)).into_boxed();
    if let Some(before) = before {
        uploads = uploads.filter(bulk_invites::id.lt(before));
    }
    let found: Vec<Upload> = sql::top(uploads.order(bulk_invites::id.desc()).select(Upload::as_select()), most).load(conn)?;
    let who: Vec<MemberId> = found.iter().filter_map(|upload| upload.uploaded_by).collect();
    type Person = (MemberId, String, String, Option<String>, Option<String>);
    let columns = (members::id, members::first_name, members::last_name, members::email, members::username);
    let people: Vec<Person> = members::table.filter(members::account_id.eq(account)).filter(members::id.eq_any(who)).select(columns).load(conn)?;
    let names: HashMap<MemberId, String> = people
        .into_iter()
        .map(|(id, first, last, email, username)| (id, display_name(&first, &last, email.as_deref(), username.as_deref())))
        .collect();
    let named = |upload: Upload| {
        let name = upload.uploaded_by.and_then(|id| names.get(&id)).cloned();
        (upload, name.unwrap_or_else(|| "Former member".into()))
    };
    Ok(found.into_iter().map(named).collect())
}

/// Takes what files say of a person out of them: their own rows are emptied and invite nobody, and of other rows go the cells
/// and sentences that name them, and nothing else (R23).
pub(super) fn forget(tx: &mut Tx<'_>, account: AccountId, traces: &Traces) -> Result<(), Failure> {
    let kept = bulk_invites::table.filter(bulk_invites::account_id.eq(account)).filter(bulk_invites::emptied.eq(false));
    let files: Vec<(BulkInviteId, String, String)> = kept.select((bulk_invites::id, bulk_invites::title, bulk_invites::headers)).load(&mut **tx)?;
    for (id, title, headers) in files {
        if traces.entitle(&title) {
            diesel::update(own(account, id)).set(bulk_invites::title.eq("a file")).execute(&mut **tx)?;
        }
        let table = Table::restore(serde_json::from_str(&headers).unwrap_or_default(), COLUMNS).ok();
        let mut unsent = HashMap::new();
        for row in list_rows(tx, account, id, &[], 0, i64::MAX)? {
            let Some(rest) = without(&row, table.as_ref(), traces) else { continue };
            if rest.outcome != row.outcome {
                *unsent.entry(row.outcome).or_insert(0) += 1;
            }
            let at = bulk_invite_rows::table.filter(bulk_invite_rows::bulk_invite_id.eq(id)).filter(bulk_invite_rows::line.eq(row.line));
            let set = (
                bulk_invite_rows::cells.eq(serde_json::to_string(&rest.cells).map_err(Failure::internal)?),
                bulk_invite_rows::email.eq(&rest.email),
                bulk_invite_rows::outcome.eq(rest.outcome),
                bulk_invite_rows::reason.eq(&rest.reason),
            );
            diesel::update(at).set(set).execute(&mut **tx)?;
        }
        let [invite, resend] = [Outcome::Invite, Outcome::Resend].map(|outcome| unsent.get(&outcome).copied().unwrap_or(0_i64));
        if invite + resend > 0 {
            let set = (
                bulk_invites::to_invite.eq(bulk_invites::to_invite - invite),
                bulk_invites::to_resend.eq(bulk_invites::to_resend - resend),
                bulk_invites::sendable.eq(bulk_invites::sendable - (invite + resend)),
                bulk_invites::failed.eq(bulk_invites::failed + invite + resend),
            );
            diesel::update(own(account, id)).set(set).execute(&mut **tx)?;
        }
    }
    Ok(())
}

/// What is left of a row without a person; `None` where it says nothing of them.
fn without(row: &Row, table: Option<&Table>, traces: &Traces) -> Option<Row> {
    let place = |column: &str| table.and_then(|table| table.place(column));
    let [email, first, last] = ["email", "first_name", "last_name"].map(place);
    let mut left = row.clone();
    let at = |i: Option<usize>| i.and_then(|i| row.cells.get(i)).map_or("", String::as_str);
    if traces.has_address(&row.email) || (row.email.is_empty() && traces.said_in(at(email))) {
        left.cells.iter_mut().for_each(String::clear);
        (left.email, left.reason) = (String::new(), FORGOTTEN.into());
        // Nobody is invited in their place.
        if matches!(row.outcome, Outcome::Invite | Outcome::Resend) {
            left.outcome = Outcome::Error;
        }
        return Some(left);
    }
    let is_theirs = traces.has_name(&format!("{} {}", at(first), at(last)));
    // A role, a group and a number say nothing of anybody, even where somebody is called like them.
    let others = ["role", "groups", "phone_number"].map(place);
    for (i, cell) in left.cells.iter_mut().enumerate() {
        let i = Some(i);
        let clears = if i == first || i == last { is_theirs } else { !others.contains(&i) && (traces.is_called(cell) || traces.address_in(cell)) };
        if clears {
            cell.clear();
        }
    }
    if traces.said_in(&row.reason) {
        left.reason = FORGOTTEN.into();
    }
    (left.cells != row.cells || left.reason != row.reason).then_some(left)
}

/// Stands where a sentence named somebody.
const FORGOTTEN: &str = "It named somebody whose data was deleted.";

/// Deletes the rows of files that ended or were never sent before an instant; of the latter nothing remains.
pub(super) fn sweep(tx: &mut Tx<'_>, before: At) -> Result<usize, Failure> {
    let old = bulk_invites::table
        .filter(bulk_invites::emptied.eq(false))
        .filter(bulk_invites::created_at.lt(before))
        .filter(bulk_invites::ended_at.lt(before))
        .filter(bulk_invites::state.ne(State::Sending));
    let ids: Vec<(AccountId, BulkInviteId, State)> = old.select((bulk_invites::account_id, bulk_invites::id, bulk_invites::state)).load(&mut **tx)?;
    for (account, id, state) in &ids {
        delete_rows(tx, *id)?;
        if *state == State::Checked {
            diesel::delete(own(*account, *id)).execute(&mut **tx)?;
        } else {
            let set = (bulk_invites::emptied.eq(true), bulk_invites::headers.eq("[]"), bulk_invites::title.eq("a file"));
            diesel::update(own(*account, *id)).set(set).execute(&mut **tx)?;
        }
    }
    Ok(ids.len())
}
