use diesel::connection::SimpleConnection;
use rollcall::db::Conn;

use super::program::Site;
use crate::faults::connect_to;

/// A site whose database has nothing in it, not even a schema.
fn empty() -> Site {
    let site = Site::new();
    if let Conn::Postgres(mut conn) = connect_to(&site.database.url) {
        conn.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;").unwrap();
    }
    site
}

#[test]
fn t30_migrate_says_what_there_is_to_do_and_does_it() {
    let site = empty();
    let check = site.run(&["migrate", "--check"]);
    assert!(check.sentence().contains("steps behind this program: run `rollcall migrate`."));
    assert!(site.run(&["serve", "--no-migrate"]).sentence().contains("run `rollcall migrate`"));
    assert!(site.run(&["migrate", "--check"]).sentence().contains("steps behind"), "looking changed nothing");
    assert!(site.run(&["migrate"]).well().contains("steps were applied."));
    assert_eq!(site.run(&["migrate", "--check"]).well().trim(), "The database is up to date.");
    assert_eq!(site.run(&["migrate"]).well().trim(), "The database is up to date.");
}

#[test]
fn t30_an_old_program_refuses_a_newer_schema() {
    let site = Site::new();
    site.create_owner("free").well();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    match connect_to(&site.database.url) {
        Conn::Sqlite(mut conn) => conn.batch_execute(newer).unwrap(),
        Conn::Postgres(mut conn) => conn.batch_execute(newer).unwrap(),
    }
    for arguments in [&["serve"][..], &["serve", "--no-migrate"], &["migrate"], &["migrate", "--check"], &["reset-password", "ada@acme.test"]] {
        let ended = site.run(arguments);
        assert!(ended.sentence().contains("made by a newer Rollcall (its schema is at 9999)"), "{arguments:?}: {ended:?}");
    }
    let doctor = site.run(&["doctor"]);
    assert_eq!(doctor.code, Some(1));
    assert!(doctor.out.contains("wrong schema: The database was made by a newer Rollcall"), "{doctor:?}");
}

#[test]
fn t30_two_programs_that_start_at_once_both_find_the_schema() {
    let site = empty();
    let ended = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| site.run(&["migrate"]))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    for ended in &ended {
        ended.well();
    }
    // Every step was applied once, whoever did it.
    let applied = |said: &str| said.split("; ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok()).unwrap_or_default();
    let steps = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count();
    assert_eq!(ended.iter().map(|ended| applied(&ended.out)).sum::<usize>(), steps, "{ended:?}");
}
