//! Who could: the people to ask, where a page is closed to somebody.

use super::{Member, rows};
use crate::{
    authz::{PermissionWord, Role},
    db::{AccountId, Conn},
    failure::Failure,
};

/// "Ask Ada Okafor or Bruno Vargas.": the Owner, and the first Admins where they hold the permission too.
pub fn whom_to_ask(conn: &mut Conn, account: AccountId, lacking: PermissionWord) -> Result<String, Failure> {
    let owner = rows::find_owner(conn, account)?;
    let mut names: Vec<String> = owner.iter().map(Member::display_name).collect();
    if lacking.held_by(Role::Admin) {
        names.extend(rows::list_admins(conn, account)?);
    }
    Ok(match names.split_last() {
        None => lacking.whom_to_ask().into(),
        Some((only, [])) => format!("Ask {only}."),
        Some((last, others)) => format!("Ask {} or {last}.", others.join(", ")),
    })
}

/// The name of the account's Owner: whom to ask for a larger plan (R36).
pub fn owner_name(conn: &mut Conn, account: AccountId) -> Result<String, Failure> {
    Ok(rows::find_owner(conn, account)?.map_or_else(|| "the Owner".into(), |owner| owner.display_name()))
}
