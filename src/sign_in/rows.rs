//! The sessions' SQL.

use diesel::prelude::*;

use super::{
    links::{self, Purpose},
    second_factor,
};
use crate::{
    accounts::TwoFactorPolicy,
    authz::{Actor, Errand, Role, Tally},
    clock::{At, Span},
    db::{
        AccountId, Conn, Digest32, MemberId, SessionId, Tx,
        schema::{accounts, members, sessions},
        sql,
    },
    failure::Failure,
    members::{SignInName, Theme, display_name},
    web::zone::Zone,
};

/// A session as its owner sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Seen {
    /// Its id in paths.
    pub id: SessionId,
    /// When it began.
    pub created_at: At,
    /// When it was last used, to the minute.
    pub last_seen_at: At,
    /// From where it began.
    pub address: String,
    /// The browser's words for itself.
    pub agent: String,
}

/// A session that was found by its key.
pub(super) struct Found {
    pub actor: Actor,
    /// Set while the second factor is missing.
    pub second_step: Option<String>,
    pub last_seen_at: At,
    pub flash: Option<String>,
}

/// The session of a key with whoever it belongs to, if that member may still use it (R18, T6).
pub(super) fn find(conn: &mut Conn, key: Digest32) -> Result<Option<Found>, Failure> {
    type Row = (
        (SessionId, i64, At, At, Option<String>, At, Option<String>),
        (MemberId, AccountId, Role, String, String, Option<String>, Option<String>, Option<String>, Theme, bool, At),
        (String, String, String, i64, i64, i64, TwoFactorPolicy, Option<At>),
    );
    let row: Option<Row> = sessions::table
        .inner_join(members::table.on(members::account_id.eq(sessions::account_id).and(members::id.eq(sessions::member_id))))
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::key_hash.eq(key))
        .filter(sql::ActiveMembers)
        .filter(sql::OpenToMember)
        .filter(members::session_epoch.eq(sessions::epoch))
        .select((
            (
                sessions::id,
                sessions::epoch,
                sessions::created_at,
                sessions::last_seen_at,
                sessions::flash,
                sessions::password_at,
                sessions::second_step,
            ),
            (
                members::id,
                members::account_id,
                members::role,
                members::first_name,
                members::last_name,
                members::email,
                members::username,
                members::time_zone,
                members::theme,
                members::must_change_password,
                members::second_factor_at,
            ),
            (
                accounts::name,
                accounts::time_zone,
                accounts::plan,
                accounts::active_members,
                accounts::invited_members,
                accounts::deactivated_members,
                accounts::require_two_factor,
                accounts::closed_at,
            ),
        ))
        .get_result(conn)
        .optional()?;
    Ok(row.map(
        |(
            (session, epoch, since, last_seen_at, flash, password_at, second_step),
            (member, account, role, first, last, email, username, zone, theme, must_change_password, second_factor_at),
            (company, account_zone, plan, active, invited, deactivated, policy, closed_at),
        )| Found {
            actor: Actor {
                account,
                member,
                session,
                epoch,
                role,
                errand: Errand::of(must_change_password, second_factor_at.is_never() && policy.asks(role), closed_at.is_some()),
                name: display_name(&first, &last, email.as_deref(), username.as_deref()),
                company,
                plan,
                tally: Tally { active, invited, deactivated },
                zone: Zone::from_column(zone.as_deref().unwrap_or(&account_zone)),
                theme,
                since,
                password_at,
                address: String::new(),
            },
            second_step,
            last_seen_at,
            flash,
        },
    ))
}

