//! A fresh database for one test, and what is in it.

use std::collections::BTreeMap;

use diesel::{connection::SimpleConnection, prelude::*, sql_types::Text};
use rollcall::{
    clock::At,
    db::{Conn, Db, LeaseId},
    failure::Failure,
};
use url::Url;

mod template;

/// The URL of the PostgreSQL server to test on, if there is one.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting, which the program does not know")]
pub fn postgres_server() -> Option<Url> {
    std::env::var("ROLLCALL_TEST_POSTGRES").ok().map(|url| url.parse().expect("ROLLCALL_TEST_POSTGRES is a postgres:// URL"))
}

/// A database that is gone when the test is.
pub struct Database {
    pub url: String,
    made: Option<(Url, String)>,
}

impl Database {
    /// In `folder`, or on the PostgreSQL server.
    pub fn fresh(folder: &std::path::Path) -> Self {
        let Some(server) = postgres_server() else {
            return Database { url: format!("sqlite://{}", folder.join("rollcall.db").display()), made: None };
        };
        let name = format!("t_{}", LeaseId::fresh(At::from_micros(1)).as_str().to_lowercase());
        let mut conn = PgConnection::establish(server.as_str()).expect("the PostgreSQL server");
        let template = template::name(&server, &mut conn);
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a database");
        let mut url = server.clone();
        url.set_path(&name);
        Database { url: url.into(), made: Some((server, name)) }
    }

    /// Is it on PostgreSQL?
    pub fn is_postgres(&self) -> bool {
        self.made.is_some()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = &self.made else { return };
        if let Ok(mut conn) = PgConnection::establish(server.as_str()) {
            let _ = conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// One text column of a raw query.
#[derive(QueryableByName)]
pub struct Line {
    #[diesel(sql_type = Text)]
    pub line: String,
}

/// The lines of a query with one text column named `line`.
pub fn lines(conn: &mut Conn, sql: &str) -> Vec<String> {
    let found: Vec<Line> = diesel::sql_query(sql).load(conn).unwrap_or_else(|error| panic!("{sql}: {error}"));
    found.into_iter().map(|line| line.line).collect()
}

/// Every row of every table as text, without what a mere look may touch.
pub type Everything = BTreeMap<String, Vec<String>>;

/// Written by looking: the last time somebody was seen, the flash of the next page.
const TOUCHED: &[&str] = &["last_seen_at", "last_active_at", "flash"];

/// Reads [`Everything`].
pub fn everything(db: &Db) -> Everything {
    db.read_now(|conn| {
        let is_postgres = matches!(conn, Conn::Postgres(_));
        let tables = match is_postgres {
            true => "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
            false => "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'member_search%' ORDER BY 1",
        };
        let mut all = Everything::new();
        // Tries are counted whoever makes them (T4).
        for table in lines(conn, tables).into_iter().filter(|table| table != "throttles" && table != "__diesel_schema_migrations") {
            let sql = if is_postgres {
                let without: String = TOUCHED.iter().map(|column| format!(" - '{column}'")).collect();
                format!("SELECT (to_jsonb(t){without})::text AS line FROM \"{table}\" t ORDER BY 1")
            } else {
                let columns = lines(conn, &format!("SELECT name AS line FROM pragma_table_info('{table}') ORDER BY cid"));
                let columns = columns.iter().filter(|column| !TOUCHED.contains(&column.as_str()));
                let quoted: Vec<String> = columns.map(|column| format!("'{column}=' || quote(\"{column}\")")).collect();
                format!("SELECT {} AS line FROM \"{table}\" ORDER BY 1", quoted.join(" || ' ' || "))
            };
            let rows = lines(conn, &sql);
            all.insert(table, rows);
        }
        Ok::<_, Failure>(all)
    })
    .unwrap()
}

/// What differs between two states: rows gone (`-`) and come (`+`).
pub fn difference(before: &Everything, after: &Everything) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, now) in after {
        let then = before.get(table).map_or(&[][..], Vec::as_slice);
        lines.extend(then.iter().filter(|row| !now.contains(row)).map(|row| format!("- {table}: {row}")));
        lines.extend(now.iter().filter(|row| !then.contains(row)).map(|row| format!("+ {table}: {row}")));
    }
    lines
}
