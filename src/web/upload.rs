//! A posted form with one file in it, read in bounds and into memory: nothing of it is ever a temporary file (T17).

use std::future::{Ready, ready};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
    web::{Bytes, BytesMut},
};
use futures_util::{StreamExt, TryStreamExt};

use super::{
    Posted,
    posted::{LIMIT, PATIENCE},
};
use crate::failure::Failure;

/// Most characters kept of a file's name.
const NAME_LIMIT: usize = 200;
/// What a field costs beside its name and its value: its headers and its boundary.
const FIELD_COST: usize = 64;

/// A body with a file in it, not read yet, so that a handler can look at everything else first.
pub struct Incoming {
    kind: HeaderMap,
    payload: Payload,
}

/// What a form with a file brought.
#[derive(Debug, Default)]
pub struct Upload {
    /// The other fields, as those of any form.
    pub fields: Posted,
    /// The file; none when nobody chose one, or when it was over the limit.
    pub file: Option<UploadedFile>,
    /// The file was larger than the limit. It was read to its end and thrown away, so that the browser sees the answer.
    pub over_limit: bool,
}

/// A file as it was sent; nothing about it is to be believed.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// What it was called there: no folders, no control characters, at most 200 characters; perhaps nothing.
    pub name: String,
    /// Its content, perhaps empty.
    pub bytes: Bytes,
}

impl Incoming {
    /// Reads the form. The file stands in the field `field` and has at most `limit` bytes. A form without files, sent as
    /// forms are without one, is read as well.
    ///
    /// # Errors
    /// [`Failure::Malformed`] when it is no such form or not a whole one, [`Failure::TooLarge`] when the fields beside the
    /// file have more than 64 KiB, [`Failure::Slow`] when it does not end within 30 s (T17).
    pub async fn read(self, field: &'static str, limit: usize) -> Result<Upload, Failure> {
        let kind = self.kind.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            let fields = Posted::read(kind, self.payload).await?;
            return Ok(Upload { fields, ..Upload::default() });
        }
        let mut reading = Reading { field, limit, pairs: Vec::new(), cost: 0, file: None, over_limit: false };
        match tokio::time::timeout(PATIENCE, reading.all(Multipart::new(&self.kind, self.payload))).await {
            Ok(read) => read?,
            // Whoever sends far too much is told so, not that it took too long.
            Err(_) if reading.over_limit => {}
            Err(_) => return Err(Failure::Slow),
        }
        let Reading { pairs, file, over_limit, .. } = reading;
        Ok(Upload { fields: Posted::of(pairs), file: file.filter(|_| !over_limit), over_limit })
    }
}

/// A form on its way in.
struct Reading {
    field: &'static str,
    limit: usize,
    pairs: Vec<(String, String)>,
    cost: usize,
    file: Option<UploadedFile>,
    over_limit: bool,
}

impl Reading {
    async fn all(&mut self, mut parts: Multipart) -> Result<(), Failure> {
        while let Some(part) = parts.try_next().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            self.cost += FIELD_COST + name.len();
            match called(&part) {
                Some(called) if name == self.field => self.take_file(&called, part).await?,
                Some(_) => return Err(Failure::Malformed("There is a file in it that this page does not take.")),
                None => self.take_field(name, part).await?,
            }
        }
        Ok(())
    }

    async fn take_file(&mut self, called: &str, mut part: Field) -> Result<(), Failure> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(broken)?;
            if bytes.len() + chunk.len() > self.limit {
                self.over_limit = true;
                bytes = BytesMut::new();
            }
            if !self.over_limit {
                bytes.extend_from_slice(&chunk);
            }
        }
        // A field where nobody chose a file is sent as a file without name and content.
        if called.is_empty() && bytes.is_empty() {
            return Ok(());
        }
        if self.file.is_some() {
            return Err(Failure::Malformed("There are several files in it; this page takes one at a time."));
        }
        self.file = Some(UploadedFile { name: bare(called), bytes: bytes.freeze() });
        Ok(())
    }

    async fn take_field(&mut self, name: String, mut part: Field) -> Result<(), Failure> {
        let mut value = Vec::new();
        loop {
            if self.cost + value.len() > LIMIT {
                return Err(Failure::TooLarge("A form may have 64 KiB beside its file."));
            }
            let Some(chunk) = part.next().await else { break };
            value.extend_from_slice(&chunk.map_err(broken)?);
        }
        self.cost += value.len();
        self.pairs.push((name, String::from_utf8_lossy(&value).into_owned()));
        Ok(())
    }
}

