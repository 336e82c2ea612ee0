//! `/settings/numbers/{id}`: a number, and its label.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::{IncomingView, LIST, WhoView};
use crate::{
    audit::{self, Entry, Event},
    authz::{Can, ManageNumbers},
    db::NumberId,
    failure::Failure,
    numbers::{self, LabelRefusal, Row, forms::read_label},
    web::{Flash, Frame, PathId, Posted, Visit, parts::When, redirect, zone::Zone},
};

#[derive(Template)]
#[template(path = "numbers/show.html")]
struct NumberPage {
    frame: Frame,
    form: Posted,
    href: String,
    number: String,
    region: String,
    e164: String,
    version: i64,
    holder: Option<WhoView>,
    incoming: IncomingView,
    history: Vec<Moment>,
}

struct Moment {
    when: When,
    text: String,
}

/// Events on the page; the audit log has them all.
const HISTORY: i64 = 20;

async fn page(by: &Can<ManageNumbers>, visit: &Visit, id: NumberId, form: impl FnOnce(&Row) -> Posted) -> Result<NumberPage, Failure> {
    let (account, now, zone) = (by.account(), visit.now, by.actor().zone);
    let (row, history) = visit
        .app
        .db
        .read(move |conn| Ok::<_, Failure>((numbers::row_of(conn, account, id, now)?, audit::list_of_target(conn, account, id, HISTORY)?)))
        .await?;
    Ok(NumberPage {
        form: form(&row),
        href: format!("{LIST}/{id}"),
        holder: row.holder.as_ref().map(WhoView::of),
        incoming: IncomingView::of(&row),
        number: row.number.international,
        region: row.number.region,
        e164: row.number.e164,
        version: row.number.version,
        history: history.into_iter().map(|entry| moment(entry, zone)).collect(),
        frame: visit.frame(by, "numbers"),
    })
}

fn moment(entry: Entry, zone: Zone) -> Moment {
    let event = Event::from_word(&entry.event).map_or_else(|| entry.event.clone(), |event| event.name().to_owned());
    let details = entry.details.filter(|details| !details.is_empty()).map(|details| format!(", {details}")).unwrap_or_default();
    let text = format!("{event}{details}, by {}", entry.actor.as_deref().unwrap_or("a former member"));
    Moment { when: When::minute(entry.at, zone), text }
}

/// `GET /settings/numbers/{id}`
pub async fn show(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, *id, |row| Posted::filled([("label", row.number.label.clone())])).await?)
}

/// `POST /settings/numbers/{id}`: another label.
pub async fn update(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some((label, version)) = read_label(&mut form) else {
        return visit.refuse(&page(&by, &visit, *id, |_| form).await?);
    };
    let (acting, now, number, wanted) = (by.clone(), visit.now, *id, label.clone());
    match visit.app.db.write(move |tx| numbers::relabel(tx, &acting, number, &wanted, version, now)).await {
        Ok(()) => {
            visit.flash(Flash::ok("The label is saved."));
            Ok(redirect(&format!("{LIST}/{number}")))
        }
        Err(LabelRefusal::Failure(failure)) => Err(failure),
        Err(LabelRefusal::Changed(row)) => {
            let is =
                if row.number.label.is_empty() { "It has no label now.".into() } else { format!("The label is “{}” now.", row.number.label) };
            let said = format!("Somebody else changed this number meanwhile, so nothing was saved. {is} You typed “{}”.", label.as_str());
            let mut present = Posted::filled([("label", row.number.label.clone())]);
            present.refuse("label", said);
            visit.page(StatusCode::CONFLICT, &page(&by, &visit, number, |_| present).await?)
        }
    }
}
