//! `/settings/billing/plan`: another plan, or another length of the cycle (R37).

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use crate::{
    authz::{Can, ManageBilling},
    billing::{
        self, Ahead, Change, ChangeRefusal, Choice, Effect, Interval, Misfit, Plan, Subscription,
        address::{HOME, PLAN},
        forms::{present, read_choice, read_ends_on, read_shown},
        plan_words as words,
        words::amount_changed,
    },
    db::Conn,
    failure::Failure,
    members::{self, Member},
    web::{Flash, FlashLink, Frame, Posted, Visit, listing::Query, redirect},
};

#[derive(Template)]
#[template(path = "billing/plan.html")]
struct ChoicePage {
    frame: Frame,
    form: Posted,
    /// "Team, monthly, 5 paid seats. The next cycle begins on 1 Dec 2026."
    lead: String,
    /// What was chosen for the renewal; empty where nothing was.
    pending: String,
    /// The button that withdraws it.
    stay: String,
    /// The end of the running cycle, for the form that withdraws it.
    ends_on: String,
    here: (String, &'static str),
    plans: Vec<crate::web::Choice>,
    intervals: Vec<crate::web::Choice>,
    /// Plans that not everybody fits on, with the page that lists who.
    misfits: Vec<FlashLink>,
}

/// A line of a preview.
struct LineView {
    what: String,
    formula: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "billing/plan_preview.html")]
struct PreviewPage {
    frame: Frame,
    /// Says that the amount changed since the page was shown, where it did.
    form: Posted,
    question: String,
    lead: String,
    lines: Vec<LineView>,
    today: String,
    next: LineView,
    plan: String,
    interval: &'static str,
    shown: String,
    ends_on: String,
    verb: &'static str,
    keep: String,
}

/// Somebody who would have to go, or change role.
struct PersonView {
    name: String,
    href: String,
    role: &'static str,
}

#[derive(Template)]
#[template(path = "billing/plan_misfit.html")]
struct MisfitPage {
    frame: Frame,
    plan: String,
    why: String,
    supervisors: Vec<PersonView>,
    /// "and 250 more": those whom the list leaves out; empty where it has all.
    more_supervisors: String,
    too_many: String,
    people: Vec<PersonView>,
    more_people: String,
}

/// No change now: the account is cancelled or closed.
#[derive(Template)]
#[template(path = "billing/plan_barred.html")]
struct BarredPage {
    frame: Frame,
    title: &'static str,
    why: String,
    button: &'static str,
}

