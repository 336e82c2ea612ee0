//! `/settings/billing`: the plan, the seats, the next invoice, this cycle's ledger and the invoices.

use actix_web::HttpResponse;
use askama::Template;

use super::{
    figures::{self, FactView, NextView},
    invoices::{InvoiceRow, caption, pager},
    lines::LineView,
};
use crate::{
    accounts::address::CANCELLATION,
    authz::{Can, ManageBilling},
    billing::{
        self, Ahead, Banner,
        address::{HOME, PLAN},
        statement::{self, Ledger},
    },
    failure::Failure,
    web::{Frame, Visit, listing::Query, parts::Pager, words::thousands},
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
    /// Has the cycle its first line yet?
    has_begun: bool,
    ledger_pager: Pager,
    /// Is the plan one that nothing is ever charged for?
    is_free: bool,
    invoices_caption: String,
    invoices: Vec<InvoiceRow>,
    invoices_pager: Pager,
}

/// `GET /settings/billing`
pub async fn show(by: Can<ManageBilling>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let number = |name: &str| query.get(name).parse::<i64>().ok();
    let (after, invoices_after) = (number("after"), number("invoices_after"));
    let (account, now, plans) = (by.account(), visit.now, visit.app.plans.clone());
    let read = move |conn: &mut crate::db::Conn| {
        let mut standing = billing::standing(conn, account, &plans, now)?;
        standing.subscription = standing.subscription.foreseen(conn, now)?;
        let ledger = statement::ledger(conn, &standing.subscription, after)?;
        let invoices = statement::invoices(conn, account, invoices_after)?;
        Ok::<_, Failure>((standing, ledger, invoices))
    };
    let (standing, ledger, (invoices, more)) = visit.app.db.read(read).await?;
    let of = &standing.subscription;
    let today = of.day(now);
    let page = BillingPage {
        lead: figures::lead(of),
        zone: format!("Days are counted in {}. Amounts are in US dollars.", of.zone),
        banners: billing::banners(&standing, by.actor().role),
        plan_href: PLAN,
        fixed: figures::fixed(of),
        cancel_href: CANCELLATION,
        cancel: match (of.closed_at, &of.ahead) {
            (Some(_), _) => "Reopen account",
            (None, Ahead::Closing) => "Keep the account",
            (None, _) => "Cancel account",
        },
        facts: figures::facts(of, today, standing.pending, by.actor().tally.deactivated),
        next: figures::next(of),
        ledger_caption: showing(ledger.before, ledger.lines.len(), ledger.count, "step"),
        ledger_pager: ledger_pager(&query, &ledger),
        lines: ledger.lines.iter().map(|(line, moved)| LineView::of(line, *moved)).collect(),
        has_begun: ledger.has_begun,
        is_free: of.plan.is_free(),
        invoices_caption: caption(invoices.first().map_or(0, |first| first.number), invoices.len(), of.invoices),
        invoices_pager: pager(&query, more),
        invoices: invoices.iter().map(InvoiceRow::of).collect(),
        frame: visit.frame(&by, "billing"),
    };
    visit.show(&page)
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
