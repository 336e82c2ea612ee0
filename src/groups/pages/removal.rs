//! `/settings/user-groups/{id}/removal`: Delete Group.

use actix_web::HttpResponse;
use askama::Template;

use super::{
    PATH,
    choices::{Choices, destinations},
};
use crate::{
    authz::{Can, ManageGroups},
    db::GroupId,
    failure::Failure,
    groups::{self, Group, Reference, SettingsRefusal, forms::read_destination},
    routing,
    web::{Choice, Flash, Frame, PathId, Posted, Visit, redirect, words},
};

#[derive(Template)]
#[template(path = "groups/removal.html")]
struct RemovalPage {
    frame: Frame,
    form: Posted,
    name: String,
    href: String,
    members: String,
    references: Vec<ReferenceView>,
    kinds: Vec<Choice>,
    groups: Vec<Choice>,
    numbers: Vec<Choice>,
    phone: String,
}

struct ReferenceView {
    what: &'static str,
    name: String,
    href: String,
    happens: &'static str,
}

async fn page(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, form: Posted) -> Result<RemovalPage, Failure> {
    let (account, now) = (by.account(), visit.now);
    let (group, references) = visit
        .app
        .db
        .read(move |conn| {
            let group = groups::get(conn, account, id)?;
            Ok::<_, Failure>((group, groups::references(conn, account, id, now)?))
        })
        .await?;
    let Choices { kinds, groups, numbers, phone } = destinations(by, visit, &form, "replacement", id).await?;
    Ok(RemovalPage {
        frame: visit.frame(by, "user-groups"),
        href: format!("{PATH}/{id}"),
        members: lose(&group),
        name: group.name,
        references: references.into_iter().map(view).collect(),
        kinds,
        groups,
        numbers,
        phone,
        form,
    })
}

fn lose(group: &Group) -> String {
    match group.members {
        0 => "Nobody is in it.".into(),
        1 => "1 person loses this group and stays a member of the account.".into(),
        n => format!("{} lose this group and stay members of the account.", words::people(n)),
    }
}

fn view(reference: Reference) -> ReferenceView {
    match reference {
        Reference::Fallback(id, name) => {
            ReferenceView { what: "User group", name, href: format!("{PATH}/{id}/settings"), happens: "Its fallback becomes the replacement." }
        }
        Reference::Incoming(id, name) => {
            ReferenceView { what: "Number", name, href: number(id), happens: "Its incoming calls go to the replacement." }
        }
        Reference::Both(id, name) => {
            ReferenceView { what: "Number", name, href: number(id), happens: "It becomes unassigned; its incoming calls go to the replacement." }
        }
        Reference::Assigned(id, name) => {
            ReferenceView { what: "Number", name, href: number(id), happens: "It becomes unassigned and stays on the account." }
        }
    }
}

fn number(id: crate::db::NumberId) -> String {
    format!("/settings/numbers/{id}")
}

/// `GET …/removal`: what points at the group, and what shall take its place (R46).
pub async fn new(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, *id, Posted::filled([("replacement", "voicemail")])).await?)
}

/// `POST …/removal`
pub async fn create(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let id = *id;
    if form.value("replacement").is_empty() {
        form = Posted::filled([("replacement", "voicemail")]);
    }
    let Some(replacement) = read_destination(&mut form, "replacement") else {
        return visit.refuse(&page(&by, &visit, id, form).await?);
    };
    let (acting, now) = (by.clone(), visit.now);
    match visit.app.db.write(move |tx| groups::delete(tx, &acting, id, &replacement, now)).await {
        Ok(deleted) => {
            if let Some(file) = deleted.file {
                visit.app.files.discard(&file).await;
            }
            visit.flash(Flash::ok(format!("{} is deleted. Nobody was deactivated.", deleted.name)));
            return Ok(redirect(PATH));
        }
        Err(SettingsRefusal::Failure(failure)) => return Err(failure),
        Err(refusal) => form.refuse("replacement", sentence(&refusal)),
    }
    visit.refuse(&page(&by, &visit, id, form).await?)
}

/// The sentence beside a destination that was refused (R45).
pub(super) fn sentence(refusal: &SettingsRefusal) -> String {
    match refusal {
        SettingsRefusal::Loop(names) => {
            format!("Calls would go in a circle: {}. Choose another one, or voicemail.", routing::in_words(names))
        }
        SettingsRefusal::Gone => "What you chose was deleted meanwhile. Choose again.".into(),
        SettingsRefusal::NoFallback | SettingsRefusal::Failure(_) => "Choose another group, a number or voicemail.".into(),
    }
}
