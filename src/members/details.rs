//! What whoever manages members writes about somebody (R24): name, job title, address, username, device.

use super::{DeviceAddress, EmailAddress, JobTitle, Member, PersonName, Status, Username, invitation, notice, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers, Role},
    clock::{At, Span},
    db::{MemberId, Tx},
    failure::Failure,
    mail::{self, Letter},
    sign_in::{
        self,
        links::{self, Purpose},
    },
};

/// A new address can be confirmed for so long.
const CONFIRMATION: Span = Span::days(7);

/// What is written about a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Their name.
    pub name: PersonName,
    /// What they do.
    pub job_title: JobTitle,
    /// Their address; users by username may have none.
    pub email: Option<EmailAddress>,
    /// Their username; users by email have none.
    pub username: Option<Username>,
    /// Where the switch finds their phone.
    pub device: DeviceAddress,
}

impl Details {
    fn display_name(&self) -> String {
        let (email, username) = (self.email.as_ref().map(EmailAddress::as_str), self.username.as_ref().map(Username::as_str));
        super::display_name(&self.name.first, &self.name.last, email, username)
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum EditRefusal {
    /// Who was removed is not edited.
    #[error("removed")]
    Removed,
    /// Nobody edits the Owner but the Owner (T23).
    #[error("the Owner's details")]
    OfOwner,
    /// They were changed since the form was shown (R59).
    #[error("changed meanwhile")]
    Changed,
    /// One's own address takes a link to the new one (R24).
    #[error("one's own address")]
    OwnEmail,
    /// Nobody changes the name that they sign in with themselves.
    #[error("one's own username")]
    OwnUsername,
    /// A user by email has an address.
    #[error("no address")]
    EmailNeeded,
    /// A user by username has a username.
    #[error("no username")]
    UsernameNeeded,
    /// A user by email has no username.
    #[error("a username for a user by email")]
    ByEmail,
    /// Somebody in the account has the address (R3).
    #[error("the address is {}'s", .0.display_name())]
    EmailTaken(Box<Member>),
    /// Somebody in the account has the username (R2).
    #[error("the username is {}'s", .0.display_name())]
    UsernameTaken(Box<Member>),
    /// The actor's password was given too long ago (T8).
    #[error("the password is to be given again")]
    StalePassword,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The member, as they were before.
    pub before: Member,
    /// What they are called now.
    pub name: String,
    /// Was anything different?
    pub changed: bool,
    /// They sign in with something else now, and every session ended.
    pub sign_in: bool,
    /// A new invitation is on its way to their new address; the earlier link died.
    pub invited_again: bool,
}

/// May `actor` edit `person`? What the page asks beforehand and the write asks again.
///
/// # Errors
/// Why not.
pub fn may_edit(actor: MemberId, person: &Member) -> Result<(), EditRefusal> {
    match (person.status, person.role) {
        (Status::Removed, _) => Err(EditRefusal::Removed),
        (_, Role::Owner) if person.id != actor => Err(EditRefusal::OfOwner),
        _ => Ok(()),
    }
}

/// What differs.
struct Changes {
    name: bool,
    job_title: bool,
    email: bool,
    username: bool,
    device: bool,
}

impl Changes {
    fn between(before: &Member, what: &Details) -> Self {
        Changes {
            name: before.first_name != what.name.first || before.last_name != what.name.last,
            job_title: before.job_title != what.job_title.as_str(),
            email: before.email.as_deref() != what.email.as_ref().map(EmailAddress::as_str),
            username: before.username.as_deref() != what.username.as_ref().map(Username::as_str),
            device: before.device != what.device.as_str(),
        }
    }

    const fn any(&self) -> bool {
        self.name || self.job_title || self.email || self.username || self.device
    }

    /// For the audit log.
    fn in_words(&self, what: &Details) -> String {
        let to = |text: Option<&str>| text.map_or_else(|| "none".to_owned(), str::to_owned);
        let known = [
            (self.email, format!("email to {}", to(what.email.as_ref().map(EmailAddress::as_str)))),
            (self.username, format!("username to {}", to(what.username.as_ref().map(Username::as_str)))),
            (self.name, "name".into()),
            (self.job_title, "job title".into()),
            (self.device, "device".into()),
        ];
        known.into_iter().filter_map(|(differs, words)| differs.then_some(words)).collect::<Vec<_>>().join(", ")
    }
}

/// Writes a member's details; `seen` is the version that the form was shown with. The same again writes nothing, however
/// old the form is.
///
/// Another address acts at once (R24): the member signs in with it, it counts as unproved (T1), every session and mailed
/// link ends (T6, T9), and both addresses get mail. Somebody who is still invited gets the running invitation there, and
/// the earlier link dies. Another username ends the sessions as well. What somebody signs in with is changed only soon after
/// the actor gave their own password (T8).
///
/// # Errors
/// The first reason why not; nothing is written then.
pub fn edit(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId, what: &Details, seen: i64, now: At) -> Result<Edited, EditRefusal> {
    by.hold(tx)?;
    let before = rows::get(tx, by.account(), member)?;
    may_edit(by.actor().member, &before)?;
    let changes = Changes::between(&before, what);
    if !changes.any() {
        return Ok(Edited { name: before.display_name(), before, changed: false, sign_in: false, invited_again: false });
    }
    if seen != before.version {
        return Err(EditRefusal::Changed);
    }
    check_email(tx, by, &before, what, &changes)?;
    check_username(tx, by, &before, what, &changes)?;
    let signs_in = matches!(before.status, Status::Active | Status::Deactivated);
    if (changes.email || changes.username) && signs_in && !sign_in::is_fresh(by.actor(), now) {
        return Err(EditRefusal::StalePassword);
    }
    if !rows::set_details(tx, &before, what)? {
        return Err(EditRefusal::Changed);
    }
    let sign_in = changes.email || changes.username;
    if changes.email {
        sign_in::end_all_and_links(tx, by.account(), before.id)?;
    } else if sign_in {
        sign_in::end_all(tx, by.account(), before.id)?;
    }
    let mut invited_again = false;
    if changes.email {
        match (&what.email, before.status) {
            (Some(email), Status::Invited) => invited_again = invitation::readdress(tx, by, &before, email, now)?,
            _ => tell_both(tx, by, &before, what, now)?,
        }
    }
    let event = if changes.email { Event::EmailChanged } else { Event::DetailsChanged };
    let name = what.display_name();
    let target = Target::new(before.id, name.clone());
    audit::record(tx, &Author::of(by), event, Some(&target), &changes.in_words(what), now)?;
    Ok(Edited { before, name, changed: true, sign_in, invited_again })
}

fn check_email(tx: &mut Tx<'_>, by: &Can<ManageMembers>, before: &Member, what: &Details, changes: &Changes) -> Result<(), EditRefusal> {
    if !changes.email {
        return Ok(());
    }
    if before.id == by.actor().member {
        return Err(EditRefusal::OwnEmail);
    }
    match &what.email {
        None if before.username.is_none() => Err(EditRefusal::EmailNeeded),
        None => Ok(()),
        Some(email) => match rows::find_live_email(tx, by.account(), email)? {
            Some(holder) => Err(EditRefusal::EmailTaken(Box::new(holder))),
            None => Ok(()),
        },
    }
}

fn check_username(tx: &mut Tx<'_>, by: &Can<ManageMembers>, before: &Member, what: &Details, changes: &Changes) -> Result<(), EditRefusal> {
    if !changes.username {
        return Ok(());
    }
    match &what.username {
        None => Err(EditRefusal::UsernameNeeded),
        Some(_) if before.username.is_none() => Err(EditRefusal::ByEmail),
        Some(_) if before.id == by.actor().member => Err(EditRefusal::OwnUsername),
        Some(username) => match rows::find_live_username(tx, by.account(), username)? {
            Some(holder) => Err(EditRefusal::UsernameTaken(Box::new(holder))),
            None => Ok(()),
        },
    }
}

/// Tells the old address where the new one is, and the new one whose it is now.
fn tell_both(tx: &mut Tx<'_>, by: &Can<ManageMembers>, before: &Member, what: &Details, now: At) -> Result<(), Failure> {
    let (account, actor, name) = (by.account(), by.actor(), what.display_name());
    let new_email = what.email.as_ref().map_or("", EmailAddress::as_str).to_owned();
    notice::tell(tx, before, |company, _| Letter::EmailChanged { company, name: name.clone(), new_email, by: actor.name.clone() }, now)?;
    let Some(email) = &what.email else { return Ok(()) };
    // Nobody who cannot sign in gets a link (T9).
    let token = match before.status {
        Status::Active => Some(links::make(tx, account, before.id, Purpose::EmailConfirmation, email, now + CONFIRMATION, now)?),
        _ => None,
    };
    let letter = Letter::EmailGiven { company: actor.company.clone(), name, by: actor.name.clone(), token };
    mail::queue(tx, account, Some(before.id), email, &letter, now + CONFIRMATION, now)?;
    Ok(())
}
