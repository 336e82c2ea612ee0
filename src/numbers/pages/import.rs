//! `/settings/numbers/import`: numbers from a CSV file, looked at before anything is added (R25, R47).

use actix_web::{HttpResponse, http::header};
use askama::Template;

use super::LIST;
use crate::{
    authz::{Can, ManageNumbers},
    db::NumberImportId,
    failure::Failure,
    numbers::import::{self, COLUMNS, LIMITS, Outcome, Upload},
    web::{
        Flash, Frame, PathId, Posted, Visit,
        parts::Badge,
        redirect,
        table_file::{Table, too_large},
        upload, words,
    },
};

#[derive(Template)]
#[template(path = "numbers/import.html")]
struct UploadPage {
    frame: Frame,
    form: Posted,
}

#[derive(Template)]
#[template(path = "numbers/preview.html")]
struct PreviewPage {
    frame: Frame,
    file: String,
    href: String,
    notices: Vec<String>,
    add: usize,
    skip: usize,
    wrong: usize,
    button: String,
    caption: String,
    rows: Vec<RowView>,
}

struct RowView {
    line: u64,
    number: String,
    label: String,
    badge: Badge,
    reason: String,
}

#[derive(Template)]
#[template(path = "numbers/imported.html")]
struct ResultPage {
    frame: Frame,
    file: String,
    href: String,
    added: String,
    skipped: i64,
    failed: i64,
}

/// Rows of a preview; a longer file shows what is wrong with it first.
const SHOWN: usize = 1000;

/// `GET /settings/numbers/import`
pub async fn new(by: Can<ManageNumbers>, visit: Visit) -> Result<HttpResponse, Failure> {
    visit.show(&UploadPage { frame: visit.frame(&by, "numbers"), form: Posted::default() })
}

/// `POST /settings/numbers/import`: takes the file and leads to its preview.
pub async fn create(by: Can<ManageNumbers>, visit: Visit, body: upload::Incoming) -> Result<HttpResponse, Failure> {
    let upload::Upload { mut fields, file, over_limit } = body.read("file", LIMITS.bytes).await?;
    let refuse = |mut form: Posted, sentence: String| {
        form.refuse("file", sentence);
        visit.refuse(&UploadPage { frame: visit.frame(&by, "numbers"), form })
    };
    if over_limit {
        return refuse(fields, too_large(LIMITS));
    }
    let Some(file) = file else {
        return refuse(fields, "Choose a CSV file.".into());
    };
    let bytes = file.bytes.clone();
    let read = actix_web::web::block(move || Table::read(&bytes, COLUMNS, LIMITS).map(|_| ())).await.map_err(Failure::internal)?;
    if let Err(sentence) = read {
        return refuse(std::mem::take(&mut fields), sentence);
    }
    let title = if file.name.is_empty() { "a file without a name".to_owned() } else { file.name };
    let (acting, now) = (by.clone(), visit.now);
    let id = visit.app.db.write(move |tx| import::keep(tx, &acting, &title, &file.bytes, now)).await?;
    Ok(redirect(&format!("{LIST}/import/{id}")))
}

/// `GET /settings/numbers/import/{id}`: what would become of each row, and later what became of the file.
pub async fn show(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberImportId>) -> Result<HttpResponse, Failure> {
    let (account, now, id) = (by.account(), visit.now, *id);
    let (upload, looked) = visit
        .app
        .db
        .read(move |conn| {
            let upload = import::get(conn, account, id)?;
            let looked = match &upload.content {
                Some(content) => {
                    let table = Table::read(content, COLUMNS, LIMITS).map_err(Failure::internal)?;
                    let outcomes = import::look(conn, account, &table, now)?;
                    Some((table, outcomes))
                }
                None => None,
            };
            Ok::<_, Failure>((upload, looked))
        })
        .await?;
    match looked {
        Some((table, outcomes)) => visit.show(&preview(&by, &visit, upload, &table, &outcomes)),
        None => visit.show(&ResultPage {
            file: upload.title,
            href: format!("{LIST}/import/{id}"),
            added: counted(upload.added),
            skipped: upload.skipped,
            failed: upload.failed,
            frame: visit.frame(&by, "numbers"),
        }),
    }
}

fn counted(n: i64) -> String {
    if n == 1 { "1 number".into() } else { format!("{} numbers", words::thousands(n)) }
}

fn preview(by: &Can<ManageNumbers>, visit: &Visit, upload: Upload, table: &Table, outcomes: &[Outcome]) -> PreviewPage {
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
    let (add, skip) = (count(|outcome| matches!(outcome, Outcome::Add(_))), count(|outcome| matches!(outcome, Outcome::Skip(_))));
    let mut rows: Vec<_> = table.rows.iter().zip(outcomes).collect();
    let all = rows.len();
    let mut caption = format!("{} {}", words::thousands(all as i64), if all == 1 { "row" } else { "rows, in the file's order" });
    if all > SHOWN {
        rows.sort_by_key(|(_, outcome)| match outcome {
            Outcome::Error(_) => 0,
            Outcome::Skip(_) => 1,
            Outcome::Add(_) => 2,
        });
        rows.truncate(SHOWN);
        caption = format!("{} of {} rows, errors first", words::thousands(SHOWN as i64), words::thousands(all as i64));
    }
    let view = |(line, outcome): (&crate::web::table_file::Line, &Outcome)| {
        let (badge, reason) = match outcome {
            Outcome::Add(_) => (Badge::new("ok", "Add"), String::new()),
            Outcome::Skip(why) => (Badge::new("", "Skip"), why.clone()),
            Outcome::Error(why) => (Badge::new("bad", "Error"), why.clone()),
        };
        let short = |text: &str| text.chars().take(100).collect::<String>();
        let number = match outcome {
            Outcome::Add(plan) => plan.number.international(),
            _ => short(table.get(line, "number")),
        };
        RowView { line: line.number, number, label: short(table.get(line, "label")), badge, reason }
    };
    PreviewPage {
        file: upload.title,
        href: format!("{LIST}/import/{}", upload.id),
        notices: table.notices.clone(),
        add,
        skip,
        wrong: all - add - skip,
        button: if add == 1 { "Add 1 Number".into() } else { format!("Add {} Numbers", words::thousands(add as i64)) },
        caption,
        rows: rows.into_iter().map(view).collect(),
        frame: visit.frame(by, "numbers"),
    }
}

/// `POST /settings/numbers/import/{id}`: adds what can be added, once.
pub async fn update(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberImportId>) -> Result<HttpResponse, Failure> {
    let (acting, now, id) = (by.clone(), visit.now, *id);
    let upload = visit.app.db.write(move |tx| import::import(tx, &acting, id, now)).await?;
    let verb = if upload.added == 1 { "was" } else { "were" };
    visit.flash(Flash::ok(format!("{} {verb} added.", counted(upload.added))));
    Ok(redirect(&format!("{LIST}/import/{id}")))
}

/// `GET /settings/numbers/import/{id}/failed-rows.csv`
pub async fn failed(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberImportId>) -> Result<HttpResponse, Failure> {
    let (account, now, id) = (by.account(), visit.now, *id);
    let text = visit
        .app
        .db
        .read(move |conn| {
            let upload = import::get(conn, account, id)?;
            let Some(content) = &upload.content else { return Ok(upload.failed_rows) };
            let table = Table::read(content, COLUMNS, LIMITS).map_err(Failure::internal)?;
            let outcomes = import::look(conn, account, &table, now)?;
            Ok::<_, Failure>(import::failed_rows(&table, &outcomes))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"failed-rows.csv\""))
        .body(text))
}
