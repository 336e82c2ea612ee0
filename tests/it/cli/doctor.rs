use diesel::connection::SimpleConnection;
use rollcall::db::Conn;

use super::program::Site;
use crate::{faults::connect_to, support::mailbox::Mailbox};

fn by_hand(site: &Site, sqlite: &str, postgres: &str) {
    match connect_to(&site.database.url) {
        Conn::Sqlite(mut conn) => conn.batch_execute(sqlite).unwrap(),
        Conn::Postgres(mut conn) => conn.batch_execute(postgres).unwrap(),
    }
}

#[test]
fn t34_doctor_finds_a_healthy_portal_well_and_changes_nothing() {
    let mailbox = Mailbox::start();
    let site = Site::new().set("ROLLCALL_SMTP_URL", mailbox.url());
    site.create_owner("free").well();
    let before = site.files();
    let ended = site.run(&["doctor"]);
    let out = ended.well();
    for line in ["ok    plans: 6 plans", "ok    mail: ", "ok    schema: up to date", "ok    accounts: 1 accounts; audit log of"] {
        assert!(out.lines().any(|said| said.starts_with(line)), "{line}: {out}");
    }
    // SQLite keeps two files beside the database while it is open.
    let kept = |files: Vec<std::path::PathBuf>| {
        files.into_iter().filter(|file| !file.to_string_lossy().ends_with("-shm") && !file.to_string_lossy().ends_with("-wal")).collect::<Vec<_>>()
    };
    assert_eq!(kept(site.files()), kept(before));
}

#[test]
fn t34_doctor_finds_what_was_changed_by_hand() {
    let counter = "UPDATE accounts SET deactivated_members = 7";
    let numbers = "UPDATE accounts SET held_numbers = 7";
    let plan = "UPDATE accounts SET plan = 'gold'";
    let note = "UPDATE audit_notes SET actor = 'Somebody'";
    let event = "UPDATE audit_events SET at = at + 1 WHERE number = 1";
    let sqlite = |sql: &str| format!("DROP TRIGGER audit_events_no_update; DROP TRIGGER audit_notes_no_update; {sql};");
    let postgres = |sql: &str| format!("ALTER TABLE audit_events DISABLE TRIGGER ALL; ALTER TABLE audit_notes DISABLE TRIGGER ALL; {sql};");
    for (sql, said) in [
        (counter, "wrong accounts: acme: the counters of members are wrong"),
        (numbers, "wrong accounts: acme: the counter of numbers is wrong"),
        (plan, "wrong billing: acme: its plan gold is not in the plans file"),
        (note, "wrong accounts: acme: event 1 of the audit log was changed by hand"),
        (event, "wrong accounts: acme: event 1 of the audit log was changed by hand"),
    ] {
        let site = Site::new();
        site.create_owner("free").well();
        by_hand(&site, &sqlite(sql), &postgres(sql));
        let ended = site.run(&["doctor"]);
        assert_eq!(ended.code, Some(1), "{sql}");
        assert!(ended.out.contains(said), "{sql}: {}", ended.out);
        assert!(ended.err.contains("1 of the above need"), "{}", ended.err);
    }
}

#[test]
fn doctor_says_what_cannot_be_reached_and_makes_nothing() {
    let site = Site::new().set("ROLLCALL_SMTP_URL", "smtp://127.0.0.1:1");
    let site = match site.database.is_postgres() {
        true => site.set("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        false => site,
    };
    let ended = site.run(&["doctor"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.contains("wrong mail: ") && ended.out.contains("cannot be reached: check ROLLCALL_SMTP_URL"), "{}", ended.out);
    assert!(ended.out.contains("wrong database: "), "{}", ended.out);
    assert!(site.files().is_empty(), "{:?}", site.files());
}
