use std::time::{Duration, Instant};

use diesel::{connection::SimpleConnection, prelude::*};
use rollcall::db::Conn;

use super::connect;
use crate::{
    members::{LIST, invite},
    support::*,
};

/// Ends every connection to the database, as a restart of the server does.
fn terminate_all(world: &World) {
    let Conn::Postgres(mut conn) = connect(world) else { panic!("only PostgreSQL has backends") };
    diesel::sql_query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        .execute(&mut conn)
        .unwrap();
}

/// Asks until it works; what the answers before were.
#[track_caller]
fn until(status: u16, ask: impl Fn() -> u16) -> Vec<u16> {
    let begun = Instant::now();
    let mut before = Vec::new();
    loop {
        let answer = ask();
        if answer == status {
            return before;
        }
        before.push(answer);
        assert!(begun.elapsed() < Duration::from_secs(8), "it does not come back: {} answers, the last {answer}", before.len());
    }
}

#[test]
fn t28_after_every_connection_was_cut_the_next_requests_work_by_themselves() {
    let world = World::new();
    if !world.database.is_postgres() {
        return;
    }
    let ada = world.sign_in(&world.ada);
    // Warm: every connection of the pool was used a moment ago.
    let browsers: Vec<Browser> = (0..8).map(|_| ada.clone()).collect();
    world.at_once(8, |i| browsers[i].get(LIST).status);
    terminate_all(&world);
    let before = until(200, || ada.get(LIST).status);
    assert!(before.len() <= 8, "every broken connection is found out once, at most: {} answers", before.len());
    assert!(before.iter().all(|status| *status == 503), "{before:?}");
    terminate_all(&world);
    let before = until(303, || invite(&ada, "ana@x.test", "agent").status);
    assert!(before.iter().all(|status| *status == 503), "{before:?}");
    assert_eq!(ada.get(LIST).rows().len(), 5, "nothing was half done");
    // Idle ones are asked before they are trusted, so nobody notices.
    std::thread::sleep(Duration::from_millis(1200));
    terminate_all(&world);
    assert_eq!(until(200, || ada.get(LIST).status), Vec::<u16>::new());
    assert_eq!(invite(&ada, "bob@x.test", "agent").status, 303);
    assert_eq!(world.deliver().len(), 2);
}

#[test]
fn t28_a_database_that_takes_no_writes_still_shows_its_pages() {
    let world = World::new();
    if !world.database.is_postgres() {
        return;
    }
    let ada = world.sign_in(&world.ada);
    let set = |mode: &str| {
        let Conn::Postgres(mut conn) = connect(&world) else { return };
        conn.batch_execute("SET default_transaction_read_only = off").unwrap();
        conn.batch_execute(&format!("ALTER DATABASE {} SET default_transaction_read_only = {mode}", name(&world))).unwrap();
        terminate_all(&world);
    };
    set("on");
    until(200, || ada.get(LIST).status);
    let page = invite(&ada, "ana@x.test", "agent");
    assert_eq!((page.status, page.header("retry-after").is_empty()), (503, false), "{}", page.text());
    assert_eq!(ada.get(LIST).rows().len(), 4);
    set("off");
    until(303, || invite(&ada, "ana@x.test", "agent").status);
}

fn name(world: &World) -> String {
    world.database.url.rsplit('/').next().unwrap().to_owned()
}
