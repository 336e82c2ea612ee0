//! Following an invitation's link (R6–R8).

use super::{
    EmailAddress, Member, PersonName, Status,
    rows::{self, Invitation, InvitationState},
};
use crate::{
    accounts,
    audit::{self, Author, Event, Target},
    authz::{PermissionWord, Role},
    billing::{self, Plans, SeatRefusal, Step},
    clock::At,
    db::{AccountId, Conn, MemberId, Tx},
    failure::Failure,
    keys::Token,
};

/// What is behind a link.
#[derive(Clone, Debug)]
pub enum Opening {
    /// An invitation that can be accepted.
    Open {
        /// The account's id.
        account: AccountId,
        /// The invited member.
        member: MemberId,
        /// The company.
        company: String,
        /// Who invited.
        inviter: String,
        /// As what.
        role: Role,
        /// The address it was sent to.
        email: String,
        /// What whoever invited them wrote they are called; perhaps nothing.
        name: PersonName,
        /// When it runs out.
        expires_at: At,
    },
    /// Accepted already.
    Used {
        /// The company.
        company: String,
    },
    /// Ran out, or void: ask for another.
    Expired {
        /// The company.
        company: String,
        /// Who to ask.
        inviter: String,
    },
    /// Taken back.
    Cancelled {
        /// The company.
        company: String,
        /// Who to ask.
        inviter: String,
    },
    /// A newer link was sent.
    Replaced {
        /// The company.
        company: String,
    },
    /// The account is closed (R38).
    Closed {
        /// The company.
        company: String,
    },
    /// Nobody's link (R7: names nobody).
    Unknown,
}

/// Looks behind a link without spending it (R6, T11).
pub fn look_up(conn: &mut Conn, token: &Token, now: At) -> Result<Opening, Failure> {
    match rows::find_by_token(conn, token.digest())? {
        Some(invitation) => describe(conn, &invitation, now),
        None => Ok(Opening::Unknown),
    }
}

fn describe(conn: &mut Conn, invitation: &Invitation, now: At) -> Result<Opening, Failure> {
    let account = accounts::get(conn, invitation.account_id)?;
    let company = account.name;
    let inviter = match invitation.invited_by {
        Some(id) => rows::find(conn, account.id, id)?,
        None => None,
    };
    let stands = inviter.as_ref().is_some_and(|inviter| inviter.status == Status::Active && PermissionWord::ManageMembers.held_by(inviter.role));
    let inviter = match inviter {
        Some(inviter) if stands => inviter.display_name(),
        _ => format!("an Admin of {company}"),
    };
    if account.closed_at.is_some() {
        return Ok(Opening::Closed { company });
    }
    Ok(match invitation.state {
        InvitationState::Used => Opening::Used { company },
        InvitationState::Cancelled => Opening::Cancelled { company, inviter },
        InvitationState::Replaced => Opening::Replaced { company },
        InvitationState::Void | InvitationState::Expired => Opening::Expired { company, inviter },
        // The flag is set by whoever takes the right away; the look here is the second lock on the same door (T24).
        InvitationState::Open if !stands || invitation.expires_at <= now => Opening::Expired { company, inviter },
        InvitationState::Open => {
            let member = rows::get(conn, account.id, invitation.member_id)?;
            let email = member.email.unwrap_or_default();
            let name = PersonName { first: member.first_name, last: member.last_name };
            let (account, member, role, expires_at) = (account.id, member.id, member.role, invitation.expires_at);
            Opening::Open { account, member, company, inviter, role, email, name, expires_at }
        }
    })
}

/// What the invited person adds.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// Their name.
    pub name: PersonName,
    /// The hash of the password they chose.
    pub password_hash: String,
    /// From where.
    pub address: String,
}

/// What became of an invitation that was to be accepted.
#[derive(Clone, Debug)]
pub enum Accepted {
    /// Whoever was invited is a member.
    Joined(Box<Member>),
    /// The link opens nothing (any more); what it is now. Nothing was written but what fell due in the account, which is kept:
    /// where it closed at this very click, it is closed (R38).
    Gone(Box<Opening>),
}

/// Spends the token: the invited becomes active in the place that was kept for them (R6, R10).
///
/// # Errors
/// When a write fails.
pub fn accept(tx: &mut Tx<'_>, token: &Token, what: &Acceptance, plans: &Plans, now: At) -> Result<Accepted, Failure> {
    let gone = |opening| Ok(Accepted::Gone(Box::new(opening)));
    let Some(invitation) = rows::find_by_token(tx, token.digest())? else { return gone(Opening::Unknown) };
    let account = invitation.account_id;
    tx.lock(account)?;
    let mut subscription = billing::settle(tx, account, plans, now)?;
    match describe(tx, &invitation, now)? {
        Opening::Open { .. } => {}
        other => return gone(other),
    }
    // Of any number at once, one finds the invitation open (T25).
    if !rows::move_invitation(tx, account, invitation.id, &[InvitationState::Open], InvitationState::Used)? {
        let now_is = look_up(tx, token, now)?;
        return gone(now_is);
    }
    let person = rows::get(tx, account, invitation.member_id)?;
    let bought = match billing::take(tx, &mut subscription, Step::Accepted, person.id, None, now) {
        Ok(bought) => bought,
        Err(SeatRefusal::Failure(failure)) => return Err(failure),
        Err(SeatRefusal::Closed) => return Err(Failure::internal("a closed account has an open invitation")),
        Err(SeatRefusal::AmountChanged { .. }) => return Err(Failure::internal("an invited person was shown an amount")),
    };
    rows::set_joined(tx, &person, what, now)?;
    if !rows::move_status(tx, account, person.id, Status::Invited, Status::Active)? {
        return Err(Failure::internal("an open invitation belongs to nobody invited"));
    }
    let author = Author::member(account, person.id, what.name.full(), &what.address);
    let target = Target::new(person.id, what.name.full());
    let details = [format!("as {}", person.role.name()), bought.note()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    audit::record(tx, &author, Event::MemberJoined, Some(&target), &details, now)?;
    Ok(Accepted::Joined(Box::new(rows::get(tx, account, person.id)?)))
}

impl Opening {
    /// The invited address, for telling whose invitation it is (R8).
    pub fn email(&self) -> Option<EmailAddress> {
        match self {
            Opening::Open { email, .. } => EmailAddress::parse(email).ok(),
            _ => None,
        }
    }
}
