//! `/settings/team/members/selection`: one act for everybody who was ticked on the list.

use actix_web::HttpResponse;
use askama::Template;

use super::invite::no_place;
use crate::{
    authz::{Can, ManageMembers},
    billing::Plan,
    failure::Failure,
    groups,
    members::{
        LinkRefusal,
        forms::{ActWord, Selection, read_selection},
        selection::{Act, Kept, Outcome, apply, rehearse},
    },
    web::{Choice, Flash, Frame, Posted, Visit, redirect, words},
};

const LIST: &str = "/settings/team/members";

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
}

struct OutcomeView {
    name: String,
    href: String,
    outcome: String,
    kept: bool,
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
        form: form.about_all(),
    }
}

/// `GET …/selection`: what would become of each of them; where the act needs a role or a group, the question for it.
pub async fn new(by: Can<ManageMembers>, visit: Visit) -> Result<HttpResponse, Failure> {
    let mut form = Posted::parse(visit.request().query_string().as_bytes());
    match read_selection(&mut form) {
        None => visit.refuse(&blank(&by, &visit, form)),
        Some(Selection::Asks(word)) => visit.show(&question(&by, &visit, word, form).await?),
        Some(Selection::Ready(act, chosen)) => {
            let plan = visit.app.plans.of_account(&by.actor().plan);
            let outcomes = rehearse(&visit.app.db, &by, act, chosen, plan.clone(), visit.now).await?;
            visit.show(&preview(&by, &visit, act, &outcomes, &plan, form))
        }
    }
}

async fn question(by: &Can<ManageMembers>, visit: &Visit, word: ActWord, form: Posted) -> Result<SelectionPage, Failure> {
    let account = by.account();
    let (asks, choices) = match word {
        ActWord::Group => {
            let groups = visit.app.db.read(move |conn| groups::list_choices(conn, account)).await?;
            ("group_id", groups.into_iter().map(|(id, name)| Choice::new(id.as_str(), name, false)).collect())
        }
        _ => ("", Vec::new()),
    };
    Ok(SelectionPage { title: format!("{}?", word.name()), asks, choices, ..blank(by, visit, form) })
}

fn preview(by: &Can<ManageMembers>, visit: &Visit, act: Act, outcomes: &[Outcome], plan: &Plan, form: Posted) -> SelectionPage {
    let count = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
    let whom = words::people(count as i64);
    SelectionPage {
        title: if count == 0 { "Nothing to do".into() } else { question_of(act, &whom) },
        rows: outcomes.iter().map(|outcome| view(act, outcome, plan)).collect(),
        verb: if count == 0 { String::new() } else { verb_of(act, &whom) },
        ..blank(by, visit, form)
    }
}

fn question_of(act: Act, whom: &str) -> String {
    match act {
        Act::Resend => format!("Send the invite to {whom} again?"),
        Act::AddToGroup(_) => format!("Add {whom} to the group?"),
    }
}

fn verb_of(act: Act, whom: &str) -> String {
    match act {
        Act::Resend => format!("Resend to {whom}"),
        Act::AddToGroup(_) => format!("Add {whom}"),
    }
}

fn view(act: Act, outcome: &Outcome, plan: &Plan) -> OutcomeView {
    OutcomeView {
        name: outcome.member.display_name(),
        href: format!("{LIST}/{}", outcome.member.id),
        kept: outcome.result.is_err(),
        outcome: match &outcome.result {
            Ok(()) => will(act).into(),
            Err(kept) => because(kept, plan),
        },
    }
}

/// What will be done with one of them.
fn will(act: Act) -> &'static str {
    match act {
        Act::Resend => "Gets a new link for 7 days; the earlier one no longer works.",
        Act::AddToGroup(_) => "Joins the group, after those who are in it.",
    }
}

/// Why one of them stays as they are.
fn because(kept: &Kept, plan: &Plan) -> String {
    match kept {
        Kept::Invitation(LinkRefusal::NotInvited) => "Is not invited, so there is no invite to send.".into(),
        Kept::Invitation(LinkRefusal::TooSoon(wait)) => format!("Was sent an invite a moment ago. Wait {}.", words::wait(*wait)),
        Kept::Invitation(LinkRefusal::NoPlace) => no_place(0, plan),
        Kept::Invitation(LinkRefusal::Failure(_)) => "Could not be sent.".into(),
        Kept::InGroup => "Is in the group already.".into(),
        Kept::Removed => "Was removed.".into(),
    }
}

/// `POST …/selection`: does it with whom it can be done.
pub async fn create(by: Can<ManageMembers>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (act, chosen) = match read_selection(&mut form) {
        None => return visit.refuse(&blank(&by, &visit, form)),
        Some(Selection::Asks(word)) => return visit.refuse(&question(&by, &visit, word, form).await?),
        Some(Selection::Ready(act, chosen)) => (act, chosen),
    };
    let plan = visit.app.plans.of_account(&by.actor().plan);
    let (acting, now, terms) = (by.clone(), visit.now, plan.clone());
    let outcomes = visit.app.db.write(move |tx| apply(tx, &acting, act, &chosen, &terms, now)).await?;
    visit.flash(told(act, &outcomes, &plan));
    Ok(redirect(&back(&form)))
}

/// Kept people that a sentence names; of more it says how many.
const NAMED: usize = 3;

/// What was done, and with whom it was not.
fn told(act: Act, outcomes: &[Outcome], plan: &Plan) -> Flash {
    let kept: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.result.is_err()).collect();
    let count = outcomes.len() - kept.len();
    let mut text = if count == 0 { "Nothing was changed.".to_owned() } else { done(act, &words::people(count as i64)) };
    for outcome in kept.iter().take(NAMED) {
        text.push_str(&format!(" {}: {}", outcome.member.display_name(), view(act, outcome, plan).outcome));
    }
    if kept.len() > NAMED {
        text.push_str(&format!(" {} more stay as they are.", kept.len() - NAMED));
    }
    if count == 0 { Flash::bad(text) } else { Flash::ok(text) }
}

fn done(act: Act, whom: &str) -> String {
    match act {
        Act::Resend => format!("Invite sent to {whom} again."),
        Act::AddToGroup(_) => format!("{whom} added to the group."),
    }
}
