//! A posted form that remembers what was typed and what was wrong with it (R58).

use std::{borrow::Cow, future::Future, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use futures_util::StreamExt;
use url::form_urlencoded;

use crate::failure::Failure;

/// Most bytes of a form (T17).
pub(super) const LIMIT: usize = 64 * 1024;
/// A body that takes longer is given up (T17).
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The fields of a form, as typed, and a sentence for each that was wrong.
#[derive(Debug, Default)]
pub struct Posted {
    fields: Vec<(String, String)>,
    errors: Vec<(&'static str, String)>,
}

/// One choice of a select or a radio group.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Chosen now.
    pub chosen: bool,
    /// A second line that explains it.
    pub description: String,
    /// Why it cannot be chosen, where it cannot.
    pub disabled_because: Option<String>,
}

impl Choice {
    /// A choice that can be chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Choice { value: value.into(), label: label.into(), chosen, description: String::new(), disabled_because: None }
    }
}

impl Posted {
    /// A form as it is first shown, with these values in it.
    pub fn filled<V: Into<String>>(fields: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        Posted { fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect(), errors: Vec::new() }
    }

    /// From a body or a query string.
    pub fn parse(encoded: &[u8]) -> Self {
        let fields = form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), tidy(value)));
        Posted { fields: fields.collect(), errors: Vec::new() }
    }

    /// From fields that were read already.
    pub(super) fn of(fields: Vec<(String, String)>) -> Self {
        Posted { fields: fields.into_iter().map(|(name, value)| (name, tidy(value.into()))).collect(), errors: Vec::new() }
    }

    /// From a body of the type `kind`.
    pub(super) async fn read(kind: &str, payload: Payload) -> Result<Self, Failure> {
        let body = tokio::time::timeout(PATIENCE, collect(payload)).await.map_err(|_| Failure::Slow)??;
        let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        // A form whose only button was pressed has no fields, and some clients then name no type.
        if !body.is_empty() && kind != "application/x-www-form-urlencoded" {
            return Err(Failure::Malformed("This page takes forms only."));
        }
        Ok(Posted::parse(&body))
    }

    /// The first value of a field, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every value of a repeated field.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Is `value` among the field's values?
    pub fn chosen(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(field, v)| field == name && v == value)
    }

    /// Was the field sent at all?
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// Puts `value` into a field that was not sent.
    pub fn fill_in(&mut self, name: &str, value: &str) {
        if !self.has(name) {
            self.fields.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The sentence beside a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.as_str())
    }

    /// Every sentence with its field, for the summary.
    pub fn errors(&self) -> &[(&'static str, String)] {
        &self.errors
    }

    /// A form with the same sentences and nothing typed.
    pub fn errors_alone(&self) -> Self {
        Posted { fields: Vec::new(), errors: self.errors.clone() }
    }

    /// Puts `sentence` beside the field.
    pub fn refuse(&mut self, name: &'static str, sentence: impl Into<String>) {
        self.errors.push((name, sentence.into()));
    }

    /// The form with its sentences about the whole of it, for a page that shows none of its fields.
    #[must_use]
    pub fn about_all(mut self) -> Self {
        self.errors.iter_mut().for_each(|(name, _)| *name = "");
        self
    }

    /// Reads a field by `parse`; its sentence stays with the form when it is wrong.
    pub fn take<T, E: Into<Cow<'static, str>>>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        match parse(self.value(name)) {
            Ok(value) => Some(value),
            Err(sentence) => {
                let sentence: Cow<'static, str> = sentence.into();
                self.errors.push((name, sentence.into_owned()));
                None
            }
        }
    }

    /// The form without what must never be shown again (R58).
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        self.fields.retain(|(name, _)| !matches!(name.as_str(), "password" | "current_password" | "code"));
        self
    }
}

/// Browsers send line ends as CR LF; nothing else needs a NUL.
fn tidy(value: Cow<'_, str>) -> String {
    if value.contains(['\r', '\0']) { value.replace("\r\n", "\n").replace(['\r', '\0'], "") } else { value.into_owned() }
}

impl FromRequest for Posted {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        let payload = payload.take();
        Box::pin(async move { Posted::read(&kind, payload).await })
    }
}

async fn collect(mut payload: Payload) -> Result<web::BytesMut, Failure> {
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Failure::Malformed("The request ended before it was complete."))?;
        if body.len() + chunk.len() > LIMIT {
            return Err(Failure::TooLarge("A form may have 64 KiB."));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_repeated_fields_and_sentences_are_kept_and_passwords_are_not() {
        let mut form = Posted::parse(b"a=1&b=x%0D%0Ay&a=2&password=secret&c=%00z");
        assert_eq!(form.values("a"), ["1", "2"]);
        assert_eq!(form.value("b"), "x\ny");
        assert_eq!(form.value("c"), "z");
        assert_eq!(form.take("a", |text| text.parse::<u8>().map_err(|_| "Not a number.")), Some(1));
        assert_eq!(form.take("b", |text| text.parse::<u8>().map_err(|_| "Not a number.")), None);
        assert_eq!(form.error("b"), Some("Not a number."));
        assert_eq!(form.without_secrets().value("password"), "");
    }
}
