use rollcall::{clock::Span, sign_in::links::Purpose};

use crate::support::*;

fn ask(browser: &Browser, email: &str, password: &str) -> Page {
    browser.post("/profile/email", &[("email", email), ("current_password", password)])
}

fn assert_gone(page: &Page) {
    assert_eq!((page.status, page.h1().as_str()), (410, "This link does not work any more"));
}

#[test]
fn r24_an_own_change_acts_when_the_new_address_confirms_it() {
    let world = World::new();
    let (dana, other) = (world.sign_in(&world.dana), world.sign_in(&world.dana));
    let page = dana.submit("/profile/email", &[("email", " Dana.Silva@New.test "), ("current_password", PASSWORD)]);
    assert!(page.flash().contains("dana.silva@new.test") && page.flash().contains("60 minutes"), "{}", page.flash());
    let path = world.mailed_path("dana.silva@new.test");
    assert_eq!(world.row(&world.dana).email.as_deref(), Some("dana@acme.test"), "not before the link");
    let reset = world.link(&world.dana, Purpose::PasswordReset, "dana@acme.test");
    let stranger = world.browser();
    assert!(world.unchanged("opening the link", || stranger.get(&path)).has("dana.silva@new.test"));
    world.advance(Span::minutes(60) - Span::secs(1));
    let answer = stranger.post(&path, &[]);
    assert_eq!((answer.status, answer.to()), (303, "/login?done=email"));
    assert!(stranger.get(answer.to()).has("Your new address is in use."));
    assert!(!dana.is_signed_in() && !other.is_signed_in());
    assert_gone(&stranger.get(&reset));
    assert_gone(&world.unchanged("a spent link", || stranger.post(&path, &[])));
    let login = |name: &str| stranger.post("/login", &[("login", name), ("password", PASSWORD)]).status;
    assert_eq!((login("dana@acme.test"), login("dana.silva@new.test")), (422, 303));
    let notice = world.deliver();
    assert_eq!(
        notice.iter().map(|mail| (mail.to[0].as_str(), mail.subject())).collect::<Vec<_>>(),
        [("dana@acme.test", "Your email address was changed".into())]
    );
    assert!(notice[0].text().contains("dana.silva@new.test"));
    let events: Vec<[String; 4]> = world.events(world.dana.account).into_iter().filter(|event| event[0].starts_with("email.")).collect();
    assert_eq!(
        events.iter().map(|event| (event[0].as_str(), event[3].as_str())).collect::<Vec<_>>(),
        [("email.change_asked", "dana.silva@new.test"), ("email.changed", "to dana.silva@new.test")]
    );
    // Search and lists know the new address.
    let found = world.sign_in(&world.ada).get("/settings/team/members?q=silva%40new");
    assert_eq!(found.rows().len(), 1);
}

#[test]
fn r24_following_a_link_signs_nobody_else_out() {
    let world = World::new();
    let (dana, chen) = (world.sign_in(&world.dana), world.sign_in(&world.chen));
    let path = world.link(&world.dana, Purpose::EmailChange, "dana@new.test");
    let answer = chen.post(&path, &[]);
    assert_eq!((answer.status, answer.to()), (303, "/"));
    assert_eq!(chen.get("/profile").flash(), "The address dana@new.test is in use from now on.");
    assert!(chen.is_signed_in() && !dana.is_signed_in());
    let dana = world.browser();
    assert_eq!(dana.post("/login", &[("login", "dana@new.test"), ("password", PASSWORD)]).status, 303);
    let path = world.link(&world.dana, Purpose::EmailChange, "dana@other.test");
    assert_eq!(dana.post(&path, &[]).to(), "/login?done=email");
    assert!(!dana.is_signed_in());
}

#[test]
fn r24_the_link_lives_sixty_minutes_and_only_the_newest() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    ask(&dana, "one@new.test", PASSWORD);
    let first = world.mailed_path("one@new.test");
    ask(&dana, "two@new.test", PASSWORD);
    let second = world.mailed_path("two@new.test");
    assert_gone(&dana.post(&first, &[]));
    world.advance(Span::minutes(60));
    assert_gone(&dana.get(&second));
    assert_gone(&world.unchanged("a late link", || dana.post(&second, &[])));
}

#[test]
fn t8_without_the_password_nothing_is_asked_for() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for (email, password, field, sentence) in [
        ("dana@new.test", "not it", "current_password", "This is not your current password."),
        ("dana@new.test", "", "current_password", "Enter your current password."),
        ("dana@new", PASSWORD, "email", "Enter an email address"),
        ("Dana@Acme.test", PASSWORD, "email", "This is your address already."),
    ] {
        world.advance(Span::secs(3));
        let page = world.unchanged(field, || ask(&dana, email, password));
        assert_eq!(page.status, 422, "{email}");
        assert!(page.error_of(field).contains(sentence), "{:?}", page.error_of(field));
        assert_eq!(page.value_of("email"), email);
        assert!(!page.body.contains(PASSWORD));
    }
}

#[test]
fn r3_a_taken_address_gets_no_link_and_nobody_is_told() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let flash = |email: &str| dana.submit("/profile/email", &[("email", email), ("current_password", PASSWORD)]).flash().replace(email, "X");
    let (free, taken) = (flash("free@new.test"), flash("chen@acme.test"));
    assert_eq!(free, taken);
    let to: Vec<String> = world.deliver().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to, ["free@new.test"]);
    // The same address in another account is another member's, and no obstacle (T1).
    flash("gus@globex.test");
    let path = world.mailed_path("gus@globex.test");
    assert_eq!(world.browser().post(&path, &[]).status, 303);
    assert_eq!(world.row(&world.dana).email.as_deref(), Some("gus@globex.test"));
    assert_eq!(world.row(&world.gus).email.as_deref(), Some("gus@globex.test"));
}

#[test]
fn r3_an_address_that_was_taken_meanwhile_is_not_taken_twice() {
    let world = World::new();
    let (dana, chen) = (world.sign_in(&world.dana), world.sign_in(&world.chen));
    ask(&dana, "shared@new.test", PASSWORD);
    let danas = world.mailed_path("shared@new.test");
    ask(&chen, "shared@new.test", PASSWORD);
    let chens = world.mailed_path("shared@new.test");
    assert_eq!(world.browser().post(&chens, &[]).status, 303);
    assert_gone(&world.browser().post(&danas, &[]));
    assert_eq!(world.row(&world.dana).email.as_deref(), Some("dana@acme.test"));
    assert!(dana.is_signed_in());
}

#[test]
fn t9_a_link_dies_with_the_password() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    ask(&dana, "dana@new.test", PASSWORD);
    let path = world.mailed_path("dana@new.test");
    let fields = [("current_password", PASSWORD), ("password", "velvet harbour ninety lanterns")];
    assert_eq!(dana.post("/profile/password", &fields).status, 303);
    assert_gone(&world.browser().post(&path, &[]));
}
