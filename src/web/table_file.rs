//! A CSV file that somebody's spreadsheet wrote, read patiently (R25), and handed back with what was wrong (R30).

use super::export::cell;

/// What a reader takes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most rows below the header.
    pub rows: usize,
    /// Most bytes.
    pub bytes: usize,
}

/// A column that the reader of a file knows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Is there nothing without it?
    pub required: bool,
}

/// A table: its own header, and its rows.
#[derive(Debug)]
pub struct Table {
    headers: Vec<String>,
    places: Vec<(&'static str, usize)>,
    delimiter: u8,
    /// The rows, blank ones left out.
    pub rows: Vec<Line>,
    /// What the reader did that whoever sent the file should know.
    pub notices: Vec<String>,
}

/// A row of a table.
#[derive(Debug)]
pub struct Line {
    /// The line of the file on which it begins, from 1.
    pub number: u64,
    cells: Vec<String>,
}

impl Table {
    /// Reads a file: UTF-8 with or without BOM, else Windows-1252 with a notice; commas, semicolons or tabs; any line ends;
    /// quoting as in RFC 4180; a header in any order and case; unknown columns ignored with a notice.
    ///
    /// # Errors
    /// A sentence that says why nothing of it was taken.
    pub fn read(bytes: &[u8], columns: &[Column], limits: Limits) -> Result<Self, String> {
        if bytes.len() > limits.bytes {
            return Err(too_large(limits));
        }
        let mut notices = Vec::new();
        let text = decode(bytes, &mut notices)?;
        let delimiter = delimiter(&text);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
        let mut headers: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| format!("The file cannot be read as CSV: {error}."))?;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            match headers {
                None => headers = Some(cells),
                Some(_) if rows.len() == limits.rows => {
                    return Err(format!(
                        "The file has more than {} rows, so nothing was taken. Split it.",
                        super::words::thousands(limits.rows as i64)
                    ));
                }
                Some(_) => rows.push(Line { number: line_of(&text, &record), cells }),
            }
        }
        let Some(headers) = headers else {
            return Err(format!("The file is empty. Its first line must name the columns: {}.", names(columns)));
        };
        let places = find(&headers, columns, &mut notices)?;
        if rows.is_empty() {
            return Err("The file has a header and no rows below it.".into());
        }
        Ok(Table { headers, places, delimiter, rows, notices })
    }

    /// A table whose rows were kept elsewhere, by its header as it was read.
    ///
    /// # Errors
    /// The sentence of [`Table::read`] where the header is not one of these columns.
    pub fn restore(headers: Vec<String>, columns: &[Column]) -> Result<Self, String> {
        let places = find(&headers, columns, &mut Vec::new())?;
        Ok(Table { headers, places, delimiter: b',', rows: Vec::new(), notices: Vec::new() })
    }

    /// The header as the file has it.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// What stands between two cells of a row.
    pub const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Which cell of a row a column is, from 0; `None` where the file lacks it.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.places.iter().find(|(name, _)| *name == column).map(|(_, i)| *i)
    }

    /// What stands in a column of a row: trimmed, without the apostrophe that an export puts before formulas (R30); nothing
    /// where the row or the file has no such cell.
    pub fn get<'a>(&self, line: &'a Line, column: &str) -> &'a str {
        let text = self.place(column).and_then(|i| line.cells.get(i)).map_or("", String::as_str);
        match text.strip_prefix('\'') {
            Some(bare) if bare.starts_with(['=', '+', '-', '@', '\t', '\r']) => bare.trim(),
            _ => text,
        }
    }

    /// These rows as a file of the same columns, with one more that says what was wrong with each.
    pub fn with_errors<'a>(&self, failed: impl IntoIterator<Item = (&'a Line, &'a str)>) -> String {
        with_errors(&self.headers, self.delimiter, failed.into_iter().map(|(line, error)| (line.cells.as_slice(), error)))
    }
}