/// `GET /settings/billing/plan`: the choice; with a plan and an interval, what it would do.
pub async fn edit(by: Can<ManageBilling>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let (account, plans, now) = (by.account(), visit.app.plans.clone(), visit.now);
    if query.get("plan").is_empty() && query.get("interval").is_empty() {
        let subscription = visit.app.db.read(move |conn| billing::look(conn, account, &plans, now)?.foreseen(conn, now)).await?;
        return choose(&by, &visit, subscription, None, StatusCode::OK).await;
    }
    let mut form = Posted::filled([("plan", query.get("plan")), ("interval", query.get("interval"))]);
    let subscription = visit.app.db.read(move |conn| billing::look(conn, account, &plans, now)?.foreseen(conn, now)).await?;
    let Some(choice) = read_choice(&mut form) else {
        return choose(&by, &visit, subscription, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (asked, of, plans) = (choice.clone(), subscription.clone(), visit.app.plans.clone());
    // What is refused is an answer here, not a failed read.
    let seen = visit.app.db.read(move |conn| Ok::<_, Failure>(billing::preview(conn, &of, &asked, &plans, now))).await?;
    match seen {
        Ok(change) if change.effect == Effect::Nothing => {
            form.refuse("plan", words::nothing(&subscription));
            choose(&by, &visit, subscription, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Ok(change) => visit.show(&preview(&by, &visit, &change, &choice, Posted::default())),
        Err(refusal) => refuse(&by, &visit, form, &choice, refusal, StatusCode::OK).await,
    }
}

/// `POST /settings/billing/plan`
pub async fn update(by: Can<ManageBilling>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (choice, shown, ends_on) = (read_choice(&mut form), read_shown(&mut form), read_ends_on(&mut form));
    let (Some(choice), Some(shown), Some(ends_on)) = (choice, shown, ends_on) else {
        let (account, plans, now) = (by.account(), visit.app.plans.clone(), visit.now);
        let subscription = visit.app.db.read(move |conn| billing::look(conn, account, &plans, now)?.foreseen(conn, now)).await?;
        return choose(&by, &visit, subscription, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (acting, asked, plans, now) = (by.clone(), choice.clone(), visit.app.plans.clone(), visit.now);
    match visit.app.db.write(move |tx| billing::change_plan(tx, &acting, &asked, shown, ends_on, &plans, now)).await {
        Ok(change) => {
            let said = words::done(&change);
            visit.flash(if change.effect == Effect::Nothing { Flash::warn(said) } else { Flash::ok(said) });
            Ok(redirect(HOME))
        }
        Err(refusal) => refuse(&by, &visit, form, &choice, refusal, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn refuse(
    by: &Can<ManageBilling>,
    visit: &Visit,
    mut form: Posted,
    choice: &Choice,
    refusal: ChangeRefusal,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let account = by.account();
    match refusal {
        ChangeRefusal::Failure(failure) => Err(failure),
        ChangeRefusal::AmountChanged { shown, now } => {
            form.refuse("", amount_changed(shown, now.today(), ""));
            visit.page(StatusCode::CONFLICT, &preview(by, visit, &now, choice, form))
        }
        ChangeRefusal::OtherCycle(now) => {
            form.refuse("", words::other_cycle(&now));
            visit.page(StatusCode::CONFLICT, &preview(by, visit, &now, choice, form))
        }
        ChangeRefusal::Misfit(plan, misfit) => {
            let now = visit.now;
            let (many, roles) = (misfit.too_many > 0, misfit.supervisors > 0);
            let read = move |conn: &mut Conn| {
                let people = if many { members::list_placed(conn, account, now)? } else { Vec::new() };
                // The Owner takes a place and is not listed.
                let placed = if many { members::count_placed(conn, account, now)? - 1 } else { 0 };
                let supervisors = if roles { members::list_supervisors(conn, account, now)? } else { Vec::new() };
                Ok::<_, Failure>(InTheWay { people, placed, supervisors })
            };
            let listed = visit.app.db.read(read).await?;
            visit.page(status, &unfit(by, visit, &plan, &misfit, &listed))
        }
        ChangeRefusal::Cancelled => visit.page(status, &barred(by, visit, false)),
        ChangeRefusal::Closed => visit.page(status, &barred(by, visit, true)),
        ChangeRefusal::NotSold => {
            form.refuse("plan", "There is no such plan to choose. Choose one of these.");
            let (plans, now) = (visit.app.plans.clone(), visit.now);
            let subscription = visit.app.db.read(move |conn| billing::look(conn, account, &plans, now)?.foreseen(conn, now)).await?;
            choose(by, visit, subscription, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The page of the choice, or the one that says why there is none.
async fn choose(by: &Can<ManageBilling>, visit: &Visit, of: Subscription, form: Option<Posted>, status: StatusCode) -> Result<HttpResponse, Failure> {
    if of.closed_at.is_some() || of.ahead == Ahead::Closing {
        return visit.page(status, &barred(by, visit, of.closed_at.is_some()));
    }
    let form = form.unwrap_or_else(|| present(&of));
    let (account, now, plans, own) = (by.account(), visit.now, visit.app.plans.clone(), of.plan.word.clone());
    let sold = visit
        .app
        .db
        .read(move |conn| {
            let others = plans.all().iter().map(|plan| {
                let misfit = if plan.word == own { None } else { billing::misfit(conn, account, plan, now)? };
                Ok((plan.clone(), misfit))
            });
            others.collect::<Result<Vec<(Plan, Option<Misfit>)>, Failure>>()
        })
        .await?;
    let mut choices: Vec<_> = sold.iter().map(|(plan, misfit)| words::choice(plan, misfit.as_ref(), &of.plan, form.value("plan"))).collect();
    if choices.iter().all(|choice| choice.value != of.plan.word) {
        choices.insert(0, words::kept(&of.plan, form.value("plan")));
    }
    let intervals = Interval::ALL.iter().map(|interval| {
        let mut choice = crate::web::Choice::new(interval.word(), interval.name(), interval.word() == form.value("interval"));
        choice.description = words::of_interval(*interval).into();
        choice
    });
    let misfits = sold
        .iter()
        .filter(|(_, misfit)| misfit.is_some())
        .map(|(plan, _)| FlashLink { label: plan.name.clone(), href: format!("{PLAN}?plan={}&interval={}", plan.word, of.seats.interval.word()) });
    let page = ChoicePage {
        frame: visit.frame(by, "billing"),
        lead: words::standing(&of),
        pending: words::pending(&of),
        stay: format!("Stay on {}, {}", of.plan.name, of.seats.interval.word()),
        ends_on: of.seats.cycle.ends_on.iso(),
        here: (of.plan.word.clone(), of.seats.interval.word()),
        plans: choices,
        intervals: intervals.collect(),
        misfits: misfits.collect(),
        form,
    };
    visit.page(status, &page)
}

fn preview(by: &Can<ManageBilling>, visit: &Visit, change: &Change, choice: &Choice, form: Posted) -> PreviewPage {
    let next = change.after.next_invoice().1;
    let lines = change.lines.iter().map(|line| LineView {
        what: words::line(line, change),
        formula: line.charge.formula(),
        amount: line.charge.amount.to_string(),
    });
    PreviewPage {
        frame: visit.frame(by, "billing"),
        form,
        question: words::question(change),
        lead: words::effect(change),
        lines: lines.collect(),
        today: change.today().to_string(),
        next: LineView {
            what: format!("Next invoice, on {}", change.after.seats.cycle.ends_on),
            formula: next.formula(),
            amount: next.amount.to_string(),
        },
        plan: choice.plan.clone(),
        interval: choice.interval.word(),
        shown: change.today().plain(),
        ends_on: change.before.seats.cycle.ends_on.iso(),
        verb: if change.effect == Effect::Withdrawal { "Keep plan" } else { "Change plan" },
        keep: match change.effect {
            Effect::Withdrawal => "Leave it chosen".into(),
            _ => "Change nothing".into(),
        },
    }
}

/// Who is listed where a plan has no room, at most 50 of a kind.
struct InTheWay {
    people: Vec<Member>,
    /// How many could be listed among `people`.
    placed: i64,
    supervisors: Vec<Member>,
}

fn unfit(by: &Can<ManageBilling>, visit: &Visit, plan: &Plan, misfit: &Misfit, listed: &InTheWay) -> MisfitPage {
    let view =
        |person: &Member| PersonView { name: person.display_name(), href: format!("/settings/team/members/{}", person.id), role: person.role.name() };
    MisfitPage {
        frame: visit.frame(by, "billing"),
        plan: plan.name.clone(),
        why: misfit.why(plan),
        supervisors: listed.supervisors.iter().map(view).collect(),
        more_supervisors: words::and_more(misfit.supervisors, listed.supervisors.len()),
        too_many: if misfit.too_many > 0 { crate::web::words::people(misfit.too_many) } else { String::new() },
        people: listed.people.iter().map(view).collect(),
        more_people: words::and_more(listed.placed, listed.people.len()),
    }
}

fn barred(by: &Can<ManageBilling>, visit: &Visit, is_closed: bool) -> BarredPage {
    let (title, why, button) = match is_closed {
        true => ("The account is closed", "It has no plan to change. Reopen it first: it comes back on the plan that it had.", "Reopen the account"),
        false => ("The account is cancelled", "It closes when its cycle ends, so no plan can be chosen. Keep the account first.", "Keep the account"),
    };
    BarredPage { frame: visit.frame(by, "billing"), title, why: why.into(), button }
}
