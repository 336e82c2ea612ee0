//! A migrated PostgreSQL database to copy: migrating anew for each test takes longer than most tests.

use std::path::Path;

use diesel::{connection::SimpleConnection, prelude::*, sql_query, sql_types::BigInt};
use rollcall::{
    app::{self, Migrate},
    keys,
    settings::{Settings, Source},
};
use url::Url;

use crate::support::app::Flags;

/// Held while the template is made; any number nobody else uses.
const LOCK: i64 = 0x7465_6d70_6c61_7465;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The name of the template on this server, made when the migrations have none yet.
pub(super) fn name(server: &Url, conn: &mut PgConnection) -> String {
    let name = format!("rollcall_test_{}", digest_of_migrations());
    let exists = |conn: &mut PgConnection| {
        let count: Count = sql_query(format!("SELECT count(*) AS n FROM pg_database WHERE datname = '{name}'")).get_result(conn).expect("a count");
        count.n == 1
    };
    if !exists(conn) {
        conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})")).expect("the lock");
        if !exists(conn) {
            make(server, conn, &name);
        }
        conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})")).expect("the lock back");
    }
    name
}

fn make(server: &Url, conn: &mut PgConnection, name: &str) {
    let draft = format!("{name}_draft");
    conn.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).expect("no draft");
    conn.batch_execute(&format!("CREATE DATABASE {draft}")).expect("a draft");
    let folder = tempfile::tempdir().expect("a folder");
    let mut url = server.clone();
    url.set_path(&draft);
    let flags = Flags::from([("DATABASE_URL".to_owned(), url.to_string()), ("ROLLCALL_DATA".to_owned(), folder.path().display().to_string())]);
    let settings = Source::from_parts(&flags, |_| None, None).and_then(|source| Settings::read(&source)).expect("settings");
    drop(app::open_database(&settings, Migrate::Yes).expect("a migrated draft"));
    // The pool closes its connections when it comes to it.
    conn.batch_execute(&format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{draft}'")).expect("nobody there");
    conn.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}")).expect("a template");
}

fn digest_of_migrations() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut steps: Vec<_> = std::fs::read_dir(folder).expect("migrations").map(|step| step.expect("a step").path().join("up.sql")).collect();
    steps.sort();
    let text: Vec<u8> = steps.iter().flat_map(|step| std::fs::read(step).expect("a readable step")).collect();
    keys::digest(&text).0[..6].iter().map(|byte| format!("{byte:02x}")).collect()
}
