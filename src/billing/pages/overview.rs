//! `/settings/billing`: the plan, the seats, the next invoice, this cycle's ledger and the invoices.

use actix_web::HttpResponse;
use askama::Template;

use super::{
    CANCELLATION, HOME, PLAN,
    invoices::{InvoiceRow, caption, pager},
    lines::LineView,
};
use crate::{
    authz::{Can, ManageBilling},
    billing::{
        self, Ahead, Banner, Plan, Subscription,
        statement::{self, Ledger},
    },
    failure::Failure,
    members::{self, pages::LIST},
    web::{
        Frame, Visit,
        listing::Query,
        parts::Pager,
        words::{counted, thousands},
    },
};

#[derive(Template)]
#[template(path = "billing/index.html")]
struct BillingPage {
    frame: Frame,
    lead: String,
    zone: String,
    banners: Vec<Banner>,
    plan_href: &'static str,
    /// Why the plan cannot be changed now; empty where it can.
    fixed: &'static str,
    cancel_href: &'static str,
    cancel: &'static str,
    facts: Vec<FactView>,
    next: NextView,
    ledger_caption: String,
    lines: Vec<LineView>,
    ledger_pager: Pager,
    /// Is the plan one that nothing is ever charged for?
    is_free: bool,
    invoices_caption: String,
    invoices: Vec<InvoiceRow>,
    invoices_pager: Pager,
}

struct FactView {
    label: &'static str,
    value: String,
    /// The list of those who are counted.
    href: String,
}

struct NextView {
    /// Nothing where there is no next invoice.
    amount: String,
    formula: String,
    when: String,
    notes: Vec<String>,
}

/// `GET /settings/billing`
pub async fn show(by: Can<ManageBilling>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let number = |name: &str| query.get(name).parse::<i64>().ok();
    let (after, invoices_after) = (number("after"), number("invoices_after"));
    let (account, acting, now, plans) = (by.account(), by.clone(), visit.now, visit.app.plans.clone());
    let read = move |conn: &mut crate::db::Conn| {
        let standing = billing::standing(conn, &acting, &plans, now)?;
        let invited = members::count_placed(conn, account, now)? - standing.subscription.seats.active;
        let ledger = statement::ledger(conn, &standing.subscription, after)?;
        let invoices = statement::invoices(conn, account, invoices_after)?;
        Ok::<_, Failure>((standing, invited, ledger, invoices))
    };
    let (standing, invited, ledger, (invoices, more)) = visit.app.db.read(read).await?;
    let of = &standing.subscription;
    let today = of.day(now);
    let page = BillingPage {
        lead: lead(of),
        zone: format!("Days are counted in {}. Amounts are in US dollars.", of.zone),
        banners: billing::banners(&standing, by.actor().role),
        plan_href: PLAN,
        fixed: fixed(of),
        cancel_href: CANCELLATION,
        cancel: if of.closed_at.is_some() || of.ahead == Ahead::Closing { "Reopen account" } else { "Cancel account" },
        facts: facts(of, today, invited.max(0), by.actor().tally.deactivated),
        next: next(of),
        ledger_caption: showing(ledger.before, ledger.lines.len(), ledger.count, "step"),
        ledger_pager: ledger_pager(&query, &ledger),
        lines: ledger.lines.iter().map(|(line, moved)| LineView::of(line, *moved)).collect(),
        is_free: of.plan.is_free(),
        invoices_caption: caption(invoices.first().map_or(0, |first| first.number), invoices.len(), of.invoices),
        invoices_pager: pager(&query, more),
        invoices: invoices.iter().map(InvoiceRow::of).collect(),
        frame: visit.frame(&by, "billing"),
    };
    visit.show(&page)
}

/// "Team plan · $29.00 per seat and month · renews 1 Dec 2026".
fn lead(of: &Subscription) -> String {
    let ends_on = of.seats.cycle.ends_on;
    let end = match (of.closed_at, &of.ahead) {
        (Some(at), _) => format!("closed {}", of.zone.day(at)),
        (None, Ahead::Closing) => format!("closes {ends_on}"),
        (None, _) => format!("renews {ends_on}"),
    };
    format!("{} plan · {} per seat and {} · {end}", of.plan.name, of.seats.price, of.seats.interval.unit())
}

