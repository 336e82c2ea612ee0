//! `/settings/user-groups/{id}/members`: Add Members, and taking one out.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{PATH, new::MEMBER_GONE, people::people};
use crate::{
    authz::{Can, ManageGroups},
    db::{GroupId, MemberId},
    failure::Failure,
    groups::{self, JoinRefusal, forms::read_members},
    members,
    web::{Choice, Flash, Frame, PathId, Posted, Visit, redirect, words},
};

#[derive(Template)]
#[template(path = "groups/members.html")]
struct MembersPage {
    frame: Frame,
    form: Posted,
    name: String,
    href: String,
    search_action: String,
    search_method: &'static str,
    people: Vec<Choice>,
    more: String,
    nobody: String,
}

async fn page(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, form: Posted) -> Result<MembersPage, Failure> {
    let account = by.account();
    let group = visit.app.db.read(move |conn| groups::get(conn, account, id)).await?;
    let found = people(by, visit, &form, Some(id)).await?;
    let href = format!("{PATH}/{id}");
    let frame = visit.frame(by, "user-groups");
    let search_action = format!("{href}/members");
    Ok(MembersPage {
        frame,
        form,
        name: group.name,
        search_action,
        search_method: "get",
        href,
        people: found.choices,
        more: found.more,
        nobody: found.nobody,
    })
}

/// `GET …/members`: with `q`, a search.
pub async fn new(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>) -> Result<HttpResponse, Failure> {
    let form = Posted::parse(visit.request().query_string().as_bytes());
    visit.show(&page(&by, &visit, *id, form).await?)
}

/// `POST …/members`: adds whoever was ticked (R40).
pub async fn create(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let id = *id;
    let Some(joining) = read_members(&mut form) else {
        return visit.refuse(&page(&by, &visit, id, form).await?);
    };
    if joining.is_empty() {
        form.refuse("member_ids", "Tick at least one member.");
        return visit.refuse(&page(&by, &visit, id, form).await?);
    }
    let (acting, now) = (by.clone(), visit.now);
    match visit.app.db.write(move |tx| groups::add(tx, &acting, id, &joining, now)).await {
        Ok(joined) => {
            visit.flash(match joined {
                0 => Flash::ok("They are in this group already."),
                n => Flash::ok(format!("{} added.", words::people(n as i64))),
            });
            Ok(redirect(&format!("{PATH}/{id}")))
        }
        Err(JoinRefusal::Failure(failure)) => Err(failure),
        Err(JoinRefusal::MemberGone) => {
            form.refuse("member_ids", MEMBER_GONE);
            visit.refuse(&page(&by, &visit, id, form).await?)
        }
    }
}

/// `POST …/members/{member_id}/removal`
pub async fn destroy(by: Can<ManageGroups>, visit: Visit, path: web::Path<(String, String)>) -> Result<HttpResponse, Failure> {
    let (group, member) = path.into_inner();
    let group: GroupId = group.parse().map_err(|_| Failure::NotFound)?;
    let member: MemberId = member.parse().map_err(|_| Failure::NotFound)?;
    let (acting, now) = (by.clone(), visit.now);
    let (was_in, name) = visit
        .app
        .db
        .write(move |tx| {
            let was_in = groups::remove(tx, &acting, group, member, now)?;
            Ok::<_, Failure>((was_in, members::get(tx, acting.account(), member)?.display_name()))
        })
        .await?;
    visit.flash(if was_in {
        Flash::ok(format!("{name} is no longer in this group."))
    } else {
        Flash::ok(format!("{name} was not in this group any more."))
    });
    Ok(redirect(&format!("{PATH}/{group}")))
}