/// A session about to be written.
pub(super) struct NewSession<'a> {
    pub key: Digest32,
    pub account: AccountId,
    pub member: MemberId,
    pub epoch: i64,
    pub address: &'a str,
    pub agent: &'a str,
    pub flash: Option<&'a str>,
    /// When the password was given.
    pub password_at: At,
    /// Set while the second factor is missing.
    pub second_step: Option<&'a str>,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &NewSession<'_>, now: At) -> Result<(), Failure> {
    let row = (
        sessions::key_hash.eq(new.key),
        sessions::id.eq(SessionId::fresh(now)),
        sessions::account_id.eq(new.account),
        sessions::member_id.eq(new.member),
        sessions::epoch.eq(new.epoch),
        sessions::created_at.eq(now),
        sessions::last_seen_at.eq(now),
        sessions::address.eq(new.address),
        sessions::agent.eq(new.agent),
        sessions::flash.eq(new.flash),
        sessions::password_at.eq(new.password_at),
        sessions::second_step.eq(new.second_step),
    );
    diesel::insert_into(sessions::table).values(row).execute(&mut **tx)?;
    if new.second_step.is_some() {
        // They are not in yet.
        return Ok(());
    }
    let member = members::table.filter(members::account_id.eq(new.account)).filter(members::id.eq(new.member));
    diesel::update(member).set(members::last_active_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}

/// Keeps the flash of a session that still exists; a vanished one is never made again (T5).
pub(super) fn set_flash(tx: &mut Tx<'_>, key: Digest32, flash: Option<&str>) -> Result<(), Failure> {
    diesel::update(sessions::table.find(key)).set(sessions::flash.eq(flash)).execute(&mut **tx)?;
    Ok(())
}

/// Notes that a session and its member were seen.
pub(super) fn touch(tx: &mut Tx<'_>, key: Digest32, actor: &Actor, now: At) -> Result<(), Failure> {
    diesel::update(sessions::table.find(key)).set(sessions::last_seen_at.eq(now)).execute(&mut **tx)?;
    let member = members::table.filter(members::account_id.eq(actor.account)).filter(members::id.eq(actor.member));
    diesel::update(member).set(members::last_active_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx<'_>, key: Digest32) -> Result<(), Failure> {
    diesel::delete(sessions::table.find(key)).execute(&mut **tx)?;
    Ok(())
}

/// Ends every session of a member, and every mailed link that could change what they sign in with (T6, T9); returns the number
/// that new sessions carry. A link that only confirms the address they have goes on.
pub fn end_all(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<i64, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(member));
    diesel::update(row).set(members::session_epoch.eq(members::session_epoch + 1)).execute(&mut **tx)?;
    let own = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::member_id.eq(member));
    diesel::delete(own).execute(&mut **tx)?;
    for purpose in [Purpose::PasswordReset, Purpose::EmailChange] {
        links::end_open(tx, account, member, Some(purpose))?;
    }
    Ok(row.select(members::session_epoch).first(&mut **tx)?)
}

/// Ends every session in an account but its Owner's, and every mailed link that could change what somebody signs in with: the
/// account is closed (R38). They sign in anew if it is opened again. Only those who have a session get another number for new
/// ones: an account may have very many members, and few are signed in. One that begins at this very moment opens nothing while
/// the account is closed.
pub fn end_all_but_owner(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Failure> {
    let signed_in = sessions::table.filter(sessions::account_id.eq(account)).select(sessions::member_id);
    let others = members::table.filter(members::account_id.eq(account)).filter(members::role.ne(Role::Owner)).filter(members::id.eq_any(signed_in));
    diesel::update(others).set(members::session_epoch.eq(members::session_epoch + 1)).execute(&mut **tx)?;
    let owner = members::table.filter(members::account_id.eq(account)).filter(sql::Owners).select(members::id);
    diesel::delete(sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::member_id.ne_all(owner))).execute(&mut **tx)?;
    links::end_open_of_others(tx, account)
}

/// [`end_all`] where the member leaves, or has another address: a link that confirms the old one proves nothing any more (T9).
pub fn end_all_and_links(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    end_all(tx, account, member)?;
    links::end_open(tx, account, member, None)
}

/// Deletes what sign-in knows of a member who is erased (R23): sessions, second factor, mailed links, and the news of them that waits for
/// somebody's next page. `texts` name them.
pub fn forget(tx: &mut Tx<'_>, account: AccountId, member: MemberId, texts: &[String]) -> Result<(), Failure> {
    diesel::delete(sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::member_id.eq(member))).execute(&mut **tx)?;
    links::delete_of(tx, account, member)?;
    second_factor::forget(tx, account, member)?;
    for text in texts {
        // As the flash is written: JSON.
        let written = serde_json::to_string(text).map_err(Failure::internal)?;
        let pattern = sql::containing(written.trim_matches('"'));
        let news = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::flash.like(pattern).escape('!'));
        diesel::update(news).set(sessions::flash.eq(None::<String>)).execute(&mut **tx)?;
    }
    Ok(())
}

/// Ends one session of a member; `false` when there is no such.
pub fn end_one(tx: &mut Tx<'_>, account: AccountId, member: MemberId, id: SessionId) -> Result<bool, Failure> {
    let one = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::member_id.eq(member)).filter(sessions::id.eq(id));
    Ok(diesel::delete(one).execute(&mut **tx)? == 1)
}

/// Ends every session of a member but one.
pub fn end_others(tx: &mut Tx<'_>, account: AccountId, member: MemberId, kept: SessionId) -> Result<usize, Failure> {
    let others = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::member_id.eq(member)).filter(sessions::id.ne(kept));
    Ok(diesel::delete(others).execute(&mut **tx)?)
}

