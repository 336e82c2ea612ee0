//! What an operator sets, read once at start. The only reader of the environment.
//!
//! A flag beats the environment, which beats a `*_FILE`, which beats the toml file, which beats the default.

mod parse;
mod source;
mod table;

use std::{net::SocketAddr, path::PathBuf};

use lettre::message::Mailbox;

use crate::{clock::Span, db::Place, files, mail::transport::SmtpAddress, web::origin::PublicUrl};
pub use source::{Origin, Said, Source};
pub use table::{SETTINGS, Setting, env_example};

/// Who may sign up (`ROLLCALL_SIGNUP`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignupPolicy {
    /// Only while there is no account.
    First,
    /// Anybody.
    Open,
    /// Nobody; accounts are made with `rollcall create-owner`.
    Closed,
}

/// The form of log lines (`ROLLCALL_LOG_FORMAT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

/// Every setting, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the data lives.
    pub database: Place,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The origin of links and of the cross-site check (T10, T12).
    pub public_url: PublicUrl,
    /// Folder of secrets, mail files, unpacked assets.
    pub data: PathBuf,
    /// Where uploaded files are kept.
    pub files: files::Place,
    /// The instance secret, when not kept in the data folder.
    pub secret: Option<String>,
    /// The mail server; without one, mails become files.
    pub smtp: Option<SmtpAddress>,
    /// The sender of every mail.
    pub mail_from: Mailbox,
    /// Who may sign up.
    pub signup: SignupPolicy,
    /// A plans file that replaces the built-in one.
    pub plans: Option<PathBuf>,
    /// Peers whose forwarded headers count (T12).
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Opens `/metrics` to others than loopback.
    pub metrics_token: Option<String>,
    /// Most rows of a file of people to invite (R26).
    pub bulk_max_rows: usize,
    /// Most bytes of such a file (R26).
    pub bulk_max_bytes: usize,
    /// Sign-ins a minute and client address (T4).
    pub login_per_minute: u32,
    /// Fewest characters of a password (T3).
    pub password_min: usize,
    /// Memory of one password hash in KiB, and its passes (T2).
    pub password_cost: (u32, u32),
    /// A session ends after so long without a request (T5).
    pub session_idle: Span,
    /// A session ends after so long in any case (T5).
    pub session_max: Span,
    /// Threads that answer requests.
    pub workers: usize,
    /// Most database connections.
    pub db_pool: u32,
    /// Most connections to the mail server.
    pub mail_connections: usize,
    /// A tracing filter.
    pub log: String,
    /// The form of log lines.
    pub log_format: LogFormat,
}

impl Settings {
    /// Reads and checks everything `source` says.
    ///
    /// # Errors
    /// One sentence that names the setting and what it must be.
    pub fn read(source: &Source) -> Result<Self, String> {
        let listen: SocketAddr = source.parsed("ROLLCALL_LISTEN", parse::listen)?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let public_url = match source.text("ROLLCALL_PUBLIC_URL") {
            Some(_) => source.parsed("ROLLCALL_PUBLIC_URL", PublicUrl::parse)?,
            None => PublicUrl::of_listener(listen),
        };
        let optional = |name| source.text(name).filter(|text| !text.is_empty());
        let data: PathBuf = source.parsed("ROLLCALL_DATA", |text| Ok(PathBuf::from(text)))?;
        let access = files::Access {
            region: optional("AWS_REGION").unwrap_or_default(),
            endpoint: source.optional("AWS_ENDPOINT_URL", parse::endpoint)?,
            key: parse::key(optional("AWS_ACCESS_KEY_ID"), optional("AWS_SECRET_ACCESS_KEY"))?,
            token: optional("AWS_SESSION_TOKEN"),
        };
        Ok(Settings {
            database: source.parsed("DATABASE_URL", |text| text.parse())?,
            listen,
            public_url,
            files: source.parsed("ROLLCALL_FILES", |text| files::Place::parse(text, &data, access.clone()))?,
            data,
            secret: optional("ROLLCALL_SECRET"),
            smtp: optional("ROLLCALL_SMTP_URL").map(|_| source.parsed("ROLLCALL_SMTP_URL", SmtpAddress::parse)).transpose()?,
            mail_from: source.parsed("ROLLCALL_MAIL_FROM", parse::mailbox)?,
            signup: source.parsed("ROLLCALL_SIGNUP", parse::signup)?,
            plans: optional("ROLLCALL_PLANS").map(PathBuf::from),
            trusted_proxies: source.parsed("ROLLCALL_TRUSTED_PROXIES", parse::networks)?,
            metrics_token: optional("ROLLCALL_METRICS_TOKEN"),
            bulk_max_rows: source.parsed("ROLLCALL_BULK_MAX_ROWS", parse::whole(1, 100_000))?,
            bulk_max_bytes: source.parsed("ROLLCALL_BULK_MAX_BYTES", parse::whole(1024, 64 * 1024 * 1024))?,
            login_per_minute: source.parsed("ROLLCALL_LOGIN_PER_MINUTE", parse::whole(1, 1_000_000))?,
            password_min: source.parsed("ROLLCALL_PASSWORD_MIN", parse::whole(8, 128))?,
            password_cost: source.parsed("ROLLCALL_PASSWORD_COST", parse::password_cost)?,
            session_idle: source.parsed("ROLLCALL_SESSION_IDLE", parse::span)?,
            session_max: source.parsed("ROLLCALL_SESSION_MAX", parse::span)?,
            workers: source.optional("ROLLCALL_WORKERS", parse::whole(1, 1024))?.unwrap_or(cores),
            db_pool: source.optional("ROLLCALL_DB_POOL", parse::whole(1, 1024))?.unwrap_or(2 * cores as u32 + 2),
            mail_connections: source.parsed("ROLLCALL_MAIL_CONNECTIONS", parse::whole(1, 64))?,
            log: source.parsed("ROLLCALL_LOG", parse::filter)?,
            log_format: source.parsed("ROLLCALL_LOG_FORMAT", parse::log_format)?,
        })
    }
}

/// `url` with the password of its user part, if any, replaced by stars.
pub fn mask_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    match authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
        Some((user, host)) => format!("{scheme}://{user}:*****@{host}{tail}"),
        None => url.to_owned(),
    }
}
