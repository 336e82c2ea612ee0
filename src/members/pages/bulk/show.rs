//! `/settings/team/bulk-invites/{id}`: the preview, the progress and the result of a file.

use actix_web::{HttpResponse, http::header};
use askama::Template;

use super::{PATH, badge, rows, standing};
use crate::{
    authz::{Can, ManageMembers},
    billing::{self, Plan},
    db::BulkInviteId,
    failure::Failure,
    members::{
        self,
        bulk::{self, COLUMNS, Outcome, Row, StartRefusal, Started, State, Upload},
        pages::room::Room,
    },
    web::{
        Flash, FlashLink, Frame, PathId, Visit,
        listing::Query,
        parts::{Badge, Pager, When},
        redirect,
        table_file::{Line, Table},
        words,
    },
};

/// Rows on a page.
const SHOWN: usize = 100;
/// Errors that stand above the table.
const PROBLEMS: i64 = 10;

/// What every page of a file shows.
struct FileView {
    title: String,
    /// The title, behind the step that this is.
    step: String,
    href: String,
    uploaded: When,
    who: String,
    badge: Badge,
    invited: String,
    resent: i64,
    skipped: String,
    failed: i64,
    emptied: bool,
}

/// A link that narrows the table.
struct Narrowing {
    href: String,
    label: String,
    here: bool,
}

struct RowView {
    line: i64,
    email: String,
    href: String,
    role: String,
    number: String,
    badge: Badge,
    reason: String,
}

struct TableView {
    caption: String,
    narrowings: Vec<Narrowing>,
    rows: Vec<RowView>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "members/bulk/check.html")]
struct CheckPage {
    frame: Frame,
    file: FileView,
    table: TableView,
    problems: Vec<(i64, String)>,
    more_problems: i64,
    notices: Vec<String>,
    to_send: i64,
    to_invite: String,
    to_resend: i64,
    whom: String,
    places: String,
    charge: String,
    /// Whom to ask for more places, where the file takes the last ones.
    ask: String,
    way_out: Option<FlashLink>,
}

#[derive(Template)]
#[template(path = "members/bulk/progress.html")]
struct ProgressPage {
    frame: Frame,
    file: FileView,
    done: i64,
    total: i64,
    so_far: String,
    auto: bool,
}

#[derive(Template)]
#[template(path = "members/bulk/result.html")]
struct ResultPage {
    frame: Frame,
    file: FileView,
    table: TableView,
    /// Rows that were not sent, since the sending stopped.
    left: i64,
    left_words: String,
}

