//! `/settings/account/cancellation` and `/settings/account/reopening`: the account ends, and comes back (R38).

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;

use crate::{
    accounts::{self, Account, address::CANCELLATION},
    authz::{Can, CancelAccount},
    billing::{
        self, Ahead, CancelRefusal, ReopenRefusal, Reopened, Subscription,
        address::HOME,
        forms::{read_ends_on, read_shown},
        words::amount_changed,
    },
    failure::Failure,
    members,
    sign_in::{self, Checked, forms::read_current},
    web::{
        Flash, Frame, Posted, Visit,
        parts::Consequence,
        redirect,
        words::{counted, people, wait},
    },
};

#[derive(Template)]
#[template(path = "accounts/cancellation.html")]
struct CancellationPage {
    frame: Frame,
    form: Posted,
    lead: String,
    /// The day on which the account closes, or would.
    closes_on: String,
    /// The same for the form, which comes back with it.
    ends_on: String,
    /// It is cancelled already, and can be kept.
    is_cancelled: bool,
    /// Nothing is charged for it, so it cannot be the price.
    is_free: bool,
    consequences: Vec<Consequence>,
}

#[derive(Template)]
#[template(path = "accounts/closed.html")]
struct ClosedPage {
    frame: Frame,
    form: Posted,
    lead: String,
    /// What reopening costs today, and why.
    amount: String,
    formula: String,
    terms: String,
    shown: String,
}

/// What is read for these pages.
struct Known {
    account: Account,
    subscription: Subscription,
    invited: i64,
}

async fn look(by: &Can<CancelAccount>, visit: &Visit) -> Result<Known, Failure> {
    let (id, plans, now) = (by.account(), visit.app.plans.clone(), visit.now);
    visit
        .app
        .db
        .read(move |conn| {
            let account = accounts::get(conn, id)?;
            let invited = members::count_placed(conn, id, now)? - account.active_members;
            Ok(Known { subscription: billing::look(conn, id, &plans, now)?, account, invited })
        })
        .await
}

async fn page(by: &Can<CancelAccount>, visit: &Visit, form: Posted, status: StatusCode) -> Result<HttpResponse, Failure> {
    let known = look(by, visit).await?;
    let (frame, company, form) = (visit.frame(by, "account"), known.account.name.clone(), form.without_secrets());
    let subscription = &known.subscription;
    let Some(closed_at) = subscription.closed_at else {
        let cycle = subscription.seats.cycle;
        let (closes_on, ends_on) = (cycle.ends_on.to_string(), cycle.ends_on.iso());
        let is_cancelled = subscription.ahead == Ahead::Closing;
        let lead = match is_cancelled {
            true => format!("The account of {company} is cancelled and closes on {closes_on}."),
            false => format!("The account of {company} closes when its cycle ends, on {closes_on}."),
        };
        let consequences = consequences(&known);
        let is_free = subscription.is_free();
        return visit.page(status, &CancellationPage { frame, form, lead, closes_on, ends_on, is_cancelled, is_free, consequences });
    };
    let (seats, charge) = subscription.reopening(visit.now);
    let page = ClosedPage {
        frame,
        form,
        lead: format!(
            "The account of {company} closed on {}. Nobody signs in but you, and everything in it is kept.",
            subscription.zone.day(closed_at)
        ),
        amount: charge.amount.to_string(),
        formula: charge.formula(),
        terms: format!(
            "{}, {}, from today until {}: {} for {}; the plan's minimum is {}",
            subscription.plan.name,
            seats.interval.word(),
            seats.cycle.ends_on,
            counted(seats.paid, "seat"),
            counted(seats.active, "active member"),
            subscription.plan.seats_min
        ),
        shown: charge.amount.plain(),
    };
    visit.page(status, &page)
}

/// What cancelling does, with this account's real counts.
fn consequences(known: &Known) -> Vec<Consequence> {
    let row = |item: &str, happens: String| Consequence::new(item, happens);
    let (subscription, closes_on) = (&known.subscription, known.subscription.seats.cycle.ends_on);
    let others = known.account.active_members - 1;
    let mut rows = vec![
        row("Until then", format!("Everything works until {closes_on}, and you can take the cancellation back at any time.")),
        row(
            "Members",
            match others {
                0 => "There is nobody but you. You still sign in, to export or to reopen.".into(),
                n => format!(
                    "{} {} signed out on {closes_on} and cannot sign in any more. You still can, to export or to reopen.",
                    people(n),
                    if n == 1 { "is" } else { "are" }
                ),
            },
        ),
        row(
            "Invitations",
            match known.invited {
                0 => "None is running. Nobody can join while the account is closed.".into(),
                n => format!("{} running now. Nobody can join while the account is closed.", counted(n, "invitation")),
            },
        ),
        row(
            "What is kept",
            "Members, groups, numbers, settings, invoices and the audit log stay. Personal data of removed members is erased on its day.".into(),
        ),
        row(
            "Billing",
            match subscription.is_free() {
                true => format!("Nothing is charged, now or on {closes_on}."),
                false => format!("The next invoice does not come. Nothing is refunded for the days until {closes_on}."),
            },
        ),
    ];
    if let Ahead::Change { plan, .. } = &subscription.ahead {
        rows.push(row("Chosen plan", format!("The change to {} is withdrawn.", plan.name)));
    }
    rows
}

