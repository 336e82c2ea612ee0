//! Invoices: the list, the page to print, the PDF file, the CSV file.

use lopdf::Document;
use rollcall::billing::InvoiceStatus;

use super::*;

/// What stands on the pages of a PDF file, as another program reads it.
fn pages(file: &[u8]) -> Vec<String> {
    let document = Document::load_mem(file).expect("a PDF file");
    document.get_pages().keys().map(|page| document.extract_text(&[*page]).expect("a page of text")).collect()
}

fn path(id: InvoiceId) -> String {
    format!("{BILLING}/invoices/{id}")
}

/// So many lines of a seat each.
fn join(world: &World, lines: usize) {
    let joined = world.app.db.write_now(|tx| {
        let mut subscription = billing::settle(tx, world.ada.account, &world.app.plans, world.now())?;
        (0..lines).try_for_each(|_| billing::take_many(tx, &mut subscription, 1, world.now()).map(drop))
    });
    joined.expect("seats");
}

#[test]
fn r35_an_invoice_has_each_line_with_seats_price_days_and_amount() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = invoice_ids(&world, world.ada.account)[0];
    let page = ada.get(&path(id));
    assert_eq!((page.status, page.h1().as_str(), page.title().as_str()), (200, "Invoice INV-0001", "INV-0001 · Billing · Acme"));
    let rows = page.rows();
    assert_eq!(rows[0], ["Account opened on Pro", "2", "$49.00", "31 of 31", "$98.00"]);
    assert_eq!(rows[1], ["People joined", "1", "$49.00", "30 of 31", "$47.42"]);
    assert!(page.has("2 Mar 2026 to 2 Apr 2026"), "{}", page.text());
    assert!(page.has("2 Mar 2026") && page.has("Open") && page.has("$192.84") && page.has("Acme"), "{}", page.text());
    assert_eq!(page.link("PDF of INV-0001"), Some(format!("{}.pdf", path(id))));
}

#[test]
fn r35_the_pdf_has_the_same_lines_under_the_invoices_name() {
    let world = april();
    world.advance(Span::days(14));
    accept(&world, "fay@acme.test", "Łucja", "Żółć Müller");
    let ada = world.sign_in(&world.ada);
    let id = *invoice_ids(&world, world.ada.account).last().unwrap();
    let answer = ada.get(&format!("{}.pdf", path(id)));
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/pdf"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"INV-0003.pdf\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let pages = pages(&answer.bytes);
    assert_eq!(pages.len(), 1);
    for text in [
        "Invoice INV-0003",
        "Acme",
        "16 Apr 2026",
        "2 Apr 2026 to 2 May 2026",
        "Days left",
        "Open",
        "Lucja",
        "Müller accepted",
        "$29.00",
        "15 of 30",
        "$14.50",
        "page 1 of 1",
    ] {
        assert!(pages[0].contains(text), "{text}: {}", pages[0]);
    }
}

#[test]
fn r35_an_invoice_of_many_lines_takes_several_pages_and_adds_up() {
    let world = World::new();
    join(&world, 150);
    let ada = world.sign_in(&world.ada);
    let id = invoice_ids(&world, world.ada.account)[0];
    let total = world.read(|conn| schema::invoices::table.find(id).select(schema::invoices::total_cents).get_result::<billing::Money>(conn));
    let pages = pages(&ada.get(&format!("{}.pdf", path(id))).bytes);
    assert!(pages.len() > 2, "{} pages", pages.len());
    let whole = pages.join("\n");
    assert_eq!(whole.matches("People joined").count(), 152, "Bruno took a seat that was paid");
    assert_eq!(whole.matches("What").count(), pages.len(), "each page has the heads of the columns");
    assert!(whole.contains(&format!("page {0} of {0}", pages.len())) && whole.contains(&total.to_string()), "{whole}");
}

#[test]
fn r35_a_page_shows_500_lines_of_an_invoice_and_the_pdf_all() {
    let world = World::new();
    join(&world, 510);
    let ada = world.sign_in(&world.ada);
    let id = invoice_ids(&world, world.ada.account)[0];
    let first = ada.get(&path(id));
    assert_eq!((first.rows().len(), first.caption().as_str()), (500, "Some of its lines; the PDF has all"));
    let second = ada.get(&first.link("Next page").unwrap());
    assert!(second.rows().len() < 500 && second.link("Next page").is_none());
    let lines = first.rows().len() + second.rows().len();
    let whole = pages(&ada.get(&format!("{}.pdf", path(id))).bytes).join("\n");
    assert_eq!(whole.matches("People joined").count() + 1, lines);
}

#[test]
fn r35_the_list_pages_and_the_csv_has_all() {
    let world = years();
    let ada = world.sign_in(&world.ada);
    let first = ada.get(BILLING);
    assert_eq!(first.texts("caption")[1], "Showing 1–50 of 61 invoices, newest first");
    let next = first.all("a[rel=next]", |a| a.attr("href").unwrap_or_default().to_owned()).pop().unwrap();
    let second = ada.get(&next);
    assert_eq!(second.texts("caption")[1], "Showing 51–61 of 61 invoices, newest first");
    assert!(second.has("INV-0001") && !second.has("INV-0012"), "{}", second.text());
    let id = invoice_ids(&world, world.ada.account)[0];
    let paid = (schema::invoices::status.eq(InvoiceStatus::Paid), schema::invoices::settled_at.eq(Some(world.now())));
    world.write(|conn| diesel::update(schema::invoices::table.find(id)).set(paid).execute(conn));
    let csv = ada.get(&format!("{BILLING}/invoices.csv"));
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"invoices.csv\"");
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[61]), (62, "number,date,total,status", "INV-0001,2026-03-02,114.12,paid"));
    assert_eq!(lines[1], "INV-0061,2031-03-02,116.00,open");
    assert!(ada.get(&path(id)).has("Paid"));
}

/// Acme on Team after 60 renewals.
fn years() -> World {
    let world = World::wish().plan("team").open();
    world.advance(Span::days(5 * 365 + 2));
    settle(&world, world.ada.account);
    world
}

#[test]
fn r19_an_invoice_of_another_account_is_no_page() {
    let world = World::new();
    let theirs = invoice_ids(&world, world.gus.account)[0];
    let ada = world.sign_in(&world.ada);
    for path in [path(theirs), format!("{}.pdf", path(theirs)), path(theirs).to_uppercase(), format!("{BILLING}/invoices/x.pdf")] {
        let page = ada.get(&path);
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.has("Globex"), "{path}");
    }
    assert_eq!(world.sign_in(&world.gus).get(&path(theirs)).status, 200);
}
