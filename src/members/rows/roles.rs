//! The SQL of roles, and of whose the account is.

use diesel::prelude::*;

use crate::{
    authz::Role,
    db::{AccountId, Conn, MemberId, Tx, schema::members, sql},
    failure::Failure,
    members::{Member, display_name},
};

/// Gives `person` a role while they still are what was read, somebody who stays and is not the Owner.
pub(in crate::members) fn set_role(tx: &mut Tx<'_>, person: &Member, role: Role) -> Result<bool, Failure> {
    let row = members::table
        .filter(members::account_id.eq(person.account_id))
        .filter(members::id.eq(person.id))
        .filter(members::version.eq(person.version))
        .filter(members::role.ne(Role::Owner))
        .filter(sql::LiveMembers);
    Ok(diesel::update(row).set((members::role.eq(role), members::version.eq(members::version + 1))).execute(&mut **tx)? == 1)
}

/// Makes the Owner an Admin, if they still are the Owner. Between this and [`step_up`] the account has none, since the
/// index allows no two.
pub(in crate::members) fn step_down(tx: &mut Tx<'_>, account: AccountId, owner: MemberId) -> Result<bool, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(owner)).filter(members::role.eq(Role::Owner));
    Ok(diesel::update(row).set((members::role.eq(Role::Admin), members::version.eq(members::version + 1))).execute(&mut **tx)? == 1)
}

/// Makes somebody active the Owner.
pub(in crate::members) fn step_up(tx: &mut Tx<'_>, account: AccountId, id: MemberId) -> Result<bool, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id)).filter(sql::ActiveMembers);
    Ok(diesel::update(row).set((members::role.eq(Role::Owner), members::version.eq(members::version + 1))).execute(&mut **tx)? == 1)
}

/// Whose the account is.
pub fn find_owner(conn: &mut Conn, account: AccountId) -> Result<Option<Member>, Failure> {
    let row = members::table.filter(members::account_id.eq(account)).filter(members::role.eq(Role::Owner));
    Ok(row.select(Member::as_select()).get_result(conn).optional()?)
}

/// Admins that are named.
const NAMED: i64 = 2;

/// The names of the first active Admins, in the order of names.
pub(in crate::members) fn list_admins(conn: &mut Conn, account: AccountId) -> Result<Vec<String>, Failure> {
    type Named = (String, String, Option<String>, Option<String>);
    let active = members::table
        .filter(members::account_id.eq(account))
        .filter(members::role.eq(Role::Admin))
        .filter(sql::LiveMembers)
        .filter(sql::ActiveMembers)
        .order((members::sort_name, members::id))
        .select((members::first_name, members::last_name, members::email, members::username));
    let named: Vec<Named> = sql::top(active, NAMED).load(conn)?;
    Ok(named.into_iter().map(|(first, last, email, username)| display_name(&first, &last, email.as_deref(), username.as_deref())).collect())
}
