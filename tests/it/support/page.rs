//! An answer, read the way a person reads it.

use reqwest::{blocking::Response, header::HeaderMap};
use scraper::{ElementRef, Html, Selector};

/// An answer of the server.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

fn css(text: &str) -> Selector {
    Selector::parse(text).unwrap_or_else(|_| panic!("{text} is no selector"))
}

/// The words of an element, single-spaced.
fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    pub fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().expect("a whole answer").to_vec();
        Page { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header in ASCII"))
    }

    /// Where a 303 leads.
    pub fn to(&self) -> &str {
        self.header("location")
    }

    /// Every `Set-Cookie`.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("a cookie in ASCII")).collect()
    }

    pub fn all<T>(&self, selector: &str, read: impl Fn(ElementRef<'_>) -> T) -> Vec<T> {
        Html::parse_document(&self.body).select(&css(selector)).map(read).collect()
    }

    fn first(&self, selector: &str) -> Option<String> {
        self.all(selector, words).into_iter().next()
    }

    /// The words of every element that fits.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector, words)
    }

    /// The content of `<title>`.
    pub fn title(&self) -> String {
        self.first("title").unwrap_or_default()
    }

    /// The heading.
    pub fn h1(&self) -> String {
        self.first("h1").unwrap_or_default()
    }

    /// The sentence beside a field; empty when there is none.
    pub fn error_of(&self, field: &str) -> String {
        self.first(&format!("#e-{field}")).unwrap_or_default().trim_start_matches("Error: ").to_owned()
    }

    /// What stands in a field: typed, chosen or checked; empty when nothing does.
    pub fn value_of(&self, field: &str) -> String {
        let document = Html::parse_document(&self.body);
        let one = |selector: &str| document.select(&css(selector)).next();
        let attribute = |element: ElementRef<'_>| element.attr("value").unwrap_or_default().to_owned();
        if let Some(area) = one(&format!("textarea[name='{field}']")) {
            let text: String = area.text().collect();
            return text.strip_prefix('\n').unwrap_or(&text).to_owned();
        }
        if one(&format!("select[name='{field}']")).is_some() {
            return one(&format!("select[name='{field}'] option[selected]")).map(attribute).unwrap_or_default();
        }
        if one(&format!("input[name='{field}'][type='radio'], input[name='{field}'][type='checkbox']")).is_some() {
            return one(&format!("input[name='{field}'][checked]")).map(attribute).unwrap_or_default();
        }
        one(&format!("input[name='{field}']")).map(attribute).unwrap_or_default()
    }

    /// The news of the last click; empty when there is none.
    pub fn flash(&self) -> String {
        self.first("[role='status'] p").unwrap_or_default()
    }

    /// The summary of what is wrong with a form, a line each.
    pub fn problems(&self) -> Vec<String> {
        self.all("[role='alert'] li", words)
    }

    /// The table's rows, a text for each cell.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let cells = css("th, td:not(.tick)");
        self.all("tbody tr", |row| row.select(&cells).map(words).collect())
    }

    /// The table's caption.
    pub fn caption(&self) -> String {
        self.first("caption").unwrap_or_default()
    }

    /// Where the first link with these words leads.
    pub fn link(&self, text: &str) -> Option<String> {
        let links = self.all("a[href]", |a| (words(a), a.attr("href").unwrap_or_default().to_owned()));
        links.into_iter().find(|(label, _)| label == text).map(|(_, href)| href)
    }

    /// What the first element that fits says in an attribute.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.all(selector, |element| element.attr(name).map(str::to_owned)).into_iter().next().flatten()
    }

    /// The addresses to which the page's buttons with these words post.
    pub fn buttons(&self, text: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        let (forms, buttons) = (css("form"), css("button"));
        let fitting = document.select(&forms).filter(|form| form.select(&buttons).any(|button| words(button) == text));
        fitting.map(|form| form.attr("action").unwrap_or_default().to_owned()).collect()
    }

    /// All words of the page, single-spaced.
    pub fn text(&self) -> String {
        self.first("body").unwrap_or_default()
    }

    /// Does the page say this?
    pub fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }
}
