//! The members' forms: strings to types.

mod identity;

use std::collections::HashSet;

pub use identity::{NewUserForm, details_of, read_details, read_given_password};

use super::{
    Availability, DeviceAddress, EmailAddress, Invite, JobTitle, OwnDetails, PersonName, Theme,
    selection::{Act, MOST},
};
use crate::{
    authz::Role,
    db::MemberId,
    groups::forms::{GROUP_GONE, read_groups},
    routing::Destination,
    sign_in::{
        forms::{read_current, read_new_password},
        passwords::Password,
    },
    web::{Posted, zone::Zone},
    words,
};

/// Addresses of one form; more belong into a file.
const MOST_EMAILS: usize = 100;

/// Reads who is to be invited; the sentence names every address that is none.
pub fn read_invite(form: &mut Posted) -> Option<Invite> {
    let emails = form.take("emails", parse_emails);
    let role = read_role(form, "An Owner is not invited: transfer the ownership instead.");
    let number =
        form.take("number_id", |id| if id.is_empty() { Ok(None) } else { id.parse().map(Some).map_err(|_| "Choose a number from the list.") });
    let groups = read_groups(form);
    Some(Invite { emails: emails?, role: role?, number: number?, groups: groups? })
}

fn read_role(form: &mut Posted, no_owner: &'static str) -> Option<Role> {
    form.take("role", |word| match Role::from_word(word) {
        Some(Role::Owner) => Err(no_owner),
        Some(role) => Ok(role),
        None => Err("Choose a role."),
    })
}

fn parse_emails(text: &str) -> Result<Vec<EmailAddress>, String> {
    let mut emails: Vec<EmailAddress> = Vec::new();
    let mut wrong = Vec::new();
    for part in text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        match EmailAddress::parse(part) {
            // Twice in one form is once.
            Ok(email) if emails.contains(&email) => {}
            Ok(email) => emails.push(email),
            Err(_) => wrong.push(part.chars().take(80).collect::<String>()),
        }
    }
    if !wrong.is_empty() {
        let verb = if wrong.len() == 1 { "is not an email address" } else { "are not email addresses" };
        return Err(format!("{} {verb}, like ana@example.com.", wrong.join(", ")));
    }
    match emails.len() {
        0 => Err("Enter an email address, like ana@example.com.".into()),
        n if n > MOST_EMAILS => Err(format!("These are {n} addresses; invite at most {MOST_EMAILS} at once.")),
        _ => Ok(emails),
    }
}

/// What the invited adds, the password not hashed yet.
pub struct AcceptForm {
    /// Their name.
    pub name: PersonName,
    /// Their password.
    pub password: Password,
}

impl AcceptForm {
    /// Reads the form.
    pub fn read(form: &mut Posted, least: usize, email: &str, company: &str) -> Option<Self> {
        let first = form.take("first_name", PersonName::parse_first);
        let last = form.take("last_name", PersonName::parse_last);
        let whole = format!("{} {}", form.value("first_name"), form.value("last_name"));
        let password = read_new_password(form, least, &[&whole, email, company]);
        Some(AcceptForm { name: PersonName { first: first?, last: last? }, password: password? })
    }
}

/// Reads what members say about themselves.
pub fn read_own(form: &mut Posted) -> Option<OwnDetails> {
    let first = form.take("first_name", PersonName::parse_first);
    let last = form.take("last_name", PersonName::parse_last);
    let job_title = form.take("job_title", JobTitle::parse);
    let zone = form.take("time_zone", |name| if name.is_empty() { Ok(None) } else { name.parse::<Zone>().map(Some) });
    let theme = form.take("theme", |word| Theme::from_word(word).ok_or("Choose a theme."));
    let device = if form.has("device") { form.take("device", DeviceAddress::parse).map(Some) } else { Some(None) };
    let name = PersonName { first: first?, last: last? };
    Some(OwnDetails { name, job_title: job_title?, zone: zone?, theme: theme?, device: device? })
}

/// Reads what gets the calls of somebody who is removed: `None` inside for voicemail that nobody chose, which is flagged.
pub fn read_replacement(form: &mut Posted) -> Option<Option<Destination>> {
    form.take("replacement", |word| match word {
        "" | "voicemail" => Ok(None),
        word => match Destination::parse(word) {
            Ok(to @ (Destination::Member(_) | Destination::Group(_))) => Ok(Some(to)),
            _ => Err("Choose where calls go: voicemail, a user group or a person."),
        },
    })
}

