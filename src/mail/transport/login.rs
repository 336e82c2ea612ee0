//! The user and the password in `ROLLCALL_SMTP_URL`.

use url::Url;

/// What to do when a password cuts the URL short.
pub(super) const ENCODE: &str = "In a user or a password write % as %25, / as %2F, ? as %3F, # as %23, : as %3A and @ as %40.";

/// A sentence about the setting.
pub(super) fn mistake(what: &str) -> String {
    format!("ROLLCALL_SMTP_URL {what}")
}

/// User and password, which come together or not at all.
pub(super) fn login(url: &Url) -> Result<Option<(String, String)>, String> {
    match (decoded(url.username())?, url.password().map(decoded).transpose()?.unwrap_or_default()) {
        (user, password) if user.is_empty() && password.is_empty() => Ok(None),
        (_, password) if password.is_empty() => {
            Err(mistake("names a user without a password. Write smtp://user:password@host, or leave out the user."))
        }
        (user, _) if user.is_empty() => Err(mistake("has a password without a user. Write smtp://user:password@host.")),
        (user, password) if (user.clone() + &password).contains(['\0', '\r', '\n']) => {
            Err(mistake("has a line break or a zero byte in the user or the password. Take it out."))
        }
        login => Ok(Some(login)),
    }
}

/// Decodes percent signs. One that starts no pair of hex digits stands for itself.
pub(super) fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| byte == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(encoded) => {
                bytes.push(encoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| mistake(&format!("is not UTF-8 once decoded. {ENCODE}")))
}
