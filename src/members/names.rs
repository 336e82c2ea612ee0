//! What members are called: parsed once at the edge, right ever after.

use std::str::FromStr;

/// An address: trimmed, lower-cased, valid (R3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "Enter an email address, like ana@example.com.";
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(WRONG)?;
        let plain = |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
        let dotted = domain.contains('.') && !domain.starts_with(['.', '-']) && !domain.ends_with(['.', '-']) && !domain.contains("..");
        if text.len() > 254 || local.len() > 64 || !plain(local) || !plain(domain) || !dotted || local.contains('"') {
            return Err(WRONG);
        }
        lettre::Address::from_str(&text).map_err(|_| WRONG)?;
        Ok(EmailAddress(text))
    }
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person's name in two parts, of which one may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Given name.
    pub first: String,
    /// Family name.
    pub last: String,
}

/// Characters that show nothing and turn what stands around them (T19).
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn name_part(text: &str) -> Result<String, &'static str> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 60 {
        return Err("A name has at most 60 characters.");
    }
    // A name travels in mails: nothing in it may look like a link (T19).
    if text.chars().any(is_hidden) || text.contains("://") || text.contains('<') || text.contains('>') {
        return Err("A name has letters, spaces and the like; no links or brackets.");
    }
    Ok(text)
}

impl PersonName {
    /// A given name.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse_first(text: &str) -> Result<String, &'static str> {
        match name_part(text)? {
            name if name.is_empty() => Err("Enter a first name."),
            name => Ok(name),
        }
    }
    /// A family name; not everybody has one.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse_last(text: &str) -> Result<String, &'static str> {
        name_part(text)
    }
    /// A whole name in one field: the first word is the given name.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse_whole(text: &str) -> Result<Self, &'static str> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (first, last) = text.split_once(' ').unwrap_or((&text, ""));
        if first.is_empty() {
            return Err("Enter your name.");
        }
        Ok(PersonName { first: name_part(first)?, last: name_part(last)? })
    }
    /// Both parts.
    pub fn full(&self) -> String {
        super::display_name(&self.first, &self.last, None, None)
    }
    /// Is nothing known?
    pub const fn is_empty(&self) -> bool {
        self.first.is_empty() && self.last.is_empty()
    }
}

/// What somebody does: up to 80 characters, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobTitle(String);

impl JobTitle {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > 80 { Err("A job title has at most 80 characters.") } else { Ok(JobTitle(text)) }
    }
    /// The title.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the switch finds somebody's phone: a SIP address or an extension of up to 255 characters, or nothing (R51).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceAddress(String);

impl DeviceAddress {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.chars().count() > 255 {
            return Err("A device address has at most 255 characters.");
        }
        if text.chars().any(|c| c.is_whitespace() || is_hidden(c)) {
            return Err("A device address has no spaces in it, like sip:ana@pbx.example.com or 204.");
        }
        Ok(DeviceAddress(text.to_owned()))
    }
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A username: 3 to 32 of `a-z 0-9 . _ -` (R2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Parses what was typed.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim().to_lowercase();
        let fits = (3..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
        if fits { Ok(Username(text)) } else { Err("A username has 3 to 32 of the characters a–z, 0–9, dot, underscore and hyphen.") }
    }
    /// The username.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was typed as the login (T1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInName {
    /// An address.
    Email(EmailAddress),
    /// A username, with the account's short name unless the server has one account.
    Username {
        /// The account's short name.
        slug: Option<String>,
        /// The username.
        username: Username,
    },
}

impl SignInName {
    /// What was meant; `None` when it can be nobody's.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains('@') {
            return EmailAddress::parse(text).ok().map(SignInName::Email);
        }
        let (slug, username) = match text.split_once('/') {
            Some((slug, username)) => (Some(slug.to_lowercase()), username),
            None => (None, text),
        };
        Username::parse(username).ok().map(|username| SignInName::Username { slug, username })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_an_address_is_folded_once_and_checked() {
        assert_eq!(EmailAddress::parse("  Ana@Example.COM ").unwrap().as_str(), "ana@example.com");
        for good in ["a@b.co", "a.b+c@d-e.org", "o'neil@x.test"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        let long = format!("{}@x.test", "a".repeat(65));
        for bad in [
            "",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a b@c.de",
            "a@b..co",
            "a@.co",
            "a@b.co\nBcc: x@y.z",
            "<a@b.co>",
            "a@b.co,c@d.ef",
            "\"a b\"@c.de",
            "a@-b.co",
            &long,
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn r2_usernames() {
        assert_eq!(Username::parse(" Front.Desk-1 ").unwrap().as_str(), "front.desk-1");
        for bad in ["ab", "has space", "ümlaut", "a/b/c", &"x".repeat(33)] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn r51_device_addresses() {
        for good in ["", "204", "sip:ana@pbx.example.com;transport=tls", &"x".repeat(255)] {
            assert_eq!(DeviceAddress::parse(&format!(" {good} ")).unwrap().as_str(), good);
        }
        for bad in ["sip: ana", "204\n205", "a\u{7f}b", "a\u{202e}b", &"x".repeat(256)] {
            assert!(DeviceAddress::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn t19_a_name_carries_no_link() {
        assert!(PersonName::parse_first("Visit https://evil.test").is_err());
        assert!(PersonName::parse_first("<b>Ada</b>").is_err());
        assert_eq!(PersonName::parse_whole(" Ada  Lovelace King "), Ok(PersonName { first: "Ada".into(), last: "Lovelace King".into() }));
    }

    #[test]
    fn t1_sign_in_names() {
        assert!(matches!(SignInName::parse("Ana@Example.com"), Some(SignInName::Email(_))));
        assert!(matches!(SignInName::parse("acme/desk"), Some(SignInName::Username { slug: Some(_), .. })));
        assert!(matches!(SignInName::parse("desk"), Some(SignInName::Username { slug: None, .. })));
        assert_eq!(SignInName::parse("no such thing!"), None);
    }
}
