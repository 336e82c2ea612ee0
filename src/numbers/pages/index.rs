//! `/settings/numbers`: the list, adding one number, and the export.

use actix_web::HttpResponse;
use askama::Template;

use super::{IncomingView, LIST, WhoView};
use crate::{
    authz::{Can, ExportData, ManageNumbers},
    failure::Failure,
    numbers::{
        self, AddRefusal, Assigned, Filters, Incoming, IncomingWord, NewNumber, Row, Shown,
        forms::read_new,
        list::{COUNTED, KEY_PARTS},
    },
    web::{
        Choice, Flash, FlashLink, Frame, Posted, Visit, export,
        listing::{Cursor, Query},
        parts::Pager,
        redirect, words,
    },
};

const KEPT: &[&str] = &["q", "assigned", "incoming"];

#[derive(Template)]
#[template(path = "numbers/index.html")]
struct IndexPage {
    frame: Frame,
    summary: String,
    export_href: String,
    form: Posted,
    taken: Option<FlashLink>,
    q: String,
    assigned: Vec<Choice>,
    incoming: Vec<Choice>,
    filtered: bool,
    rows: Vec<RowView>,
    caption: String,
    pager: Pager,
}

struct RowView {
    id: String,
    href: String,
    number: String,
    region: String,
    label: String,
    holder: Option<WhoView>,
    incoming: IncomingView,
}

/// The list's address, parsed: what no list can be is ignored.
fn wish(query: &Query) -> (Filters, Option<Cursor>) {
    let filters = Filters {
        q: query.get("q").chars().take(200).collect(),
        assigned: Assigned::from_word(query.get("assigned")),
        incoming: IncomingWord::from_word(query.get("incoming")),
    };
    (filters, Cursor::decode(query.get("after"), KEY_PARTS))
}

/// `GET /settings/numbers`
pub async fn index(by: Can<ManageNumbers>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    visit.show(&page(&by, &visit, &query, Posted::default(), None).await?)
}

async fn page(by: &Can<ManageNumbers>, visit: &Visit, query: &Query, form: Posted, taken: Option<FlashLink>) -> Result<IndexPage, Failure> {
    let (filters, after) = wish(query);
    let (account, now) = (by.account(), visit.now);
    let (asked, cursor) = (filters.clone(), after.clone());
    let shown = visit.app.db.read(move |conn| numbers::page(conn, account, &asked, cursor.as_ref(), now)).await?;
    let filtered = !filters.is_empty();
    let assigned = [(Assigned::Yes, "Assigned"), (Assigned::No, "Not assigned")];
    Ok(IndexPage {
        summary: if filtered || shown.matching == 0 { String::new() } else { counted(shown.matching) },
        export_href: query.href("/settings/numbers.csv", KEPT, &[]),
        form,
        taken,
        assigned: choices("Any", assigned.map(|(word, name)| (word.word(), name)), query.get("assigned")),
        incoming: choices("Anywhere", IncomingWord::ALL.iter().map(|word| (word.word(), word.name())), query.get("incoming")),
        filtered,
        caption: caption(&shown, after.as_ref(), filtered),
        pager: Pager {
            first: after.as_ref().map(|_| query.href(LIST, KEPT, &[])),
            next: shown.next.as_ref().map(|cursor| query.href(LIST, KEPT, &[("after", &cursor.encode())])),
        },
        rows: shown.rows.iter().map(view).collect(),
        q: filters.q,
        frame: visit.frame(by, "numbers"),
    })
}

fn view(row: &Row) -> RowView {
    RowView {
        id: row.number.id.to_string(),
        href: format!("{LIST}/{}", row.number.id),
        number: row.number.international.clone(),
        region: row.number.region.clone(),
        label: row.number.label.clone(),
        holder: row.holder.as_ref().map(WhoView::of),
        incoming: IncomingView::of(row),
    }
}

fn choices<'a>(any: &str, words: impl IntoIterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Choice> {
    std::iter::once(Choice::new("", any, false)).chain(words.into_iter().map(|(word, name)| Choice::new(word, name, word == chosen))).collect()
}

fn counted(n: i64) -> String {
    if n == 1 { "1 number".into() } else { format!("{} numbers", words::thousands(n)) }
}

fn caption(shown: &Shown, after: Option<&Cursor>, filtered: bool) -> String {
    let first = after.map_or(0, |cursor| cursor.position) + 1;
    let last = first + shown.rows.len().max(1) - 1;
    let many =
        if filtered && shown.matching > COUNTED { format!("more than {}", words::thousands(COUNTED)) } else { words::thousands(shown.matching) };
    let place = |n: usize| words::thousands(n as i64);
    let range = if first == last { place(first) } else { format!("{}–{}", place(first), place(last)) };
    format!("Showing {range} of {many} {}, in their order", if filtered { "matching numbers" } else { "numbers" })
}

/// `POST /settings/numbers`: adds one.
pub async fn create(by: Can<ManageNumbers>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let nothing = Query::of(visit.request());
    let Some((number, label)) = read_new(&mut form) else {
        return visit.refuse(&page(&by, &visit, &nothing, form, None).await?);
    };
    let (acting, now, new) = (by.clone(), visit.now, NewNumber::new(number, label, visit.now));
    let (id, name) = (new.id, new.number.international());
    let taken = match visit.app.db.write(move |tx| numbers::add(tx, &acting, &new, now)).await {
        Ok(()) => {
            let link = Some(FlashLink { label: "Assign".into(), href: format!("{LIST}/{id}/incoming") });
            visit.flash(Flash { link, ..Flash::ok(format!("{name} was added. Nobody gets its calls yet.")) });
            return Ok(redirect(LIST));
        }
        Err(AddRefusal::Failure(failure)) => return Err(failure),
        Err(AddRefusal::Here(row)) => {
            form.refuse("number", format!("{} is in this account already.", super::titled(&row.number)));
            Some(FlashLink { label: format!("Open {}", row.number.international), href: format!("{LIST}/{}", row.number.id) })
        }
        Err(AddRefusal::Elsewhere) => {
            form.refuse("number", "This number is in use already on this server.");
            None
        }
    };
    visit.refuse(&page(&by, &visit, &nothing, form, taken).await?)
}

const HEADERS: &[&str] = &["number", "label", "assignee", "incoming"];

/// `GET /settings/numbers.csv`: the list with the same filters, streamed; an import reads it back.
pub async fn csv(by: Can<ExportData>, visit: Visit) -> Result<HttpResponse, Failure> {
    let (filters, _) = wish(&Query::of(visit.request()));
    let (account, now) = (by.account(), visit.now);
    let write = move |conn: &mut crate::db::Conn, rows: &mut export::Rows| {
        numbers::export(conn, account, &filters, now, |row| {
            let incoming = match row.number.incoming() {
                Incoming::To(_) => row.towards.as_ref().map_or("voicemail", |who| who.key.as_str()),
                Incoming::Assignee => "assignee",
                Incoming::Voicemail => "voicemail",
            };
            rows.push([row.number.e164.as_str(), &row.number.label, row.holder.as_ref().map_or("", |who| who.key.as_str()), incoming])
        })
    };
    Ok(export::csv(&visit.app, "numbers.csv", HEADERS, write))
}
