//! Lists whose address is their state: search, filters, order and page are all in the query.

use actix_web::HttpRequest;
use url::form_urlencoded;

use super::{Posted, words};

/// Rows on a page.
pub const PAGE_SIZE: usize = 50;

/// A place between two rows: the sort key and id of the last row shown, and how many rows came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The parts of the sort key, the id last.
    pub key: Vec<String>,
    /// Rows before the page.
    pub position: usize,
}

impl Cursor {
    /// As it travels in `after`.
    pub fn encode(&self) -> String {
        let mut parts = vec![self.position.to_string()];
        parts.extend(self.key.iter().map(|part| part.replace('!', "!!").replace('~', "!-")));
        parts.join("~")
    }

    /// From `after`; a malformed one shows the first page.
    pub fn decode(text: &str, parts: usize) -> Option<Self> {
        let mut split = text.split('~');
        let position = split.next()?.parse().ok().filter(|p| *p < 1_000_000_000)?;
        let key: Vec<String> = split.map(unescaped).collect();
        (key.len() == parts && !text.contains('\0')).then_some(Cursor { key, position })
    }
}

/// `!-` is a tilde and `!!` an exclamation mark.
fn unescaped(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    let mut letters = part.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '!' => text.push(if letters.next() == Some('-') { '~' } else { '!' }),
            other => text.push(other),
        }
    }
    text
}

/// The query of a list's address.
#[derive(Debug)]
pub struct Query(Posted);

impl Query {
    /// From a request.
    pub fn of(request: &HttpRequest) -> Self {
        Query(Posted::parse(request.query_string().as_bytes()))
    }
    /// A parameter, trimmed; nothing when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.value(name).trim()
    }
    /// This query with some parameters replaced and without `after`, as an address of `path`.
    pub fn href(&self, path: &str, kept: &[&str], replaced: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut any = false;
        for name in kept {
            let new = replaced.iter().find(|(field, _)| field == name).map(|(_, value)| *value);
            let value = new.unwrap_or_else(|| self.get(name));
            if !value.is_empty() {
                query.append_pair(name, value);
                any = true;
            }
        }
        for (name, value) in replaced.iter().filter(|(name, _)| !kept.contains(name)) {
            query.append_pair(name, value);
            any = true;
        }
        if any { format!("{path}?{}", query.finish()) } else { path.to_owned() }
    }
}

/// What a page of a list says it shows: `Showing 51–100 of 1,234 members, sorted by name (A to Z)`. `before` rows came
/// before the `shown` ones.
pub fn caption(before: usize, shown: usize, many: &str, what: &str, order: &str) -> String {
    let (first, last) = (before as i64 + 1, (before + shown.max(1)) as i64);
    let range = if first == last { words::thousands(first) } else { format!("{}–{}", words::thousands(first), words::thousands(last)) };
    format!("Showing {range} of {many} {what}, sorted by {order}")
}

/// Folds text for searching and sorting: compatibility forms, no accents, lower case.
pub fn fold(text: &str) -> String {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        for key in [vec!["a~b!".to_owned(), "!-!!~".into()], vec![String::new(), "x".into()]] {
            let cursor = Cursor { key, position: 50 };
            assert_eq!(Cursor::decode(&cursor.encode(), 2), Some(cursor));
        }
        for bad in ["", "x", "1", "1~a", "1~a~b~c", "-1~a~b"] {
            assert_eq!(Cursor::decode(bad, 2), None, "{bad}");
        }
    }

    #[test]
    fn an_address_keeps_its_filters() {
        let query = Query::of(&TestRequest::get().uri("/x?q=a+%26b&role=agent&after=1~2&evil=1").to_http_request());
        assert_eq!(query.href("/x", &["q", "role", "sort"], &[("sort", "-name")]), "/x?q=a+%26b&role=agent&sort=-name");
        assert_eq!(query.href("/x", &["q", "role"], &[("q", ""), ("role", "")]), "/x");
    }

    #[test]
    fn folding_forgets_case_accents_and_width() {
        assert_eq!(fold("  Bruno  DÍAZ "), "bruno diaz");
        assert_eq!(fold("Ａda"), "ada");
    }
}
