//! One schema on two databases: tables, columns, keys and invariants are the same (T22, T34), and both refuse the same.

use diesel::{prelude::*, sql_query};
use rollcall::{
    app::{self, Migrate},
    audit,
    authz::Role,
    db::{AccountId, Conn, Db},
    failure::Failure,
    settings::{Settings, Source},
    sign_in::links::Purpose,
};

use crate::support::{
    app::Flags,
    database::{lines, postgres_server},
    *,
};

mod description;

use description::{Schema, checks_of_migrations, of_database, of_diesel};

fn sqlite_beside(world: &World) -> Db {
    let folder = world.folder().join("beside");
    let flags = Flags::from([
        ("DATABASE_URL".to_owned(), format!("sqlite://{}/rollcall.db", folder.display())),
        ("ROLLCALL_DATA".to_owned(), folder.display().to_string()),
    ]);
    let settings = Settings::read(&Source::from_parts(&flags, |_| None, None).unwrap()).unwrap();
    app::open_database(&settings, Migrate::Yes).unwrap()
}

fn describe(db: &Db) -> Schema {
    db.read_now(|conn| Ok::<_, Failure>(of_database(conn))).unwrap()
}

#[test]
fn t22_both_databases_have_the_same_tables_keys_and_invariants() {
    if postgres_server().is_none() {
        eprintln!("without ROLLCALL_TEST_POSTGRES there is nothing to compare with");
        return;
    }
    let world = World::wish().empty().open();
    let (postgres, sqlite) = (describe(&world.app.db), describe(&sqlite_beside(&world)));
    assert!(postgres.len() >= 10, "tables: {:?}", postgres.keys());
    assert_eq!(postgres.keys().collect::<Vec<_>>(), sqlite.keys().collect::<Vec<_>>());
    for (table, lines) in &postgres {
        assert_eq!(lines, &sqlite[table], "{table}: PostgreSQL left, SQLite right");
    }
}

#[test]
fn t22_the_schema_in_the_code_is_the_schema_in_the_database() {
    let world = World::wish().empty().open();
    let mut database = describe(&world.app.db);
    for lines in database.values_mut() {
        lines.retain(|line| line.starts_with("column "));
    }
    assert_eq!(of_diesel(), database, "src/db/schema.rs left, the database right");
}

#[test]
fn r57_both_migrations_check_the_same() {
    let (sqlite, postgres) = (checks_of_migrations("sqlite"), checks_of_migrations("postgres"));
    assert!(postgres.len() >= 10, "{postgres:?}");
    assert_eq!(sqlite, postgres);
}

#[test]
fn t22_a_key_to_a_row_of_an_account_carries_the_account() {
    let world = World::wish().empty().open();
    let schema = describe(&world.app.db);
    let has_account = |table: &str| schema[table].iter().any(|line| line.starts_with("column account_id "));
    for (table, lines) in &schema {
        for key in lines.iter().filter(|line| line.starts_with("foreign key ")) {
            let target = key.split(" -> ").nth(1).and_then(|to| to.split('(').next()).unwrap();
            let bare = target == "accounts" || !has_account(table) || !has_account(target);
            assert!(bare || key.contains("(account_id,"), "{table}: {key}");
        }
        let names_member = |line: &&String| {
            line.strip_prefix("column ")
                .and_then(|rest| rest.split(' ').next())
                .is_some_and(|name| name.ends_with("member_id") || name.ends_with("ed_by"))
        };
        let links: Vec<&String> = lines.iter().filter(names_member).collect();
        let keys = lines.iter().filter(|line| line.contains("-> members(account_id,")).count();
        assert_eq!(links.len(), keys, "{table}: {links:?} need a key each");
    }
}

