//! What becomes of each row (R28): asked before the preview, and asked again when the row is sent (R29).

use std::collections::HashMap;

use super::{
    Outcome,
    reading::{Asked, Dialled, Terms, ask},
    rows::{self, Known},
};
use crate::{
    authz::Role,
    clock::At,
    db::{AccountId, Conn, GroupId, MemberId, NumberId},
    failure::Failure,
    groups,
    members::{EmailAddress, PersonName, Status, places},
    numbers,
    web::table_file::{Line, Table},
};

/// A row with its verdict.
#[derive(Debug)]
pub struct Judged {
    /// Its line in the file.
    pub line: i64,
    /// Its address as it was read; nothing where it is none.
    pub email: String,
    pub(super) verdict: Verdict,
    /// Why, or what was made of it.
    pub reason: String,
}

/// Whose invitation ran out, or went with whoever sent it.
const OVER: &str = "Invited already, but that invite is over. To send another, tick “Send pending invites again”.";
const OVER_AND_RESENT: &str = "Invited already, but that invite is over: sent another. The role stays; a number that was kept is free again.";

/// What is to be done with a row.
#[derive(Debug)]
pub(super) enum Verdict {
    Invite(Box<Plan>),
    Resend(MemberId),
    Skip,
    Error,
}

/// Somebody who can be invited.
#[derive(Debug)]
pub(super) struct Plan {
    pub email: EmailAddress,
    pub role: Role,
    pub name: PersonName,
    pub number: Option<NumberId>,
    pub groups: Vec<GroupId>,
}

impl Judged {
    /// Its outcome before anything is sent.
    pub const fn outcome(&self) -> Outcome {
        match self.verdict {
            Verdict::Invite(_) => Outcome::Invite,
            Verdict::Resend(_) => Outcome::Resend,
            Verdict::Skip => Outcome::Skip,
            Verdict::Error => Outcome::Error,
        }
    }
}

/// Looks at rows in the file's order; nothing is written. Of each kind of thing the account is asked for 500 at a time.
///
/// # Errors
/// A failure of the database.
pub fn check(conn: &mut Conn, account: AccountId, table: &Table, lines: &[Line], terms: &Terms, now: At) -> Result<Vec<Judged>, Failure> {
    let asked: Vec<Asked> = lines.iter().map(|line| ask(table, line, terms)).collect();
    let mut around = Around::find(conn, account, &asked, terms, now)?;
    Ok(asked.into_iter().map(|asked| around.judge(asked, terms)).collect())
}

/// What the rows are compared with: the account, and the rows before them.
struct Around {
    known: HashMap<String, Known>,
    numbers: HashMap<String, numbers::Row>,
    groups: HashMap<String, GroupId>,
    /// Places left under the plan's maximum; none where it has no maximum.
    free: Option<i64>,
    /// Addresses of the rows before, each with its first line.
    earlier: HashMap<String, i64>,
    /// Numbers that rows before will have.
    given: HashMap<NumberId, i64>,
}

impl Around {
    fn find(conn: &mut Conn, account: AccountId, asked: &[Asked], terms: &Terms, now: At) -> Result<Self, Failure> {
        let emails = asked.iter().filter_map(|asked| asked.email.as_ref()).map(EmailAddress::as_str);
        let dialled = asked.iter().filter_map(|asked| asked.number.as_ref()).map(|dialled| dialled.number.as_str());
        let names = asked.iter().flat_map(|asked| &asked.groups).map(|(key, _)| key.clone()).filter(|key| !key.is_empty());
        Ok(Around {
            known: rows::list_known(conn, account, &once(emails), now)?,
            numbers: numbers::rows_by_e164(conn, account, &once(dialled), now)?,
            groups: groups::list_by_keys(conn, account, &once(names))?,
            free: places(conn, account, &terms.plan, now)?.map(|(_, free)| free),
            earlier: HashMap::new(),
            given: HashMap::new(),
        })
    }

