//! `/settings/team/members/{id}`: a member as admins see them.

use actix_web::HttpResponse;
use askama::Template;

use super::{
    LIST,
    details::{DetailsView, Typed},
    ending::{Acts, Ending, due},
    invite::group_choices,
    ownership,
    password::PasswordView,
    role::RoleView,
    standing::{self, MailNote},
};
use crate::{
    accounts,
    audit::{self, Entry, Event},
    authz::{Can, ManageMembers},
    billing,
    db::{AccountId, Conn, GroupId, MemberId},
    failure::Failure,
    groups,
    members::{self, Member, Row, Status, StatusWord},
    numbers::{self, Number},
    sign_in::second_factor::{ResetRefusal, may_reset},
    web::{
        Choice, Frame, PathId, Posted, Visit,
        parts::{Badge, Fact, When},
        zone::Zone,
    },
};

#[derive(Template)]
#[template(path = "members/show.html")]
pub(super) struct MemberPage {
    frame: Frame,
    form: Posted,
    name: String,
    href: String,
    badge: Badge,
    role: &'static str,
    is_removed: bool,
    is_stale: bool,
    details: DetailsView,
    password: Option<PasswordView>,
    /// Why no password was given, also where there is no section for it.
    password_errors: Posted,
    role_form: RoleView,
    can_own: bool,
    invitation: Option<InvitationView>,
    facts: Vec<Fact>,
    joined: When,
    last_active: When,
    numbers: Vec<NumberView>,
    groups: Vec<Choice>,
    availability: Option<Badge>,
    two_factor: Option<TwoFactor>,
    history: Vec<Moment>,
    history_href: String,
    ending: Ending,
}

struct NumberView {
    id: String,
    international: String,
    label: String,
}

/// How somebody's second step stands, and whether it can be reset here (T7, T23).
struct TwoFactor {
    on: bool,
    can_reset: bool,
    why_not: &'static str,
}

fn two_factor(by: &Can<ManageMembers>, person: &Member) -> TwoFactor {
    let may = may_reset(by.actor(), person);
    let why_not = match may {
        Err(ResetRefusal::Own) => "You change your own on your profile.",
        Err(ResetRefusal::Owner) => "Nobody but the Owner changes the Owner’s.",
        Err(ResetRefusal::NotSetUp | ResetRefusal::Failure(_)) | Ok(()) => "",
    };
    TwoFactor { on: person.has_second_factor(), can_reset: may.is_ok(), why_not }
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

/// Where a member's page is.
pub(super) fn href(id: MemberId) -> String {
    format!("{LIST}/{id}")
}

/// `GET /settings/team/members/{id}`
pub async fn show(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, *id, Forms::default()).await?)
}

/// The forms of the page that were posted and could not be saved.
#[derive(Default)]
pub(super) struct Forms {
    /// The groups that were ticked.
    pub groups: Option<Posted>,
    /// The details that were typed.
    pub details: Option<Typed>,
    /// The password that was to be given.
    pub password: Option<Posted>,
    /// The role that was chosen.
    pub role: Option<Posted>,
    /// Somebody else changed the member meanwhile (R59).
    pub is_stale: bool,
}

/// What the page needs from the database.
struct Known {
    person: Member,
    row: Row,
    inviter: Option<String>,
    history: Vec<Entry>,
    numbers: Vec<Number>,
    all_groups: Vec<(GroupId, String)>,
    on_call: bool,
    /// What a user by username signs in with.
    login: Option<String>,
}

fn look(conn: &mut Conn, account: AccountId, id: MemberId) -> Result<Known, Failure> {
    let person = members::get(conn, account, id)?;
    let row = members::row_of(conn, account, id)?;
    let inviter = match person.invited_by {
        Some(inviter) => members::find(conn, account, inviter)?.map(|inviter| inviter.display_name()),
        None => None,
    };
    let login = match &person.username {
        Some(username) => Some(format!("{}/{username}", accounts::get(conn, account)?.slug)),
        None => None,
    };
    Ok(Known {
        row,
        inviter,
        login,
        history: audit::list_of_target(conn, account, id, HISTORY)?,
        numbers: numbers::list_of_member(conn, account, id)?,
        all_groups: groups::list_choices(conn, account)?,
        on_call: members::is_on_call(conn, account, id)?,
        person,
    })
}

/// The page with these forms in it.
pub(super) async fn page(by: &Can<ManageMembers>, visit: &Visit, id: MemberId, forms: Forms) -> Result<MemberPage, Failure> {
    let account = by.account();
    let (plans, now) = (visit.app.plans.clone(), visit.now);
    let (known, own, subscription) = visit
        .app
        .db
        .read(move |conn| {
            let subscription = billing::look(conn, account, &plans, now)?;
            Ok::<_, Failure>((look(conn, account, id)?, groups::list_of_member(conn, account, id)?, subscription))
        })
        .await?;
    let Known { person, row, inviter, history, numbers, all_groups, on_call, login } = known;
    let form = forms.groups.unwrap_or_else(|| Posted::filled(own.iter().map(|(id, _)| ("group_ids", id.as_str()))));
    let details = DetailsView::of(by, &person, forms.details);
    let zone = by.actor().zone;
    let held = row.numbers(visit.now);
    let number = |number: Number| NumberView { id: number.id.to_string(), international: number.international, label: number.label };
    Ok(MemberPage {
        ending: Ending {
            acts: Acts::of(by.actor(), id, row.role, row.status, !row.joined_at.is_never()),
            name: row.name(),
            href: href(id),
            due: due(row.erase_at, visit.now, zone),
            returns_free: subscription.returns_free(visit.now),
        },
        name: row.name(),
        href: href(id),
        badge: standing::badge(&row, visit.now, zone),
        role: row.role.name(),
        is_removed: row.status == Status::Removed,
        is_stale: forms.is_stale,
        password_errors: forms.password.as_ref().map(Posted::errors_alone).unwrap_or_default(),
        password: PasswordView::of(by, visit, &person, forms.password),
        role_form: RoleView::of(by, visit, &person, forms.role),
        can_own: ownership::is_offered(by, row.id, row.role, row.status, person.is_by_email()),
        invitation: (row.status == Status::Invited).then(|| invitation(&row, inviter.as_deref(), visit, zone)),
        numbers: numbers.into_iter().filter(|number| held.iter().any(|held| held.e164 == number.e164)).map(number).collect(),
        groups: group_choices(all_groups, &form),
        availability: (row.status == Status::Active).then(|| standing::availability(person.availability, on_call)),
        two_factor: (row.status == Status::Active || person.has_second_factor()).then(|| two_factor(by, &person)),
        facts: facts(&row, &person.job_title, inviter, login, details.locked.is_empty()),
        joined: When::day(row.joined_at, zone),
        last_active: When::ago(row.last_active_at, visit.now, zone),
        history: history.into_iter().map(|entry| moment(entry, zone)).collect(),
        history_href: format!("/settings/audit-log?actor={id}"),
        frame: visit.frame(by, "members"),
        details,
        form,
    })
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

/// What the form beside them does not say.
fn facts(row: &Row, job_title: &str, inviter: Option<String>, login: Option<String>, has_form: bool) -> Vec<Fact> {
    let unless_in_form = |value: Option<String>| value.filter(|_| !has_form);
    let known = [
        ("Email", unless_in_form(row.email.clone())),
        ("Username", unless_in_form(row.username.clone())),
        ("Job title", unless_in_form(Some(job_title.to_owned()))),
        ("Signs in as", login),
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
