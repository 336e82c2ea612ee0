//! A row of a file as far as it can be read without the database (R25, R28).

use crate::{
    authz::Role,
    billing::Plan,
    groups::GroupName,
    members::{EmailAddress, PersonName},
    numbers::PhoneNumber,
    web::table_file::{Column, Line, Table},
};

/// What is read (R25).
pub const COLUMNS: &[Column] = &[
    Column { name: "email", required: true },
    Column { name: "role", required: true },
    Column { name: "phone_number", required: false },
    Column { name: "first_name", required: false },
    Column { name: "last_name", required: false },
    Column { name: "groups", required: false },
];

/// On what terms the rows are looked at.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The account's plan.
    pub plan: Plan,
    /// The plans with Supervisors, for a sentence.
    pub with_supervisor: String,
    /// People who are invited already are sent another invitation (R28).
    pub resend_pending: bool,
}

/// What a row asks for.
pub(super) struct Asked {
    pub line: i64,
    pub email: Option<EmailAddress>,
    pub role: Role,
    pub name: PersonName,
    pub number: Option<Dialled>,
    /// Groups by the form of their name by which they are unique, and as the file writes them.
    pub groups: Vec<(String, String)>,
    /// What is wrong with it, a sentence each.
    pub wrong: Vec<String>,
    /// What was made of it that whoever sent it should know.
    pub note: &'static str,
}

/// A number as the file has it.
pub(super) struct Dialled {
    pub number: PhoneNumber,
    /// The sentence for a number whose plus is missing, unless the account has just this number (R28).
    pub lacks_plus: Option<String>,
}

/// Said of a row whose role is empty.
const NO_ROLE: &str = "No role given: agent.";

/// More groups in one cell are a mistake, and would take long to look through.
const MOST_GROUPS: usize = 50;

/// As much of a cell as a sentence shows.
pub(super) fn shown(cell: &str) -> String {
    let mut text: String = cell.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if cell.chars().nth(40).is_some() {
        text.push('…');
    }
    text
}

/// Reads a row.
pub(super) fn ask(table: &Table, line: &Line, terms: &Terms) -> Asked {
    let mut wrong = Vec::new();
    let cell = table.get(line, "email");
    let email = EmailAddress::parse(cell).ok();
    if email.is_none() {
        wrong.push(match cell {
            "" => "There is no email address.".to_owned(),
            cell => format!("“{}” is not an email address, like ana@example.com.", shown(cell)),
        });
    }
    let (role, note) = match read_role(table.get(line, "role"), terms) {
        Ok(Some(role)) => (role, ""),
        Ok(None) => (Role::Agent, NO_ROLE),
        Err(sentence) => {
            wrong.push(sentence);
            (Role::Agent, "")
        }
    };
    let number = match table.get(line, "phone_number") {
        "" => None,
        cell => dial(cell).map_err(|sentence| wrong.push(sentence)).ok(),
    };
    let mut part =
        |column: &str| PersonName::parse_last(table.get(line, column)).map_err(|sentence| wrong.push(sentence.to_owned())).unwrap_or_default();
    let name = PersonName { first: part("first_name"), last: part("last_name") };
    let groups = read_groups(table.get(line, "groups")).map_err(|sentence| wrong.push(sentence)).unwrap_or_default();
    Asked { line: i64::try_from(line.number).unwrap_or(i64::MAX), email, role, name, number, groups, wrong, note }
}

fn read_role(cell: &str, terms: &Terms) -> Result<Option<Role>, String> {
    match Role::from_word(&cell.to_lowercase()) {
        Some(Role::Owner) => Err("Nobody is invited as Owner: transfer the ownership instead.".into()),
        Some(Role::Supervisor) if !terms.plan.supervisor => {
            Err(format!("The {} plan has no Supervisors ({}).", terms.plan.name, terms.with_supervisor))
        }
        Some(role) => Ok(Some(role)),
        None if cell.is_empty() => Ok(None),
        None => Err(format!("Role “{}”: use admin, supervisor or agent.", shown(cell))),
    }
}

fn dial(cell: &str) -> Result<Dialled, String> {
    let sentence = match PhoneNumber::parse(cell) {
        Ok(number) => return Ok(Dialled { number, lacks_plus: None }),
        Err(sentence) => sentence,
    };
    // A spreadsheet takes the plus from a column of numbers.
    match PhoneNumber::parse(&format!("+{cell}")) {
        Ok(number) if cell.starts_with(|c: char| c.is_ascii_digit() || c == '(') => Ok(Dialled { number, lacks_plus: Some(sentence) }),
        _ => Err(sentence),
    }
}

fn read_groups(cell: &str) -> Result<Vec<(String, String)>, String> {
    if cell.bytes().filter(|b| *b == b';').count() >= MOST_GROUPS {
        return Err(format!("A row names at most {MOST_GROUPS} user groups."));
    }
    let mut groups: Vec<(String, String)> = Vec::new();
    for part in cell.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        // What cannot be a group's name is not one of the account's either.
        let key = GroupName::parse(part).map_or_else(|_| String::new(), |name| name.key());
        if key.is_empty() || !groups.iter().any(|(known, _)| *known == key) {
            groups.push((key, shown(part)));
        }
    }
    Ok(groups)
}

/// Says how many rows name no role; nothing where all do.
pub fn notice_of_roles(judged: &[super::Judged]) -> Option<String> {
    match judged.iter().filter(|row| row.reason == NO_ROLE).count() {
        0 => None,
        1 => Some("1 row names no role and is invited as an agent.".into()),
        n => Some(format!("{} rows name no role and are invited as agents.", crate::web::words::thousands(n as i64))),
    }
}
