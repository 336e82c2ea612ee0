//! `/settings/team/bulk-invites/new`: the file, uploaded or pasted.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Bytes, block},
};
use askama::Template;

use super::PATH;
use crate::{
    authz::{Can, ManageMembers},
    failure::Failure,
    members::bulk::{self, COLUMNS, Terms},
    web::{
        Frame, Posted, Visit, redirect,
        table_file::{Limits, Table, too_large},
        upload, words,
    },
};

#[derive(Template)]
#[template(path = "members/bulk/new.html")]
struct UploadPage {
    frame: Frame,
    form: Posted,
    limits: String,
    with_supervisor: Option<String>,
}

fn limits(visit: &Visit) -> Limits {
    Limits { rows: visit.app.settings.bulk_max_rows, bytes: visit.app.settings.bulk_max_bytes }
}

fn page(by: &Can<ManageMembers>, visit: &Visit, form: Posted) -> UploadPage {
    let Limits { rows, bytes } = limits(visit);
    let size = if bytes.is_multiple_of(1024 * 1024) { format!("{} MiB", bytes / (1024 * 1024)) } else { words::bytes(bytes as i64) };
    let plan = visit.app.plans.of_account(&by.actor().plan);
    UploadPage {
        frame: visit.frame(by, "members"),
        form,
        limits: format!("The first line names the columns. At most {} rows and {size}.", words::thousands(rows as i64)),
        with_supervisor: (!plan.supervisor).then(|| visit.app.plans.with_supervisor()),
    }
}

/// `GET /settings/team/bulk-invites/new`
pub async fn new(by: Can<ManageMembers>, visit: Visit) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, Posted::default()))
}

/// `POST /settings/team/bulk-invites`: takes the file, checks every row, and leads to its preview. Nothing is sent.
pub async fn create(by: Can<ManageMembers>, visit: Visit, body: upload::Incoming) -> Result<HttpResponse, Failure> {
    let limits = limits(&visit);
    let read = body.read("file", limits.bytes).await;
    let refuse = |mut form: Posted, field: &'static str, sentence: String| {
        form.refuse(field, sentence);
        visit.refuse(&page(&by, &visit, form))
    };
    let upload::Upload { fields, file, over_limit } = match read {
        Ok(upload) => upload,
        Err(Failure::TooLarge(_)) => {
            return refuse(Posted::default(), "pasted", "The rows are larger than 64 KiB, so nothing was taken. Upload them as a file.".into());
        }
        Err(failure) => return Err(failure),
    };
    if over_limit {
        return refuse(fields, "file", too_large(limits));
    }
    let pasted = fields.value("pasted").to_owned();
    let (field, title, bytes) = match file {
        Some(_) if !pasted.trim().is_empty() => return refuse(fields, "pasted", "Choose a file or paste rows, not both.".into()),
        None if pasted.trim().is_empty() => return refuse(fields, "file", "Choose a CSV file, or paste its rows below.".into()),
        None => ("pasted", "pasted rows".to_owned(), Bytes::from(pasted)),
        Some(file) if file.name.is_empty() => ("file", "a file without a name".to_owned(), file.bytes),
        Some(file) => ("file", file.name, file.bytes),
    };
    let table = match block(move || Table::read(&bytes, COLUMNS, limits)).await.map_err(Failure::internal)? {
        Ok(table) => table,
        Err(sentence) => return refuse(fields, field, sentence),
    };
    let resend_pending = fields.chosen("resend_pending", "on");
    let plans = &visit.app.plans;
    let terms = Terms { plan: plans.of_account(&by.actor().plan), with_supervisor: plans.with_supervisor(), resend_pending };
    let (account, acting, now) = (by.account(), by.clone(), visit.now);
    // Looked at on a reading connection: what is written later is only what was seen.
    let looked = visit.app.db.read(move |conn| {
        let judged = bulk::check(conn, account, &table, &table.rows, &terms, now)?;
        Ok::<_, Failure>((table, judged))
    });
    let (table, judged) = looked.await?;
    let id = visit.app.db.write(move |tx| bulk::keep(tx, &acting, &title, &table, &judged, resend_pending, now)).await?;
    Ok(redirect(&format!("{PATH}/{id}")))
}

/// `GET /settings/team/bulk-invites/template.csv`
pub async fn template(_: Can<ManageMembers>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"bulk-invite.csv\""))
        .body("email,role,phone_number,first_name,last_name,groups\r\nana@example.com,agent,,Ana,Silva,\r\n"))
}