impl Line {
    /// A row that was kept elsewhere.
    pub const fn new(number: u64, cells: Vec<String>) -> Self {
        Line { number, cells }
    }

    /// Its cells as the file has them, trimmed.
    pub fn cells(&self) -> &[String] {
        &self.cells
    }
}

/// Rows under their own header, with one more column that says what was wrong with each. A column `error` of such a file
/// that comes back makes room for the new one.
pub fn with_errors<'a>(headers: &'a [String], delimiter: u8, failed: impl IntoIterator<Item = (&'a [String], &'a str)>) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(Vec::new());
    let mut push = |cells: &[String], last: &str| {
        let kept = (0..headers.len().max(cells.len())).filter(|i| !headers.get(*i).is_some_and(|name| name.eq_ignore_ascii_case("error")));
        let padded = kept.map(|i| cells.get(i).map_or("", String::as_str));
        let cells: Vec<_> = padded.chain([last]).map(cell).collect();
        // Writing into memory does not fail.
        let _ = writer.write_record(cells.iter().map(|cell| cell.as_bytes()));
    };
    push(headers, "error");
    for (cells, error) in failed {
        push(cells, error);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The line on which a record begins: the reader counts empty lines before it as its own.
fn line_of(text: &str, record: &csv::StringRecord) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
    position.line() + from.iter().take_while(|b| **b == b'\n').count() as u64
}

/// The sentence for a file over the limit of bytes.
pub fn too_large(limits: Limits) -> String {
    const MIB: usize = 1024 * 1024;
    let most = if limits.bytes.is_multiple_of(MIB) { format!("{} MiB", limits.bytes / MIB) } else { super::words::bytes(limits.bytes as i64) };
    format!("The file is larger than {most}, so nothing was taken. Split it.")
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

fn decode(bytes: &[u8], notices: &mut Vec<String>) -> Result<String, String> {
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if is_utf16 || bytes.iter().take(4096).any(|b| *b == 0) {
        return Err("The file is not text in UTF-8; it may be UTF-16 or a workbook. Save it as “CSV UTF-8” and upload it again.".into());
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text: String = match std::str::from_utf8(bytes) {
        Ok(text) => text.replace('\0', ""),
        Err(_) => {
            notices.push("The file is not UTF-8, so it was read as Windows-1252. Check names with accents.".into());
            bytes.iter().map(|b| windows_1252(*b)).collect()
        }
    };
    // The reader counts lines by their LF alone.
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—',
        '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte) - 0x80],
        other => char::from(other),
    }
}

/// Whichever of the three stands most often in the first line that has any, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && counts.iter().any(|(_, n)| *n > 0) => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(mark, _)| *mark == byte).for_each(|(_, n)| *n += 1),
        }
    }
    let mut best = counts[0];
    for count in counts {
        if count.1 > best.1 {
            best = count;
        }
    }
    best.0
}

