//! `/settings/user-groups/{id}/settings`: ring, hours, greeting and fallback, each a form of its own.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::{
    PATH,
    choices::{Choices, destinations},
    greeting::GreetingShown,
    head::Head,
    hours::{DayView, days},
    removal::sentence,
};
use crate::{
    accounts::forms::zone_choices,
    authz::{Can, ManageGroups},
    db::GroupId,
    failure::Failure,
    groups::{
        self, Group, RingStrategy,
        forms::{HoursForm, read_destination, read_ring, read_version},
        hours::{Draft, Op},
    },
    web::{Choice, Flash, Frame, PathId, Posted, Visit, redirect},
};

/// The forms of the page; the one that was posted is shown as typed, the others as they are stored. Each carries the version
/// that it was first shown with: what was typed over an older state must not pass for an edit of the newer one (R59).
#[derive(Default)]
pub(super) struct Forms {
    pub ring: Option<Posted>,
    pub hours: Option<(Posted, Draft)>,
    pub greeting: Posted,
    pub fallback: Option<Posted>,
    /// Buttons of the editor were pressed and nothing is saved yet.
    pub is_draft: bool,
    /// Somebody else changed the group meanwhile (R59).
    pub is_stale: bool,
}

#[derive(Template)]
#[template(path = "groups/edit.html")]
struct SettingsPage {
    frame: Frame,
    head: Head,
    is_stale: bool,
    is_draft: bool,
    ring: Posted,
    strategies: Vec<Choice>,
    hours: Posted,
    opening: String,
    zones: Vec<Choice>,
    days: Vec<DayView>,
    always_open: bool,
    greeting: Posted,
    sound: Option<GreetingShown>,
    fallback: Posted,
    fallback_lost: bool,
    kinds: Vec<Choice>,
    groups: Vec<Choice>,
    numbers: Vec<Choice>,
    phone: String,
}

/// The page with these forms in it.
pub(super) async fn page(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, forms: Forms, status: StatusCode) -> Result<HttpResponse, Failure> {
    let account = by.account();
    let (group, sound) =
        visit.app.db.read(move |conn| Ok::<_, Failure>((groups::get(conn, account, id)?, groups::greeting::find(conn, account, id)?))).await?;
    let ring = forms.ring.unwrap_or_else(|| ring_of(&group));
    let (hours, draft) = forms.hours.unwrap_or_else(|| hours_of(&group));
    let fallback = forms.fallback.unwrap_or_else(|| fallback_of(&group));
    let Choices { kinds, groups, numbers, phone } = destinations(by, visit, &fallback, "fallback", id).await?;
    let page = SettingsPage {
        frame: visit.frame(by, "user-groups"),
        head: Head::of(&group, "settings", visit.now),
        is_stale: forms.is_stale,
        is_draft: forms.is_draft,
        strategies: strategies(ring.value("ring_strategy")),
        ring,
        opening: group.opening().sentence(group.zone(), visit.now),
        zones: zone_choices(hours.value("time_zone")),
        always_open: draft.days().all(|(_, spans)| spans.is_empty()),
        days: days(&hours, &draft),
        hours,
        greeting: forms.greeting,
        sound: sound.map(|sound| GreetingShown::new(id, &sound, visit.now, by.actor().zone)),
        fallback,
        fallback_lost: group.fallback_lost,
        kinds,
        groups,
        numbers,
        phone,
    };
    visit.page(status, &page)
}

fn ring_of(group: &Group) -> Posted {
    let (strategy, secs) = (group.ring_strategy.word().to_owned(), group.ring_secs.to_string());
    Posted::filled([("ring_strategy", strategy), ("ring_seconds", secs), ("version", group.version.to_string())])
}

fn hours_of(group: &Group) -> (Posted, Draft) {
    (hours_form(group.time_zone.clone(), group.closed_on.clone(), group.version.to_string()), Draft::of(&group.opening()))
}

fn hours_form(zone: String, closed_on: String, version: String) -> Posted {
    Posted::filled([("time_zone", zone), ("closed_on", closed_on), ("version", version)])
}

fn fallback_of(group: &Group) -> Posted {
    Posted::filled([("fallback", group.fallback().word()), ("version", group.version.to_string())])
}

fn strategies(chosen: &str) -> Vec<Choice> {
    let choice = |strategy: &RingStrategy| Choice {
        description: strategy.sentence().to_owned(),
        ..Choice::new(strategy.word(), strategy.name(), chosen == strategy.word())
    };
    RingStrategy::ALL.iter().map(choice).collect()
}

