use rollcall::{accounts, authz::Role, clock::Span, db::schema::members};

use super::*;

/// Acme on a plan of five places, four of them taken.
fn essentials() -> (World, Browser) {
    let world = World::wish().plan("essentials").open();
    let ada = world.sign_in(&world.ada);
    (world, ada)
}

#[test]
fn r36_the_plans_last_place_is_given_once() {
    let (world, ada) = essentials();
    assert!(ada.get(&format!("{LIST}/new")).has("1 of 5 places of the Essentials plan are free."));
    let page = world.unchanged("two for one place", || invite(&ada, "ana@x.test, bob@x.test", "agent"));
    assert_eq!(page.status, 422);
    assert!(page.error_of("emails").starts_with("The Essentials plan has 5 places and one is free."), "{}", page.error_of("emails"));
    assert_eq!(page.value_of("emails"), "ana@x.test, bob@x.test");
    assert_eq!(invite(&ada, "ana@x.test", "agent").status, 303);
    let page = world.unchanged("one for no place", || invite(&ada, "bob@x.test", "agent"));
    assert!(page.error_of("emails").contains("none is free"), "{}", page.error_of("emails"));
    // Globex has its own places.
    assert_eq!(invite(&world.sign_in(&world.gus), "bob@x.test", "agent").status, 303);
}

#[test]
fn r10_a_pending_invitation_keeps_its_place_until_it_is_cancelled() {
    let (world, ada) = essentials();
    invite(&ada, "ana@x.test", "agent");
    assert_eq!(invite(&ada, "bob@x.test", "agent").status, 422);
    ada.submit(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
    assert_eq!(invite(&ada, "bob@x.test", "agent").status, 303);
}

#[test]
fn r10_an_invitation_that_runs_out_frees_its_place_to_the_second() {
    let (world, ada) = essentials();
    invite(&ada, "ana@x.test", "agent");
    world.advance(Span::days(7) - Span::secs(1));
    let ada = world.sign_in(&world.ada);
    assert_eq!(invite(&ada, "bob@x.test", "agent").status, 422);
    world.advance(Span::secs(1));
    assert_eq!(invite(&ada, "bob@x.test", "agent").status, 303);
    // What ran out can have its place back only while there is one.
    let again = ada.submit(&format!("{}/invitation", profile(&world, "ana@x.test")), &[]);
    assert!(again.flash().contains("none is free"), "{}", again.flash());
    let link = ada.submit(&format!("{}/invitation/link", profile(&world, "ana@x.test")), &[]);
    assert!(link.flash().contains("none is free"), "{}", link.flash());
    ada.submit(&format!("{}/invitation/cancellation", profile(&world, "bob@x.test")), &[]);
    let again = ada.submit(&format!("{}/invitation", profile(&world, "ana@x.test")), &[]);
    assert_eq!(again.flash(), "Invite sent to ana@x.test again. The earlier link no longer works.");
}

#[test]
fn r10_acceptance_never_fails_for_a_place_it_reserved() {
    let (world, ada) = essentials();
    invite(&ada, "ana@x.test", "agent");
    let path = world.mailed_path("ana@x.test");
    // More people than places, by a plan that shrank meanwhile.
    world.member(world.ada.account, "Max Over", "max@x.test", Role::Agent, Status::Active);
    assert_eq!(accept(&world.browser(), &path).status, 303);
    assert_eq!(invite(&ada, "bob@x.test", "agent").status, 422, "the joined keep the place");
    // A running invitation keeps its place when it is sent again into a full plan.
    let (world, ada) = essentials();
    invite(&ada, "ana@x.test", "agent");
    world.advance(Span::minutes(1));
    assert!(ada.submit(&format!("{}/invitation", profile(&world, "ana@x.test")), &[]).flash().contains("again"));
    assert_eq!(accept(&world.browser(), &world.mailed_path("ana@x.test")).status, 303);
}

#[test]
fn r36_free_has_two_places_and_deactivated_people_take_none() {
    let world = World::wish().plan("free").open();
    let ada = world.sign_in(&world.ada);
    let page = invite(&ada, "ana@x.test", "agent");
    assert!(page.error_of("emails").starts_with("The Free plan has 2 places and none is free."), "{}", page.error_of("emails"));
    world.stand(&world.chen, Status::Deactivated);
    world.stand(&world.dana, Status::Deactivated);
    assert_eq!(invite(&ada, "ana@x.test", "agent").status, 422);
    world.stand(&world.bruno, Status::Deactivated);
    assert_eq!(invite(&ada, "ana@x.test", "agent").status, 303);
    assert_eq!(invite(&ada, "bob@x.test", "agent").status, 422);
}

#[test]
fn t25_of_sixty_at_once_one_gets_the_last_place() {
    let (world, ada) = essentials();
    let browsers: Vec<Browser> = (0..60).map(|_| ada.clone()).collect();
    let answers = world.at_once(60, |i| invite(&browsers[i], &format!("p{i}@x.test"), "agent").status);
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [303, 422, 503].contains(status)), "{answers:?}");
    let account = world.app.db.read_now(|conn| accounts::get(conn, world.ada.account)).unwrap();
    assert_eq!((account.active_members, account.invited_members), (4, 1));
    let invited = members::table.filter(members::account_id.eq(world.ada.account)).filter(members::status.eq(Status::Invited));
    assert_eq!(world.read(|conn| invited.count().get_result::<i64>(conn)), 1);
    assert_eq!(world.deliver().len(), 1);
}