/// A world with a row of Acme in every table that points at members.
fn with_links(world: &World) {
    world.set_up_two_factor(&world.sign_in(&world.dana));
    world.invite(&world.ada, "new@acme.test", Role::Agent);
    world.link(&world.dana, Purpose::PasswordReset, &world.dana.email);
    let group = world.group(&world.ada, "Sales", &[&world.dana]);
    let (acme, ada, dana) = (world.ada.account, world.ada.id, world.dana.id);
    for sql in [
        format!("UPDATE members SET invited_by = '{ada}' WHERE id = '{dana}'"),
        format!(
            "INSERT INTO bulk_invites (id, account_id, title, resend_pending, headers, notices, delimiter, uploaded_by, started_by, lines, sendable, \
             to_invite, to_resend, skipped, failed, created_at) \
             VALUES ('{group}', '{acme}', 'x', FALSE, '[]', '[]', ',', '{dana}', '{dana}', 0, 0, 0, 0, 0, 0, 1)"
        ),
        format!("INSERT INTO member_calls (account_id, member_id) VALUES ('{acme}', '{dana}')"),
        format!(
            "INSERT INTO greetings (account_id, group_id, file, kind, title, bytes, millis, uploaded_by, uploaded_at) \
             VALUES ('{acme}', '{group}', 'x', 'wav', 'hello.wav', 1, 1, '{dana}', 1)"
        ),
        format!(
            "INSERT INTO numbers (id, account_id, number, international, region, folded, member_id, incoming_kind, incoming_member_id, created_at) \
             VALUES ('{group}', '{acme}', '+14155550100', '+1 415-555-0100', 'US', '+14155550100', '{dana}', 'member', '{dana}', 1)"
        ),
        format!("UPDATE ledger_entries SET member_id = '{dana}', kind = 'accepted', number = 99 WHERE account_id = '{acme}' AND number = 1"),
        format!("INSERT INTO left_groups (account_id, member_id, group_id) VALUES ('{acme}', '{dana}', '{group}')"),
        format!("INSERT INTO left_numbers (account_id, member_id, number_id) VALUES ('{acme}', '{dana}', '{group}')"),
    ] {
        world.write(|conn| sql_query(sql).execute(conn));
    }
}

