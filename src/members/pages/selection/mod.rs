//! `/settings/team/members/selection`: one act for everybody who was ticked on the list.

mod sentences;

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use std::collections::HashMap;

use self::sentences::{because, done, lacks_room, money_of, question_of, verb_of, will};
use super::{LIST, invite::roles, room::Room};
use crate::{
    authz::{Can, ManageMembers},
    billing::{self, forms::read_shown, words::amount_changed},
    db::MemberId,
    failure::Failure,
    groups::{self, forms::GROUP_GONE},
    members::{
        Consequences,
        forms::{ActWord, Selection, read_selection},
        selection::{Act, Outcome, SelectionRefusal, apply, rehearse, total},
    },
    web::{Choice, Flash, FlashLink, Frame, Posted, Visit, redirect, words},
};

#[derive(Template)]
#[template(path = "members/selection.html")]
struct SelectionPage {
    frame: Frame,
    form: Posted,
    title: String,
    back: String,
    act: &'static str,
    chosen: Vec<String>,
    /// The name of the field that is still to be answered, and its choices.
    asks: &'static str,
    choices: Vec<Choice>,
    rows: Vec<OutcomeView>,
    verb: String,
    danger: bool,
    /// The milder act, for a removal.
    milder: String,
    /// What is charged for all of them together, or what becomes of their seats; empty where the act changes neither (R34, R35).
    money: String,
    /// The same amount for the hidden field `shown`.
    shown: String,
}

struct OutcomeView {
    name: String,
    href: String,
    outcome: String,
    kept: bool,
    /// Where that can be changed.
    way_out: Option<FlashLink>,
}

/// The list as it was when people were ticked.
fn back(form: &Posted) -> String {
    let next = form.value("next");
    if next.starts_with("/settings/team/members?") && crate::web::local_path(next) == next { next.to_owned() } else { LIST.to_owned() }
}

fn blank(by: &Can<ManageMembers>, visit: &Visit, form: Posted) -> SelectionPage {
    SelectionPage {
        frame: visit.frame(by, "members"),
        title: "With selected".into(),
        back: back(&form),
        act: ActWord::from_word(form.value("act")).map_or("", ActWord::word),
        chosen: form.values("member_ids").into_iter().map(str::to_owned).collect(),
        asks: "",
        choices: Vec::new(),
        rows: Vec::new(),
        verb: String::new(),
        danger: false,
        milder: String::new(),
        money: String::new(),
        shown: String::new(),
        form: form.about_all(),
    }
}

/// `GET …/selection`: what would become of each of them; where the act needs a role or a group, the question for it.
pub async fn new(by: Can<ManageMembers>, visit: Visit) -> Result<HttpResponse, Failure> {
    let mut form = Posted::parse(visit.request().query_string().as_bytes());
    match read_selection(&mut form) {
        None => visit.refuse(&blank(&by, &visit, form)),
        Some(Selection::Asks(word)) => visit.show(&question(&by, &visit, word, form).await?),
        Some(Selection::Ready(act, chosen)) => ask(&by, &visit, act, chosen, form, StatusCode::OK).await,
    }
}

/// The preview of an act, answered with `status`.
async fn ask(
    by: &Can<ManageMembers>,
    visit: &Visit,
    act: Act,
    chosen: Vec<MemberId>,
    form: Posted,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    match rehearse(&visit.app.db, by, act, chosen, visit.app.plans.clone(), visit.now).await {
        Ok((outcomes, touched)) => {
            let room = Room::of(by, visit).await?;
            let (account, plans, now) = (by.account(), visit.app.plans.clone(), visit.now);
            let subscription = visit.app.db.read(move |conn| billing::look(conn, account, &plans, now)?.foreseen(conn, now)).await?;
            let money = money_of(act, &outcomes, &subscription);
            let page = preview(by, visit, act, outcomes, &touched, form, &room)?;
            visit.page(status, &SelectionPage { money, ..page })
        }
        Err(Failure::NotFound) if matches!(act, Act::AddToGroup(_)) => group_gone(by, visit, form).await,
        Err(failure) => Err(failure),
    }
}

async fn question(by: &Can<ManageMembers>, visit: &Visit, word: ActWord, form: Posted) -> Result<SelectionPage, Failure> {
    let account = by.account();
    let (asks, choices) = match word {
        ActWord::Group => {
            let groups = visit.app.db.read(move |conn| groups::list_choices(conn, account)).await?;
            ("group_id", groups.into_iter().map(|(id, name)| Choice::new(id.as_str(), name, false)).collect())
        }
        _ => {
            let plan = visit.app.plans.of_account(&by.actor().plan);
            ("role", roles(&form, &plan, &visit.app.plans.with_supervisor()))
        }
    };
    Ok(SelectionPage { title: format!("{}?", word.name()), asks, choices, ..blank(by, visit, form) })
}