    fn judge(&mut self, asked: Asked, terms: &Terms) -> Judged {
        let line = asked.line;
        let email = asked.email.as_ref().map_or_else(String::new, |email| email.as_str().to_owned());
        let (verdict, reason) = self.verdict(asked, terms);
        Judged { line, email, verdict, reason }
    }

    fn verdict(&mut self, asked: Asked, terms: &Terms) -> (Verdict, String) {
        let Asked { line, email, role, name, number, groups, mut wrong, note } = asked;
        let Some(email) = email else { return (Verdict::Error, wrong.join(" ")) };
        if let Some(first) = self.earlier.get(email.as_str()) {
            return (Verdict::Skip, format!("The same address as in line {first}."));
        }
        self.earlier.insert(email.as_str().to_owned(), line);
        if let Some(known) = self.known.get(email.as_str()) {
            let (status, role, runs, id) = (known.status, known.role, known.runs, known.id);
            return match status {
                Status::Active => (Verdict::Skip, "Active already.".into()),
                Status::Invited if !terms.resend_pending && runs => (Verdict::Skip, "Invited already.".into()),
                Status::Invited if !terms.resend_pending => (Verdict::Skip, OVER.into()),
                // One that runs keeps its place; one that is over needs another.
                Status::Invited if runs => (Verdict::Resend(id), "Invited already: sent another invite, role and number stay.".into()),
                Status::Invited if role == Role::Supervisor && !terms.plan.supervisor => (Verdict::Error, no_supervisors(terms)),
                Status::Invited if self.take_place() => (Verdict::Resend(id), OVER_AND_RESENT.into()),
                Status::Invited => (Verdict::Error, no_place(terms)),
                Status::Deactivated => (Verdict::Error, "Deactivated: reactivate them instead.".into()),
                Status::Removed => (Verdict::Error, "Removed and not erased yet: restore them instead.".into()),
            };
        }
        let number = number.and_then(|dialled| self.number(&dialled).map_err(|sentence| wrong.push(sentence)).ok());
        let mut found = Vec::with_capacity(groups.len());
        for (key, name) in groups {
            match self.groups.get(&key) {
                Some(id) => found.push(*id),
                None => wrong.push(format!("There is no user group named {name}.")),
            }
        }
        if !wrong.is_empty() {
            return (Verdict::Error, wrong.join(" "));
        }
        if !self.take_place() {
            return (Verdict::Error, no_place(terms));
        }
        if let Some(number) = number {
            self.given.insert(number, line);
        }
        (Verdict::Invite(Box::new(Plan { email, role, name, number, groups: found })), note.to_owned())
    }

    /// The number, when it can be given away.
    fn number(&self, dialled: &Dialled) -> Result<NumberId, String> {
        let said = dialled.number.as_str();
        let Some(row) = self.numbers.get(said) else {
            return Err(dialled.lacks_plus.clone().unwrap_or_else(|| format!("{said} is not a number of this account.")));
        };
        if let Some(holder) = &row.holder {
            return Err(format!("{said} is already assigned to {}.", holder.name));
        }
        match self.given.get(&row.number.id) {
            Some(line) => Err(format!("{said} is given away in line {line}.")),
            None => Ok(row.number.id),
        }
    }

    fn take_place(&mut self) -> bool {
        match &mut self.free {
            None => true,
            Some(0) => false,
            Some(free) => {
                *free -= 1;
                true
            }
        }
    }
}

pub(super) fn no_place(terms: &Terms) -> String {
    let max = terms.plan.seats_max.unwrap_or_default();
    let places = if max == 1 { "place" } else { "places" };
    format!("The {} plan has {max} {places}, and none is left for this row.", terms.plan.name)
}

pub(super) fn no_supervisors(terms: &Terms) -> String {
    format!("Was invited as a Supervisor, and the {} plan has none ({}).", terms.plan.name, terms.with_supervisor)
}

fn once<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}