fn find(headers: &[String], columns: &[Column], notices: &mut Vec<String>) -> Result<Vec<(&'static str, usize)>, String> {
    let mut places: Vec<(&'static str, usize)> = Vec::new();
    let mut unknown: Vec<&str> = Vec::new();
    for (i, header) in headers.iter().enumerate() {
        // "Phone Number" and "phone_number" are one column.
        let name =
            header.trim_start_matches('\'').to_lowercase().split([' ', '_', '-']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
        match columns.iter().find(|column| column.name == name) {
            Some(column) if places.iter().any(|(known, _)| *known == column.name) => {
                return Err(format!("The file has two columns named {}. Keep one.", column.name));
            }
            Some(column) => places.push((column.name, i)),
            None if header.is_empty() => {}
            None => unknown.push(header),
        }
    }
    if let Some(missing) = columns.iter().find(|column| column.required && !places.iter().any(|(name, _)| *name == column.name)) {
        return Err(format!("The first line does not name the column {}. It must name the columns: {}.", missing.name, names(columns)));
    }
    if !unknown.is_empty() {
        let shown: Vec<String> = unknown.iter().take(10).map(|name| name.chars().take(40).collect()).collect();
        let (noun, verb) = if unknown.len() == 1 { ("Column", "was") } else { ("Columns", "were") };
        let more = if unknown.len() > shown.len() { " and others" } else { "" };
        notices.push(format!("{noun} {}{more} {verb} ignored.", shown.join(", ")));
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column { name: "number", required: true }, Column { name: "label", required: false }];
    const LIMITS: Limits = Limits { rows: 3, bytes: 1000 };

    fn read(bytes: &[u8]) -> Result<Table, String> {
        Table::read(bytes, COLUMNS, LIMITS)
    }

    /// Line, number and label of each row.
    fn rows(bytes: &[u8]) -> Vec<(u64, String, String)> {
        let table = read(bytes).unwrap();
        table.rows.iter().map(|line| (line.number, table.get(line, "number").to_owned(), table.get(line, "label").to_owned())).collect()
    }

    #[test]
    fn r25_files_of_many_spreadsheets_read_the_same() {
        let wanted = [(2, "+1".to_owned(), "a".to_owned()), (3, "+2".to_owned(), String::new())];
        for text in [
            "number,label\n+1,a\n+2,\n",
            "number,label\r\n+1,a\r\n+2,",
            "number,label\r+1,a\r+2,",
            "Number;LABEL\n+1;a\n+2\n",
            "label\tnumber\na\t+1\n\t+2\n",
            "\u{feff}label,number\n a , +1\n,\"+2\"\n\n",
            "\"number\",\"label\"\n'+1,a\n\"'+2\",\n , \n",
        ] {
            assert_eq!(rows(text.as_bytes()), wanted, "{text:?}");
        }
    }

    #[test]
    fn r25_quotes_hold_delimiters_quotes_and_line_ends_and_lines_are_counted() {
        assert_eq!(rows(b"number,label\n\n+1,\"a, \"\"b\"\"\nc\"\n+2,d\n"), [(3, "+1".into(), "a, \"b\"\nc".into()), (5, "+2".into(), "d".into())]);
    }

    #[test]
    fn r25_old_encodings_and_unknown_columns_get_a_notice() {
        let table = read(b"number,label,Colour\n+1,Z\xfcrich \x80,red\n").unwrap();
        assert_eq!(table.get(&table.rows[0], "label"), "Zürich €");
        assert_eq!(table.notices.len(), 2);
        assert!(table.notices[0].contains("Windows-1252") && table.notices[1] == "Column Colour was ignored.", "{:?}", table.notices);
    }

    #[test]
    fn r26_what_cannot_be_read_or_is_too_much_is_refused_with_its_reason() {
        for (bytes, sentence) in [
            (&b""[..], "The file is empty"),
            (b" \n\n", "The file is empty"),
            (b"number\n", "no rows"),
            (b"label\na\n", "does not name the column number"),
            (b"+14155552671,a\n", "does not name the column number"),
            (b"number,Number\n1,2\n", "two columns named number"),
            (b"\xff\xfen\0u\0", "UTF-16"),
            (b"PK\x03\x04\0\0", "workbook"),
            (b"number\n1\n2\n3\n4\n", "more than 3 rows"),
            (&[b'x'; 1001], "larger than 1000 bytes"),
        ] {
            let error = read(bytes).unwrap_err();
            assert!(error.contains(sentence), "{error}");
        }
    }

    #[test]
    fn r30_failed_rows_come_back_with_their_columns_and_hurt_no_spreadsheet() {
        let table = read(b"label;number;x\n=1+1;+14155552671;\"a;b\"\nz\n").unwrap();
        let failed = table.with_errors(table.rows.iter().map(|line| (line, "Wrong.")));
        assert_eq!(failed, "label;number;x;error\n'=1+1;+14155552671;\"a;b\";Wrong.\nz;;;Wrong.\n");
        let again = read(failed.as_bytes()).unwrap();
        assert_eq!(again.get(&again.rows[0], "label"), "=1+1");
    }
}
