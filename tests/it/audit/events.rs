use diesel::prelude::*;
use rollcall::{
    clock::{At, Span},
    db::{MemberId, schema::*},
};

use crate::{
    members::{LIST, accept, find, invite, profile},
    support::*,
};

/// Number, instant, who and whom by id, and from where.
type Fact = (i64, At, Option<MemberId>, Option<MemberId>, String);

/// Those of an account's events.
fn facts(world: &World) -> Vec<Fact> {
    world.read(|conn| {
        audit_events::table
            .inner_join(audit_notes::table)
            .filter(audit_events::account_id.eq(world.ada.account))
            .order(audit_events::number)
            .select((audit_events::number, audit_events::at, audit_events::actor_id, audit_events::target_id, audit_notes::address))
            .load(conn)
    })
}

/// Exactly one event came by `act`; its words.
#[track_caller]
fn one_event(world: &World, act: impl FnOnce()) -> [String; 4] {
    let before = world.events(world.ada.account).len();
    act();
    let mut events = world.events(world.ada.account).split_off(before);
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

#[test]
fn r57_every_change_writes_one_event_with_who_what_whom_from_where_and_when() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let person = |name: &str| name.to_owned();
    assert_eq!(
        one_event(&world, || drop(invite(&ada, "ana@x.test", "admin"))),
        ["member.invited", "Ada Okafor", "ana@x.test", "as Admin"].map(person)
    );
    let (ana, _) = find(&world, world.ada.account, "ana@x.test");
    let fact = facts(&world).pop().unwrap();
    assert_eq!(fact, (fact.0, world.now(), Some(world.ada.id), Some(ana), "127.0.0.1".into()));

    let home = profile(&world, "ana@x.test");
    world.advance(Span::minutes(1));
    let resend = || drop(ada.post(&format!("{home}/invitation"), &[]));
    assert_eq!(one_event(&world, resend), ["invitation.resent", "Ada Okafor", "ana@x.test", ""].map(person));
    let show = || drop(ada.post(&format!("{home}/invitation/link"), &[]));
    assert_eq!(one_event(&world, show), ["invitation.link_shown", "Ada Okafor", "ana@x.test", ""].map(person));
    let cancel = || drop(ada.post(&format!("{home}/invitation/cancellation"), &[]));
    assert_eq!(one_event(&world, cancel), ["invitation.cancelled", "Ada Okafor", "ana@x.test", ""].map(person));

    invite(&ada, "bob@x.test", "agent");
    let path = world.mailed_path("bob@x.test");
    let bob = world.browser();
    assert_eq!(
        one_event(&world, || drop(accept(&bob, &path))),
        ["member.joined", "Ana Ruiz", "Ana Ruiz", "as Agent, charged $47.42 ($49.00 × 30 of 31 days)"].map(person)
    );
    let (id, _) = find(&world, world.ada.account, "bob@x.test");
    let fact = facts(&world).pop().unwrap();
    assert_eq!((fact.1, fact.2, fact.3, fact.4.as_str()), (world.now(), Some(id), Some(id), "127.0.0.1"));

    let sign_in = one_event(&world, || drop(world.sign_in(&world.dana)));
    assert_eq!(sign_in, ["session.started", "Dana Silva", "Dana Silva", ""].map(person));
    let details = [("first_name", "Daniela"), ("last_name", "Silva"), ("theme", "dark")];
    let dana = world.sign_in(&world.dana);
    let edited = one_event(&world, || drop(dana.post("/profile", &details)));
    assert_eq!(&edited[0], "profile.changed");
    let signed_out = one_event(&world, || drop(dana.post("/logout", &[])));
    assert_eq!(&signed_out[..2], ["session.ended", "Daniela Silva"].map(person));

    let numbers: Vec<i64> = facts(&world).iter().map(|fact| fact.0).collect();
    assert_eq!(numbers, (1..=numbers.len() as i64).collect::<Vec<_>>(), "numbered without a gap");
}

#[test]
fn r57_what_was_refused_or_only_looked_at_leaves_no_event() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    let path = world.mailed_path("ana@x.test");
    let before = world.events(world.ada.account).len();
    for look in [LIST, "/settings/audit-log", "/settings/team/members.csv", "/settings/audit-log.csv", path.as_str()] {
        ada.get(look);
    }
    invite(&ada, "nonsense", "agent");
    invite(&ada, "ana@x.test", "agent");
    ada.post(&format!("{}/invitation", profile(&world, "ana@x.test")), &[]);
    world.browser().post(&path, &[("first_name", "Ana"), ("password", "short")]);
    invite(&world.sign_in(&world.gus), "ana@x.test", "agent");
    assert_eq!(world.events(world.ada.account).len(), before);
}

#[test]
fn r57_a_profile_shows_what_happened_to_that_person() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    ada.post(&format!("{}/invitation/link", profile(&world, "ana@x.test")), &[]);
    let page = ada.get(&profile(&world, "ana@x.test"));
    assert!(page.has("Member invited, as Agent, by Ada Okafor") && page.has("Invitation link shown, by Ada Okafor"), "{}", page.text());
    assert!(!ada.get(&profile(&world, "bruno@acme.test")).has("Member invited"));
}

#[test]
fn r57_only_the_owner_and_admins_read_the_log_and_only_their_own() {
    let world = World::new();
    let globex = world.sign_in(&world.greta);
    invite(&world.sign_in(&world.ada), "ana@x.test", "agent");
    for (person, status) in [(&world.ada, 200), (&world.bruno, 200), (&world.chen, 403), (&world.dana, 403)] {
        let browser = world.sign_in(person);
        assert_eq!(browser.get("/settings/audit-log").status, status, "{}", person.name);
        assert_eq!(browser.get("/settings/audit-log.csv").status, status, "{}", person.name);
    }
    for path in ["/settings/audit-log", "/settings/audit-log.csv"] {
        let body = globex.get(path).body;
        assert!(body.contains("Greta Lund") && !body.contains("ana@x.test") && !body.contains("Okafor"), "{path}");
    }
    let by_ada = globex.get(&format!("/settings/audit-log?actor={}", world.ada.id));
    assert_eq!(by_ada.rows().len(), 0, "an id of another account finds nothing");
}
