//! One connection to either database.

use std::time::{Duration, Instant};

use diesel::{
    connection::SimpleConnection,
    prelude::*,
    r2d2::{CustomizeConnection, ManageConnection, R2D2Connection},
};

use super::place::Place;

pub use either::{Conn, MultiBackend};

#[allow(missing_docs, reason = "the derive writes public items without any")]
mod either {
    use super::{PgConnection, SqliteConnection};

    /// A connection to the database that was chosen when the program started.
    #[derive(diesel::MultiConnection)]
    pub enum Conn {
        /// PostgreSQL.
        Postgres(PgConnection),
        /// SQLite.
        Sqlite(SqliteConnection),
    }
}

/// Runs the same statement on whichever database is behind the connection, where diesel cannot build it for both at once
/// (batch inserts, `RETURNING`, upserts).
#[macro_export]
macro_rules! on_both {
    ($conn:expr, $inner:ident => $body:expr) => {{
        let conn: &mut $crate::db::Conn = &mut *$conn;
        match conn {
            $crate::db::Conn::Postgres($inner) => $body,
            $crate::db::Conn::Sqlite($inner) => $body,
        }
    }};
}

/// A pooled connection that knows when it was last used.
pub struct Link {
    pub(super) conn: Conn,
    used: Instant,
    is_suspect: bool,
}

impl Link {
    /// Something failed on it, perhaps the connection itself: it is asked whether it lives before its next use (T28).
    pub(super) fn suspect(&mut self) {
        self.is_suspect = true;
    }

    pub(super) fn touched(&mut self) -> &mut Conn {
        self.used = Instant::now();
        &mut self.conn
    }
}

/// Opens and checks connections for r2d2.
#[derive(Debug)]
pub struct Manager(pub(super) Place);

/// A connection idle for longer is asked whether it lives before it is used again (T28).
const TRUSTED_FOR: Duration = Duration::from_secs(1);

impl ManageConnection for Manager {
    type Connection = Link;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Link, Self::Error> {
        let conn = match &self.0 {
            Place::Sqlite(path) => Conn::Sqlite(SqliteConnection::establish(&path.to_string_lossy())?),
            Place::Postgres(url) => Conn::Postgres(PgConnection::establish(url)?),
        };
        Ok(Link { conn, used: Instant::now(), is_suspect: false })
    }

    fn is_valid(&self, link: &mut Link) -> Result<(), Self::Error> {
        if link.used.elapsed() < TRUSTED_FOR && !link.is_suspect {
            return Ok(());
        }
        link.touched().ping().map_err(diesel::r2d2::Error::QueryError)?;
        link.is_suspect = false;
        Ok(())
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        std::thread::panicking() || link.conn.is_broken()
    }
}

/// What every new connection is told before its first use.
#[derive(Debug)]
pub(super) struct Setup;

/// Acknowledged means durable, hence `synchronous = FULL` (T29); waits for a lock end after 2.5 s (T28).
const SQLITE: &str = "PRAGMA busy_timeout = 2500; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY;";
/// Pages look rows up by key and the rows are in memory: priced as on spinning disks, the planner walks whole tables and
/// starts workers for a list of fifty.
const POSTGRES: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '2500ms'; SET statement_timeout = '15s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'warning'; \
     SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0;";

impl CustomizeConnection<Link, diesel::r2d2::Error> for Setup {
    fn on_acquire(&self, link: &mut Link) -> Result<(), diesel::r2d2::Error> {
        match &mut link.conn {
            Conn::Sqlite(conn) => conn.batch_execute(SQLITE),
            Conn::Postgres(conn) => conn.batch_execute(POSTGRES),
        }
        .map_err(diesel::r2d2::Error::QueryError)
    }
}
