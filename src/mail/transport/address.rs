//! `ROLLCALL_SMTP_URL`: where the mail server is, and how to speak to it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use url::Url;

use super::login::{ENCODE, decoded, login, mistake};

/// How the conversation with the server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (`smtps://`).
    FromTheStart,
    /// STARTTLS, or no mail.
    Required,
    /// STARTTLS where offered, any certificate taken: loopback only, where plain is good enough too.
    IfOffered,
    /// None, because the settings say so.
    No,
}

/// A parsed `ROLLCALL_SMTP_URL`.
///
/// `smtp://user:password@host:port?tls=required`, where everything but the host may be left out:
/// - `smtp` speaks STARTTLS on port 587, `smtps` TLS on port 465;
/// - user and password are percent-encoded and come together;
/// - `tls=required` (the default for hosts that are not this machine) or `tls=none`, plain text; without it this
///   machine itself gets STARTTLS where its server offers it, and plain text otherwise;
/// - `ca=/path/to/certificates.pem` trusts the authorities in that file besides the system's;
/// - `hello=portal.acme.test` is the name to greet the server with, by default the address of our end.
///
/// Neither `Debug` nor `Display` shows the password (T20).
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpAddress {
    /// A name or an address, IPv6 without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// The user and the password to sign in with.
    pub login: Option<(String, String)>,
    /// How to keep the conversation secret.
    pub encryption: Encryption,
    /// A PEM file of certificate authorities to trust besides the system's.
    pub ca: Option<PathBuf>,
    /// The name for EHLO.
    pub hello: Option<String>,
}

impl SmtpAddress {
    /// Reads the value of `ROLLCALL_SMTP_URL`.
    ///
    /// # Errors
    /// One sentence that says what to write instead. It repeats nothing of `text`: a forgotten percent sign can put a
    /// piece of the password anywhere in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        use url::ParseError as E;
        let url = Url::parse(text.trim()).map_err(|error| match error {
            E::InvalidPort => mistake(&format!("needs a port between 1 and 65535. {ENCODE}")),
            E::EmptyHost => mistake("names no mail server. Write smtp://host:587."),
            E::RelativeUrlWithoutBase => mistake("must start with smtp:// or smtps://."),
            _ => mistake(&format!("is not a URL. Write it like smtp://user:password@host:587. {ENCODE}")),
        })?;
        let from_the_start = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(mistake("must start with smtp:// or smtps://.")),
        };
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| mistake("names no mail server. Write smtp://host:587."))?;
        let host = decoded(host.trim_start_matches('[').trim_end_matches(']'))?;
        if url.port() == Some(0) {
            return Err(mistake("needs a port between 1 and 65535."));
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(mistake(&format!("must end after the host, the port and the ?parameters. {ENCODE}")));
        }

        let (mut tls, mut ca, mut hello) = (None, None, None);
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("tls", "required" | "none") => tls = Some(value.into_owned()),
                ("tls", _) => {
                    return Err(mistake("has an unknown tls. Write tls=required or tls=none."));
                }
                ("ca" | "hello", "") => {
                    return Err(mistake("has an empty parameter. Give it a value or leave it out."));
                }
                ("ca", path) => ca = Some(PathBuf::from(path)),
                ("hello", name) if name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')) => {
                    hello = Some(name.to_owned());
                }
                ("hello", _) => {
                    return Err(mistake("has a hello that is no host name. Write hello=portal.example.com."));
                }
                _ => {
                    return Err(mistake(&format!("has an unknown parameter. Known are tls, ca and hello. {ENCODE}")));
                }
            }
        }
        let encryption = match (from_the_start, tls.as_deref()) {
            (true, Some("none")) => {
                return Err(mistake("asks for both smtps and tls=none. Write smtp:// for plain text, or drop tls=none."));
            }
            (true, _) => Encryption::FromTheStart,
            (false, Some("none")) => Encryption::No,
            (false, None) if is_loopback(&host) => Encryption::IfOffered,
            (false, _) => Encryption::Required,
        };
        let port = url.port().unwrap_or(if from_the_start { 465 } else { 587 });
        Ok(Self { host, port, login: login(&url)?, encryption, ca, hello })
    }
}

