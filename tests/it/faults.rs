//! What breaks around the portal: killed processes, busy and vanished databases.

use diesel::prelude::*;
use rollcall::db::Conn;

use crate::support::World;

mod backends;
mod full;
mod kill;
mod locked;

/// A connection of somebody else, without the program's settings.
pub fn connect(world: &World) -> Conn {
    connect_to(&world.database.url)
}

/// The same by its URL.
pub fn connect_to(url: &str) -> Conn {
    match url.strip_prefix("sqlite://") {
        Some(path) => Conn::Sqlite(SqliteConnection::establish(path).unwrap()),
        None => Conn::Postgres(PgConnection::establish(url).unwrap()),
    }
}
