//! Links that are mailed to prove an address: one purpose, one hour or so, once (T9).

use diesel::prelude::*;

use crate::{
    authz::Role,
    clock::At,
    db::{
        AccountId, Conn, MailedLinkId, MemberId, Tx,
        schema::{mailed_links, members},
        sql,
    },
    failure::Failure,
    keys::Token,
    members::EmailAddress,
    words,
};

words! {
    /// What a link is for.
    Purpose {
        /// Setting a new password.
        PasswordReset = "password_reset",
        /// Proving the address given at sign-up.
        EmailConfirmation = "email_confirmation",
        /// Proving a new address.
        EmailChange = "email_change",
    }
}

words! {
    /// What became of a link.
    State {
        /// Works until its time is over.
        Open = "open",
        /// Was followed.
        Used = "used",
        /// Ended by a change to the member (T9), or by a newer link.
        Ended = "ended",
    }
}

/// A mailed link.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mailed_links)]
pub struct MailedLink {
    /// Its id.
    pub id: MailedLinkId,
    /// The account.
    pub account_id: AccountId,
    /// Whose it is.
    pub member_id: MemberId,
    /// What it is for.
    pub purpose: Purpose,
    /// What became of it.
    pub state: State,
    /// The address it went to.
    pub email: String,
    /// Until when it works.
    pub expires_at: At,
}

/// Makes a link and returns its token, which is kept nowhere.
pub fn make(
    tx: &mut Tx<'_>,
    account: AccountId,
    member: MemberId,
    purpose: Purpose,
    email: &EmailAddress,
    expires_at: At,
    now: At,
) -> Result<Token, Failure> {
    let token = Token::fresh();
    let row = (
        mailed_links::id.eq(MailedLinkId::fresh(now)),
        mailed_links::account_id.eq(account),
        mailed_links::member_id.eq(member),
        mailed_links::purpose.eq(purpose),
        mailed_links::token_hash.eq(token.digest()),
        mailed_links::state.eq(State::Open),
        mailed_links::email.eq(email.as_str()),
        mailed_links::created_at.eq(now),
        mailed_links::expires_at.eq(expires_at),
    );
    diesel::insert_into(mailed_links::table).values(row).execute(&mut **tx)?;
    Ok(token)
}

/// The link of a token, whatever became of it.
pub fn find(conn: &mut Conn, token: &Token, purpose: Purpose) -> Result<Option<MailedLink>, Failure> {
    let row = mailed_links::table.filter(mailed_links::token_hash.eq(token.digest())).filter(mailed_links::purpose.eq(purpose));
    Ok(row.select(MailedLink::as_select()).first(conn).optional()?)
}

impl MailedLink {
    /// Does it still work?
    pub fn works(&self, now: At) -> bool {
        self.state == State::Open && self.expires_at > now
    }
}

/// Spends a link, if it still works: of any number at once, one does.
pub fn spend(tx: &mut Tx<'_>, token: &Token, purpose: Purpose, now: At) -> Result<Option<MailedLink>, Failure> {
    let Some(link) = find(tx, token, purpose)? else { return Ok(None) };
    tx.lock(link.account_id)?;
    let row =
        mailed_links::table.filter(mailed_links::id.eq(link.id)).filter(mailed_links::state.eq(State::Open)).filter(mailed_links::expires_at.gt(now));
    let spent = diesel::update(row).set(mailed_links::state.eq(State::Used)).execute(&mut **tx)?;
    Ok((spent == 1).then_some(link))
}

/// Ends the links that ran out: a clock that goes back does not revive them (T33).
pub fn expire(tx: &mut Tx<'_>, now: At) -> Result<usize, Failure> {
    let over = mailed_links::table.filter(sql::OpenLinks).filter(mailed_links::expires_at.le(now));
    Ok(diesel::update(over).set(mailed_links::state.eq(State::Ended)).execute(&mut **tx)?)
}

/// Deletes every link of a member, with the addresses they went to.
pub(super) fn delete_of(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    let own = mailed_links::table.filter(mailed_links::account_id.eq(account)).filter(mailed_links::member_id.eq(member));
    diesel::delete(own).execute(&mut **tx)?;
    Ok(())
}

/// Ends the open links of everybody in an account but its Owner that could change what they sign in with; one that only
/// confirms an address goes on.
pub(super) fn end_open_of_others(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Failure> {
    let others = members::table.filter(members::account_id.eq(account)).filter(members::role.ne(Role::Owner)).select(members::id);
    let open = mailed_links::table
        .filter(mailed_links::account_id.eq(account))
        .filter(mailed_links::state.eq(State::Open))
        .filter(mailed_links::purpose.ne(Purpose::EmailConfirmation))
        .filter(mailed_links::member_id.eq_any(others));
    diesel::update(open).set(mailed_links::state.eq(State::Ended)).execute(&mut **tx)?;
    Ok(())
}

/// Ends the open links of a member: all, or those of one purpose.
pub fn end_open(tx: &mut Tx<'_>, account: AccountId, member: MemberId, purpose: Option<Purpose>) -> Result<(), Failure> {
    let open = mailed_links::table
        .filter(mailed_links::account_id.eq(account))
        .filter(mailed_links::member_id.eq(member))
        .filter(mailed_links::state.eq(State::Open));
    match purpose {
        Some(purpose) => {
            diesel::update(open.filter(mailed_links::purpose.eq(purpose))).set(mailed_links::state.eq(State::Ended)).execute(&mut **tx)?
        }
        None => diesel::update(open).set(mailed_links::state.eq(State::Ended)).execute(&mut **tx)?,
    };
    Ok(())
}
