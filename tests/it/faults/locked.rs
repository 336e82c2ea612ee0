use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use rollcall::db::Conn;

use super::connect;
use crate::{
    members::{LIST, find, invite},
    support::*,
};

#[test]
fn t28_while_somebody_else_holds_the_database_writes_are_answered_503_and_reads_work() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let mut holder = connect(&world);
    match &mut holder {
        Conn::Sqlite(conn) => conn.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE;").unwrap(),
        Conn::Postgres(conn) => conn.batch_execute("BEGIN; LOCK TABLE members, accounts, sessions, throttles IN EXCLUSIVE MODE;").unwrap(),
    }
    for page in [LIST, "/profile", "/settings/audit-log", "/settings/team/members.csv"] {
        let begun = Instant::now();
        assert_eq!(ada.get(page).status, 200, "{page}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{page} took {:?}", begun.elapsed());
    }
    let writes = world.at_once(6, |i| {
        let begun = Instant::now();
        let page = match i {
            0 => world.browser().post("/login", &[("login", "dana@acme.test"), ("password", PASSWORD)]),
            1 => ada.post("/profile", &[("first_name", "Adele"), ("last_name", "Okafor"), ("theme", "dark")]),
            i => invite(&ada, &format!("p{i}@x.test"), "agent"),
        };
        (page, begun.elapsed())
    });
    for (page, took) in &writes {
        assert_eq!((page.status, page.h1().as_str()), (503, "Busy"), "{}", page.text());
        assert!(page.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=30).contains(&seconds)));
        assert!(*took < Duration::from_secs(6), "it took {took:?}");
    }
    match &mut holder {
        Conn::Sqlite(conn) => conn.batch_execute("ROLLBACK").unwrap(),
        Conn::Postgres(conn) => conn.batch_execute("ROLLBACK").unwrap(),
    }
    assert_eq!(ada.get(LIST).rows().len(), 4, "nothing was half done");
    assert_eq!(world.row(&world.ada).first_name, "Ada");
    assert_eq!(invite(&ada, "p2@x.test", "agent").status, 303, "and it goes on by itself");
    find(&world, world.ada.account, "p2@x.test");
}

#[test]
fn t28_a_short_hold_is_waited_for() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let mut holder = connect(&world);
    match &mut holder {
        Conn::Sqlite(conn) => conn.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE;").unwrap(),
        Conn::Postgres(conn) => conn.batch_execute("BEGIN; LOCK TABLE members, accounts IN EXCLUSIVE MODE;").unwrap(),
    }
    std::thread::scope(|scope| {
        let posting = scope.spawn(|| invite(&ada, "ana@x.test", "agent").status);
        std::thread::sleep(Duration::from_millis(1500));
        assert!(!posting.is_finished(), "it waits");
        match &mut holder {
            Conn::Sqlite(conn) => conn.batch_execute("ROLLBACK").unwrap(),
            Conn::Postgres(conn) => conn.batch_execute("ROLLBACK").unwrap(),
        }
        assert_eq!(posting.join().unwrap(), 303);
    });
}
