use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use diesel::prelude::*;
use rollcall::db::{Conn, schema::*};

use super::twice::assert_once;
use crate::{bulk_invites::BULK, cli::program::Site, faults::connect_to, support::mailbox::Mailbox};

const KILLS: usize = 30;
const ROWS: usize = 2000;

/// What a query says, asked again while a file that was just left by a killed process is being mended.
fn ask<T>(conn: &mut Conn, query: impl Fn(&mut Conn) -> QueryResult<T>) -> T {
    for _ in 0..500 {
        match query(conn) {
            Ok(said) => return said,
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    query(conn).unwrap()
}

fn invited(conn: &mut Conn) -> i64 {
    ask(conn, |conn| bulk_invites::table.select(bulk_invites::invited).get_result(conn))
}

fn queued(conn: &mut Conn) -> i64 {
    ask(conn, |conn| mails::table.filter(mails::state.eq("queued")).count().get_result(conn))
}

#[test]
fn t26_thirty_kills_while_2000_rows_are_sent_invite_each_exactly_once() {
    let mailbox = Mailbox::start();
    let site = Site::new().set("ROLLCALL_SMTP_URL", mailbox.url());
    site.create_owner("pro").well();
    let mut served = site.serve();
    let ada = site.ada();
    let file: String = std::iter::once("email,role\n".to_owned()).chain((0..ROWS).map(|i| format!("p{i}@x.test,agent\n"))).collect();
    let answer = ada.upload(BULK, &[], "file", "team.csv", file.as_bytes());
    assert_eq!(answer.status, 303, "{}", answer.text());
    let path = answer.to().to_owned();
    let mut conn = connect_to(&site.database.url);
    assert_eq!(ada.post(&format!("{path}/sending"), &[]).status, 303);
    let mut while_sending = 0;
    for kill in 0..KILLS {
        // Spread over the whole of it, each at another moment of whatever is going on.
        let begun = Instant::now();
        while invited(&mut conn) < (kill * ROWS / KILLS) as i64 {
            assert!(begun.elapsed() < Duration::from_secs(30), "it does not go on: {}", site.log());
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(kill as u64 * 7 % 31));
        while_sending += usize::from(invited(&mut conn) < ROWS as i64);
        served.kill();
        served = site.start();
    }
    served.kill();
    assert!(while_sending > KILLS / 2, "only {while_sending} kills hit the sending");
    // On PostgreSQL a killed process holds its mails for a minute yet; nobody runs now, so let it be over.
    ask(&mut conn, |conn| diesel::update(mails::table).set(mails::leased_until.eq(rollcall::clock::At::NEVER)).execute(conn));
    let _served = site.serve();
    let begun = Instant::now();
    while invited(&mut conn) < ROWS as i64 || queued(&mut conn) > 0 {
        let left = (invited(&mut conn), queued(&mut conn));
        assert!(begun.elapsed() < Duration::from_secs(60), "{left:?}: {}", site.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_once(&mut conn, ROWS);
    assert_eq!(site.ada().get(&path).h1(), "Result");

    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for mail in mailbox.received().into_iter().filter(|mail| mail.to[0] != "ada@acme.test") {
        ids.entry(mail.to.join(",")).or_default().insert(mail.message_id());
    }
    assert_eq!(ids.len(), ROWS, "everybody is mailed in the end");
    assert!(ids.values().all(|ids| ids.len() == 1), "a second mail is the same mail");
    assert!(site.run(&["doctor"]).well().contains("ok    accounts"), "counters and audit log hold");
}
