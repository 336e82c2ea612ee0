//! `/password/confirmation`: the password once more, before a dangerous act (T8).

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    authz::{Can, OwnSecondFactor},
    failure::Failure,
    members,
    sign_in::{confirms, forms::read_current},
    web::{Frame, Posted, Visit, listing::Query, local_path, redirect},
};

#[derive(Template)]
#[template(path = "accounts/confirm_password.html")]
struct ConfirmationPage {
    frame: Frame,
    form: Posted,
}

fn page(visit: &Visit, by: &Can<OwnSecondFactor>, form: Posted) -> ConfirmationPage {
    ConfirmationPage { frame: visit.frame(by, ""), form: form.without_secrets() }
}

/// `GET /password/confirmation`
pub async fn new(by: Can<OwnSecondFactor>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let form = Posted::filled([("next", local_path(query.get("next")))]);
    visit.show(&page(&visit, &by, form))
}

/// `POST /password/confirmation`: the password is fresh for a while in this session; on to `next`.
pub async fn create(by: Can<OwnSecondFactor>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(typed) = read_current(&mut form) else {
        return visit.refuse(&page(&visit, &by, form));
    };
    let (account, member) = (by.account(), by.actor().member);
    let person = visit.app.db.read(move |conn| members::get(conn, account, member)).await?;
    if !confirms(&visit, &by, &person, &typed).await? {
        form.refuse("current_password", "This is not your current password.");
        return visit.refuse(&page(&visit, &by, form));
    }
    Ok(redirect(local_path(form.value("next"))))
}