/// `GET …/settings`
pub async fn edit(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>) -> Result<HttpResponse, Failure> {
    page(&by, &visit, *id, Forms::default(), StatusCode::OK).await
}

/// `POST …/settings`: the section that its form names, and no other.
pub async fn update(by: Can<ManageGroups>, visit: Visit, id: PathId<GroupId>, form: Posted) -> Result<HttpResponse, Failure> {
    // A group that is not there is said before anything about the form.
    let (account, id) = (by.account(), *id);
    visit.app.db.read(move |conn| groups::get(conn, account, id)).await?;
    let saved = match form.value("section") {
        "ring" => update_ring(&by, &visit, id, form).await?,
        "hours" => update_hours(&by, &visit, id, form).await?,
        "fallback" => update_fallback(&by, &visit, id, form).await?,
        _ => return Err(Failure::Malformed("The form does not say which settings it has.")),
    };
    match saved {
        Saved::Yes(what) => {
            visit.flash(Flash::ok(what));
            Ok(redirect(&format!("{PATH}/{id}/settings")))
        }
        Saved::No(forms, status) => page(&by, &visit, id, *forms, status).await,
    }
}

enum Saved {
    Yes(&'static str),
    No(Box<Forms>, StatusCode),
}

impl Saved {
    fn refused(forms: Forms) -> Self {
        Saved::No(Box::new(forms), StatusCode::UNPROCESSABLE_ENTITY)
    }
    /// Stored, or shown as it is now where somebody else was faster (R59).
    fn or_stale(result: Result<(), Failure>, what: &'static str) -> Result<Self, Failure> {
        match result {
            Ok(()) => Ok(Saved::Yes(what)),
            Err(Failure::Stale) => Ok(Saved::No(Box::new(Forms { is_stale: true, ..Forms::default() }), StatusCode::CONFLICT)),
            Err(failure) => Err(failure),
        }
    }
}

async fn update_ring(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, mut form: Posted) -> Result<Saved, Failure> {
    let Some((strategy, secs)) = read_ring(&mut form) else {
        return Ok(Saved::refused(Forms { ring: Some(form), ..Forms::default() }));
    };
    let (acting, now, version) = (by.clone(), visit.now, read_version(&form));
    let result = visit.app.db.write(move |tx| groups::set_ring(tx, &acting, id, version, strategy, secs, now)).await;
    Saved::or_stale(result, "How the group rings is saved.")
}

async fn update_hours(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, posted: Posted) -> Result<Saved, Failure> {
    let draft = groups::forms::draft_of(&posted);
    // Dates may come a field each; the page has one field for all of them.
    let mut form = hours_form(posted.value("time_zone").into(), posted.values("closed_on").join("\n"), posted.value("version").into());
    let op = posted.value("op");
    if !op.is_empty() {
        // A button that the editor does not have changes nothing, and saves nothing either.
        let draft = match Op::parse(op) {
            Some(op) => draft.apply(op),
            None => draft,
        };
        let forms = Forms { hours: Some((form, draft)), is_draft: true, ..Forms::default() };
        return Ok(Saved::No(Box::new(forms), StatusCode::OK));
    }
    let Some(HoursForm { zone, hours }) = HoursForm::read(&mut form, &draft) else {
        return Ok(Saved::refused(Forms { hours: Some((form, draft)), ..Forms::default() }));
    };
    let (acting, now, version) = (by.clone(), visit.now, read_version(&form));
    let result = visit.app.db.write(move |tx| groups::set_hours(tx, &acting, id, version, zone, &hours, now)).await;
    Saved::or_stale(result, "The business hours are saved.")
}

async fn update_fallback(by: &Can<ManageGroups>, visit: &Visit, id: GroupId, mut form: Posted) -> Result<Saved, Failure> {
    let refused = |form| Ok(Saved::refused(Forms { fallback: Some(form), ..Forms::default() }));
    let Some(to) = read_destination(&mut form, "fallback") else { return refused(form) };
    let (acting, now, version) = (by.clone(), visit.now, read_version(&form));
    match visit.app.db.write(move |tx| groups::direct(tx, &acting, id, version, &to, now)).await {
        Ok(()) => Ok(Saved::Yes("The fallback is saved.")),
        Err(groups::SettingsRefusal::Failure(failure)) => Saved::or_stale(Err(failure), ""),
        Err(refusal) => {
            form.refuse("fallback", sentence(&refusal));
            refused(form)
        }
    }
}
