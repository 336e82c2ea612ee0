//! Who could: the people to ask, where a page is closed to somebody.

use super::rows;
use crate::{
    authz::{PermissionWord, Role},
    db::{AccountId, Conn},
    failure::Failure,
};

/// Admins that are named beside the Owner.
const NAMED: i64 = 2;

/// "Ask Ada Okafor or Bruno Vargas.": the Owner, and the first Admins where they hold the permission too.
pub fn whom_to_ask(conn: &mut Conn, account: AccountId, lacking: PermissionWord) -> Result<String, Failure> {
    let mut names = rows::list_names(conn, account, Role::Owner, 1)?;
    if lacking.held_by(Role::Admin) {
        names.extend(rows::list_names(conn, account, Role::Admin, NAMED)?);
    }
    Ok(match names.split_last() {
        None => lacking.whom_to_ask().into(),
        Some((only, [])) => format!("Ask {only}."),
        Some((last, others)) => format!("Ask {} or {last}.", others.join(", ")),
    })
}
