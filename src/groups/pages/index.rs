//! `/settings/user-groups`: the list of groups.

use actix_web::HttpResponse;
use askama::Template;

use super::{PATH, head::hours_badge};
use crate::{
    authz::{Can, ManageGroups},
    clock::At,
    failure::Failure,
    groups::{self, Listed},
    web::{
        Frame, Visit,
        listing::{Cursor, Query, caption},
        parts::Pager,
        words,
    },
};

#[derive(Template)]
#[template(path = "groups/index.html")]
struct IndexPage {
    frame: Frame,
    summary: String,
    q: String,
    filtered: bool,
    caption: String,
    rows: Vec<RowView>,
    pager: Pager,
}

struct RowView {
    href: String,
    name: String,
    members: i64,
    strategy: &'static str,
    hours_kind: &'static str,
    hours_word: String,
    hours_rest: String,
    fallback: String,
    fallback_lost: bool,
}

/// `GET /settings/user-groups`
pub async fn index(by: Can<ManageGroups>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let q: String = query.get("q").chars().take(200).collect();
    let after = Cursor::decode(query.get("after"), groups::KEY_PARTS);
    let (account, asked, cursor) = (by.account(), q.clone(), after.clone());
    let shown = visit.app.db.read(move |conn| groups::page(conn, account, &asked, cursor.as_ref())).await?;
    let filtered = !q.is_empty();
    let position = after.as_ref().map_or(0, |cursor| cursor.position);
    let page = IndexPage {
        summary: "Who rings together, when, and what happens when nobody answers.".into(),
        // Beyond the last page there is nothing to see, though there are groups.
        filtered: filtered || (after.is_some() && shown.rows.is_empty()),
        caption: caption(
            position,
            shown.rows.len(),
            &words::thousands(shown.matching),
            if filtered { "matching groups" } else { "groups" },
            "name (A to Z)",
        ),
        pager: Pager {
            first: after.as_ref().map(|_| query.href(PATH, &["q"], &[])),
            next: shown.next.as_ref().map(|cursor| query.href(PATH, &["q"], &[("after", &cursor.encode())])),
        },
        rows: shown.rows.iter().map(|row| view(row, visit.now)).collect(),
        q,
        frame: visit.frame(&by, "user-groups"),
    };
    visit.show(&page)
}

fn view(row: &Listed, now: At) -> RowView {
    let (hours_kind, hours_word, hours_rest) = hours_badge(&row.group, now);
    RowView {
        href: format!("{PATH}/{}", row.group.id),
        name: row.group.name.clone(),
        members: row.group.members,
        strategy: row.group.ring_strategy.name(),
        hours_kind,
        hours_word,
        hours_rest,
        fallback: row.fallback.clone(),
        fallback_lost: row.group.fallback_lost,
    }
}
