//! The schema, compiled in: applied at start under a lock, and refused when newer than this program (T30).

use diesel::{
    connection::SimpleConnection,
    migration::{Migration, MigrationSource},
    prelude::*,
    sql_types::BigInt,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Db, Link};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number will do as long as nobody else in this database uses it as an advisory lock.
const LOCK: i64 = 0x726f_6c6c_6361_6c6c;

/// How the database's schema stands to this program.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing to do.
    Current,
    /// So many steps are still to be applied.
    Behind(usize),
    /// Made by a newer program, which this one must not touch.
    Newer(String),
}

/// How the schema stands, without changing it.
///
/// # Errors
/// A sentence when the database cannot be asked.
pub fn standing(db: &Db) -> Result<Standing, String> {
    let mut link = db.readers.get().map_err(|_| db.place.why_unreachable())?;
    stand(&mut link).map_err(|e| sentence(&e))
}

/// Applies what is missing, one process at a time, telling `progress` the name of each step.
///
/// # Errors
/// A sentence: the schema is newer, or a step failed (and was rolled back).
pub fn apply(db: &Db, mut progress: impl FnMut(&str)) -> Result<usize, String> {
    let mut link = db.writers.get().map_err(|_| db.place.why_unreachable())?;
    if stand(&mut link).map_err(|e| sentence(&e))? == Standing::Current {
        return Ok(0);
    }
    take_lock(&mut link).map_err(|e| sentence(&e))?;
    let applied = apply_locked(&mut link, &mut progress);
    release_lock(&mut link).map_err(|e| sentence(&e))?;
    applied
}

fn apply_locked(link: &mut Link, progress: &mut impl FnMut(&str)) -> Result<usize, String> {
    let (mut applied, mut tries) = (0, 0);
    loop {
        match stand(link).map_err(|e| sentence(&e))? {
            Standing::Current => return Ok(applied),
            Standing::Newer(version) => return Err(too_new(&version)),
            Standing::Behind(_) => {}
        }
        match apply_next(link) {
            Ok(Some(name)) => {
                progress(&name);
                applied += 1;
            }
            Ok(None) => {}
            // A SQLite file has no lock to hold across steps: another process may have been quicker with this one.
            Err(_) if tries < PATIENCE && matches!(link.touched(), Conn::Sqlite(_)) => {
                tries += 1;
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            Err(error) => return Err(sentence(&error)),
        }
    }
}

/// How often a step is tried on a SQLite file that another process may be working on.
const PATIENCE: u32 = 40;

/// Applies the next step, and names it.
fn apply_next(link: &mut Link) -> Result<Option<String>, Broken> {
    Ok(match link.touched() {
        Conn::Sqlite(conn) => conn.run_next_migration(SQLITE).map(|step| Some(step.to_string()))?,
        Conn::Postgres(conn) => conn.run_next_migration(POSTGRES).map(|step| Some(step.to_string()))?,
    })
}

/// The sentence for a schema that a newer program made.
pub fn too_new(version: &str) -> String {
    format!("The database was made by a newer Rollcall (its schema is at {version}): run that version, or restore a backup.")
}

fn sentence(error: &dyn std::fmt::Display) -> String {
    format!("The database's schema cannot be brought up to date: {}.", error.to_string().trim_end_matches('.'))
}

type Broken = Box<dyn std::error::Error + Send + Sync>;

fn stand(link: &mut Link) -> Result<Standing, Broken> {
    if !has_table(link.touched())? {
        return Ok(Standing::Behind(names_for(link.touched())?.len()));
    }
    let (applied, known) = match link.touched() {
        Conn::Sqlite(conn) => (versions(conn.applied_migrations()?), names::<diesel::sqlite::Sqlite>(SQLITE)?),
        Conn::Postgres(conn) => (versions(conn.applied_migrations()?), names::<diesel::pg::Pg>(POSTGRES)?),
    };
    if let Some(newer) = applied.iter().find(|version| !known.contains(version)) {
        return Ok(Standing::Newer(newer.clone()));
    }
    Ok(match known.len() - applied.len() {
        0 => Standing::Current,
        missing => Standing::Behind(missing),
    })
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Asking diesel for the applied versions would create its table; `migrate --check` must not write.
fn has_table(conn: &mut Conn) -> QueryResult<bool> {
    let query = match conn {
        Conn::Sqlite(_) => "SELECT count(*) AS n FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        Conn::Postgres(_) => "SELECT count(*) AS n FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')",
    };
    Ok(diesel::sql_query(query).get_result::<Count>(conn)?.n > 0)
}

fn versions(applied: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    applied.iter().map(ToString::to_string).collect()
}

fn names_for(conn: &Conn) -> Result<Vec<String>, Broken> {
    match conn {
        Conn::Sqlite(_) => names::<diesel::sqlite::Sqlite>(SQLITE),
        Conn::Postgres(_) => names::<diesel::pg::Pg>(POSTGRES),
    }
}

fn names<DB: diesel::backend::Backend>(source: EmbeddedMigrations) -> Result<Vec<String>, Broken> {
    let steps: Vec<Box<dyn Migration<DB>>> = source.migrations()?;
    Ok(steps.iter().map(|step| step.name().version().to_string()).collect())
}

/// Held by the connection, so a killed process lets go of it. SQLite's own file lock does the same for single steps.
fn take_lock(link: &mut Link) -> QueryResult<()> {
    match link.touched() {
        Conn::Postgres(conn) => {
            conn.batch_execute(&format!("SET lock_timeout = '5min'; SET statement_timeout = 0; SELECT pg_advisory_lock({LOCK});"))
        }
        Conn::Sqlite(conn) => conn.batch_execute("PRAGMA busy_timeout = 60000;"),
    }
}

fn release_lock(link: &mut Link) -> QueryResult<()> {
    match link.touched() {
        Conn::Postgres(conn) => {
            conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK}); SET lock_timeout = '2500ms'; SET statement_timeout = '15s';"))
        }
        Conn::Sqlite(conn) => conn.batch_execute("PRAGMA busy_timeout = 2500;"),
    }
}
