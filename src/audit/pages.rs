//! `/settings/audit-log` and its export.

use actix_web::HttpResponse;
use askama::Template;

use super::{Entry, Event, forms::read_filter, rows};
use crate::{
    authz::{Can, ExportData, ReadAuditLog},
    failure::Failure,
    web::{
        Choice, Frame, Visit, export,
        listing::{PAGE_SIZE, Query},
        parts::{Pager, When},
        zone::{Zone, iso},
    },
};

const PATH: &str = "/settings/audit-log";
const KEPT: &[&str] = &["q", "actor", "event", "from", "to"];

#[derive(Template)]
#[template(path = "audit/index.html")]
struct AuditPage {
    frame: Frame,
    zone: String,
    export_href: String,
    q: String,
    actors: Vec<Choice>,
    events: Vec<Choice>,
    from: String,
    to: String,
    filtered: bool,
    rows: Vec<RowView>,
    caption: String,
    pager: Pager,
}

struct RowView {
    when: When,
    who: String,
    what: String,
    details: String,
    whom: String,
    address: String,
}

/// `GET /settings/audit-log`
pub async fn index(by: Can<ReadAuditLog>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let (account, zone) = (by.account(), by.actor().zone);
    let filter = read_filter(&query, zone);
    let after: Option<i64> = query.get("after").parse().ok();
    let (mut entries, people, all) = visit
        .app
        .db
        .read(move |conn| {
            let entries = rows::list(conn, account, &filter, after, PAGE_SIZE as i64 + 1)?;
            Ok::<_, Failure>((entries, rows::list_actors(conn, account, filter.actor)?, rows::count(conn, account)?))
        })
        .await?;
    let more = entries.len() > PAGE_SIZE;
    entries.truncate(PAGE_SIZE);
    let next = entries.last().filter(|_| more).map(|last| query.href(PATH, KEPT, &[("after", &last.number.to_string())]));
    let filtered = KEPT.iter().any(|name| !query.get(name).is_empty());
    let actors = people.into_iter().map(|(id, name)| Choice::new(id.to_string(), name, query.get("actor") == id.as_str()));
    let events = Event::ALL.iter().map(|event| Choice::new(event.word(), event.name(), query.get("event") == event.word()));
    let page = AuditPage {
        zone: format!("Every change, for good. Times are in {zone}."),
        export_href: query.href("/settings/audit-log.csv", KEPT, &[]),
        q: query.get("q").to_owned(),
        actors: std::iter::once(Choice::new("", "Anybody", false)).chain(actors).collect(),
        events: std::iter::once(Choice::new("", "Anything", false)).chain(events).collect(),
        from: query.get("from").to_owned(),
        to: query.get("to").to_owned(),
        caption: caption(&entries, filtered, all),
        filtered,
        pager: Pager { first: after.map(|_| query.href(PATH, KEPT, &[])), next },
        rows: entries.into_iter().map(|entry| view(entry, zone)).collect(),
        frame: visit.frame(&by, "audit-log"),
    };
    visit.show(&page)
}

fn caption(entries: &[Entry], filtered: bool, all: i64) -> String {
    match (entries.len(), filtered) {
        (n, true) => format!("Showing {n} matching events, newest first"),
        (n, false) => format!("Showing {n} of {} events, newest first", crate::web::words::thousands(all)),
    }
}

fn view(entry: Entry, zone: Zone) -> RowView {
    RowView {
        when: When::minute(entry.at, zone),
        who: entry.actor.unwrap_or_else(|| "Former member".into()),
        what: Event::from_word(&entry.event).map_or_else(|| entry.event.clone(), |event| event.name().to_owned()),
        details: entry.details.unwrap_or_default(),
        whom: entry.target.unwrap_or_else(|| "Former member".into()),
        address: entry.address.unwrap_or_default(),
    }
}

/// Events of an export, so many at a time.
const EXPORTED: i64 = 1000;

/// `GET /settings/audit-log.csv`: the log with the same filters, streamed.
pub async fn csv(by: Can<ExportData>, visit: Visit) -> Result<HttpResponse, Failure> {
    let account = by.account();
    let filter = read_filter(&Query::of(visit.request()), by.actor().zone);
    let write = move |conn: &mut crate::db::Conn, rows: &mut export::Rows| {
        let mut before = None;
        loop {
            let entries = rows::list(conn, account, &filter, before, EXPORTED)?;
            for entry in &entries {
                let text = |part: &Option<String>| part.clone().unwrap_or_default();
                rows.push([
                    iso(entry.at).as_str(),
                    &text(&entry.actor),
                    &entry.event,
                    &text(&entry.target),
                    &text(&entry.address),
                    &text(&entry.details),
                ])?;
            }
            match entries.last() {
                Some(last) if entries.len() as i64 == EXPORTED => before = Some(last.number),
                _ => return Ok(()),
            }
        }
    };
    Ok(export::csv(&visit.app, "audit-log.csv", &["at", "actor", "event", "target", "address", "details"], write))
}
