//! A group's greeting (R44): uploaded, deleted, played.

use actix_web::{
    HttpResponse,
    body::SizedStream,
    http::{
        Method, StatusCode,
        header::{self, ContentEncoding},
    },
};
use futures_util::StreamExt;

use super::{
    PATH,
    settings::{self, Forms},
};
use crate::{
    authz::{Can, ManageGroups},
    clock::At,
    db::GroupId,
    failure::Failure,
    groups::{
        self,
        greeting::{self, Greeting, MOST_BYTES, Unfit, minutes},
    },
    web::{
        Flash, PathId, Posted, Visit,
        parts::When,
        ranges::{Asked, asked},
        redirect,
        upload::{Incoming, Upload},
        words,
        zone::Zone,
    },
};

/// The field of the file.
const FIELD: &str = "file";

/// A greeting as the settings of its group show it.
#[derive(Clone, Debug)]
pub struct GreetingShown {
    /// Where it is played from.
    pub src: String,
    /// What the file was called.
    pub title: String,
    /// Like "0:21".
    pub length: String,
    /// "WAV" or "MP3".
    pub kind: &'static str,
    /// Like "412 KiB".
    pub size: String,
    /// Who uploaded it; empty when they are gone.
    pub who: String,
    /// When.
    pub when: When,
}

impl GreetingShown {
    /// The greeting of `group`, as seen from `now` in `zone`.
    pub fn new(group: GroupId, greeting: &Greeting, now: At, zone: Zone) -> Self {
        GreetingShown {
            // The file's own name has every replaced greeting asked for anew.
            src: format!("{PATH}/{group}/greeting?file={}", tag(greeting)),
            title: greeting.title.clone(),
            length: minutes(greeting.millis),
            kind: greeting.kind.name(),
            size: words::bytes(greeting.bytes),
            who: greeting.uploaded_by.clone(),
            when: When::ago(greeting.uploaded_at, now, zone),
        }
    }
}

/// The part of the file's name that is made of chance: another file has another.
fn tag(greeting: &Greeting) -> &str {
    greeting.file.rsplit('/').next().unwrap_or_default()
}

fn settings_of(id: GroupId) -> String {
    format!("{PATH}/{id}/settings")
}

/// Shows the settings again, with the sentence at the file (R58).
async fn refused(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, why: &Unfit) -> Result<HttpResponse, Failure> {
    let mut form = Posted::default();
    form.refuse(FIELD, why.to_string());
    let forms = Forms { greeting: form, ..Forms::default() };
    settings::page(by, visit, id, forms, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST …/greeting`: the first one, or another in its place.
pub async fn create(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>, body: Incoming) -> Result<HttpResponse, Failure> {
    let (account, id) = (by.account(), *id);
    visit.app.db.read(move |conn| groups::get(conn, account, id)).await?;
    let file = match body.read(FIELD, MOST_BYTES).await? {
        Upload { over_limit: true, .. } => return refused(&by, &visit, id, &Unfit::TooLarge).await,
        Upload { file: None, .. } => return refused(&by, &visit, id, &Unfit::Missing).await,
        Upload { file: Some(file), .. } => file,
    };
    let heard = match greeting::examine(file.bytes.clone()).await? {
        Ok(heard) => heard,
        Err(unfit) => return refused(&by, &visit, id, &unfit).await,
    };
    let kept = greeting::keep(&visit.app.files, &file.name, heard, file.bytes).await?;
    greeting::adopt(&visit.app, &by, id, kept, visit.now).await?;
    visit.flash(Flash::ok(format!("The greeting is saved. It is {} long.", minutes(heard.millis))));
    Ok(redirect(&settings_of(id)))
}

/// `POST …/greeting/removal`: back to the default greeting.
pub async fn destroy(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>) -> Result<HttpResponse, Failure> {
    let (acting, id, now) = (by, *id, visit.now);
    match visit.app.db.write(move |tx| greeting::remove(tx, &acting, id, now)).await? {
        Some(file) => {
            visit.app.files.discard(&file).await;
            visit.flash(Flash::ok("The greeting is deleted. Callers hear the default one."));
        }
        None => visit.flash(Flash::ok("There was no greeting to delete.")),
    }
    Ok(redirect(&settings_of(id)))
}

/// `GET …/greeting`: the sound, whole or in parts (T18).
pub async fn show(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>) -> Result<HttpResponse, Failure> {
    let (account, id) = (by.account(), *id);
    // A greeting may be replaced between its row and its file; the second look finds the new one.
    for _ in 0..2 {
        let found = visit.app.db.read(move |conn| greeting::find(conn, account, id)).await?;
        let greeting = found.ok_or(Failure::NotFound)?;
        if let Some(answer) = play(&visit, &greeting).await? {
            return Ok(answer);
        }
    }
    tracing::error!(group = %id, "the file of a greeting is missing: upload it again");
    Err(Failure::NotFound)
}

/// Answers with the file; nothing when it is not there.
async fn play(visit: &Visit, greeting: &Greeting) -> Result<Option<HttpResponse>, Failure> {
    let tag = format!("\"{}\"", tag(greeting));
    let (size, is_head) = (greeting.bytes as u64, visit.request().method() == Method::HEAD);
    let wanted = asked(visit.request().headers(), is_head, &tag, size);
    let range = match &wanted {
        Asked::Part(range) => range.clone(),
        Asked::All | Asked::Beyond | Asked::Unchanged => 0..size,
    };
    let mut answer = match &wanted {
        Asked::All => HttpResponse::Ok(),
        Asked::Part(range) => {
            let mut answer = HttpResponse::PartialContent();
            answer.insert_header((header::CONTENT_RANGE, format!("bytes {}-{}/{size}", range.start, range.end - 1)));
            answer
        }
        Asked::Beyond => {
            let mut answer = HttpResponse::RangeNotSatisfiable();
            answer.insert_header((header::CONTENT_RANGE, format!("bytes */{size}")));
            answer
        }
        Asked::Unchanged => HttpResponse::NotModified(),
    };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        // Kept by the browser for playing again, but never used without asking who asks.
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox"))
        .insert_header((header::CONTENT_DISPOSITION, "inline"));
    if matches!(wanted, Asked::Beyond | Asked::Unchanged) {
        return Ok(Some(answer.finish()));
    }
    // Bytes of a range are bytes of the file, so nothing may squeeze them.
    answer.insert_header(ContentEncoding::Identity).content_type(greeting.kind.media_type());
    let length = range.end - range.start;
    if is_head {
        return Ok(Some(answer.body(SizedStream::new(length, futures_util::stream::empty::<std::io::Result<_>>()))));
    }
    let Some(content) = visit.app.files.read(&greeting.file, range).await? else { return Ok(None) };
    Ok(Some(answer.body(SizedStream::new(length, content.boxed()))))
}
