//! An invoice as a PDF file, with the fonts that every reader brings along.

mod sheet;
mod text;

use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use std::io::Write;

use super::statement::{Bill, Line};
use crate::{failure::Failure, web::words::thousands};
use sheet::{BOLD, BOTTOM, LEFT, PLAIN, RIGHT, SIZE, Sheets, TOP, WIDTH};

/// Where the columns of numbers end.
const SEATS: f32 = 340.0;
const PRICE: f32 = 410.0;
const DAYS: f32 = 475.0;
/// How wide what happened may be.
const WHAT: f32 = 240.0;
const TEXT: f32 = 10.0;
const LEADING: f32 = 14.0;

/// The invoice on sheets of A4, for `company`.
///
/// # Errors
/// When it cannot be compressed.
pub fn invoice(bill: &Bill, company: &str) -> Result<Vec<u8>, Failure> {
    let name = bill.invoice.name();
    let mut sheets = Sheets::new();
    let mut y = head(&mut sheets, bill, company);
    y = columns(&mut sheets, y);
    for line in &bill.lines {
        y = row(&mut sheets, line, y);
    }
    total(&mut sheets, bill, y);
    write(sheets.finish(&name), &format!("Invoice {name}"))
}

/// What stands above the lines; returns where they begin.
fn head(sheets: &mut Sheets, bill: &Bill, company: &str) -> f32 {
    let invoice = &bill.invoice;
    let mut y = TOP - 20.0;
    sheets.text(BOLD, 20.0, LEFT, y, &format!("Invoice {}", invoice.name()));
    y -= 30.0;
    for part in text::wrap(company, 12.0, WIDTH) {
        sheets.text(PLAIN, 12.0, LEFT, y, &part);
        y -= 16.0;
    }
    y -= 6.0;
    let facts = [
        ("Date", invoice.issued_on.to_string()),
        ("Cycle", bill.period()),
        ("Status", invoice.status.name().into()),
        ("Total", invoice.total.to_string()),
    ];
    for (label, value) in facts {
        sheets.text(PLAIN, TEXT, LEFT, y, label);
        sheets.text(BOLD, TEXT, LEFT + 60.0, y, &value);
        y -= LEADING;
    }
    y - 16.0
}

/// The heads of the columns; returns where the next line goes.
fn columns(sheets: &mut Sheets, y: f32) -> f32 {
    sheets.text(BOLD, TEXT, LEFT, y, "What");
    for (label, at) in [("Seats", SEATS), ("Price", PRICE), ("Days left", DAYS), ("Amount", RIGHT)] {
        // Bold letters are a little wider than plain ones.
        sheets.text(BOLD, TEXT, at - text::width(label, TEXT) * 1.08, y, label);
    }
    sheets.rule(y - 5.0);
    y - 20.0
}

/// A line, on a new sheet where this one is full; returns where the next goes.
fn row(sheets: &mut Sheets, line: &Line, y: f32) -> f32 {
    let parts = text::wrap(&line.sentence(), TEXT, WHAT);
    let mut y = room(sheets, y, parts.len() as f32 * LEADING);
    let charge = line.entry.charge();
    let days = format!("{} of {}", charge.days_left, charge.days_in_cycle);
    for (value, at) in [(thousands(charge.seats), SEATS), (charge.price.to_string(), PRICE), (days, DAYS), (charge.amount.to_string(), RIGHT)] {
        sheets.ending(at, y, TEXT, &value);
    }
    for part in &parts {
        sheets.text(PLAIN, TEXT, LEFT, y, part);
        y -= LEADING;
    }
    y - 4.0
}

/// Turns the page where less than `height` is left of it.
fn room(sheets: &mut Sheets, y: f32, height: f32) -> f32 {
    if y - height > BOTTOM {
        return y;
    }
    sheets.turn();
    columns(sheets, TOP - 20.0)
}

fn total(sheets: &mut Sheets, bill: &Bill, y: f32) {
    let y = room(sheets, y, 3.0 * LEADING);
    sheets.rule(y + 6.0);
    sheets.text(BOLD, 12.0, LEFT, y - 10.0, "Total");
    sheets.bold_ending(RIGHT, y - 10.0, 12.0, &bill.invoice.total.to_string());
    sheets.text(PLAIN, 8.0, LEFT, y - 28.0, "Amounts are in US dollars: seats × price × days left / days in the cycle, rounded to the cent.");
}

fn write(contents: Vec<Vec<u8>>, title: &str) -> Result<Vec<u8>, Failure> {
    let [catalog, tree, info, plain, bold] = [1, 2, 3, 4, 5].map(Ref::new);
    let places: Vec<(Ref, Ref)> = (0..contents.len() as i32).map(|n| (Ref::new(6 + 2 * n), Ref::new(7 + 2 * n))).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr("en")).viewer_preferences().display_doc_title(true);
    pdf.document_info(info).title(TextStr(title)).producer(TextStr("Rollcall"));
    pdf.pages(tree).kids(places.iter().map(|(page, _)| *page)).count(places.len() as i32);
    for (id, font) in [(plain, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(id).base_font(Name(font)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for ((page, content), drawn) in places.into_iter().zip(contents) {
        let mut sheet = pdf.page(page);
        sheet.media_box(Rect::new(0.0, 0.0, SIZE.0, SIZE.1)).parent(tree).contents(content);
        sheet.resources().fonts().pair(PLAIN, plain).pair(BOLD, bold);
        sheet.finish();
        let mut smaller = ZlibEncoder::new(Vec::new(), Compression::fast());
        let packed = smaller.write_all(&drawn).and_then(|()| smaller.finish()).map_err(Failure::internal)?;
        pdf.stream(content, &packed).filter(Filter::FlateDecode);
    }
    Ok(pdf.finish())
}
