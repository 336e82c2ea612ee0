//! Inviting people, and what can be done about an invitation until it is accepted (R4–R12).

use super::{
    EmailAddress, Member, NewMember, PersonName, Status, ending,
    rows::{self, Invitation, InvitationState},
};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers, Role},
    billing::{self, Plan, Plans},
    clock::{At, Span},
    db::{AccountId, GroupId, InvitationId, MailId, MemberId, NumberId, Tx},
    failure::Failure,
    groups,
    keys::Token,
    mail::{self, Letter},
    numbers::{self, AssignRefusal},
};

/// An invitation lives 168 hours, to the second (R5).
pub const LIFE: Span = Span::days(7);
/// One person is sent another at most once in so long (R5).
const RESEND_PAUSE: Span = Span::minutes(1);

/// The states of an invited member's newest invitation.
const STANDING: &[InvitationState] = &[InvitationState::Open, InvitationState::Expired, InvitationState::Void];

/// Whom to invite, and as what.
#[derive(Clone, Debug)]
pub struct Invite {
    /// The addresses, each once.
    pub emails: Vec<EmailAddress>,
    /// What they will be.
    pub role: Role,
    /// The number that is kept for the one who is invited (R10).
    pub number: Option<NumberId>,
    /// The groups they will be in.
    pub groups: Vec<GroupId>,
}

/// Somebody who was invited.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The new member.
    pub member: MemberId,
    /// Their address.
    pub email: EmailAddress,
}