/// Why the plan cannot be changed now (R38); empty where it can.
fn fixed(of: &Subscription) -> &'static str {
    match (of.closed_at, &of.ahead) {
        (Some(_), _) => "The account is closed. Reopen it to change the plan.",
        (None, Ahead::Closing) => "The account is being cancelled. Reopen it to change the plan.",
        (None, _) => "",
    }
}

fn facts(of: &Subscription, today: billing::Day, invited: i64, deactivated: i64) -> Vec<FactView> {
    let (seats, cycle) = (&of.seats, of.seats.cycle);
    let fact = |label, value: String, status: &str| FactView {
        label,
        value,
        href: if status.is_empty() { String::new() } else { format!("{LIST}?status={status}") },
    };
    vec![
        fact("Cycle", format!("{} to {} · {} of {} days used", cycle.starts_on, cycle.ends_on, cycle.day(today), cycle.days()), ""),
        fact("Billed", seats.interval.name().into(), ""),
        fact("Active", format!("{}, a seat each", thousands(seats.active)), "active"),
        fact("Invited", format!("{}, no seat until they accept", thousands(invited)), "invited"),
        fact("Deactivated", format!("{}, free of charge", thousands(deactivated)), "deactivated"),
        fact("Paid seats", format!("{}, of which {} vacant", thousands(seats.paid), thousands(seats.vacant())), ""),
        fact("Plan’s limits", limits(&of.plan), ""),
    ]
}

/// "At least 2 seats, at most 5".
fn limits(plan: &Plan) -> String {
    let least = format!("at least {} billed", counted(i64::from(plan.seats_min), "seat"));
    match plan.seats_max {
        Some(0) => format!("{least}, nobody more: the plan is no longer sold"),
        Some(most) => format!("{least}, at most {} places", thousands(i64::from(most))),
        None => format!("{least}, any number of places"),
    }
}

/// The next invoice if nobody comes or goes (R34).
fn next(of: &Subscription) -> NextView {
    let ends_on = of.seats.cycle.ends_on;
    let none = |when: String| NextView { amount: String::new(), formula: String::new(), when, notes: Vec::new() };
    match (of.closed_at, &of.ahead) {
        (Some(_), _) => return none("There is none: the account is closed.".into()),
        (None, Ahead::Closing) => return none(format!("There is none: the account closes on {ends_on}.")),
        (None, _) => {}
    }
    let (plan, interval) = of.next_terms();
    let (seats, charge) = of.next_invoice();
    if plan.is_free() {
        return none(format!("There is none: {} has no charge.", plan.name));
    }
    let active = format!(
        "{} now; each is a seat.",
        if of.seats.active == 1 { "1 active member".into() } else { format!("{} active members", thousands(of.seats.active)) }
    );
    let mut notes = vec![active];
    if seats.paid > seats.active {
        notes.push(format!("{} is billed for at least {}.", plan.name, counted(i64::from(plan.seats_min), "seat")));
    }
    notes.push(format!("{} per seat and {}, from {ends_on} to {}.", charge.price, interval.unit(), seats.cycle.ends_on));
    notes.push("Invited people count once they accept, deactivated ones do not. Vacant paid seats are not renewed.".into());
    notes.push(format!("It changes when people come or go before {ends_on}."));
    let formula = format!("{} × {} =", thousands(charge.seats), charge.price);
    NextView { amount: charge.amount.to_string(), formula, when: format!("on {ends_on}"), notes }
}

/// "Showing 51–100 of 1,234 steps, newest first".
pub(super) fn showing(before: i64, shown: usize, all: i64, unit: &str) -> String {
    let (first, last) = (before + 1, before + shown.max(1) as i64);
    let range = if first == last { thousands(first) } else { format!("{}–{}", thousands(first), thousands(last)) };
    let unit = if all == 1 { unit.to_owned() } else { format!("{unit}s") };
    format!("Showing {range} of {} {unit}, newest first", thousands(all))
}

fn ledger_pager(query: &Query, ledger: &Ledger) -> Pager {
    let kept = &["after", "invoices_after"];
    Pager {
        first: (!query.get("after").is_empty()).then(|| query.href(HOME, kept, &[("after", "")])),
        next: ledger.next.map(|last| query.href(HOME, kept, &[("after", &last.to_string())])),
    }
}