/// The name a page or a log line gives the server: `host:port`.
impl fmt::Display for SmtpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') { write!(f, "[{}]:{}", self.host, self.port) } else { write!(f, "{}:{}", self.host, self.port) }
    }
}

impl fmt::Debug for SmtpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpAddress")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("login", &self.login.as_ref().map(|(user, _)| (user, "***")))
            .field("encryption", &self.encryption)
            .field("ca", &self.ca)
            .field("hello", &self.hello)
            .finish()
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> SmtpAddress {
        SmtpAddress::parse(text).expect(text)
    }

    #[test]
    fn the_scheme_and_the_host_decide_what_is_left_out() {
        for (text, host, port, encryption) in [
            ("smtp://mx.acme.test", "mx.acme.test", 587, Encryption::Required),
            ("smtps://mx.acme.test", "mx.acme.test", 465, Encryption::FromTheStart),
            ("smtp://mx.acme.test:25?tls=none", "mx.acme.test", 25, Encryption::No),
            ("smtp://127.0.0.1:1025/", "127.0.0.1", 1025, Encryption::IfOffered),
            ("smtp://127.8.0.1:1025", "127.8.0.1", 1025, Encryption::IfOffered),
            ("smtp://localhost:1025?tls=required", "localhost", 1025, Encryption::Required),
            ("smtp://[::1]:25", "::1", 25, Encryption::IfOffered),
            ("smtp://localhost.evil.test", "localhost.evil.test", 587, Encryption::Required),
        ] {
            let address = parsed(text);
            assert_eq!((&*address.host, address.port, address.encryption), (host, port, encryption), "{text}");
        }
    }

    #[test]
    fn user_and_password_are_percent_decoded_and_never_shown() {
        let address = parsed("smtp://ann%40acme.test:p%2Fa%25s+s%3A%C3%BC@mx.acme.test?hello=portal.acme.test&ca=/etc/ca%20x.pem");
        assert_eq!(address.login, Some(("ann@acme.test".into(), "p/a%s+s:ü".into())));
        assert_eq!(address.ca, Some("/etc/ca x.pem".into()));
        assert_eq!(address.hello.as_deref(), Some("portal.acme.test"));
        for shown in [format!("{address:?}"), address.to_string()] {
            assert!(!shown.contains("p/a") && shown.contains("mx.acme.test"), "{shown}");
        }
    }

    #[test]
    fn every_mistake_says_what_to_write_and_keeps_the_password() {
        for (text, says) in [
            ("mx.acme.test:587", "must start with smtp://"),
            ("mx.acme.test", "must start with smtp://"),
            ("https://u:hunter2@mx.acme.test", "must start with smtp://"),
            ("smtp://", "names no mail server"),
            ("smtp://u:hunter2@:587", "names no mail server"),
            ("smtp:mx.acme.test", "names no mail server"),
            ("smtp://u:hunter2@mx:99999", "port between"),
            ("smtp://u:hunter2@mx:0", "port between"),
            ("smtp://u:hunter2/x@mx", "%2F"),
            ("smtp://u:12?hunter2@mx", "%3F"),
            ("smtp://u:12?hunter2=3@mx", "%3F"),
            ("smtp://u:12#hunter2@mx", "%23"),
            ("smtp://u@mx", "without a password"),
            ("smtp://u:@mx", "without a password"),
            ("smtp://:hunter2@mx", "without a user"),
            ("smtp://u:hunter2%0A@mx", "line break"),
            ("smtp://u:%FFhunter2@mx", "UTF-8"),
            ("smtp://mx?tls=maybe", "tls=required or tls=none"),
            ("smtps://mx?tls=none", "both smtps and tls=none"),
            ("smtp://mx?ca=", "empty parameter"),
            ("smtp://mx?hello=a%20b", "no host name"),
            ("smtp://mx?pool=3", "unknown parameter"),
            ("smtp://mx/inbox", "must end after"),
        ] {
            let mistake = SmtpAddress::parse(text).expect_err(text);
            assert!(mistake.starts_with("ROLLCALL_SMTP_URL ") && mistake.contains(says), "{text}: {mistake}");
            assert!(!mistake.contains("hunter2"), "{mistake}");
        }
    }
}
