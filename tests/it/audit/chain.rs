use diesel::{connection::SimpleConnection, prelude::*};
use rollcall::{
    audit::{self, Break},
    db::{AccountId, Conn},
};

use crate::{
    faults::connect,
    members::{invite, rows},
    support::*,
};

fn verify(world: &World, account: AccountId) -> Result<i64, Break> {
    world.app.db.read_now(|conn| audit::verify(conn, account)).unwrap()
}

/// A world with a few events in both accounts.
fn busy() -> World {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "ana@x.test, bob@x.test, cy@x.test", "agent");
    invite(&world.sign_in(&world.gus), "ana@x.test", "agent");
    world
}

/// Somebody with the database's own tools, who need not mind foreign keys.
fn by_hand(world: &World, sql: &str) -> QueryResult<()> {
    let sql = sql.replace("{acme}", &format!("account_id = '{}'", world.ada.account));
    match connect(world) {
        Conn::Sqlite(mut conn) => conn.batch_execute(&format!("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; {sql}")),
        Conn::Postgres(mut conn) => conn.batch_execute(&sql),
    }
}

/// Takes the triggers away, as somebody must who wants to forge.
fn take_triggers_away(world: &World) {
    let sql = match world.database.is_postgres() {
        true => "ALTER TABLE audit_events DISABLE TRIGGER ALL; ALTER TABLE audit_notes DISABLE TRIGGER ALL;",
        false => {
            "DROP TRIGGER audit_events_no_update; DROP TRIGGER audit_events_no_delete; \
             DROP TRIGGER audit_notes_no_update; DROP TRIGGER audit_notes_no_delete;"
        }
    };
    by_hand(world, sql).unwrap();
}

#[test]
fn t34_the_chain_of_every_account_verifies() {
    let world = busy();
    for account in [world.ada.account, world.gus.account] {
        assert_eq!(verify(&world, account), Ok(world.events(account).len() as i64));
    }
}

#[test]
fn t34_the_database_itself_refuses_to_change_or_delete_an_event() {
    let world = busy();
    for sql in [
        "UPDATE audit_events SET at = at + 1",
        "UPDATE audit_events SET actor_id = NULL WHERE number = 2",
        "DELETE FROM audit_events WHERE number = 1",
        "DELETE FROM audit_events",
        "UPDATE audit_notes SET actor = 'Somebody else'",
        "DELETE FROM audit_notes",
    ] {
        let refused = world.unchanged(sql, || by_hand(&world, sql));
        assert!(refused.unwrap_err().to_string().contains("append-only"), "{sql}");
    }
    if world.database.is_postgres() {
        assert!(by_hand(&world, "TRUNCATE audit_notes").unwrap_err().to_string().contains("append-only"));
    }
    assert!(verify(&world, world.ada.account).is_ok());
}

#[test]
fn t34_what_was_changed_by_hand_shows_at_its_place() {
    for (sql, found) in [
        ("UPDATE audit_events SET at = at + 1 WHERE number = 3 AND {acme}", Break::Event(3)),
        ("UPDATE audit_events SET event = 'session.ended' WHERE number = 2 AND {acme}", Break::Event(2)),
        ("UPDATE audit_events SET event = 'unheard.of' WHERE number = 2 AND {acme}", Break::Event(2)),
        ("UPDATE audit_events SET actor_id = NULL WHERE number = 3 AND {acme}", Break::Event(3)),
        ("UPDATE audit_events SET target_id = actor_id WHERE number = 3 AND {acme}", Break::Event(3)),
        ("UPDATE audit_events SET number = 99 WHERE number = 2 AND {acme}", Break::Event(2)),
        ("DELETE FROM audit_events WHERE number = 3 AND {acme}", Break::Event(3)),
        ("DELETE FROM audit_events WHERE number = 1 AND {acme}", Break::Event(1)),
    ] {
        let world = busy();
        take_triggers_away(&world);
        by_hand(&world, sql).unwrap();
        assert_eq!(verify(&world, world.ada.account), Err(found), "{sql}");
        assert!(verify(&world, world.gus.account).is_ok(), "{sql}");
    }
}

#[test]
fn t34_a_changed_note_and_a_cut_off_end_show() {
    let of = |number: i64| format!("event_id = (SELECT id FROM audit_events WHERE number = {number} AND {{acme}})");
    for column in ["actor", "target", "address", "details"] {
        let world = busy();
        take_triggers_away(&world);
        by_hand(&world, &format!("UPDATE audit_notes SET {column} = 'Bruno Vargas' WHERE {}", of(3))).unwrap();
        assert_eq!(verify(&world, world.ada.account), Err(Break::Note(3)), "{column}");
    }
    let world = busy();
    let last = world.events(world.ada.account).len();
    take_triggers_away(&world);
    by_hand(&world, &format!("DELETE FROM audit_events WHERE number = {last} AND {{acme}}")).unwrap();
    assert_eq!(verify(&world, world.ada.account), Err(Break::End));

    let world = busy();
    take_triggers_away(&world);
    by_hand(&world, "UPDATE audit_heads SET number = number + 1 WHERE {acme}").unwrap();
    assert_eq!(verify(&world, world.ada.account), Err(Break::End));

    let world = busy();
    take_triggers_away(&world);
    by_hand(&world, "DELETE FROM audit_events WHERE {acme}").unwrap();
    assert_eq!(verify(&world, world.ada.account), Err(Break::End), "all of them gone");
}

#[test]
fn t34_a_note_that_is_missing_though_nobody_is_erased_shows() {
    let world = busy();
    take_triggers_away(&world);
    by_hand(&world, "DELETE FROM audit_notes WHERE event_id = (SELECT id FROM audit_events WHERE number = 3 AND {acme})").unwrap();
    assert_eq!(verify(&world, world.ada.account), Err(Break::Note(3)));
    // The page still says what it can: who of the event is here, by their present name.
    let page = world.sign_in(&world.ada).get("/settings/audit-log?event=member.invited");
    assert!(rows(&page).iter().any(|row| row[1] == "Ada Okafor" && row[3].ends_with("@x.test")), "{:?}", rows(&page));
}

#[test]
fn t34_changes_at_once_make_one_chain() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let browsers: Vec<Browser> = (0..24).map(|_| ada.clone()).collect();
    let answers = world.at_once(24, |i| invite(&browsers[i], &format!("p{i}@x.test"), "agent").status);
    let events = world.events(world.ada.account);
    let invited = events.iter().filter(|[event, ..]| event == "member.invited").count();
    assert_eq!(invited, answers.iter().filter(|status| **status == 303).count());
    assert_eq!(verify(&world, world.ada.account), Ok(events.len() as i64));
}