/// `GET /settings/team/bulk-invites/{id}`
pub async fn show(by: Can<ManageMembers>, visit: Visit, id: PathId<BulkInviteId>) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let (account, now, id) = (by.account(), visit.now, *id);
    let (narrow, after) = (narrowing(query.get("show")), query.get("after").parse().unwrap_or(0));
    let plans = visit.app.plans.clone();
    let (upload, who, shown, problems, places, subscription, others) = visit
        .app
        .db
        .read(move |conn| {
            let upload = bulk::get(conn, account, id)?;
            let who = bulk::find_uploader(conn, account, upload.uploaded_by)?;
            let is_checked = upload.state == State::Checked;
            let shown = match upload.state {
                State::Sending => Vec::new(),
                _ => bulk::list_rows(conn, account, id, narrow, after, SHOWN as i64 + 1)?,
            };
            let problems = if is_checked { bulk::list_problems(conn, account, id, PROBLEMS)? } else { Vec::new() };
            let subscription = billing::look(conn, account, &plans, now)?;
            let places = if is_checked { members::places(conn, account, &subscription.plan, now)? } else { None };
            // Whoever the file invites again takes no second seat.
            let others = if is_checked { members::count_pending(conn, account, now)? - bulk::count_running(conn, account, id, now)? } else { 0 };
            Ok::<_, Failure>((upload, who, shown, problems, places, subscription, others))
        })
        .await?;
    let file = file_view(&by, &upload, who);
    let frame = visit.frame(&by, "members");
    match upload.state {
        State::Sending => progress(&visit, frame, file, &upload, &query),
        State::Checked => {
            // Rows past the last place are errors: whoever can make room is named.
            let is_full = places.is_some_and(|(_, free)| free <= upload.to_invite);
            let room = if is_full { Some(Room::of(&by, &visit).await?) } else { None };
            let ask = room.as_ref().map(|room| format!("For more places, {}.", room.advice())).unwrap_or_default();
            visit.show(&CheckPage {
                frame,
                ask,
                way_out: room.and_then(|room| room.link()),
                table: table_view(&upload, shown, &query),
                more_problems: upload.failed - problems.len() as i64,
                problems: problems.into_iter().map(|row| (row.line, row.reason)).collect(),
                notices: upload.notices(),
                to_send: upload.waiting(),
                to_invite: words::thousands(upload.to_invite),
                to_resend: upload.to_resend,
                whom: words::people(upload.waiting()),
                places: places_left(places, &subscription.plan),
                charge: billing::words::up_to(&subscription, upload.waiting(), others, now),
                file,
            })
        }
        State::Done | State::Stopped => visit.show(&ResultPage {
            frame,
            table: table_view(&upload, shown, &query),
            left: upload.waiting(),
            left_words: rows(upload.waiting()),
            file,
        }),
    }
}

fn progress(visit: &Visit, frame: Frame, file: FileView, upload: &Upload, query: &Query) -> Result<HttpResponse, Failure> {
    let seconds = query.get("auto").parse::<u32>().ok().map(|seconds| seconds.clamp(2, 60));
    let done = upload.sendable - upload.waiting();
    let page = ProgressPage {
        frame,
        file,
        done,
        total: upload.sendable,
        so_far: format!("{} of {} sent", words::thousands(done), words::thousands(upload.sendable)),
        auto: seconds.is_some(),
    };
    let mut answer = visit.show(&page)?;
    // Only where it was asked for, and as a header, so that it is no part of the page.
    if let Some(value) = seconds.and_then(|seconds| header::HeaderValue::from_str(&seconds.to_string()).ok()) {
        answer.headers_mut().insert(header::REFRESH, value);
    }
    Ok(answer)
}

fn file_view(by: &Can<ManageMembers>, upload: &Upload, who: String) -> FileView {
    let step = match upload.state {
        State::Checked => 2,
        State::Sending | State::Done | State::Stopped => 3,
    };
    FileView {
        step: format!("Step {step} of 3: {}", upload.title),
        title: upload.title.clone(),
        href: format!("{PATH}/{}", upload.id),
        uploaded: When::minute(upload.created_at, by.actor().zone),
        who,
        badge: standing(upload),
        invited: words::thousands(upload.invited),
        resent: upload.resent,
        skipped: words::thousands(upload.skipped),
        failed: upload.failed,
        emptied: upload.emptied,
    }
}

fn places_left(places: Option<(i64, i64)>, plan: &Plan) -> String {
    match places {
        Some((taken, free)) => {
            let most = plan.seats_max.map_or(taken + free, i64::from);
            format!("{free} of {} places of the {} plan are free.", words::thousands(most), plan.name)
        }
        None => format!("The {} plan has no maximum of places.", plan.name),
    }
}

/// The outcomes that a word of the address stands for; all for any other.
fn narrowing(word: &str) -> &'static [Outcome] {
    match word {
        "invite" => &[Outcome::Invite, Outcome::Resend],
        "sent" => &[Outcome::Invited, Outcome::Resent],
        "skip" => &[Outcome::Skip],
        "error" => &[Outcome::Error],
        _ => &[],
    }
}

