//! Numbers from a CSV file: looked at first, then added (R47). The file is kept in between, so that the page that shows it,
//! and the one that shows what became of it, can be opened and reloaded like any other; it is gone after a day.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::{Incoming, Label, NewNumber, Party, PhoneNumber, assignment, incoming, rows};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageNumbers},
    clock::{At, Span},
    db::{AccountId, Conn, GroupId, MemberId, NumberId, NumberImportId, Tx, schema::number_imports},
    failure::Failure,
    members::{Status, Traces},
    web::{
        table_file::{Column, Limits, Line, Table},
        words,
    },
};

/// What is read (R25).
pub const COLUMNS: &[Column] = &[
    Column { name: "number", required: true },
    Column { name: "label", required: false },
    Column { name: "assignee", required: false },
    Column { name: "incoming", required: false },
];
/// How much is read at once (R26).
pub const LIMITS: Limits = Limits { rows: 10_000, bytes: 2 * 1024 * 1024 };
/// How long an upload is kept.
const KEPT: Span = Span::hours(24);

/// A file that was uploaded.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = number_imports)]
pub struct Upload {
    /// Its id.
    pub id: NumberImportId,
    /// What it was called.
    pub title: String,
    /// The file, until it is imported.
    pub content: Option<Vec<u8>>,
    /// How many numbers it added.
    pub added: i64,
    /// How many rows were here already.
    pub skipped: i64,
    /// How many rows failed.
    pub failed: i64,
    /// Those, with the reasons, as CSV.
    pub failed_rows: String,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is added.
    Add(Box<Plan>),
    /// It is left out, for this reason.
    Skip(String),
    /// It cannot be added, for this reason.
    Error(String),
}

/// A row that can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The number.
    pub number: PhoneNumber,
    /// Its label.
    pub label: Label,
    /// Who will hold it.
    pub assignee: Option<Party>,
    /// Where its calls will go.
    pub incoming: Incoming,
}

/// Keeps a file that can be read.
///
/// # Errors
/// The sentence beside the field, or a failure.
pub fn keep(tx: &mut Tx<'_>, by: &Can<ManageNumbers>, title: &str, content: &[u8], now: At) -> Result<NumberImportId, Failure> {
    by.hold(tx)?;
    rows::keep_upload(tx, by.account(), title, content, now)
}

/// The upload of this account with this id.
pub fn get(conn: &mut Conn, account: AccountId, id: NumberImportId) -> Result<Upload, Failure> {
    rows::find_upload(conn, account, id)?.ok_or(Failure::NotFound)
}

/// Drops uploads that are older than a day.
pub fn sweep(tx: &mut Tx<'_>, now: At) -> Result<usize, Failure> {
    rows::delete_uploads(tx, now - KEPT)
}

