//! The files of people that the account has uploaded.

use actix_web::HttpResponse;
use askama::Template;

use super::{PATH, standing};
use crate::{
    authz::{Can, ManageMembers},
    failure::Failure,
    members::bulk::{self, Listed},
    web::{
        Frame, Visit,
        listing::Query,
        parts::{Badge, Pager, When},
        words,
    },
};

#[derive(Template)]
#[template(path = "members/bulk/index.html")]
struct IndexPage {
    frame: Frame,
    caption: String,
    /// Most rows of a file.
    most: String,
    rows: Vec<RowView>,
    pager: Pager,
}

struct RowView {
    href: String,
    title: String,
    when: When,
    who: String,
    badge: Badge,
    invited: String,
    skipped: String,
    failed: String,
}

/// `GET /settings/team/bulk-invites`: the history.
pub async fn index(by: Can<ManageMembers>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let (account, before) = (by.account(), query.get("after").parse().ok());
    let shown = visit.app.db.read(move |conn| bulk::history(conn, account, before)).await?;
    let view = |Listed { upload, who }: Listed| RowView {
        href: format!("{PATH}/{}", upload.id),
        when: When::minute(upload.created_at, by.actor().zone),
        badge: standing(&upload),
        invited: words::thousands(upload.invited + upload.resent),
        skipped: words::thousands(upload.skipped),
        failed: words::thousands(upload.failed),
        title: upload.title,
        who,
    };
    visit.show(&IndexPage {
        most: words::thousands(visit.app.settings.bulk_max_rows as i64),
        caption: if before.is_some() { "Earlier files, newest first".into() } else { "Files, newest first".into() },
        pager: Pager { first: before.map(|_| PATH.to_owned()), next: shown.next.map(|id| format!("{PATH}?after={id}")) },
        rows: shown.files.into_iter().map(view).collect(),
        frame: visit.frame(&by, "members"),
    })
}
