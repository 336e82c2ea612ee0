use rollcall::{audit::Author, authz::Role, clock::Span, db::schema::members, members::void_of};

use super::*;

fn demote(world: &World, person: &Person, role: Role) {
    world.write(|conn| diesel::update(members::table.filter(members::id.eq(person.id))).set(members::role.eq(role)).execute(conn));
}

/// Bruno invites Ana, and is an Agent afterwards.
fn voided() -> (World, String) {
    let world = World::new();
    invite(&world.sign_in(&world.bruno), "ana@x.test", "agent");
    let path = world.mailed_path("ana@x.test");
    demote(&world, &world.bruno, Role::Agent);
    assert_eq!(world.app.db.write_now(|tx| void_of(tx, &Author::program(world.bruno.account, "the tests"), world.bruno.id, world.now())).unwrap(), 1);
    (world, path)
}

#[test]
fn r12_when_the_inviter_may_no_longer_invite_the_invitation_is_to_be_sent_again() {
    let (world, path) = voided();
    let ada = world.sign_in(&world.ada);
    assert_eq!(row(&ada.get(LIST), "ana@x.test")[2], "Send again");
    let profile = profile(&world, "ana@x.test");
    assert!(ada.get(&profile).has("Bruno Vargas invited them and may no longer invite people, so the link does not work. Send it again."));
    for page in [world.browser().get(&path), world.unchanged("a void link", || accept(&world.browser(), &path))] {
        assert_eq!((page.status, page.h1().as_str()), (410, "This invitation has expired"));
    }
    world.advance(Span::minutes(1));
    let page = ada.submit(&format!("{profile}/invitation"), &[]);
    assert_eq!(page.flash(), "Invite sent to ana@x.test again. The earlier link no longer works.");
    let new = world.mailed_path("ana@x.test");
    assert!(world.browser().get(&new).has("Ada Okafor invited you"));
    assert_eq!(world.browser().get(&path).h1(), "There is a newer invitation");
    assert_eq!(accept(&world.browser(), &new).status, 303);
}

#[test]
fn r12_a_void_invitation_frees_its_place_and_can_be_cancelled() {
    let (world, path) = voided();
    let ada = world.sign_in(&world.ada);
    ada.submit(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
    assert_eq!(world.browser().get(&path).h1(), "This invitation was cancelled");

    let world = World::wish().plan("essentials").open();
    invite(&world.sign_in(&world.bruno), "ana@x.test", "agent");
    world.app.db.write_now(|tx| void_of(tx, &Author::program(world.bruno.account, "the tests"), world.bruno.id, world.now())).unwrap();
    assert_eq!(invite(&world.sign_in(&world.ada), "bob@x.test", "agent").status, 303);
}

#[test]
fn t24_the_link_looks_for_itself_whether_the_inviter_still_may() {
    // Each of these without the flag that the ability sets: the second lock on the same door.
    for lost in ["role", "status"] {
        let world = World::new();
        invite(&world.sign_in(&world.bruno), "ana@x.test", "agent");
        let path = world.mailed_path("ana@x.test");
        match lost {
            "role" => demote(&world, &world.bruno, Role::Supervisor),
            _ => world.stand(&world.bruno, Status::Deactivated),
        }
        assert_eq!(world.browser().get(&path).status, 410, "{lost}");
        assert_eq!(world.unchanged(lost, || accept(&world.browser(), &path)).status, 410, "{lost}");
    }
    let world = World::new();
    invite(&world.sign_in(&world.bruno), "ana@x.test", "agent");
    let path = world.mailed_path("ana@x.test");
    demote(&world, &world.dana, Role::Admin);
    assert_eq!(accept(&world.browser(), &path).status, 303, "somebody else's role is nothing to it");
}

#[test]
fn r7_a_void_link_sends_nobody_to_someone_who_cannot_help() {
    let (world, path) = voided();
    let page = world.browser().get(&path);
    assert!(!page.has("Ask Bruno Vargas"), "Bruno may not send it again: {}", page.text());
}
