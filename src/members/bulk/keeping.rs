//! Files between their upload and their end.

use super::{Judged, Outcome, State, Upload, get, reading, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers},
    clock::{At, Span},
    db::{AccountId, BulkInviteId, Conn, Tx},
    failure::Failure,
    members::Traces,
    web::{
        table_file::{self, Table},
        words,
    },
};

/// Files of an account that wait to be sent; of more the oldest go.
const MOST_UNSENT: usize = 10;
/// Rows hold addresses, so they are deleted so long after the file was sent, or uploaded and never sent.
const KEPT: Span = Span::days(28);

/// Keeps a file with the verdicts on its rows; nothing of it is sent.
///
/// # Errors
/// A failure.
pub fn keep(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    title: &str,
    table: &Table,
    judged: &[Judged],
    resend_pending: bool,
    now: At,
) -> Result<BulkInviteId, Failure> {
    by.hold(tx)?;
    let account = by.account();
    rows::delete_unsent(tx, account, MOST_UNSENT - 1)?;
    let notices: Vec<String> = table.notices.iter().cloned().chain(reading::notice_of_roles(judged)).collect();
    let id = rows::insert(tx, account, &rows::New { title, resend_pending, table, judged, notices: &notices, by: by.actor().member }, now)?;
    record(tx, &Author::of(by), Event::BulkInviteUploaded, id, judged.len() as i64, now)?;
    Ok(id)
}

/// A file's own name is free text and may name anybody, so the audit log, which keeps what it is told, is not told it (R23).
pub(super) fn record(tx: &mut Tx<'_>, author: &Author, event: Event, id: BulkInviteId, rows: i64, now: At) -> Result<(), Failure> {
    let noun = if rows == 1 { "row" } else { "rows" };
    audit::record(tx, author, event, Some(&Target::new(id, "a file")), &format!("{} {noun}", words::thousands(rows)), now)
}

/// What a click on Send Invites found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// The sending begins.
    Now,
    /// It began before: a second click, or somebody else's.
    Before,
}

/// Why a file is not sent.
#[derive(Debug, thiserror::Error)]
pub enum StartRefusal {
    /// No row of it can be sent.
    #[error("no row can be sent")]
    Nothing,
    /// Its rows were deleted.
    #[error("its rows were deleted")]
    Emptied,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Has the server send a file; once, however often it is asked for (R29). The rest of one that stopped is sent in the name
/// of whoever asks for it now.
///
/// # Errors
/// The refusals above.
pub fn start(tx: &mut Tx<'_>, by: &Can<ManageMembers>, id: BulkInviteId, now: At) -> Result<Started, StartRefusal> {
    by.hold(tx)?;
    let (account, actor) = (by.account(), by.actor());
    let upload = get(tx, account, id)?;
    match upload.state {
        State::Sending | State::Done => return Ok(Started::Before),
        State::Checked | State::Stopped if upload.emptied => return Err(StartRefusal::Emptied),
        State::Checked | State::Stopped if upload.waiting() == 0 => return Err(StartRefusal::Nothing),
        State::Checked | State::Stopped => {}
    }
    if !rows::begin(tx, account, id, actor.member, &actor.address, now)? {
        return Ok(Started::Before);
    }
    record(tx, &Author::of(by), Event::BulkInviteStarted, id, upload.waiting(), now)?;
    Ok(Started::Now)
}

/// The rows with errors as CSV: the file's own columns, and the error (R29).
pub fn failed_rows(conn: &mut Conn, account: AccountId, upload: &Upload) -> Result<String, Failure> {
    let failed = rows::list_rows(conn, account, upload.id, &[Outcome::Error], 0, i64::MAX)?;
    let delimiter = upload.delimiter.bytes().next().unwrap_or(b',');
    Ok(table_file::with_errors(&upload.headers(), delimiter, failed.iter().map(|row| (row.cells.as_slice(), row.reason.as_str()))))
}

/// Takes what the account's files say of a person out of them (R23): called when the person is erased, with what names them.
pub fn forget(tx: &mut Tx<'_>, account: AccountId, traces: &Traces) -> Result<(), Failure> {
    rows::forget(tx, account, traces)
}

/// Deletes the rows of files that are old; how many files there were.
pub fn sweep(tx: &mut Tx<'_>, now: At) -> Result<usize, Failure> {
    rows::sweep(tx, now - KEPT)
}
