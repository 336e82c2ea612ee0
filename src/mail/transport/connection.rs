//! One conversation with the mail server, step by step, so that a refusal knows at which step it came.

use std::future::Future;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::{Instant, timeout, timeout_at};

use super::message::{self, Letters};
use super::stream::{self, Careful, Encrypted};
use super::trouble::{Cause, Stage, Trouble};
use super::{Encryption, Limits, Outgoing, SmtpAddress};

/// A goodbye nobody waits for.
const GOODBYE: Duration = Duration::from_secs(2);

/// A connection that is greeted, encrypted and signed in.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    step: Duration,
    /// Since when it waits for its next mail.
    pub idle_since: Instant,
}

impl Connection {
    /// Connects as `address` says, trusting what `tls` trusts; everything before `deadline`.
    pub(super) async fn open(address: &SmtpAddress, tls: Option<&TlsParameters>, limits: &Limits, deadline: Instant) -> Result<Self, Trouble> {
        let connecting = stream::connect(&address.host, address.port, limits.connect);
        let plain = match timeout_at(deadline, connecting).await.map_err(Into::into).flatten() {
            Ok(plain) => plain,
            Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                return Err(Trouble::new(Stage::Connect, Cause::Silent(limits.connect)));
            }
            Err(error) => return Err(Trouble::new(Stage::Connect, Cause::Lost(error.to_string()))),
        };
        let hello = hello(address, &plain);
        let step = limits.command;
        let stream: Box<dyn AsyncTokioStream> = match (address.encryption, tls) {
            (Encryption::FromTheStart, Some(tls)) => Box::new(within(Stage::Tls, step, deadline, Encrypted::over(plain, tls.clone())).await?),
            _ => Box::new(plain),
        };
        let greeting = AsyncSmtpConnection::connect_with_transport(stream, &hello);
        let mut smtp = within(Stage::Hello, step, deadline, greeting).await?;
        if let (Encryption::Required | Encryption::IfOffered, Some(tls)) = (address.encryption, tls) {
            if smtp.can_starttls() {
                within(Stage::Tls, step, deadline, smtp.starttls(tls.clone(), &hello)).await?;
            } else if address.encryption == Encryption::Required {
                let why = "offers no STARTTLS, so nothing was sent; write tls=none in ROLLCALL_SMTP_URL to do without";
                return Err(Trouble::new(Stage::Tls, Cause::Unable(why.into())));
            }
        }
        if let Some((user, password)) = &address.login {
            const KNOWN: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
            if !KNOWN.iter().any(|known| smtp.server_info().supports_auth_mechanism(*known)) {
                let why = "offers no way to sign in with a password (AUTH PLAIN or LOGIN)";
                return Err(Trouble::new(Stage::Auth, Cause::Unable(why.into())));
            }
            let login = Credentials::new(user.clone(), password.clone());
            within(Stage::Auth, step, deadline, smtp.auth(&KNOWN, &login)).await?;
        }
        Ok(Self { smtp, step, idle_since: Instant::now() })
    }

    /// Sends one mail. The server may take until `deadline` to confirm it: it checks for spam meanwhile, and whoever
    /// hangs up earlier sends it twice.
    pub(super) async fn send(&mut self, from: &Mailbox, mail: &Outgoing, deadline: Instant) -> Result<(), Trouble> {
        let raw = message::compose(from, mail, Letters::Ascii);
        let raw = raw.map_err(|why| Trouble::new(Stage::Rcpt, Cause::Unable(format!("cannot be given this mail: {why}"))))?;
        let (sender, to) = (message::in_ascii_domain(&from.email), message::in_ascii_domain(&mail.to));
        let mut parameters = Vec::new();
        if [&sender, &to].iter().any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            if !self.smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
                let why = "delivers to addresses in plain Latin letters only (no SMTPUTF8)";
                return Err(Trouble::new(Stage::Rcpt, Cause::Unable(why.into())));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let (smtp, step) = (&mut self.smtp, self.step);
        within(Stage::Mail, step, deadline, smtp.command(Mail::new(Some(sender), parameters))).await?;
        within(Stage::Rcpt, step, deadline, smtp.command(Rcpt::new(to, Vec::new()))).await?;
        let go = within(Stage::Data, step, deadline, smtp.command(Data)).await?;
        if !go.has_code(354) {
            // Answers and commands are out of step: nothing heard here can be trusted further.
            let why = format!("it answered DATA with {}", go.code());
            return Err(Trouble::new(Stage::Data, Cause::Lost(why)));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        within(Stage::Message, left, deadline, smtp.message(&raw)).await.map(drop)
    }

    /// Forgets a refused mail, so that the next one can be sent. False when the connection is of no more use.
    pub(super) async fn reset(&mut self, deadline: Instant) -> bool {
        within(Stage::Mail, self.step, deadline, self.smtp.command(Rset)).await.is_ok()
    }

    /// Says QUIT, as far as the server is listening.
    pub(super) async fn quit(mut self) {
        let _ = timeout(GOODBYE, self.smtp.abort()).await;
    }
}

/// Runs one step for at most `limit`, and not beyond `deadline`.
async fn within<T>(stage: Stage, limit: Duration, deadline: Instant, step: impl Future<Output = Result<T, smtp::Error>>) -> Result<T, Trouble> {
    match timeout_at(deadline.min(Instant::now() + limit), step).await {
        Ok(done) => done.map_err(|error| Trouble::from_smtp(stage, &error)),
        Err(_) => Err(Trouble::new(stage, Cause::Silent(limit))),
    }
}

/// An address literal by default: unlike a made-up name it is always true (RFC 5321, 4.1.4).
fn hello(address: &SmtpAddress, stream: &Careful) -> ClientId {
    match (&address.hello, stream.local_addr().map(|local| local.ip())) {
        (Some(name), _) => ClientId::Domain(name.clone()),
        (None, Ok(std::net::IpAddr::V4(ip))) => ClientId::Ipv4(ip),
        (None, Ok(std::net::IpAddr::V6(ip))) => ClientId::Ipv6(ip),
        (None, Err(_)) => ClientId::default(),
    }
}