/// `GET /settings/account/cancellation`: cancel it; keep it, once it is cancelled; reopen it, once it is closed.
pub async fn show(by: Can<CancelAccount>, visit: Visit) -> Result<HttpResponse, Failure> {
    page(&by, &visit, Posted::default(), StatusCode::OK).await
}

/// The answer where the password was not right; `None` where it was.
async fn ask_password(by: &Can<CancelAccount>, visit: &Visit, form: &mut Posted) -> Result<Option<HttpResponse>, Failure> {
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(typed) = read_current(form) else {
        return page(by, visit, std::mem::take(form), refused).await.map(Some);
    };
    let (account, me) = (by.account(), by.actor().member);
    let own = visit.app.db.read(move |conn| members::get(conn, account, me)).await?;
    let key = visit.app.db.keys().fingerprint(&[b"cancellations", me.as_str().as_bytes()]);
    match sign_in::check_locking(&visit.app, key, own.password_hash, &typed, visit.now).await? {
        Checked::Right => Ok(None),
        Checked::Wrong => {
            form.refuse("current_password", "This is not your current password. Five wrong ones lock this for 15 minutes.");
            page(by, visit, std::mem::take(form), refused).await.map(Some)
        }
        Checked::Locked(left) => {
            let said = format!("Five passwords were wrong, so this is locked and this one was not looked at. Wait {} and try again.", wait(left));
            form.refuse("current_password", said);
            let mut answer = page(by, visit, std::mem::take(form), StatusCode::TOO_MANY_REQUESTS).await?;
            answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(left.as_secs_up().max(1)));
            Ok(Some(answer))
        }
    }
}

/// `POST /settings/account/cancellation`
pub async fn create(by: Can<CancelAccount>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(shown) = read_ends_on(&mut form) else {
        return page(&by, &visit, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    if let Some(answer) = ask_password(&by, &visit, &mut form).await? {
        return Ok(answer);
    }
    let (acting, plans, now) = (by.clone(), visit.app.plans.clone(), visit.now);
    match visit.app.db.write(move |tx| billing::cancel(tx, &acting, shown, &plans, now)).await {
        Ok(closes_on) => visit.flash(Flash::ok(format!("The account is cancelled. It closes on {closes_on}; until then everything works."))),
        Err(CancelRefusal::Failure(failure)) => return Err(failure),
        // The second click of two.
        Err(CancelRefusal::Already(closes_on)) => {
            visit.flash(Flash::warn(format!("The account is cancelled already and closes on {closes_on}. Nothing was changed.")));
        }
        Err(CancelRefusal::OtherCycle(closes_on)) => {
            let stale = format!(
                "The cycle that the page showed is over: the account would close on {closes_on} now. Nothing was done. Look at it again below."
            );
            form.refuse("", stale);
            return page(&by, &visit, form, StatusCode::CONFLICT).await;
        }
        Err(CancelRefusal::Closed) => visit.flash(Flash::warn("The account is closed already. Nothing was changed.")),
    }
    Ok(redirect(CANCELLATION))
}

/// `POST /settings/account/reopening`: takes a cancellation back, or opens a closed account again.
pub async fn destroy(by: Can<CancelAccount>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(shown) = read_shown(&mut form) else {
        return page(&by, &visit, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    if let Some(answer) = ask_password(&by, &visit, &mut form).await? {
        return Ok(answer);
    }
    let (acting, plans, now) = (by.clone(), visit.app.plans.clone(), visit.now);
    match visit.app.db.write(move |tx| billing::reopen(tx, &acting, shown, &plans, now)).await {
        Ok(Reopened::Kept) => visit.flash(Flash::ok("The account stays open. Nothing was charged.")),
        Ok(Reopened::Anew(charge)) => {
            visit.flash(Flash::ok(format!("The account is open again. {} was charged ({}).", charge.amount, charge.formula())));
        }
        Err(ReopenRefusal::Failure(failure)) => return Err(failure),
        // The second click of two.
        Err(ReopenRefusal::Open) => visit.flash(Flash::warn("The account is open already. Nothing was changed and nothing charged.")),
        Err(ReopenRefusal::AmountChanged { shown, now }) => {
            form.refuse("", amount_changed(shown, now.amount, &now.formula()));
            return page(&by, &visit, form, StatusCode::CONFLICT).await;
        }
    }
    Ok(redirect(HOME))
}
