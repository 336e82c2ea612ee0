//! The members' SQL that more than one ability needs.

mod details;

pub use details::find_live_username;
pub(super) use details::{give_credentials, set_details, set_joined, set_own, set_proved_email, set_verified};
mod roles;

pub use roles::find_owner;
pub(super) use roles::{list_admins, set_role, step_down, step_up};

use diesel::prelude::*;

use super::{Availability, EmailAddress, Member, NewMember, Status, Username, display_name};
use crate::{
    accounts,
    authz::Role,
    clock::At,
    db::{
        AccountId, Conn, Digest32, InvitationId, MailId, MemberId, Tx,
        schema::{invitations, member_calls, members},
        sql,
    },
    failure::Failure,
    on_both,
    web::listing::fold,
    words,
};

words! {
    /// What became of an invitation.
    InvitationState {
        /// Waits to be accepted.
        Open = "open",
        /// Ran out, for good: a clock that goes back does not revive it (T33).
        Expired = "expired",
        /// Its inviter lost the right to invite (R12): "send again".
        Void = "void",
        /// Accepted.
        Used = "used",
        /// Taken back.
        Cancelled = "cancelled",
        /// A newer link took its place.
        Replaced = "replaced",
    }
}

/// An invitation with whom it is for.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub(super) struct Invitation {
    pub id: InvitationId,
    pub account_id: AccountId,
    pub member_id: MemberId,
    pub state: InvitationState,
    pub invited_by: Option<MemberId>,
    pub mail_id: Option<MailId>,
    pub created_at: At,
    pub expires_at: At,
}

/// The member of this account with this id. Of somebody erased there is nothing to see any more.
pub fn get(conn: &mut Conn, account: AccountId, id: MemberId) -> Result<Member, Failure> {
    find(conn, account, id)?.filter(|person| person.erased_at.is_none()).ok_or(Failure::NotFound)
}

/// The member of this account with this id, if there is such; one who is erased is called "Former member".
pub fn find(conn: &mut Conn, account: AccountId, id: MemberId) -> Result<Option<Member>, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id));
    Ok(row.select(Member::as_select()).first(conn).optional()?)
}

/// The member of this account who holds this address and is not removed.
pub fn find_live_email(conn: &mut Conn, account: AccountId, email: &EmailAddress) -> Result<Option<Member>, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::email.eq(email.as_str())).filter(sql::LiveMembers);
    Ok(row.select(Member::as_select()).first(conn).optional()?)
}

/// Whoever has the address or the username of a removed person by now.
pub(super) fn find_live(conn: &mut Conn, person: &Member) -> Result<Option<MemberId>, Failure> {
    let live = || members::table.filter(members::account_id.eq(person.account_id)).filter(sql::LiveMembers).select(members::id);
    if let Some(email) = &person.email
        && let Some(other) = live().filter(members::email.eq(email)).get_result(conn).optional()?
    {
        return Ok(Some(other));
    }
    match &person.username {
        Some(username) => Ok(live().filter(members::username.eq(username)).get_result(conn).optional()?),
        None => Ok(None),
    }
}

/// A removed member who held this address, once a member, and can be restored (R11).
pub(super) fn find_removed_email(conn: &mut Conn, account: AccountId, email: &EmailAddress) -> Result<Option<Member>, Failure> {
    let row = members::table
        .filter(members::account_id.eq(account))
        .filter(members::email.eq(email.as_str()))
        .filter(members::status.eq(Status::Removed))
        .filter(members::joined_at.gt(At::NEVER))
        .order(members::removed_at.desc());
    Ok(row.select(Member::as_select()).first(conn).optional()?)
}

/// The names under which a member is sorted and found.
pub(super) fn search_keys(first: &str, last: &str, email: Option<&str>, username: Option<&str>) -> (String, String) {
    let sort_name = fold(&display_name(first, last, email, username));
    let folded = [Some(sort_name.as_str()), email, username].into_iter().flatten().collect::<Vec<_>>().join(" ");
    (sort_name, folded)
}

macro_rules! new_row {
    ($new:expr, $now:expr) => {{
        let new = $new;
        let email = new.email.as_ref().map(EmailAddress::as_str);
        let username = new.username.as_ref().map(Username::as_str);
        let (sort_name, folded) = search_keys(&new.name.first, &new.name.last, email, username);
        (
            members::id.eq(new.id),
            members::account_id.eq(new.account),
            members::email.eq(email),
            members::username.eq(username),
            members::first_name.eq(new.name.first.clone()),
            members::last_name.eq(new.name.last.clone()),
            members::role.eq(new.role),
            members::status.eq(new.status),
            members::password_hash.eq(new.password_hash.clone()),
            members::must_change_password.eq(new.must_change_password),
            members::sort_name.eq(sort_name),
            members::folded.eq(folded),
            members::invited_by.eq(new.invited_by),
            members::joined_at.eq(new.joined_at),
            members::last_active_at.eq(new.last_active_at),
            members::created_at.eq($now),
        )
    }};
}

