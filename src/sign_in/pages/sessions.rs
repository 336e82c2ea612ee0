//! `/profile/sessions`: where one is signed in.

use actix_web::{HttpResponse, web::Path};
use askama::Template;

use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, SignedIn},
    db::SessionId,
    failure::Failure,
    sign_in::{self, Seen},
    web::{Flash, Frame, Visit, parts::When, redirect},
};

/// A session on the page.
struct SessionRow {
    id: String,
    device: String,
    address: String,
    created: When,
    seen: When,
    this: bool,
}

#[derive(Template)]
#[template(path = "profile/sessions.html")]
struct SessionsPage {
    frame: Frame,
    rows: Vec<SessionRow>,
    caption: String,
}

/// `GET /profile/sessions`
pub async fn index(by: Can<SignedIn>, visit: Visit) -> Result<HttpResponse, Failure> {
    let (account, member) = (by.account(), by.actor().member);
    let seen = visit.app.db.read(move |conn| sign_in::list_of(conn, account, member)).await?;
    let zone = by.actor().zone;
    let row = |seen: Seen| SessionRow {
        id: seen.id.to_string(),
        this: seen.id == by.actor().session,
        device: in_words(&seen.agent),
        address: seen.address,
        created: When::minute(seen.created_at, zone),
        seen: When::ago(seen.last_seen_at, visit.now, zone),
    };
    let rows: Vec<SessionRow> = seen.into_iter().map(row).collect();
    let caption = format!("{}, times in {zone}", if rows.len() == 1 { "1 session".into() } else { format!("{} sessions", rows.len()) });
    visit.show(&SessionsPage { frame: visit.frame(&by, "sessions"), rows, caption })
}

/// "Firefox on Linux" where the words for it are known, else the browser's own.
fn in_words(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system =
        first(&[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        _ => agent.to_owned(),
    }
}

/// `POST /profile/sessions/{id}/removal`: one, or with `others` all but this one.
pub async fn destroy(by: Can<SignedIn>, visit: Visit, id: Path<String>) -> Result<HttpResponse, Failure> {
    let (acting, now) = (by.clone(), visit.now);
    let one: Option<SessionId> = match id.as_str() {
        "others" => None,
        id => Some(id.parse().map_err(|_| Failure::NotFound)?),
    };
    visit
        .app
        .db
        .write(move |tx| {
            acting.hold(tx)?;
            let actor = acting.actor();
            let details = match one {
                Some(id) if sign_in::end_one(tx, actor.account, actor.member, id)? => "one".to_owned(),
                Some(_) => return Err(Failure::NotFound),
                None => format!("{} others", sign_in::end_others(tx, actor.account, actor.member, actor.session)?),
            };
            audit::record(tx, &Author::of(&acting), Event::SessionsEnded, Some(&Target::new(actor.member, actor.name.clone())), &details, now)
        })
        .await?;
    if one == Some(by.actor().session) {
        visit.session().purge();
        return Ok(redirect("/login?done=out"));
    }
    visit.flash(Flash::ok(if one.is_some() { "That session is ended." } else { "All other sessions are ended." }));
    Ok(redirect("/profile/sessions"))
}