/// What becomes of each row of a table, as things stand.
pub fn look(conn: &mut Conn, account: AccountId, table: &Table, now: At) -> Result<Vec<Outcome>, Failure> {
    let parsed: Vec<Result<PhoneNumber, String>> = table.rows.iter().map(|line| PhoneNumber::parse(table.get(line, "number"))).collect();
    let mut e164: Vec<&str> = parsed.iter().flatten().map(PhoneNumber::as_str).collect();
    e164.sort_unstable();
    e164.dedup();
    let known = rows::list_known(conn, account, &e164)?;
    let people = People::find(conn, account, table, now)?;
    let mut first: HashMap<&str, u64> = HashMap::new();
    let mut outcomes = Vec::with_capacity(table.rows.len());
    for (line, number) in table.rows.iter().zip(&parsed) {
        let outcome = match number {
            Err(sentence) => Outcome::Error(sentence.clone()),
            Ok(number) => match (first.get(number.as_str()), known.get(number.as_str())) {
                (Some(line), _) => Outcome::Skip(format!("The same number as in line {line}.")),
                (None, Some(Some(_))) => Outcome::Skip("In this account already.".into()),
                (None, Some(None)) => Outcome::Error("This number is in use already on this server.".into()),
                (None, None) => people.plan(table, line, number).map_or_else(Outcome::Error, |plan| Outcome::Add(Box::new(plan))),
            },
        };
        if let Ok(number) = number {
            first.entry(number.as_str()).or_insert(line.number);
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// The members and groups that a table names.
struct People {
    members: HashMap<String, (MemberId, Status)>,
    running: HashSet<MemberId>,
    groups: HashMap<String, GroupId>,
}

impl People {
    fn find(conn: &mut Conn, account: AccountId, table: &Table, now: At) -> Result<Self, Failure> {
        let (mut keys, mut names) = (Vec::new(), Vec::new());
        for cell in table.rows.iter().flat_map(|line| ["assignee", "incoming"].map(|column| table.get(line, column))) {
            match group_key(cell) {
                Some(name) => names.push(name),
                None if matches!(cell, "" | "assignee" | "voicemail") => {}
                None => keys.push(cell.to_lowercase()),
            }
        }
        for list in [&mut keys, &mut names] {
            list.sort_unstable();
            list.dedup();
        }
        let members = rows::members_by_key(conn, account, &keys)?;
        let invited: Vec<MemberId> = members.values().filter(|(_, status)| *status == Status::Invited).map(|(id, _)| *id).collect();
        let running = rows::list_running(conn, account, &invited, now)?.into_iter().collect();
        Ok(People { members, running, groups: rows::groups_by_key(conn, account, &names)? })
    }

    fn party(&self, cell: &str) -> Result<Party, String> {
        let shown: String = cell.chars().take(80).collect();
        if let Some(key) = group_key(cell) {
            return self.groups.get(&key).copied().map(Party::Group).ok_or_else(|| format!("There is no user group named {}.", &shown[6..]));
        }
        match self.members.get(&cell.to_lowercase()) {
            Some((id, Status::Invited)) if !self.running.contains(id) => Err(format!("The invite of {shown} is over. Send it again first.")),
            Some((id, _)) => Ok(Party::Member(*id)),
            None => Err(format!("There is no user {shown}. Write an email address, a username, or group: and the name of a user group.")),
        }
    }

    fn plan(&self, table: &Table, line: &Line, number: &PhoneNumber) -> Result<Plan, String> {
        let label = Label::parse(table.get(line, "label"))?;
        let assignee = match table.get(line, "assignee") {
            "" => None,
            cell => Some(self.party(cell)?),
        };
        let incoming = match table.get(line, "incoming") {
            "" => Incoming::Assignee,
            cell if cell.eq_ignore_ascii_case("assignee") => Incoming::Assignee,
            cell if cell.eq_ignore_ascii_case("voicemail") => Incoming::Voicemail,
            cell => Incoming::To(self.party(cell)?),
        };
        Ok(Plan { number: number.clone(), label, assignee, incoming })
    }
}

fn group_key(cell: &str) -> Option<String> {
    let is_group = cell.get(..6).is_some_and(|begin| begin.eq_ignore_ascii_case("group:"));
    is_group.then(|| cell[6..].trim().to_lowercase())
}

/// Imports an upload: every row is looked at again, and each number is added once, however often this is asked for.
///
/// # Errors
/// A failure; a file that cannot be read any more cannot have been kept.
pub fn import(tx: &mut Tx<'_>, by: &Can<ManageNumbers>, id: NumberImportId, now: At) -> Result<Upload, Failure> {
    by.hold(tx)?;
    let (account, author) = (by.account(), Author::of(by));
    let upload = get(tx, account, id)?;
    let Some(content) = &upload.content else { return Ok(upload) };
    let table = Table::read(content, COLUMNS, LIMITS).map_err(Failure::internal)?;
    let mut outcomes = look(tx, account, &table, now)?;
    let fresh = |plan: &Plan| NewNumber::new(plan.number.clone(), plan.label.clone(), now);
    let new: Vec<Option<NewNumber>> =
        outcomes.iter().map(|outcome| if let Outcome::Add(plan) = outcome { Some(fresh(plan)) } else { None }).collect();
    let to_write: Vec<NewNumber> = new.iter().flatten().cloned().collect();
    let written: HashSet<NumberId> = rows::insert_many(tx, account, &to_write, now)?.into_iter().collect();
    let mut assigned = 0;
    for (outcome, new) in outcomes.iter_mut().zip(new) {
        let (Outcome::Add(plan), Some(new)) = (&*outcome, new) else { continue };
        if !written.contains(&new.id) {
            *outcome = Outcome::Error("This number is in use already on this server.".into());
            continue;
        }
        if plan.assignee.is_some() || plan.incoming != Incoming::Assignee {
            assigned += 1;
            let row = rows::row_of(tx, account, new.id, now)?;
            let row = assignment::give(tx, &author, &row, plan.assignee, now).map_err(unexpected)?;
            incoming::turn(tx, &author, &row, plan.incoming, now).map_err(unexpected)?;
        }
    }
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count() as i64;
    let added = count(|outcome| matches!(outcome, Outcome::Add(_)));
    let settled = Upload {
        content: None,
        added,
        skipped: count(|outcome| matches!(outcome, Outcome::Skip(_))),
        failed: count(|outcome| matches!(outcome, Outcome::Error(_))),
        failed_rows: failed_rows(&table, &outcomes),
        ..upload
    };
    rows::settle_upload(tx, account, &settled)?;
    if added > 0 {
        let noun = if added == 1 { "number" } else { "numbers" };
        let details = format!("{} {noun}, {assigned} of them assigned, from {}", words::thousands(added), settled.title);
        audit::record(tx, &author, Event::NumbersImported, None, &details, now)?;
    }
    Ok(settled)
}

/// Drops the files that name somebody in a cell of their own (R23). A file that waits for its import goes too: it can be
/// uploaded again.
pub fn forget(tx: &mut Tx<'_>, account: AccountId, traces: &Traces) -> Result<(), Failure> {
    let names = |bytes: &[u8]| match Table::read(bytes, COLUMNS, LIMITS) {
        Ok(table) => table.rows.iter().flat_map(Line::cells).any(|cell| traces.is_called(cell)),
        // There is nothing in it, or nothing that can be told apart.
        Err(_) => traces.said_in(&String::from_utf8_lossy(bytes)),
    };
    rows::delete_uploads_where(tx, account, |title, content, failed| traces.entitle(title) || content.is_some_and(names) || names(failed.as_bytes()))
}

/// The rows that cannot be added, with the reasons, as CSV.
pub fn failed_rows(table: &Table, outcomes: &[Outcome]) -> String {
    let wrong = |(line, outcome): (_, &'_ Outcome)| if let Outcome::Error(why) = outcome { Some((line, why.clone())) } else { None };
    let wrong: Vec<(&Line, String)> = table.rows.iter().zip(outcomes).filter_map(wrong).collect();
    table.with_errors(wrong.iter().map(|(line, why)| (*line, why.as_str())))
}

/// What a look in the same transaction has ruled out.
fn unexpected(refusal: super::AssignRefusal) -> Failure {
    match refusal {
        super::AssignRefusal::Failure(failure) => failure,
        other => Failure::internal(other),
    }
}
