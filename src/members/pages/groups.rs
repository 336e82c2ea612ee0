//! `/settings/team/members/{id}/groups`: a member's groups, the whole set at once (R40).

use actix_web::HttpResponse;

use super::show::{self, Forms};
use crate::{
    authz::{Can, ManageMembers},
    db::MemberId,
    failure::Failure,
    groups::{
        self,
        forms::{GROUP_GONE, read_groups},
    },
    members::{self, Status},
    web::{Flash, PathId, Posted, Visit, redirect},
};

/// Why a member's groups stay as they are.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("a group is gone")]
    GroupGone,
    #[error("removed")]
    Removed(String),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// `POST /settings/team/members/{id}/groups`
pub async fn update(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (acting, now, member, href) = (by.clone(), visit.now, *id, show::href(*id));
    let Some(wanted) = read_groups(&mut form) else {
        return visit.refuse(&show::page(&by, &visit, member, Forms { groups: Some(form), ..Forms::default() }).await?);
    };
    let saved = visit
        .app
        .db
        .write(move |tx| {
            let person = members::get(tx, acting.account(), member)?;
            if person.status == Status::Removed {
                return Err(Refusal::Removed(person.display_name()));
            }
            let changes = groups::set_groups_of(tx, &acting, member, &wanted, now)?.ok_or(Refusal::GroupGone)?;
            Ok((person.display_name(), changes))
        })
        .await;
    let flash = match saved {
        Ok((name, 0)) => Flash::ok(format!("The groups of {name} are as they were.")),
        Ok((name, _)) => Flash::ok(format!("The groups of {name} are saved.")),
        Err(Refusal::Removed(name)) => Flash::bad(format!("{name} was removed meanwhile, so nothing was saved.")),
        Err(Refusal::Failure(failure)) => return Err(failure),
        Err(Refusal::GroupGone) => {
            form.refuse("group_ids", GROUP_GONE);
            return visit.refuse(&show::page(&by, &visit, member, Forms { groups: Some(form), ..Forms::default() }).await?);
        }
    };
    visit.flash(flash);
    Ok(redirect(&href))
}
