//! A mail as the server got it, and its parts decoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// One mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// From MAIL FROM.
    pub from: String,
    /// From RCPT TO.
    pub to: Vec<String>,
    /// The mail as it came, dots unstuffed, lines ending in CR LF.
    pub raw: String,
}

impl Received {
    /// A header's value, unfolded, with its encoded words decoded; empty when there is none.
    pub fn header(&self, name: &str) -> String {
        header(&self.raw, name).map_or_else(String::new, |value| words(&value))
    }

    /// Without angle brackets.
    pub fn message_id(&self) -> String {
        self.header("Message-ID").trim_matches(['<', '>']).to_owned()
    }

    /// The decoded subject.
    pub fn subject(&self) -> String {
        self.header("Subject")
    }

    /// The decoded text part, lines ending in LF.
    pub fn text(&self) -> String {
        part(&self.raw, "text/plain").unwrap_or_default()
    }

    /// The decoded HTML part, lines ending in LF.
    pub fn html(&self) -> String {
        part(&self.raw, "text/html").unwrap_or_default()
    }

    /// Every http(s) URL of the text part, in order.
    pub fn links(&self) -> Vec<String> {
        let text = self.text();
        let words = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')'));
        let links = words.filter(|word| word.starts_with("http://") || word.starts_with("https://"));
        links.map(|link| link.trim_end_matches(['.', ',', ';', ':', '!', '?']).to_owned()).collect()
    }
}

fn header(raw: &str, name: &str) -> Option<String> {
    let head = raw.split("\r\n\r\n").next()?.replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n").find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// The decoded content of the first part of this kind, however deep.
fn part(raw: &str, kind: &str) -> Option<String> {
    let content_type = header(raw, "Content-Type").unwrap_or_else(|| "text/plain".into());
    let body = raw.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    if content_type.to_ascii_lowercase().starts_with("multipart/") {
        let boundary = content_type.split_once("boundary=")?.1.split(';').next()?.trim().trim_matches('"');
        let delimiter = format!("\r\n--{boundary}");
        let whole = format!("\r\n{body}");
        let parts = whole.split(&delimiter).skip(1);
        return parts.filter_map(|part| self::part(part.strip_prefix("\r\n")?, kind)).next();
    }
    if !content_type.to_ascii_lowercase().starts_with(kind) {
        return None;
    }
    let encoding = header(raw, "Content-Transfer-Encoding").unwrap_or_default().to_ascii_lowercase();
    let bytes = match encoding.as_str() {
        "base64" => BASE64.decode(body.split_whitespace().collect::<String>()).ok()?,
        "quoted-printable" => quoted(&body.replace("=\r\n", "")),
        _ => body.as_bytes().to_vec(),
    };
    Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))
}

fn quoted(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| byte == b'=').and_then(|hex| std::str::from_utf8(hex).ok());
        match pair.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    bytes
}

/// Decodes RFC 2047's `=?utf-8?b?…?=`; white space between two of them does not count.
fn words(value: &str) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some((before, word)) = rest.split_once("=?") {
        if !(after_word && before.trim().is_empty()) {
            decoded.push_str(before);
        }
        let mut fields = word.splitn(4, '?');
        let (_, encoding, text) = (fields.next(), fields.next(), fields.next().unwrap_or_default());
        let bytes = match encoding {
            Some("b" | "B") => BASE64.decode(text).unwrap_or_default(),
            _ => quoted(&text.replace('_', " ")),
        };
        decoded.push_str(&String::from_utf8_lossy(&bytes));
        rest = fields.next().and_then(|tail| tail.strip_prefix('=')).unwrap_or_default();
        after_word = true;
    }
    decoded + rest
}
