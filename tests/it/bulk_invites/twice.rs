use std::collections::{BTreeMap, BTreeSet};

use super::*;
use diesel::prelude::*;
use rollcall::{db::schema, failure::Failure};

fn file(n: usize) -> String {
    std::iter::once("email,role\n".to_owned()).chain((0..n).map(|i| format!("p{i}@x.test,agent\n"))).collect()
}

/// Everybody of a file of `n` is invited once, with one invitation, one mail and one event.
#[track_caller]
pub fn assert_once(conn: &mut rollcall::db::Conn, n: usize) {
    let wanted: BTreeSet<String> = (0..n).map(|i| format!("p{i}@x.test")).collect();
    let invited: Vec<Option<String>> =
        schema::members::table.filter(schema::members::status.eq("invited")).select(schema::members::email).load(conn).unwrap();
    assert_eq!(invited.len(), n, "one member each");
    assert_eq!(invited.into_iter().flatten().collect::<BTreeSet<_>>(), wanted);
    let invitations: i64 = schema::invitations::table.count().get_result(conn).unwrap();
    let mails: Vec<String> = schema::mails::table.filter(schema::mails::kind.eq("invitation")).select(schema::mails::to_address).load(conn).unwrap();
    assert_eq!((invitations, mails.len()), (n as i64, n), "one invitation and one mail each");
    assert_eq!(mails.into_iter().collect::<BTreeSet<_>>(), wanted);
    let events: i64 = schema::audit_events::table.filter(schema::audit_events::event.eq("member.invited")).count().get_result(conn).unwrap();
    assert_eq!(events, n as i64, "one event each");
    let counts: (i64, i64, i64, i64, i64, String) = {
        use schema::bulk_invites::dsl as b;
        b::bulk_invites.select((b::invited, b::to_invite, b::skipped, b::failed, b::sendable, b::state)).get_result(conn).unwrap()
    };
    assert_eq!(counts, (n as i64, 0, 0, 0, n as i64, "done".to_owned()));
    let outcomes: Vec<String> = schema::bulk_invite_rows::table.select(schema::bulk_invite_rows::outcome).load(conn).unwrap();
    assert!(outcomes.len() == n && outcomes.iter().all(|outcome| outcome == "invited"));
}

#[test]
fn r29_sixteen_clicks_at_once_a_reload_and_a_second_process_invite_each_row_once() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let (path, _) = preview(&ada, file(900).as_bytes());
    let sending = format!("{path}/sending");
    let browsers: Vec<Browser> = (0..16).map(|i| if i % 2 == 0 { ada.clone() } else { bruno.clone() }).collect();
    let statuses = world.at_once(16, |i| browsers[i].post(&sending, &[]).status);
    assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
    let started = world.events(world.ada.account).into_iter().filter(|[event, ..]| event == "bulk_invite.started").count();
    assert_eq!(started, 1);
    // Two processes at it, each with its own connections; more clicks and looks meanwhile.
    let neighbour = world.neighbour();
    std::thread::scope(|scope| {
        scope.spawn(|| work(&world));
        scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let (_stop, stopped) = watch::channel(false);
            runtime.block_on(bulk::work(&neighbour.app, &stopped)).unwrap();
        });
        for _ in 0..4 {
            assert_eq!(ada.post(&sending, &[]).status, 303);
            assert_eq!(bruno.get(&path).status, 200);
        }
    });
    work(&world);
    world
        .app
        .db
        .read_now(|conn| {
            assert_once(conn, 900);
            Ok::<_, Failure>(())
        })
        .unwrap();
    world.unchanged("a late click", || {
        assert_eq!(ada.submit(&sending, &[]).h1(), "Result");
        work(&world);
    });
}

#[test]
fn r29_the_same_file_twice_invites_nobody_twice() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let paths = [preview(&ada, file(300).as_bytes()).0, preview(&ada, file(300).as_bytes()).0];
    for path in &paths {
        ada.submit(&format!("{path}/sending"), &[]);
    }
    work(&world);
    let mut counts = BTreeMap::new();
    for path in &paths {
        for row in ada.get(&format!("{path}?show=")).rows() {
            *counts.entry(row[4].clone()).or_insert(0) += 1;
        }
    }
    assert_eq!(counts, BTreeMap::from([("Invited".to_owned(), 100), ("Skip Invited already.".to_owned(), 100)]), "a hundred rows a page");
    let invited: i64 = world.read(|conn| schema::members::table.filter(schema::members::status.eq("invited")).count().get_result(conn));
    assert_eq!(invited, 300);
    let received: BTreeSet<String> = world.deliver().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!((received.len(), world.mailbox.count()), (300, 300));
}

#[test]
fn t26_what_was_being_sent_when_the_process_died_goes_on_by_itself() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (path, _) = preview(&ada, file(450).as_bytes());
    ada.submit(&format!("{path}/sending"), &[]);
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    // A piece, and then a piece that is given up in its middle.
    let piece = |keep: bool| {
        world.app.db.write_now(|tx| {
            let pace = bulk::send_some(tx, &world.app.plans, world.ada.account, id, world.now())?;
            if keep { Ok(pace) } else { Err(Failure::Busy) }
        })
    };
    assert!(piece(true).is_ok() && piece(false).is_err());
    assert!(ada.get(&path).has("200 of 450 sent."));
    let neighbour = world.neighbour();
    let (_stop, stopped) = watch::channel(false);
    world.block_on(bulk::work(&neighbour.app, &stopped)).unwrap();
    world
        .app
        .db
        .read_now(|conn| {
            assert_once(conn, 450);
            Ok::<_, Failure>(())
        })
        .unwrap();
}