fn table_view(upload: &Upload, mut shown: Vec<Row>, query: &Query) -> TableView {
    let href = format!("{PATH}/{}", upload.id);
    let word = query.get("show");
    let more = shown.len() > SHOWN;
    shown.truncate(SHOWN);
    let next = shown.last().filter(|_| more).map(|row| query.href(&href, &["show"], &[("after", &row.line.to_string())]));
    let first = (!query.get("after").is_empty()).then(|| query.href(&href, &["show"], &[]));
    let counted = |word: &'static str, label: &str, n: i64| (word, format!("{label} ({})", words::thousands(n)), n);
    let all = [
        counted("", "All", upload.lines),
        counted("invite", "To send", upload.waiting()),
        counted("sent", "Sent", upload.invited + upload.resent),
        counted("skip", "Skipped", upload.skipped),
        counted("error", "Errors", upload.failed),
    ];
    let narrowings = all.into_iter().filter(|(other, _, n)| *n > 0 || *other == word).map(|(other, label, _)| Narrowing {
        href: query.href(&href, &["show"], &[("show", other)]),
        label,
        here: other == word,
    });
    let table = Table::restore(upload.headers(), COLUMNS).ok();
    let lines = match (shown.first(), shown.last()) {
        (Some(first), Some(last)) if first.line != last.line => format!("Lines {} to {}", words::thousands(first.line), words::thousands(last.line)),
        (Some(only), _) => format!("Line {}", words::thousands(only.line)),
        _ => "No lines".into(),
    };
    TableView {
        caption: format!("{lines}; the file has {}", rows(upload.lines)),
        narrowings: narrowings.collect(),
        rows: shown.into_iter().map(|row| row_view(row, table.as_ref())).collect(),
        pager: Pager { first, next },
    }
}

fn row_view(row: Row, table: Option<&Table>) -> RowView {
    let line = Line::new(0, row.cells);
    let cell = |column: &str, most: usize| table.map_or("", |table| table.get(&line, column)).chars().take(most).collect::<String>();
    let sent = matches!(row.outcome, Outcome::Invited | Outcome::Resent) && !row.email.is_empty();
    let search = || url::form_urlencoded::byte_serialize(row.email.as_bytes()).collect::<String>();
    RowView {
        line: row.line,
        href: if sent { format!("/settings/team/members?q={}", search()) } else { String::new() },
        email: if row.email.is_empty() { cell("email", 100) } else { row.email.clone() },
        role: cell("role", 20),
        number: cell("phone_number", 24),
        badge: badge(row.outcome),
        reason: row.reason,
    }
}

/// `POST /settings/team/bulk-invites/{id}/sending`: has the server send the file, once (R29).
pub async fn send(by: Can<ManageMembers>, visit: Visit, id: PathId<BulkInviteId>) -> Result<HttpResponse, Failure> {
    let (acting, now, id) = (by.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| bulk::start(tx, &acting, id, now)).await {
        Ok(Started::Now) => visit.app.bulk_invites.notify_one(),
        // A second click shows how far it is.
        Ok(Started::Before) => {}
        Err(StartRefusal::Nothing) => visit.flash(Flash::warn("No row of this file can be sent.")),
        Err(StartRefusal::Emptied) => visit.flash(Flash::warn("The rows of this file were deleted. Upload it again.")),
        Err(StartRefusal::Failure(failure)) => return Err(failure),
    }
    Ok(redirect(&format!("{PATH}/{id}")))
}

/// `GET /settings/team/bulk-invites/{id}/failed-rows.csv`
pub async fn failed(by: Can<ManageMembers>, visit: Visit, id: PathId<BulkInviteId>) -> Result<HttpResponse, Failure> {
    let (account, id) = (by.account(), *id);
    let text = visit.app.db.read(move |conn| {
        let upload = bulk::get(conn, account, id)?;
        bulk::failed_rows(conn, account, &upload)
    });
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"failed-rows.csv\""))
        .body(text.await?))
}