/// Why one address cannot be invited (R11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Active already.
    Active(EmailAddress, MemberId),
    /// Invited already: resend.
    Pending(EmailAddress, MemberId),
    /// Deactivated: reactivate.
    Deactivated(EmailAddress, MemberId),
    /// Removed and not yet erased: restore, or start fresh.
    Removed(EmailAddress, MemberId),
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteRefusal {
    /// Nobody invites an Owner (R12).
    #[error("the Owner's role is not given by invitation")]
    Owner,
    /// The plan has no Supervisors (R12).
    #[error("the plan has no Supervisors")]
    NoSupervisors,
    /// Fewer places under the plan's maximum than people (R36).
    #[error("{free} places are left")]
    NoPlace {
        /// Places left.
        free: i64,
    },
    /// One number for several people.
    #[error("a number for several people")]
    NumberForOne,
    /// The number cannot be kept for them.
    #[error(transparent)]
    Number(AssignRefusal),
    /// A group was deleted meanwhile.
    #[error("a group is gone")]
    GroupGone,
    /// Some addresses cannot be invited; nobody was.
    #[error("some addresses cannot be invited")]
    People(Vec<Refused>),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Places under the plan's maximum (R10, R36): taken by active members and running invitations, and still free.
/// `None` where the plan has no maximum.
pub fn places(conn: &mut crate::db::Conn, account: AccountId, plan: &Plan, now: At) -> Result<Option<(i64, i64)>, Failure> {
    let Some(max) = plan.seats_max else { return Ok(None) };
    let taken = rows::count_placed(conn, account, now)?;
    Ok(Some((taken, (i64::from(max) - taken).max(0))))
}

/// Invites everybody or nobody: member, invitation, mail, number, groups and audit events in one transaction (R4).
///
/// # Errors
/// The refusals of R11, R12 and R36.
pub fn invite(tx: &mut Tx<'_>, by: &Can<ManageMembers>, what: &Invite, plans: &Plans, now: At) -> Result<Vec<Invited>, InviteRefusal> {
    invite_all(tx, by, what, false, plans, now)
}

/// [`invite`] that gives removed people a fresh start (R11): a new member with the same address. The one who was removed
/// stays so until erased.
///
/// # Errors
/// The other refusals of R11, and those of R12 and R36.
pub fn invite_afresh(tx: &mut Tx<'_>, by: &Can<ManageMembers>, what: &Invite, plans: &Plans, now: At) -> Result<Vec<Invited>, InviteRefusal> {
    invite_all(tx, by, what, true, plans, now)
}

fn invite_all(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    what: &Invite,
    is_fresh: bool,
    plans: &Plans,
    now: At,
) -> Result<Vec<Invited>, InviteRefusal> {
    let plan = billing::hold(tx, by, plans, now)?.plan;
    check_role(what.role, &plan)?;
    if what.number.is_some() && what.emails.len() > 1 {
        return Err(InviteRefusal::NumberForOne);
    }
    let account = by.account();
    let mut refused = Vec::new();
    for email in &what.emails {
        refused.extend(standing(tx, account, email)?.filter(|refused| !is_fresh || !matches!(refused, Refused::Removed(..))));
    }
    if !refused.is_empty() {
        return Err(InviteRefusal::People(refused));
    }
    if let Some((_, free)) = places(tx, account, &plan, now)?
        && free < what.emails.len() as i64
    {
        return Err(InviteRefusal::NoPlace { free });
    }
    let people: Vec<Invitee> =
        what.emails.iter().map(|email| Invitee { email: email.clone(), name: PersonName::default(), role: what.role }).collect();
    let members = write_each(tx, by, &people, "", now)?;
    for member in &members {
        if let Some(number) = what.number {
            numbers::reserve(tx, by, *member, number, now).map_err(InviteRefusal::Number)?;
        }
        if !groups::enroll(tx, &Author::of(by), *member, &what.groups, now)? {
            return Err(InviteRefusal::GroupGone);
        }
    }
    Ok(members.into_iter().zip(people).map(|(member, person)| Invited { member, email: person.email }).collect())
}

/// Somebody about to be invited.
pub(super) struct Invitee {
    pub email: EmailAddress,
    /// Their name, as far as whoever invites them gave it.
    pub name: PersonName,
    pub role: Role,
}

/// Writes members with their invitations, mails and events, each kind in one go; their ids in the same order. What can be
/// asked before was asked, behind the account's lock. `how` is said in the audit log behind the role.
pub(super) fn write_each(tx: &mut Tx<'_>, by: &Can<ManageMembers>, people: &[Invitee], how: &str, now: At) -> Result<Vec<MemberId>, Failure> {
    let (account, actor, expires_at) = (by.account(), by.actor(), now + LIFE);
    let new: Vec<NewMember> = people
        .iter()
        .map(|person| NewMember {
            email: Some(person.email.clone()),
            name: person.name.clone(),
            invited_by: Some(actor.member),
            ..NewMember::new(account, person.role, Status::Invited, now)
        })
        .collect();
    rows::insert_many(tx, &new, now)?;
    let tokens: Vec<Token> = new.iter().map(|_| Token::fresh()).collect();
    let letter = |role, token: &Token| letter(by, role, token, expires_at);
    let letters: Vec<_> =
        new.iter().zip(people).zip(&tokens).map(|((new, person), token)| (new.id, &person.email, letter(person.role, token))).collect();
    let mails = mail::queue_each(tx, account, &letters, expires_at, now)?;
    let invitation = |member, mail_id, token: &Token| (open_invitation(by, member, Some(mail_id), now), token.digest());
    let invitations: Vec<_> = new.iter().zip(mails).zip(&tokens).map(|((new, mail), token)| invitation(new.id, mail, token)).collect();
    rows::insert_invitations(tx, &invitations)?;
    let event =
        |new: &NewMember, person: &Invitee| (Target::new(new.id, person.email.as_str().to_owned()), format!("as {}{how}", person.role.name()));
    let events: Vec<_> = new.iter().zip(people).map(|(new, person)| event(new, person)).collect();
    audit::record_each(tx, &Author::of(by), Event::MemberInvited, &events, now)?;
    Ok(new.iter().map(|new| new.id).collect())
}

fn letter(by: &Can<ManageMembers>, role: Role, token: &Token, expires_at: At) -> Letter {
    let actor = by.actor();
    Letter::Invitation { company: actor.company.clone(), inviter: actor.name.clone(), role, token: token.clone(), expires_at }
}

fn open_invitation(by: &Can<ManageMembers>, member: MemberId, mail_id: Option<MailId>, now: At) -> Invitation {
    Invitation {
        id: InvitationId::fresh(now),
        account_id: by.account(),
        member_id: member,
        state: InvitationState::Open,
        invited_by: Some(by.actor().member),
        mail_id,
        created_at: now,
        expires_at: now + LIFE,
    }
}

pub(super) fn check_role(role: Role, plan: &Plan) -> Result<(), InviteRefusal> {
    match role {
        Role::Owner => Err(InviteRefusal::Owner),
        Role::Supervisor if !plan.supervisor => Err(InviteRefusal::NoSupervisors),
        _ => Ok(()),
    }
}

fn standing(tx: &mut Tx<'_>, account: AccountId, email: &EmailAddress) -> Result<Option<Refused>, Failure> {
    let known = |member: &Member| match member.status {
        Status::Active => Refused::Active(email.clone(), member.id),
        Status::Invited => Refused::Pending(email.clone(), member.id),
        Status::Deactivated => Refused::Deactivated(email.clone(), member.id),
        Status::Removed => Refused::Removed(email.clone(), member.id),
    };
    let member = match rows::find_live_email(tx, account, email)? {
        Some(member) => Some(member),
        None => rows::find_removed_email(tx, account, email)?,
    };
    Ok(member.as_ref().map(known))
}

/// Writes an invitation with a new link, and mails it when there is an address to mail to.
fn issue(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId, role: Role, mail_to: Option<&EmailAddress>, now: At) -> Result<Token, Failure> {
    let (account, token, expires_at) = (by.account(), Token::fresh(), now + LIFE);
    let mail_id = match mail_to {
        Some(email) => Some(mail::queue(tx, account, Some(member), email, &letter(by, role, &token, expires_at), expires_at, now)?),
        None => None,
    };
    rows::insert_invitation(tx, &open_invitation(by, member, mail_id, now), token.digest())?;
    Ok(token)
}

/// Why an invitation was not renewed, shown or cancelled.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefusal {
    /// The person is no longer invited: joined, or gone.
    #[error("no longer invited")]
    NotInvited,
    /// Sent a moment ago (R5).
    #[error("sent a moment ago")]
    TooSoon(Span),
    /// Its place was freed and the plan has none left (R36).
    #[error("no place left")]
    NoPlace,
    /// It would make a Supervisor, and it ran out or is void while the plan became one without them (R12, R37).
    #[error("the plan has no Supervisors")]
    NoSupervisors,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Sends a new link with a new 7 days; the old link dies (R5).
pub fn renew(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId, plans: &Plans, now: At) -> Result<EmailAddress, LinkRefusal> {
    let plan = billing::hold(tx, by, plans, now)?.plan;
    let (person, newest) = find_invited(tx, by, member)?;
    if let Some(last) = rows::last_mailed(tx, by.account(), member)?.filter(|last| *last <= now && *last + RESEND_PAUSE > now) {
        return Err(LinkRefusal::TooSoon((last + RESEND_PAUSE).since(now)));
    }
    let email = person.email.as_deref().and_then(|email| EmailAddress::parse(email).ok()).ok_or(LinkRefusal::NotInvited)?;
    replace(tx, by, &person, &newest, &plan, now)?;
    issue(tx, by, member, person.role, Some(&email), now)?;
    audit::record(tx, &Author::of(by), Event::InvitationResent, Some(&target(&person)), "", now)?;
    Ok(email)
}

/// Makes a new link to hand over by hand; the old link dies and no mail is sent (R9).
pub fn show_link(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId, plans: &Plans, now: At) -> Result<(Member, Token, At), LinkRefusal> {
    let plan = billing::hold(tx, by, plans, now)?.plan;
    let (person, newest) = find_invited(tx, by, member)?;
    replace(tx, by, &person, &newest, &plan, now)?;
    let token = issue(tx, by, member, person.role, None, now)?;
    audit::record(tx, &Author::of(by), Event::InvitationLinkShown, Some(&target(&person)), "", now)?;
    Ok((person, token, now + LIFE))
}

/// Sends a running invitation to the person's new address with a new link and a new 7 days; the earlier link dies. There
/// is no pause, since the other mailbox has got nothing yet. `false` where none runs: Resend will send it there.
pub(super) fn readdress(tx: &mut Tx<'_>, by: &Can<ManageMembers>, person: &Member, email: &EmailAddress, now: At) -> Result<bool, Failure> {
    mail::drop_unsent(tx, by.account(), person.id, "the address was changed", now)?;
    let newest = rows::find_newest(tx, by.account(), person.id)?;
    let Some(running) = newest.filter(|newest| newest.state == InvitationState::Open && newest.expires_at > now) else { return Ok(false) };
    rows::move_invitation(tx, by.account(), running.id, STANDING, InvitationState::Replaced)?;
    issue(tx, by, person.id, person.role, Some(email), now)?;
    Ok(true)
}

/// Takes an invitation back: its link dies, its place and its number are free (R10), and its groups are without the person.
pub fn cancel(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId, now: At) -> Result<Member, LinkRefusal> {
    by.hold(tx)?;
    let (person, newest) = find_invited(tx, by, member)?;
    rows::move_invitation(tx, by.account(), newest.id, STANDING, InvitationState::Cancelled)?;
    rows::move_status(tx, by.account(), member, Status::Invited, Status::Removed)?;
    ending::end_cancelled(tx, by.account(), member, now)?;
    mail::drop_unsent(tx, by.account(), member, "the invitation was cancelled", now)?;
    let author = Author::of(by);
    numbers::free_of(tx, &author, member, "the invitation was cancelled", now)?;
    numbers::leave_member(tx, &author, member, None, now)?;
    let target = target(&person);
    groups::leave_all(tx, &author, by.account(), member, &target, now)?;
    audit::record(tx, &author, Event::InvitationCancelled, Some(&target), "", now)?;
    Ok(person)
}

fn target(person: &Member) -> Target {
    Target::new(person.id, person.display_name())
}

/// Whoever is invited, behind the account's lock.
fn find_invited(tx: &mut Tx<'_>, by: &Can<ManageMembers>, member: MemberId) -> Result<(Member, Invitation), LinkRefusal> {
    let person = rows::get(tx, by.account(), member)?;
    if person.status != Status::Invited {
        return Err(LinkRefusal::NotInvited);
    }
    let newest = rows::find_newest(tx, by.account(), member)?.ok_or_else(|| Failure::internal("an invited member has no invitation"))?;
    Ok((person, newest))
}

/// Ends the invitation so that a newer one can take its place. One that still runs keeps its place; one that ran out or
/// is void needs a free one, and a plan that still has its role: nobody counted it when the plan was changed.
fn replace(tx: &mut Tx<'_>, by: &Can<ManageMembers>, person: &Member, newest: &Invitation, plan: &Plan, now: At) -> Result<(), LinkRefusal> {
    let holds_place = newest.state == InvitationState::Open && newest.expires_at > now;
    if !holds_place {
        if person.role == Role::Supervisor && !plan.supervisor {
            return Err(LinkRefusal::NoSupervisors);
        }
        if places(tx, by.account(), plan, now)?.is_some_and(|(_, free)| free == 0) {
            return Err(LinkRefusal::NoPlace);
        }
    }
    mail::drop_unsent(tx, by.account(), newest.member_id, "a newer invitation took its place", now)?;
    rows::move_invitation(tx, by.account(), newest.id, STANDING, InvitationState::Replaced)?;
    Ok(())
}

/// Voids what `inviter` sent: called by whatever takes ManageMembers from them (R12, T24). Numbers that were kept are free.
pub fn void_of(tx: &mut Tx<'_>, author: &Author, inviter: MemberId, now: At) -> Result<usize, Failure> {
    let voided = rows::list_sent(tx, author.account(), inviter)?;
    rows::void_of(tx, author.account(), inviter)?;
    for member in &voided {
        mail::drop_unsent(tx, author.account(), *member, "the invitation is void", now)?;
        numbers::free_of(tx, author, *member, "the invitation is void", now)?;
    }
    Ok(voided.len())
}

/// Marks the invitations that ran out (R39). Whoever they were for stays in the groups: they may be invited again.
pub fn expire(tx: &mut Tx<'_>, now: At) -> Result<usize, Failure> {
    rows::expire(tx, now)
}

/// Invitations of a sample company: nobody has their links, no mail is sent, and every third has run out.
pub fn add_sample_invitations(tx: &mut Tx<'_>, invited: &[NewMember], by: MemberId, now: At) -> Result<(), Failure> {
    for (i, new) in invited.iter().enumerate() {
        let sent = now - Span::hours(if i % 3 == 2 { 200 } else { 20 + i as i64 % 100 });
        let sample = Invitation {
            id: InvitationId::fresh(sent),
            account_id: new.account,
            member_id: new.id,
            state: InvitationState::Open,
            invited_by: Some(by),
            mail_id: None,
            created_at: sent,
            expires_at: sent + LIFE,
        };
        rows::insert_invitation(tx, &sample, Token::fresh().digest())?;
    }
    Ok(())
}
