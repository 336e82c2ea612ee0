//! `/settings/user-groups/{id}`: a group's people, and who rings next.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::{PATH, head::Head, new::NAME_TAKEN};
use crate::{
    authz::{Can, ManageGroups},
    clock::At,
    db::{Conn, GroupId, MemberId},
    failure::Failure,
    groups::{self, CreateRefusal, Group, GroupName, Row, forms::read_version},
    members::{Availability, Status},
    routing::Turn,
    web::{
        Flash, Frame, PathId, Posted, Visit,
        listing::{Cursor, Query, caption},
        parts::{Badge, Pager},
        redirect, words,
    },
};

#[derive(Template)]
#[template(path = "groups/show.html")]
struct ShowPage {
    frame: Frame,
    head: Head,
    form: Posted,
    is_stale: bool,
    ringing: Ringing,
    caption: String,
    rows: Vec<RowView>,
    pager: Pager,
}

/// Who rings next, in words.
struct Ringing {
    next: String,
    reachable: String,
    strategy: &'static str,
}

struct RowView {
    id: MemberId,
    href: String,
    name: String,
    under: String,
    role: &'static str,
    status: Badge,
    reach: Badge,
}

async fn page(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, form: Option<Posted>, status: StatusCode) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let after = Cursor::decode(query.get("after"), 1);
    let (account, now, cursor) = (by.account(), visit.now, after.clone());
    let (group, crew, ringing) = visit
        .app
        .db
        .read(move |conn| {
            let group = groups::get(conn, account, id)?;
            let crew = groups::crew(conn, account, id, cursor.as_ref())?;
            let ringing = ringing(conn, &group, now)?;
            Ok::<_, Failure>((group, crew, ringing))
        })
        .await?;
    let href = format!("{PATH}/{id}");
    let position = after.as_ref().map_or(0, |cursor| cursor.position);
    let page = ShowPage {
        frame: visit.frame(by, "user-groups"),
        head: Head::of(&group, "members", visit.now),
        is_stale: status == StatusCode::CONFLICT,
        form: form.unwrap_or_else(|| Posted::filled([("name", group.name.clone()), ("version", group.version.to_string())])),
        ringing,
        caption: caption(position, crew.rows.len(), &words::thousands(group.members), "members", "when they joined"),
        pager: Pager {
            first: after.as_ref().map(|_| href.clone()),
            next: crew.next.as_ref().map(|cursor| query.href(&href, &[], &[("after", &cursor.encode())])),
        },
        rows: crew.rows.into_iter().map(view).collect(),
    };
    visit.page(status, &page)
}

/// So many of an order are named.
const NAMED: usize = 3;

/// What the next call would do: the very answer that routing gives (R41).
fn ringing(conn: &mut Conn, group: &Group, now: At) -> Result<Ringing, Failure> {
    let snapshot = groups::snapshot(conn, group)?;
    let (turn, when_open) = (snapshot.turn(now), snapshot.turn_when_open());
    let shown = if turn == Turn::Closed { &when_open } else { &turn };
    let next = match shown {
        Turn::Ring(ring) => {
            let names = groups::names_of(conn, group.account_id, &ring.members[..ring.members.len().min(NAMED)])?;
            order_in_words(&names, ring.members.len(), ring.at_once)
        }
        other => other.sentence().unwrap_or_default(),
    };
    let next = if turn == Turn::Closed { format!("It is outside business hours. When the group opens: {next}") } else { next };
    Ok(Ringing { next, reachable: snapshot.reachable_of_all(), strategy: group.ring_strategy.sentence() })
}

fn order_in_words(names: &[String], all: usize, at_once: bool) -> String {
    let rest = match all - names.len() {
        0 => String::new(),
        1 => " and 1 more".to_owned(),
        n => format!(" and {} more", words::thousands(n as i64)),
    };
    if all == 1 {
        return format!("{}.", names.join(""));
    }
    if at_once { format!("{}{rest}, all at once.", names.join(", ")) } else { format!("{}{rest}, one after another.", names.join(", then ")) }
}

fn view(row: Row) -> RowView {
    let status = match row.status {
        Status::Active => Badge::new("ok", "Active"),
        Status::Invited => Badge::new("info", "Invited"),
        Status::Deactivated => Badge::new("", "Deactivated"),
        Status::Removed => Badge::new("", "Removed"),
    };
    let reach = match (row.status, row.availability) {
        (Status::Active, Availability::Available) if row.on_call => Badge::new("warn", "On a call"),
        (Status::Active, Availability::Available) => Badge::new("ok", "Available"),
        (Status::Active, Availability::Away) => Badge::new("", "Away"),
        _ => Badge::new("", "No"),
    };
    RowView { id: row.id, href: format!("/settings/team/members/{}", row.id), name: row.name, under: row.under, role: row.role.name(), status, reach }
}

/// `GET …/{id}`
pub async fn show(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>) -> Result<HttpResponse, Failure> {
    page(&by, &visit, *id, None, StatusCode::OK).await
}

/// `POST …/{id}`: another name (R40, R59).
pub async fn update(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let id = *id;
    let Some(name) = form.take("name", GroupName::parse) else {
        return page(&by, &visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (acting, now, version, called) = (by.clone(), visit.now, read_version(&form), name.clone());
    match visit.app.db.write(move |tx| groups::rename(tx, &acting, id, version, &called, now)).await {
        Ok(()) => {
            visit.flash(Flash::ok(format!("The group is called {} now.", name.as_str())));
            Ok(redirect(&format!("{PATH}/{id}")))
        }
        Err(CreateRefusal::Failure(Failure::Stale)) => page(&by, &visit, id, None, StatusCode::CONFLICT).await,
        Err(CreateRefusal::Failure(failure)) => Err(failure),
        Err(CreateRefusal::NameTaken(_) | CreateRefusal::MemberGone) => {
            form.refuse("name", NAME_TAKEN);
            page(&by, &visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