/// Notes that the password was given in a session (T8).
pub(super) fn set_password_at(tx: &mut Tx<'_>, account: AccountId, member: MemberId, id: SessionId, now: At) -> Result<(), Failure> {
    let one = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::member_id.eq(member)).filter(sessions::id.eq(id));
    diesel::update(one).set(sessions::password_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}

/// The sessions of a member that opened, the one used last first.
pub fn list_of(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Vec<Seen>, Failure> {
    let own = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::member_id.eq(member));
    let own = own.filter(sessions::second_step.is_null());
    Ok(own.order((sessions::last_seen_at.desc(), sessions::id.desc())).limit(200).select(Seen::as_select()).load(conn)?)
}

/// Drops sessions that ended by themselves; all of them with an `idle` of zero.
pub fn sweep(tx: &mut Tx<'_>, idle: Span, most: Span, now: At) -> Result<usize, Failure> {
    let over = sessions::table.filter(sessions::last_seen_at.le(now - idle).or(sessions::created_at.le(now - most)));
    Ok(diesel::delete(over).execute(&mut **tx)?)
}

/// A member whom a sign-in name may mean.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Their account.
    pub account: AccountId,
    /// Its name, for the choice.
    pub company: String,
    /// Themselves.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// What they are to the account, for the choice.
    pub role: Role,
    /// Their password's hash.
    pub password_hash: String,
    /// The number that a new session carries.
    pub epoch: i64,
    /// Does their sign-in take a second step (T7)?
    pub has_second_factor: bool,
    /// Is the account closed, and not theirs (R38)? Then the right password opens nothing.
    pub is_shut_out: bool,
}

/// At most so many accounts are tried for one address (T1).
const MOST_ACCOUNTS: i64 = 8;

/// Active members whom `name` may mean, everywhere or in one account, verified addresses first (T1), and among these open
/// accounts.
pub(super) fn candidates(conn: &mut Conn, name: &SignInName, account: Option<AccountId>) -> Result<Vec<Candidate>, Failure> {
    type Row = (AccountId, String, MemberId, (String, String, Option<String>, Option<String>), Role, Option<String>, i64, At, Option<At>);
    let mut query = members::table.inner_join(accounts::table).filter(sql::ActiveMembers).into_boxed();
    if let Some(account) = account {
        query = query.filter(members::account_id.eq(account));
    }
    query = match name {
        SignInName::Email(email) => query.filter(members::email.eq(email.as_str().to_owned())),
        SignInName::Username { slug: Some(slug), username } => {
            query.filter(members::username.eq(username.as_str().to_owned())).filter(accounts::slug.eq(slug.clone()))
        }
        SignInName::Username { slug: None, username } => match crate::accounts::find_slug(conn)? {
            Some(slug) => query.filter(members::username.eq(username.as_str().to_owned())).filter(accounts::slug.eq(slug)),
            None => return Ok(Vec::new()),
        },
    };
    let rows: Vec<Row> = query
        .order((members::email_verified_at.is_null(), accounts::closed_at.is_not_null(), members::id))
        .limit(MOST_ACCOUNTS)
        .select((
            accounts::id,
            accounts::name,
            members::id,
            (members::first_name, members::last_name, members::email, members::username),
            members::role,
            members::password_hash,
            members::session_epoch,
            members::second_factor_at,
            accounts::closed_at,
        ))
        .load(conn)?;
    let candidates =
        rows.into_iter().filter_map(|(account, company, member, (first, last, email, username), role, hash, epoch, second_factor_at, closed_at)| {
            let name = display_name(&first, &last, email.as_deref(), username.as_deref());
            let (has_second_factor, is_shut_out) = (!second_factor_at.is_never(), closed_at.is_some() && role != Role::Owner);
            Some(Candidate { account, company, member, name, role, password_hash: hash?, epoch, has_second_factor, is_shut_out })
        });
    Ok(candidates.collect())
}

/// Replaces a hash that was made more cheaply than today's setting asks, unless it changed meanwhile (T2).
pub(super) fn renew_hash(tx: &mut Tx<'_>, who: &Candidate, hash: &str) -> Result<(), Failure> {
    let row = members::table
        .filter(members::account_id.eq(who.account))
        .filter(members::id.eq(who.member))
        .filter(members::password_hash.eq(&who.password_hash));
    diesel::update(row).set(members::password_hash.eq(hash)).execute(&mut **tx)?;
    Ok(())
}