/// Writes a new member and counts them.
pub fn insert(tx: &mut Tx<'_>, new: &NewMember, now: At) -> Result<(), Failure> {
    diesel::insert_into(members::table).values(new_row!(new, now)).execute(&mut **tx)?;
    accounts::move_counter(tx, new.account, None, new.status, 1)
}

/// [`insert`] for many members of one account and status, in a few statements.
pub fn insert_many(tx: &mut Tx<'_>, new: &[NewMember], now: At) -> Result<(), Failure> {
    for chunk in new.chunks(500) {
        let rows: Vec<_> = chunk.iter().map(|new| new_row!(new, now)).collect();
        on_both!(tx, conn => diesel::insert_into(members::table).values(&rows).execute(conn))?;
    }
    match new.first() {
        Some(first) => accounts::move_counter(tx, first.account, None, first.status, new.len() as i64),
        None => Ok(()),
    }
}

/// Moves a member from one status to another, if they still have it, and counts the move.
pub(super) fn move_status(tx: &mut Tx<'_>, account: AccountId, id: MemberId, from: Status, to: Status) -> Result<bool, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id)).filter(members::status.eq(from));
    let moved = diesel::update(row).set((members::status.eq(to), members::version.eq(members::version + 1))).execute(&mut **tx)?;
    if moved == 1 {
        accounts::move_counter(tx, account, Some(from), to, 1)?;
    }
    Ok(moved == 1)
}

/// Sets a password hash that the member chose, and makes every session of theirs invalid (T6).
pub fn set_credentials(tx: &mut Tx<'_>, account: AccountId, id: MemberId, password_hash: &str) -> Result<i64, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id));
    diesel::update(row).set((members::password_hash.eq(password_hash), members::must_change_password.eq(false))).execute(&mut **tx)?;
    crate::sign_in::end_all(tx, account, id)
}

