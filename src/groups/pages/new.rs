//! `/settings/user-groups/new`: Create Group.

use actix_web::HttpResponse;
use askama::Template;

use super::{PATH, people::people};
use crate::{
    authz::{Can, ManageGroups},
    failure::Failure,
    groups::{self, CreateRefusal, forms::CreateForm},
    web::{Choice, Flash, Frame, Posted, Visit, redirect},
};

#[derive(Template)]
#[template(path = "groups/new.html")]
struct NewPage {
    frame: Frame,
    form: Posted,
    search_action: &'static str,
    search_method: &'static str,
    people: Vec<Choice>,
    more: String,
    nobody: String,
}

async fn page(by: &Can<ManageGroups>, visit: &Visit, form: Posted) -> Result<NewPage, Failure> {
    let found = people(by, visit, &form, None).await?;
    let frame = visit.frame(by, "user-groups");
    Ok(NewPage {
        frame,
        form,
        search_action: "/settings/user-groups/new",
        search_method: "post",
        people: found.choices,
        more: found.more,
        nobody: found.nobody,
    })
}

/// `GET /settings/user-groups/new`
pub async fn new(by: Can<ManageGroups>, visit: Visit) -> Result<HttpResponse, Failure> {
    let form = Posted::parse(visit.request().query_string().as_bytes());
    visit.show(&page(&by, &visit, form).await?)
}

/// `POST /settings/user-groups/new`: the search of the form, with everything else kept.
pub async fn search(by: Can<ManageGroups>, visit: Visit, form: Posted) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, form).await?)
}

/// What to say about a name that another group has.
pub(super) const NAME_TAKEN: &str = "Another group has this name already. Choose another, or open that one from the list.";
/// What to say about somebody who left meanwhile.
pub(super) const MEMBER_GONE: &str = "Somebody you chose is no longer a member. Choose again.";

/// Was Enter pressed in the search field? A form has one button for Enter in any of its fields: it saves, unless there is
/// something typed that was not searched for yet.
fn is_enter_in_search(form: &Posted) -> bool {
    form.value("op") == "enter" && !form.value("q").is_empty() && form.value("q") != form.value("searched")
}

/// `POST /settings/user-groups` (R40).
pub async fn create(by: Can<ManageGroups>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    if is_enter_in_search(&form) {
        return search(by, visit, form).await;
    }
    let Some(CreateForm { name, members }) = CreateForm::read(&mut form) else {
        return visit.refuse(&page(&by, &visit, form).await?);
    };
    let (acting, now, called) = (by.clone(), visit.now, name.clone());
    match visit.app.db.write(move |tx| groups::create(tx, &acting, &called, &members, now)).await {
        Ok(id) => {
            visit.flash(Flash::ok(format!("{} is created. Choose how it rings in its settings.", name.as_str())));
            return Ok(redirect(&format!("{PATH}/{id}")));
        }
        Err(CreateRefusal::Failure(failure)) => return Err(failure),
        Err(CreateRefusal::NameTaken(_)) => form.refuse("name", NAME_TAKEN),
        Err(CreateRefusal::MemberGone) => form.refuse("member_ids", MEMBER_GONE),
    }
    visit.refuse(&page(&by, &visit, form).await?)
}
