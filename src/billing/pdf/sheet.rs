//! Sheets of paper that text and lines are put on.

use pdf_writer::{Content, Name, Str};

use super::text::{encode, width};

/// The plain font.
pub(super) const PLAIN: Name<'static> = Name(b"F1");
/// The bold one.
pub(super) const BOLD: Name<'static> = Name(b"F2");
/// A4 in points, and what of it is written on.
pub(super) const SIZE: (f32, f32) = (595.0, 842.0);
pub(super) const LEFT: f32 = 57.0;
pub(super) const RIGHT: f32 = 538.0;
pub(super) const WIDTH: f32 = RIGHT - LEFT;
pub(super) const TOP: f32 = 785.0;
pub(super) const BOTTOM: f32 = 70.0;

/// Sheets, the last of which is written on.
pub(super) struct Sheets {
    full: Vec<Content>,
    on: Content,
}

impl Sheets {
    pub(super) fn new() -> Self {
        Sheets { full: Vec::new(), on: Content::new() }
    }
    /// Takes another sheet.
    pub(super) fn turn(&mut self) {
        self.full.push(std::mem::replace(&mut self.on, Content::new()));
    }
    /// Writes `text` from `x` on.
    pub(super) fn text(&mut self, font: Name<'_>, size: f32, x: f32, y: f32, text: &str) {
        put(&mut self.on, font, size, x, y, text);
    }
    /// Writes a number so that it ends at `x`.
    pub(super) fn ending(&mut self, x: f32, y: f32, size: f32, number: &str) {
        self.text(PLAIN, size, x - width(number, size), y, number);
    }
    /// The same in bold, whose digits are as wide.
    pub(super) fn bold_ending(&mut self, x: f32, y: f32, size: f32, number: &str) {
        self.text(BOLD, size, x - width(number, size), y, number);
    }
    /// Draws a thin line from margin to margin.
    pub(super) fn rule(&mut self, y: f32) {
        self.on.set_line_width(0.5).set_stroke_gray(0.5).move_to(LEFT, y).line_to(RIGHT, y).stroke();
    }
    /// What is drawn on each sheet, with `name` and the number of the page at its foot.
    pub(super) fn finish(mut self, name: &str) -> Vec<Vec<u8>> {
        self.turn();
        let pages = self.full.len();
        let number = |(n, mut content): (usize, Content)| {
            let foot = format!("{name} · page {} of {pages}", n + 1);
            put(&mut content, PLAIN, 8.0, LEFT, BOTTOM - 30.0, &foot);
            content.finish().to_vec()
        };
        self.full.into_iter().enumerate().map(number).collect()
    }
}

fn put(on: &mut Content, font: Name<'_>, size: f32, x: f32, y: f32, text: &str) {
    on.begin_text().set_font(font, size).next_line(x, y).show(Str(&encode(text))).end_text();
}