/// Reads whether members take calls, by their own word.
pub fn read_availability(form: &mut Posted) -> Option<Availability> {
    form.take("availability", |word| Availability::from_word(word).ok_or("Choose whether you take calls."))
}

/// A new address with the password that confirms it.
pub struct EmailForm {
    /// The address that shall be.
    pub email: EmailAddress,
    /// The password that is theirs.
    pub current: Password,
}

impl EmailForm {
    /// Reads the form.
    pub fn read(form: &mut Posted, now_is: Option<&str>) -> Option<Self> {
        let email = form.take("email", |text| match EmailAddress::parse(text) {
            Ok(email) if now_is == Some(email.as_str()) => Err("This is your address already."),
            other => other,
        });
        let current = read_current(form);
        Some(EmailForm { email: email?, current: current? })
    }
}

/// How many addresses are in what was typed, right or wrong; at least one.
pub fn count_emails(text: &str) -> i64 {
    let typed: HashSet<String> = text.split([',', ';', '\n']).map(|part| part.trim().to_lowercase()).filter(|part| !part.is_empty()).collect();
    typed.len().max(1) as i64
}

words! {
    /// What can be done with everybody who was ticked on the list.
    ActWord {
        /// Mails their invitations again.
        Resend = "resend",
        /// Deactivates them.
        Deactivate = "deactivate",
        /// Lets them in again.
        Reactivate = "reactivate",
        /// Gives them another role.
        Role = "role",
        /// Puts them into a group.
        Group = "group",
        /// Removes them.
        Remove = "remove",
    }
}

impl ActWord {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            ActWord::Resend => "Resend",
            ActWord::Deactivate => "Deactivate",
            ActWord::Reactivate => "Reactivate",
            ActWord::Role => "Change role",
            ActWord::Group => "Add to group",
            ActWord::Remove => "Remove Member",
        }
    }
}

/// What the list's checkboxes say.
pub enum Selection {
    /// The act needs a role or a group, and none was said yet.
    Asks(ActWord),
    /// What to do, and with whom.
    Ready(Act, Vec<MemberId>),
}

/// Reads whom the list's checkboxes name, and what to do with them.
pub fn read_selection(form: &mut Posted) -> Option<Selection> {
    let word = form.take("act", |word| ActWord::from_word(word).ok_or("Choose what to do with those you tick."));
    let chosen: Option<Vec<MemberId>> = form.values("member_ids").into_iter().map(|id| id.parse().ok()).collect();
    let sentence = match &chosen {
        None => Some("Tick people on the list.".to_owned()),
        Some(chosen) if chosen.is_empty() => Some("Tick at least one person.".to_owned()),
        Some(chosen) if chosen.len() > MOST => Some(format!("Tick at most {MOST} people at once.")),
        Some(_) => None,
    };
    if let Some(sentence) = sentence {
        form.refuse("member_ids", sentence);
        return None;
    }
    let (word, chosen) = (word?, chosen?);
    let act = match word {
        ActWord::Resend => Act::Resend,
        ActWord::Deactivate => Act::Deactivate,
        ActWord::Reactivate => Act::Reactivate,
        ActWord::Remove => Act::Remove,
        ActWord::Role if form.value("role").is_empty() => return Some(Selection::Asks(word)),
        ActWord::Role => Act::ChangeRole(form.take("role", |word| Role::from_word(word).ok_or("Choose a role."))?),
        ActWord::Group if form.value("group_id").is_empty() => return Some(Selection::Asks(word)),
        ActWord::Group => Act::AddToGroup(form.take("group_id", |id| id.parse().map_err(|_| GROUP_GONE))?),
    };
    Some(Selection::Ready(act, chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r4_several_addresses_at_once() {
        let emails = parse_emails(" Ana@x.test, bob@x.test\n\nana@X.test;cy@x.test ").unwrap();
        assert_eq!(emails.iter().map(EmailAddress::as_str).collect::<Vec<_>>(), ["ana@x.test", "bob@x.test", "cy@x.test"]);
        assert_eq!(parse_emails("ana@x.test, bob@, @").unwrap_err(), "bob@, @ are not email addresses, like ana@example.com.");
        assert!(parse_emails(" ,\n").unwrap_err().starts_with("Enter"));
        let many: Vec<String> = (0..101).map(|i| format!("a{i}@x.test")).collect();
        assert!(parse_emails(&many.join("\n")).unwrap_err().contains("at most 100"));
    }
}
