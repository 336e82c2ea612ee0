//! The list of settings: one row drives the flag, the environment, the toml key, `config` and `.env.example`.

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// The environment's name; the flag and the toml key derive from it.
    pub name: &'static str,
    /// What holds when nobody says anything; `None` where the program works it out or does without.
    pub default: Option<&'static str>,
    /// Masked by `config`; also read from the file that `<NAME>_FILE` names.
    pub secret: bool,
    /// One line for people.
    pub help: &'static str,
}

impl Setting {
    /// The toml key: `ROLLCALL_SMTP_URL` is `smtp_url`.
    pub fn key(&self) -> String {
        self.name.trim_start_matches("ROLLCALL_").to_lowercase()
    }
    /// The flag without its dashes: `ROLLCALL_SMTP_URL` is `smtp-url`.
    pub fn flag(&self) -> String {
        self.key().replace('_', "-")
    }
}

const fn plain(name: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { name, default, secret: false, help }
}
const fn secret(name: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { name, default, secret: true, help }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    secret("DATABASE_URL", Some("sqlite://data/rollcall.db"), "sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE"),
    plain("ROLLCALL_LISTEN", Some("127.0.0.1:8080"), "address and port to listen on"),
    plain("ROLLCALL_PUBLIC_URL", None, "origin that people type, like https://phone.example.com; default http:// and the listen address"),
    plain("ROLLCALL_DATA", Some("data"), "folder of secrets, mail files and unpacked assets"),
    plain(
        "ROLLCALL_FILES",
        Some(""),
        "where uploaded files are kept: file:///PATH or s3://BUCKET/PREFIX; default: the folder files in the data folder",
    ),
    secret("ROLLCALL_SECRET", None, "instance secret, 32 bytes in URL-safe base64; default: made in the data folder"),
    secret("ROLLCALL_SMTP_URL", None, "smtp://USER:PASSWORD@HOST:PORT?tls=required or smtps://…; unset: mails become files in the data folder"),
    plain("ROLLCALL_MAIL_FROM", Some("Rollcall <no-reply@localhost>"), "sender of every mail"),
    plain("ROLLCALL_SIGNUP", Some("first"), "who may sign up: first (only while there is no account), open, closed"),
    plain("ROLLCALL_PLANS", None, "path of a plans.toml that replaces the built-in plans"),
    plain("ROLLCALL_TRUSTED_PROXIES", Some(""), "addresses or networks whose X-Forwarded-For counts, separated by commas"),
    secret("ROLLCALL_METRICS_TOKEN", None, "bearer token that opens /metrics to others than loopback"),
    plain("ROLLCALL_BULK_MAX_ROWS", Some("10000"), "most rows of a file of people to invite"),
    plain("ROLLCALL_BULK_MAX_BYTES", Some("2097152"), "most bytes of such a file"),
    plain("ROLLCALL_LOGIN_PER_MINUTE", Some("10"), "sign-ins a minute from one client address"),
    plain("ROLLCALL_PASSWORD_MIN", Some("12"), "fewest characters of a password"),
    plain("ROLLCALL_PASSWORD_COST", Some("19456,2"), "Argon2id memory in KiB and passes; older hashes are renewed at sign-in"),
    plain("ROLLCALL_SESSION_IDLE", Some("2h"), "a session ends after so long without a request"),
    plain("ROLLCALL_SESSION_MAX", Some("24h"), "a session ends after so long in any case"),
    plain("ROLLCALL_WORKERS", None, "threads that answer requests; default: the cores"),
    plain("ROLLCALL_DB_POOL", None, "most database connections; default: 2 × cores + 2"),
    plain("ROLLCALL_MAIL_CONNECTIONS", Some("4"), "most connections to the mail server"),
    plain("ROLLCALL_LOG", Some("info"), "log filter, like info or rollcall=debug,info"),
    plain("ROLLCALL_LOG_FORMAT", Some("text"), "text or json"),
    plain("AWS_REGION", Some("us-east-1"), "region of the bucket, for files in s3://"),
    plain("AWS_ENDPOINT_URL", None, "server of the bucket where it is not Amazon's, like http://127.0.0.1:9000"),
    plain("AWS_ACCESS_KEY_ID", None, "id of the key to the bucket; without a key the machine's own role is asked for"),
    secret("AWS_SECRET_ACCESS_KEY", None, "the key to the bucket"),
    secret("AWS_SESSION_TOKEN", None, "what a passing key to the bucket needs beside"),
];

/// The content of `.env.example`.
pub fn env_example() -> String {
    let mut text = String::from(
        "# Every setting of Rollcall with its default. A flag beats the environment, which beats NAME_FILE, which beats the\n\
         # toml file (--config), which beats the default. `rollcall config` prints what is in force and where it comes from.\n",
    );
    for setting in SETTINGS {
        text.push_str(&format!("\n# {}\n#{}={}\n", setting.help, setting.name, setting.default.unwrap_or_default()));
    }
    text
}