/// What a part calls its file; nothing for a plain field.
fn called(part: &Field) -> Option<String> {
    let said = part.content_disposition()?;
    let extended = || said.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    said.get_filename().map(str::to_owned).or_else(extended)
}

fn broken(error: MultipartError) -> Failure {
    tracing::debug!(%error, "a form with a file cannot be read");
    Failure::Malformed(match error {
        MultipartError::Incomplete | MultipartError::Payload(_) => "The request ended before it was complete.",
        _ => "The form with the file is not well formed.",
    })
}

/// The file's own name, without the folders that some clients send along.
fn bare(called: &str) -> String {
    // Browsers write a quotation mark in a name like this.
    let called = called.replace("%22", "\"");
    let name = called.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(NAME_LIMIT).collect::<String>().trim().to_owned()
}

impl FromRequest for Incoming {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let said = request.headers().get(header::CONTENT_TYPE).cloned();
        let kind = said.map(|value| (header::CONTENT_TYPE, value)).into_iter().collect();
        ready(Ok(Incoming { kind, payload: payload.take() }))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const BOUNDARY: &str = "--b\r\nContent-Disposition: form-data; name=";

    async fn read(body: String) -> Result<Upload, Failure> {
        let request = TestRequest::post().insert_header(("content-type", "multipart/form-data; boundary=b")).set_payload(body);
        let (request, mut payload) = request.to_http_parts();
        Incoming::from_request(&request, &mut payload).await?.read("file", 10).await
    }

    fn file(called: &str, content: &str) -> String {
        format!("{BOUNDARY}\"file\"; filename=\"{called}\"\r\nContent-Type: audio/wav\r\n\r\n{content}\r\n")
    }

    #[actix_web::test]
    async fn t17_a_file_and_the_fields_around_it_are_read() {
        let field = |name: &str, value: &str| format!("{BOUNDARY}\"{name}\"\r\n\r\n{value}\r\n");
        let body = format!("{}{}{}--b--\r\n", field("a", "1"), file("/music/gr\u{e9}eting %22a%22.wav", "0123456789"), field("a", "x\r\ny"));
        let upload = read(body).await.unwrap();
        assert_eq!(upload.fields.values("a"), ["1", "x\ny"]);
        let taken = upload.file.unwrap();
        assert_eq!((taken.name.as_str(), &taken.bytes[..], upload.over_limit), ("gréeting \"a\".wav", &b"0123456789"[..], false));

        let upload = read(format!("{}{}--b--\r\n", file("x", "01234567890"), field("after", "kept"))).await.unwrap();
        assert!(upload.over_limit && upload.file.is_none());
        assert_eq!(upload.fields.value("after"), "kept");

        let upload = read(format!("{}--b--\r\n", file("", ""))).await.unwrap();
        assert!(upload.file.is_none() && !upload.over_limit);
        assert!(read(format!("{}--b--\r\n", file("empty.wav", ""))).await.unwrap().file.unwrap().bytes.is_empty());
    }

    #[actix_web::test]
    async fn t17_what_is_no_whole_form_with_one_file_is_refused() {
        let long = format!("{BOUNDARY}\"a\"\r\n\r\n{}\r\n--b--\r\n", "x".repeat(LIMIT));
        assert!(matches!(read(long).await, Err(Failure::TooLarge(_))));
        let many = format!("{}--b--\r\n", format!("{BOUNDARY}\"a\"\r\n\r\n\r\n").repeat(LIMIT / FIELD_COST));
        assert!(matches!(read(many).await, Err(Failure::TooLarge(_))));
        for body in [
            String::new(),
            "--b".into(),
            file("cut.wav", "0123"),
            format!("{}{}--b--\r\n", file("a", "1"), file("b", "2")),
            format!("{BOUNDARY}\"other\"; filename=\"a\"\r\n\r\n1\r\n--b--\r\n"),
            "--b\r\n\r\nno name\r\n--b--\r\n".into(),
        ] {
            assert!(matches!(read(body.clone()).await, Err(Failure::Malformed(_))), "{body}");
        }
    }
}
