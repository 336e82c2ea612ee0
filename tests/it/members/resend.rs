use rollcall::{clock::Span, db::schema::invitations};

use super::*;

fn resend(world: &World, browser: &Browser, email: &str) -> Page {
    browser.submit(&format!("{}/invitation", profile(world, email)), &[])
}

#[test]
fn r5_an_invitation_lives_168_hours_to_the_second() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    world.advance(Span::hours(168) - Span::secs(1));
    assert_eq!(world.browser().get(&path).h1(), "Join Acme");
    world.advance(Span::secs(1));
    for page in [world.browser().get(&path), accept(&world.browser(), &path)] {
        assert_eq!((page.status, page.h1().as_str()), (410, "This invitation has expired"));
    }
    assert_eq!(find(&world, world.ada.account, "ana@x.test").1, Status::Invited);
}

#[test]
fn r5_a_link_opens_in_its_last_second() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    world.advance(Span::hours(168) - Span::secs(1));
    assert_eq!(accept(&world.browser(), &path).status, 303);
}

#[test]
fn r5_a_resent_link_has_a_new_life_and_kills_the_old() {
    let world = World::new();
    let old = invited(&world, "ana@x.test", "agent");
    world.advance(Span::days(6));
    let ada = world.sign_in(&world.ada);
    let page = resend(&world, &ada, "ana@x.test");
    assert_eq!(page.flash(), "Invite sent to ana@x.test again. The earlier link no longer works.");
    let new = world.mailed_path("ana@x.test");
    assert_ne!(old, new);
    let dead = world.browser().get(&old);
    assert_eq!((dead.status, dead.h1().as_str()), (410, "There is a newer invitation"));
    assert_eq!(world.unchanged("the old link", || accept(&world.browser(), &old)).status, 410);
    world.advance(Span::days(7) - Span::secs(1));
    assert_eq!(accept(&world.browser(), &new).status, 303);
    assert_eq!(world.browser().get(&old).status, 410);
    let events: Vec<String> =
        world.events(world.ada.account).into_iter().map(|[event, ..]| event).filter(|event| event.starts_with("invitation")).collect();
    assert_eq!(events, ["invitation.resent"]);
}

#[test]
fn r5_one_person_is_mailed_at_most_once_a_minute() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test, bob@x.test", "agent");
    world.advance(Span::secs(59));
    let path = format!("{}/invitation", profile(&world, "ana@x.test"));
    let answer = world.unchanged("a hasty resend", || ada.post(&path, &[]));
    assert_eq!(ada.get(answer.to()).flash(), "An invite was sent to them a moment ago. Wait 1 second before sending another.");
    world.advance(Span::secs(1));
    assert!(resend(&world, &ada, "ana@x.test").flash().contains("again"));
    assert!(resend(&world, &ada, "ana@x.test").flash().contains("Wait 60 seconds"));
    assert!(resend(&world, &ada, "bob@x.test").flash().contains("again"), "each person has their own minute");
    assert_eq!(world.deliver().len(), 2, "the mails of the dead links were dropped");
}

#[test]
fn r5_a_link_shown_in_between_does_not_shorten_the_minute() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    world.advance(Span::secs(10));
    let path = profile(&world, "ana@x.test");
    assert_eq!(ada.post(&format!("{path}/invitation/link"), &[]).status, 200);
    world.advance(Span::secs(20));
    assert!(resend(&world, &ada, "ana@x.test").flash().contains("Wait 30 seconds"));
    world.advance(Span::secs(30));
    assert!(resend(&world, &ada, "ana@x.test").flash().contains("again"));
}

#[test]
fn r5_of_twenty_resends_at_once_one_goes_out() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    world.advance(Span::minutes(2));
    let path = format!("{}/invitation", profile(&world, "ana@x.test"));
    let browsers: Vec<Browser> = (0..20).map(|_| ada.clone()).collect();
    world.at_once(20, |i| browsers[i].post(&path, &[]).status);
    let made: i64 = world.read(|conn| invitations::table.count().get_result(conn));
    assert_eq!(made, 2, "the first and one more");
    assert_eq!(world.deliver().len(), 1);
}

#[test]
fn t33_what_ran_out_stays_dead_when_the_clock_goes_back() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    world.advance(Span::days(7));
    world.app.db.write_now(|tx| rollcall::members::expire(tx, world.now())).unwrap();
    world.advance(Span::days(-3));
    let page = accept(&world.browser(), &path);
    assert_eq!((page.status, page.h1().as_str()), (410, "This invitation has expired"));
    // On the list it is what it is, and it can be sent again.
    let ada = world.sign_in(&world.ada);
    assert!(row(&ada.get(&format!("{LIST}?status=expired")), "ana@x.test")[2].starts_with("Invite expired"));
    assert_eq!(ada.get(&format!("{LIST}?status=invited")).rows().len(), 0);
    assert!(resend(&world, &ada, "ana@x.test").flash().contains("again"));
    assert_eq!(accept(&world.browser(), &world.mailed_path("ana@x.test")).status, 303);
}