/// Is the member on a call?
pub fn is_on_call(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<bool, Failure> {
    let row = member_calls::table.filter(member_calls::account_id.eq(account)).filter(member_calls::member_id.eq(member));
    Ok(row.select(member_calls::on_call).get_result(conn).optional()?.unwrap_or(false))
}

/// Writes whether a member takes calls.
pub(super) fn set_availability(tx: &mut Tx<'_>, account: AccountId, id: MemberId, availability: Availability) -> Result<(), Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id));
    diesel::update(row).set(members::availability.eq(availability)).execute(&mut **tx)?;
    Ok(())
}

/// A link mailed to their address was followed: it is theirs (T1).
pub fn prove_address(tx: &mut Tx<'_>, person: &Member, email: &str, now: At) -> Result<(), Failure> {
    let row = members::table
        .filter(members::account_id.eq(person.account_id))
        .filter(members::id.eq(person.id))
        .filter(members::email.eq(email))
        .filter(members::email_verified_at.is_null());
    diesel::update(row).set(members::email_verified_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}

macro_rules! invitation_row {
    ($new:expr, $token:expr) => {
        (
            invitations::id.eq($new.id),
            invitations::account_id.eq($new.account_id),
            invitations::member_id.eq($new.member_id),
            invitations::token_hash.eq($token),
            invitations::state.eq($new.state),
            invitations::invited_by.eq($new.invited_by),
            invitations::mail_id.eq($new.mail_id),
            invitations::created_at.eq($new.created_at),
            invitations::expires_at.eq($new.expires_at),
        )
    };
}

pub(super) fn insert_invitation(tx: &mut Tx<'_>, new: &Invitation, token: Digest32) -> Result<(), Failure> {
    diesel::insert_into(invitations::table).values(invitation_row!(new, token)).execute(&mut **tx)?;
    Ok(())
}

/// [`insert_invitation`] for many, in a few statements.
pub(super) fn insert_invitations(tx: &mut Tx<'_>, new: &[(Invitation, Digest32)]) -> Result<(), Failure> {
    for chunk in new.chunks(500) {
        let rows: Vec<_> = chunk.iter().map(|(new, token)| invitation_row!(new, *token)).collect();
        on_both!(tx, conn => diesel::insert_into(invitations::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// The invitation of this token, whatever became of it.
pub(super) fn find_by_token(conn: &mut Conn, token: Digest32) -> Result<Option<Invitation>, Failure> {
    Ok(invitations::table.filter(invitations::token_hash.eq(token)).select(Invitation::as_select()).first(conn).optional()?)
}

/// The newest invitation of an invited member.
pub(super) fn find_newest(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Option<Invitation>, Failure> {
    let newest =
        invitations::table.filter(invitations::account_id.eq(account)).filter(invitations::member_id.eq(member)).filter(sql::NewestInvitations);
    Ok(newest.select(Invitation::as_select()).first(conn).optional()?)
}

/// Moves an invitation out of one state, if it still has it.
pub(super) fn move_invitation(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: InvitationId,
    from: &[InvitationState],
    to: InvitationState,
) -> Result<bool, Failure> {
    let row = invitations::table.filter(invitations::account_id.eq(account)).filter(invitations::id.eq(id)).filter(invitations::state.eq_any(from));
    Ok(diesel::update(row).set(invitations::state.eq(to)).execute(&mut **tx)? == 1)
}

/// When the member was last mailed an invitation.
pub(super) fn last_mailed(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Option<At>, Failure> {
    let mailed = invitations::table
        .filter(invitations::account_id.eq(account))
        .filter(invitations::member_id.eq(member))
        .filter(invitations::mail_id.is_not_null());
    Ok(mailed.order(invitations::created_at.desc()).select(invitations::created_at).first(conn).optional()?)
}

/// Marks the invitations that ran out.
pub(super) fn expire(tx: &mut Tx<'_>, now: At) -> Result<usize, Failure> {
    let over = invitations::table.filter(sql::OpenInvitations).filter(invitations::expires_at.le(now));
    Ok(diesel::update(over).set(invitations::state.eq(InvitationState::Expired)).execute(&mut **tx)?)
}

/// Who is invited by an open invitation that a member sent.
pub(super) fn list_sent(conn: &mut Conn, account: AccountId, inviter: MemberId) -> Result<Vec<MemberId>, Failure> {
    let sent =
        invitations::table.filter(invitations::account_id.eq(account)).filter(invitations::invited_by.eq(inviter)).filter(sql::OpenInvitations);
    Ok(sent.select(invitations::member_id).load(conn)?)
}

/// Voids the open invitations that a member sent.
pub(super) fn void_of(tx: &mut Tx<'_>, account: AccountId, inviter: MemberId) -> Result<usize, Failure> {
    let sent =
        invitations::table.filter(invitations::account_id.eq(account)).filter(invitations::invited_by.eq(inviter)).filter(sql::OpenInvitations);
    Ok(diesel::update(sent).set(invitations::state.eq(InvitationState::Void)).execute(&mut **tx)?)
}

/// Invitations that hold a place: open and not run out (R10).
pub fn count_pending(conn: &mut Conn, account: AccountId, now: At) -> Result<i64, Failure> {
    let pending = invitations::table.filter(invitations::account_id.eq(account)).filter(sql::OpenInvitations).filter(invitations::expires_at.gt(now));
    Ok(pending.count().get_result(conn)?)
}

/// Places that are taken: active members and running invitations (R10, R36).
pub fn count_placed(conn: &mut Conn, account: AccountId, now: At) -> Result<i64, Failure> {
    Ok(accounts::get(conn, account)?.active_members + count_pending(conn, account, now)?)
}

/// Whose role fits and who holds a place: active, or with a running invitation (R10, R36).
macro_rules! placed {
    ($account:expr, $now:expr, $role:expr) => {{
        let running = invitations::table.filter(invitations::account_id.eq($account)).filter(sql::OpenInvitations);
        let invited = running.filter(invitations::expires_at.gt($now)).select(invitations::member_id);
        let own = members::table.filter(members::account_id.eq($account)).filter($role);
        own.filter(sql::ActiveMembers.or(members::id.eq_any(invited)))
    }};
}

/// Everybody but the Owner who takes a place: active, or with a running invitation; in the order of their names, at most 50.
pub fn list_placed(conn: &mut Conn, account: AccountId, now: At) -> Result<Vec<Member>, Failure> {
    let placed = placed!(account, now, members::role.ne(Role::Owner));
    Ok(sql::top(placed.order((members::sort_name, members::id)).select(Member::as_select()), 50).load(conn)?)
}

/// How many Supervisors are active or have a running invitation: who must change role before a plan without that role (R37).
pub fn count_supervisors(conn: &mut Conn, account: AccountId, now: At) -> Result<i64, Failure> {
    Ok(placed!(account, now, members::role.eq(Role::Supervisor)).count().get_result(conn)?)
}

/// Those whom [`count_supervisors`] counts, in the order of their names, at most 50.
pub fn list_supervisors(conn: &mut Conn, account: AccountId, now: At) -> Result<Vec<Member>, Failure> {
    let placed = placed!(account, now, members::role.eq(Role::Supervisor)).order((members::sort_name, members::id)).select(Member::as_select());
    Ok(sql::top(placed, 50).load(conn)?)
}

/// Members by status, in the order of [`Status::ALL`] with the active first: what the account's counters must say.
pub fn count_by_status(conn: &mut Conn, account: AccountId) -> Result<[i64; 4], Failure> {
    // Who is erased is counted no more.
    let count = |conn: &mut Conn, status: Status| {
        let own = members::table.filter(members::account_id.eq(account)).filter(members::erased_at.is_null());
        own.filter(members::status.eq(status)).count().get_result(conn)
    };
    Ok([count(conn, Status::Active)?, count(conn, Status::Invited)?, count(conn, Status::Deactivated)?, count(conn, Status::Removed)?])
}
