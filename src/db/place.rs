//! Where the data lives, as `DATABASE_URL` says it.

use std::{fmt, path::PathBuf, str::FromStr};

/// The database that `DATABASE_URL` names.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL URL, as libpq reads it.
    Postgres(String),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            return match path {
                "" => Err("DATABASE_URL names no file: write sqlite://PATH, like sqlite://data/rollcall.db.".into()),
                path if path.contains('?') => Err("DATABASE_URL has a query part, which SQLite files do not take: write sqlite://PATH alone.".into()),
                path => Ok(Place::Sqlite(path.into())),
            };
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Place::Postgres(url.to_owned()));
        }
        let scheme = url.split_once("://").map_or("no scheme", |(scheme, _)| scheme);
        Err(format!("DATABASE_URL starts with {scheme}: it must be sqlite://PATH or postgres://USER@HOST/DATABASE."))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Place::Postgres(url) => f.write_str(&crate::settings::mask_url(url)),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_databases_are_taken() {
        assert_eq!("sqlite://a/b.db".parse(), Ok(Place::Sqlite("a/b.db".into())));
        assert!(matches!("postgres://u@h/d".parse(), Ok(Place::Postgres(_))));
        for bad in ["", "host=x", "mysql://h/d", "sqlite://", "sqlite:data.db", "sqlite://x?mode=ro"] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let place: Place = "postgres://rollcall:hunter2@db/rollcall".parse().unwrap();
        assert!(!format!("{place} {place:?}").contains("hunter2"));
    }
}
