//! CSV files that stream from the database and hurt no spreadsheet (R30, T15).

use std::io;

use actix_web::{HttpResponse, http::header, web::Bytes};
use tokio::sync::mpsc;

use crate::{app::App, db::Conn, failure::Failure};

/// A cell that no spreadsheet takes for a formula: a leading apostrophe before `=`, `+`, `-`, `@`, tab and CR, but not
/// before an E.164 number (R30).
pub fn cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_e164(text) { format!("'{text}").into() } else { text.into() }
}

fn is_e164(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Rows on their way into a file.
pub struct Rows(csv::Writer<Chunks>);

impl Rows {
    /// Adds a row.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), Failure> {
        for text in cells {
            self.0.write_field(cell(text).as_bytes()).map_err(Failure::internal)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(Failure::internal)
    }
}

/// Collects bytes and hands them on in pieces; a client that went away ends the export.
struct Chunks {
    held: Vec<u8>,
    to: mpsc::Sender<Result<Bytes, io::Error>>,
}

/// Large enough to be worth a system call, small enough to stay out of the memory figures.
const CHUNK: usize = 32 * 1024;

impl io::Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= CHUNK {
            self.hand_on()?;
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()
    }
}

impl Chunks {
    fn hand_on(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.held, Vec::with_capacity(CHUNK + 1024));
        self.to.blocking_send(Ok(full.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Answers with a CSV file that `write` fills, a piece at a time, on a reading connection.
pub fn csv(
    app: &App,
    name: &str,
    headers: &'static [&'static str],
    write: impl FnOnce(&mut Conn, &mut Rows) -> Result<(), Failure> + Send + 'static,
) -> HttpResponse {
    let (to, mut from) = mpsc::channel(4);
    let db = app.db.clone();
    actix_web::rt::task::spawn_blocking(move || {
        let failed = to.clone();
        let mut rows = Rows(csv::Writer::from_writer(Chunks { held: Vec::with_capacity(CHUNK + 1024), to }));
        let written = rows.push(headers.iter().copied()).and_then(|()| db.read_now(|conn| write(conn, &mut rows)));
        if let Err(error) = written.and_then(|()| rows.0.flush().map_err(Failure::internal)) {
            tracing::warn!(%error, "an export ended early");
            // Cut short, so that nobody takes half a file for the whole.
            let _ = failed.blocking_send(Err(io::ErrorKind::UnexpectedEof.into()));
        }
    });
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(futures_util::stream::poll_fn(move |context| from.poll_recv(context)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r30_formulas_are_text_and_numbers_stay() {
        for (typed, kept) in [
            ("=1+1", "'=1+1"),
            ("+SUM(A1)", "'+SUM(A1)"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("+14155552671", "+14155552671"),
            ("+1415555267a", "'+1415555267a"),
            ("Ada", "Ada"),
            ("", ""),
        ] {
            assert_eq!(cell(typed), kept);
        }
    }
}
