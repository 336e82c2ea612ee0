//! In whose name the server sends: whoever asked for it, as they are at the moment of each piece.

use super::Upload;
use crate::{
    accounts,
    authz::{Actor, Can, ManageMembers, Tally},
    clock::At,
    db::{SessionId, Tx},
    failure::Failure,
    members::{self, Status},
};

/// Proof that whoever sent the file may still invite (T23, T24); `None` when they may not, or the account is closed (R38). Behind the account's lock.
pub(super) fn prove(tx: &mut Tx<'_>, upload: &Upload, now: At) -> Result<Option<Can<ManageMembers>>, Failure> {
    let Some(id) = upload.started_by else { return Ok(None) };
    let account = accounts::get(tx, upload.account_id)?;
    if account.closed_at.is_some() {
        return Ok(None);
    }
    let Some(person) = members::find(tx, account.id, id)?.filter(|person| person.status == Status::Active) else { return Ok(None) };
    let actor = Actor {
        account: account.id,
        member: person.id,
        // No session stands behind it: signing out does not stop what was begun.
        session: SessionId::fresh(now),
        epoch: person.session_epoch,
        role: person.role,
        errand: None,
        name: person.display_name(),
        zone: account.zone(),
        company: account.name,
        plan: account.plan,
        tally: Tally::default(),
        theme: person.theme,
        password_at: At::NEVER,
        since: now,
        address: upload.started_from.clone(),
    };
    Ok(actor.prove::<ManageMembers>().ok())
}
