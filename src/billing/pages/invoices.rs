//! `/settings/billing/invoices/{id}`: an invoice to print, the same as a PDF file, and the list as CSV.

use actix_web::{HttpResponse, http::header};
use askama::Template;

use super::lines::{LineView, badge, day, href};
use crate::{
    authz::{Can, ManageBilling},
    billing::{address::HOME, pdf, statement},
    db::InvoiceId,
    failure::Failure,
    web::{
        Frame, PathId, Visit, export,
        listing::Query,
        parts::{Badge, Pager, When},
    },
};

#[derive(Template)]
#[template(path = "billing/invoice.html")]
struct InvoicePage {
    frame: Frame,
    name: String,
    company: String,
    date: When,
    /// The days of the cycle that it is for.
    period: String,
    status: Badge,
    total: String,
    pdf: String,
    caption: String,
    lines: Vec<LineView>,
    pager: Pager,
}

/// `GET /settings/billing/invoices/{id}`
pub async fn show(by: Can<ManageBilling>, visit: Visit, id: PathId<InvoiceId>) -> Result<HttpResponse, Failure> {
    let after: i64 = Query::of(visit.request()).get("after").parse().unwrap_or(0);
    let (account, id) = (by.account(), *id);
    let bill = visit.app.db.read(move |conn| statement::bill(conn, account, id, after)).await?;
    let (invoice, here) = (&bill.invoice, href(&bill.invoice));
    let page = InvoicePage {
        name: invoice.name(),
        company: by.actor().company.clone(),
        date: day(invoice.issued_on),
        period: bill.period(),
        status: badge(invoice.status),
        total: invoice.total.to_string(),
        pdf: format!("{here}.pdf"),
        caption: if after > 0 || bill.next.is_some() { "Some of its lines; the PDF has all".into() } else { "Its lines".into() },
        lines: bill.lines.iter().map(|line| LineView::of(line, 0)).collect(),
        pager: Pager { first: (after > 0).then(|| here.clone()), next: bill.next.map(|last| format!("{here}?after={last}")) },
        frame: visit.frame(&by, "billing"),
    };
    visit.show(&page)
}

/// `GET /settings/billing/invoices/{id}.pdf`
pub async fn pdf(by: Can<ManageBilling>, visit: Visit, id: PathId<InvoiceId>) -> Result<HttpResponse, Failure> {
    let (account, id, company) = (by.account(), *id, by.actor().company.clone());
    let bill = visit.app.db.read(move |conn| statement::whole_bill(conn, account, id)).await?;
    let name = bill.invoice.name();
    // Drawing takes a while, and needs no connection.
    let file = actix_web::web::block(move || pdf::invoice(&bill, &company)).await.map_err(Failure::internal)??;
    let disposition = (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\""));
    Ok(HttpResponse::Ok().content_type("application/pdf").insert_header(disposition).body(file))
}

/// `GET /settings/billing/invoices.csv`: every invoice, newest first, streamed.
pub async fn csv(by: Can<ManageBilling>, visit: Visit) -> Result<HttpResponse, Failure> {
    let account = by.account();
    let write = move |conn: &mut crate::db::Conn, rows: &mut export::Rows| {
        statement::each_invoice(conn, account, |invoice| {
            rows.push([invoice.name().as_str(), &invoice.issued_on.iso(), &invoice.total.plain(), invoice.status.word()])
        })
    };
    Ok(export::csv(&visit.app, "invoices.csv", &["number", "date", "total", "status"], write))
}

/// An invoice in the list.
pub(super) struct InvoiceRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) date: When,
    pub(super) total: String,
    pub(super) status: Badge,
}

impl InvoiceRow {
    pub(super) fn of(invoice: &crate::billing::Invoice) -> Self {
        InvoiceRow {
            name: invoice.name(),
            href: href(invoice),
            date: day(invoice.issued_on),
            total: invoice.total.to_string(),
            status: badge(invoice.status),
        }
    }
}

/// What the list says it shows.
pub(super) fn caption(first: i64, shown: usize, all: i64) -> String {
    super::overview::showing(all - first, shown, all, "invoice")
}

/// Where the list goes on.
pub(super) fn pager(query: &Query, next: Option<i64>) -> Pager {
    let kept = &["after", "invoices_after"];
    Pager {
        first: (!query.get("invoices_after").is_empty()).then(|| query.href(HOME, kept, &[("invoices_after", "")])),
        next: next.map(|last| query.href(HOME, kept, &[("invoices_after", &last.to_string())])),
    }
}
