//! `/settings/team/members/{id}`: a member as admins see them.

use actix_web::HttpResponse;
use askama::Template;

use super::standing::{self, MailNote};
use crate::{
    audit::{self, Entry, Event},
    authz::{Can, ManageMembers},
    db::MemberId,
    failure::Failure,
    members::{self, Row, Status, StatusWord},
    web::{
        Frame, PathId, Visit,
        parts::{Badge, Fact, When},
        zone::Zone,
    },
};

#[derive(Template)]
#[template(path = "members/show.html")]
struct MemberPage {
    frame: Frame,
    name: String,
    href: String,
    badge: Badge,
    role: &'static str,
    invitation: Option<InvitationView>,
    facts: Vec<Fact>,
    joined: When,
    last_active: When,
    history: Vec<Moment>,
    history_href: String,
}

struct InvitationView {
    text: String,
    mail: Option<MailNote>,
    retry: bool,
}

struct Moment {
    when: When,
    text: String,
}

/// Events on a profile; the audit log has them all.
const HISTORY: i64 = 20;

/// `GET /settings/team/members/{id}`
pub async fn show(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let (account, id) = (by.account(), *id);
    let (row, inviter, job_title, history) = visit
        .app
        .db
        .read(move |conn| {
            let person = members::get(conn, account, id)?;
            let row = members::row_of(conn, account, id)?;
            let inviter = match person.invited_by {
                Some(inviter) => members::find(conn, account, inviter)?.map(|inviter| inviter.display_name()),
                None => None,
            };
            Ok::<_, Failure>((row, inviter, person.job_title, audit::list_of_target(conn, account, id, HISTORY)?))
        })
        .await?;
    let zone = by.actor().zone;
    let page = MemberPage {
        name: row.name(),
        href: format!("/settings/team/members/{id}"),
        badge: standing::badge(&row, visit.now, zone),
        role: row.role.name(),
        invitation: (row.status == Status::Invited).then(|| invitation(&row, inviter.as_deref(), &visit, zone)),
        facts: facts(&row, &job_title, inviter),
        joined: When::day(row.joined_at, zone),
        last_active: When::ago(row.last_active_at, visit.now, zone),
        history: history.into_iter().map(|entry| moment(entry, zone)).collect(),
        history_href: format!("/settings/audit-log?actor={id}"),
        frame: visit.frame(&by, "members"),
    };
    visit.show(&page)
}

fn invitation(row: &Row, inviter: Option<&str>, visit: &Visit, zone: Zone) -> InvitationView {
    let who = inviter.unwrap_or("somebody who left");
    let ends = row.invitation.as_ref().map(|newest| zone.minute(newest.expires_at)).unwrap_or_default();
    let text = match row.status_word(visit.now) {
        StatusWord::Expired => format!("{who} invited them. The invitation ran out on {ends} ({zone}); send it again."),
        StatusWord::SendAgain => format!("{who} invited them and may no longer invite people, so the link does not work. Send it again."),
        _ => format!("{who} invited them. The link works until {ends} ({zone})."),
    };
    let mail = standing::mail(row, visit.now, zone);
    InvitationView { text, retry: mail.as_ref().is_some_and(|mail| mail.retry), mail }
}

fn facts(row: &Row, job_title: &str, inviter: Option<String>) -> Vec<Fact> {
    let known = [
        ("Email", row.email.clone()),
        ("Username", row.username.clone()),
        ("Job title", Some(job_title.to_owned())),
        ("Type", Some(if row.username.is_some() { "User by username".into() } else { "User by email".into() })),
        ("Role", Some(row.role.name().into())),
        ("Invited by", inviter),
    ];
    known.into_iter().filter_map(|(label, value)| Some(Fact { label, value: value.filter(|value| !value.is_empty())? })).collect()
}

fn moment(entry: Entry, zone: Zone) -> Moment {
    let event = Event::from_word(&entry.event).map_or_else(|| entry.event.clone(), |event| event.name().to_owned());
    let details = entry.details.filter(|details| !details.is_empty()).map(|details| format!(", {details}")).unwrap_or_default();
    let text = format!("{event}{details}, by {}", entry.actor.as_deref().unwrap_or("a former member"));
    Moment { when: When::minute(entry.at, zone), text }
}