#[test]
fn t22_the_database_refuses_a_link_across_accounts() {
    let world = World::new();
    with_links(&world);
    let (acme, globex) = (world.ada.account, world.gus.account);
    let mut tried = 0;
    for (table, lines) in describe(&world.app.db) {
        for key in lines.iter().filter(|line| line.contains("-> members(account_id,")) {
            let column = key.trim_start_matches("foreign key (account_id,").split(')').next().unwrap();
            let row = format!("account_id = '{acme}' AND {column} IS NOT NULL");
            for change in [format!("{column} = '{}'", world.gus.id), format!("account_id = '{globex}'")] {
                let sql = format!("UPDATE {table} SET {change} WHERE {row}");
                let count = world.read(|conn| Ok(self::lines(conn, &format!("SELECT CAST(count(*) AS text) AS line FROM {table} WHERE {row}"))));
                assert_ne!(count, ["0"], "no row to try on: {sql}");
                let refused = attempt(&world, &sql);
                assert!(refused.to_lowercase().contains("foreign key"), "{sql}: {refused}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 12, "only {tried} links were tried");
}

/// What the database says to a statement, at once or when it is to be kept.
fn attempt(world: &World, sql: &str) -> String {
    let said: Result<usize, Failure> =
        world.app.db.write_now(|tx| sql_query(sql).execute(&mut **tx).map_err(|error| Failure::internal(error.to_string())));
    match said {
        Ok(rows) => panic!("{sql}: {rows} rows, no refusal"),
        Err(Failure::Internal(error)) => error.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn r57_nobody_edits_the_audit_log_not_even_in_the_database() {
    let world = World::new();
    let mut tries: Vec<String> = Vec::new();
    for (table, column) in [("audit_events", "event"), ("audit_notes", "details")] {
        tries.push(format!("UPDATE {table} SET {column} = 'nothing.happened'"));
        tries.push(format!("DELETE FROM {table}"));
        if world.database.is_postgres() {
            tries.push(format!("TRUNCATE {table} CASCADE"));
        }
    }
    for sql in tries {
        let said = attempt(&world, &sql);
        assert!(said.contains("append-only"), "{sql}: {said}");
    }
}

#[test]
fn r57_an_event_cannot_be_put_in_the_place_of_another() {
    let world = World::new();
    if world.database.is_postgres() {
        return;
    }
    // SQLite's REPLACE deletes without asking the triggers of DELETE, unless recursive triggers are on.
    for (table, column) in [("audit_events", "event"), ("audit_notes", "details")] {
        let columns = world.read(|conn| Ok(self::lines(conn, &format!("SELECT name AS line FROM pragma_table_info('{table}')"))));
        let forged: Vec<String> = columns.iter().map(|name| if name == column { "'nothing.happened'".into() } else { name.clone() }).collect();
        let sql = format!("INSERT OR REPLACE INTO {table} ({}) SELECT {} FROM {table}", columns.join(", "), forged.join(", "));
        let said = attempt(&world, &sql);
        assert!(said.contains("append-only"), "{sql}: {said}");
    }
}

fn verify(world: &World, account: AccountId) -> Result<i64, audit::Break> {
    world.app.db.read_now(|conn| audit::verify(conn, account)).unwrap()
}

#[test]
fn t34_a_forged_event_breaks_the_chain() {
    let world = World::new();
    world.invite(&world.ada, "new@acme.test", Role::Agent);
    world.sign_in(&world.ada);
    let (acme, globex) = (world.ada.account, world.gus.account);
    let events = i64::try_from(world.events(acme).len()).unwrap();
    assert_eq!(verify(&world, acme).unwrap(), events);
    world.write(|conn| {
        let disarm: &[&str] = match conn {
            Conn::Sqlite(_) => &[
                "DROP TRIGGER audit_notes_no_update",
                "DROP TRIGGER audit_notes_no_delete",
                "DROP TRIGGER audit_events_no_update",
                "DROP TRIGGER audit_events_no_delete",
            ],
            Conn::Postgres(_) => &[
                "DROP TRIGGER audit_notes_append_only ON audit_notes",
                "DROP TRIGGER audit_notes_no_delete ON audit_notes",
                "DROP TRIGGER audit_events_append_only ON audit_events",
            ],
        };
        disarm.iter().try_for_each(|sql| sql_query(*sql).execute(conn).map(drop))
    });
    let forge = |sql: &str| world.write(|conn| sql_query(sql.replace("ACME", acme.as_str())).execute(conn));
    let breaks = || format!("{:?}", verify(&world, acme).unwrap_err());
    forge("UPDATE audit_notes SET details = 'as Admin' WHERE details = 'as Agent'");
    assert_eq!(breaks(), "Note(2)");
    forge("UPDATE audit_notes SET details = 'as Agent' WHERE details = 'as Admin'");
    forge("UPDATE audit_events SET at = at + 1 WHERE account_id = 'ACME' AND number = 1");
    assert_eq!(breaks(), "Event(1)");
    forge("UPDATE audit_events SET at = at - 1 WHERE account_id = 'ACME' AND number = 1");
    assert!(verify(&world, acme).is_ok());
    forge("DELETE FROM audit_notes WHERE event_id IN (SELECT id FROM audit_events WHERE account_id = 'ACME' AND number = 3)");
    assert_eq!(breaks(), "Note(3)", "a note goes only with a person whom it names");
    forge(
        "UPDATE members SET status = 'removed', erased_at = 1, email = NULL, password_hash = NULL, folded = '' \
         WHERE id IN (SELECT actor_id FROM audit_events WHERE account_id = 'ACME' AND number = 3)",
    );
    assert!(verify(&world, acme).is_ok(), "and with one who is erased it may");
    forge("DELETE FROM audit_events WHERE account_id = 'ACME' AND number = 3");
    assert_eq!(breaks(), "End");
    assert!(verify(&world, globex).is_ok());
}