/// Asks for another group: the one that was chosen is gone.
async fn group_gone(by: &Can<ManageMembers>, visit: &Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    form.refuse("group_id", GROUP_GONE);
    visit.refuse(&question(by, visit, ActWord::Group, form).await?)
}

fn preview(
    by: &Can<ManageMembers>,
    visit: &Visit,
    act: Act,
    outcomes: Vec<Outcome>,
    touched: &HashMap<MemberId, Consequences>,
    form: Posted,
    room: &Room,
) -> Result<SelectionPage, Failure> {
    let total = total(&outcomes);
    let count = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
    let (whom, charges) = (words::people(count as i64), matches!(act, Act::Reactivate));
    let rows: Result<_, Failure> = outcomes.into_iter().map(|outcome| view(visit, act, outcome, touched, room)).collect();
    Ok(SelectionPage {
        title: if count == 0 { "Nothing to do".into() } else { question_of(act, &whom) },
        rows: rows?,
        verb: if count == 0 { String::new() } else { verb_of(act, &whom) },
        danger: matches!(act, Act::Remove | Act::Deactivate),
        milder: if matches!(act, Act::Remove) { milder(&form) } else { String::new() },
        shown: if charges { total.plain() } else { String::new() },
        ..blank(by, visit, form)
    })
}

/// The same people, deactivated instead.
fn milder(form: &Posted) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("act", ActWord::Deactivate.word()).append_pair("next", &back(form));
    for id in form.values("member_ids") {
        query.append_pair("member_ids", id);
    }
    format!("{LIST}/selection?{}", query.finish())
}

fn view(visit: &Visit, act: Act, outcome: Outcome, touched: &HashMap<MemberId, Consequences>, room: &Room) -> Result<OutcomeView, Failure> {
    let (id, name) = (outcome.member.id, outcome.member.display_name());
    let (kept, outcome, way_out) = match outcome.result {
        Ok(charge) => (false, will(act, touched.get(&id), charge.as_ref()), None),
        Err(kept) => {
            let way_out = room.link().filter(|_| lacks_room(&kept));
            (true, because(visit, kept, &name, room)?, way_out)
        }
    };
    Ok(OutcomeView { name, href: format!("{LIST}/{id}"), kept, outcome, way_out })
}

/// `POST …/selection`: does it with whom it can be done.
pub async fn create(by: Can<ManageMembers>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (act, chosen) = match read_selection(&mut form) {
        None => return visit.refuse(&blank(&by, &visit, form)),
        Some(Selection::Asks(word)) => return visit.refuse(&question(&by, &visit, word, form).await?),
        Some(Selection::Ready(act, chosen)) => (act, chosen),
    };
    let Some(shown) = read_shown(&mut form) else {
        return ask(&by, &visit, act, chosen, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (acting, plans, now, people) = (by.clone(), visit.app.plans.clone(), visit.now, chosen.clone());
    let outcomes = match visit.app.db.write(move |tx| apply(tx, &acting, act, &people, shown, &plans, now)).await {
        Ok(outcomes) => outcomes,
        Err(SelectionRefusal::AmountChanged { shown, now }) => {
            form.refuse("", amount_changed(shown, now, ""));
            return ask(&by, &visit, act, chosen, form, StatusCode::CONFLICT).await;
        }
        Err(SelectionRefusal::Failure(Failure::NotFound)) if matches!(act, Act::AddToGroup(_)) => return group_gone(&by, &visit, form).await,
        Err(SelectionRefusal::Failure(failure)) => return Err(failure),
    };
    let room = Room::of(&by, &visit).await?;
    visit.flash(told(&visit, act, outcomes, &room)?);
    Ok(redirect(&back(&form)))
}

/// Kept people that a sentence names; of more it says how many.
const NAMED: usize = 3;

/// What was done, and with whom it was not.
fn told(visit: &Visit, act: Act, outcomes: Vec<Outcome>, room: &Room) -> Result<Flash, Failure> {
    let (all, total) = (outcomes.len(), total(&outcomes));
    let kept: Vec<Outcome> = outcomes.into_iter().filter(|outcome| outcome.result.is_err()).collect();
    let (count, more) = (all - kept.len(), kept.len().saturating_sub(NAMED));
    let mut text = if count == 0 { "Nothing was changed.".to_owned() } else { done(act, &words::people(count as i64)) };
    if !total.is_zero() {
        text.push_str(&format!(" {total} was charged."));
    }
    let way_out = room.link().filter(|_| kept.iter().any(|outcome| outcome.result.as_ref().is_err_and(lacks_room)));
    for outcome in kept.into_iter().take(NAMED) {
        let view = view(visit, act, outcome, &HashMap::new(), room)?;
        text.push_str(&format!(" {}: {}", view.name, view.outcome));
    }
    if more > 0 {
        text.push_str(&format!(" {more} more stay as they are."));
    }
    let flash = match (count, all - count) {
        (0, _) => Flash::bad(text),
        (_, 0) => Flash::ok(text),
        _ => Flash::warn(text),
    };
    Ok(flash.with_link(way_out))
}
