//! A password given a short while ago, before dangerous acts (T8).

use rollcall::clock::Span;

use crate::support::*;

const ASKS: &str = "/password/confirmation";
const HERE: &str = "/profile/two-factor";
const STALE: &str = "/password/confirmation?next=%2Fprofile%2Ftwo-factor";

#[test]
fn t8_after_fifteen_minutes_a_dangerous_act_asks_for_the_password() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let code = |page: &Page| Authenticator::of(page).code(&world);
    let first = dana.get(HERE);
    world.advance(Span::minutes(15) - Span::secs(1));
    assert!(dana.get(HERE).attribute("#secret", "value").is_some());
    world.advance(Span::secs(1));
    let page = world.unchanged("too late", || dana.post(HERE, &[("code", &code(&first))]));
    assert_eq!((page.status, page.to()), (303, STALE));
    let page = dana.get(HERE);
    assert_eq!((page.link("Confirm your password").as_deref(), page.attribute("#secret", "value")), (Some(STALE), None));
    let page = dana.get(STALE);
    assert_eq!((page.status, page.h1().as_str(), page.value_of("next").as_str()), (200, "Confirm your password", HERE));
    let answer = dana.post(ASKS, &[("current_password", PASSWORD), ("next", HERE)]);
    assert_eq!((answer.status, answer.to()), (303, HERE));
    world.advance(Span::minutes(14));
    world.set_up_two_factor(&dana);
    // Setting up asked for no password, so it is no fresher than before.
    world.advance(Span::minutes(1));
    assert_eq!(dana.post(HERE, &[("code", "000000")]).to(), STALE);
}

#[test]
fn t8_a_wrong_password_confirms_nothing_and_is_slowed_down() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    world.advance(Span::hours(1));
    for (typed, sentence) in [("", "Enter your current password."), ("not it", "This is not your current password.")] {
        let page = dana.post(ASKS, &[("current_password", typed), ("next", HERE)]);
        assert_eq!((page.status, page.error_of("current_password").as_str(), page.value_of("next").as_str()), (422, sentence, HERE));
    }
    assert_eq!(dana.post(ASKS, &[("current_password", PASSWORD), ("next", HERE)]).status, 429);
    assert_eq!(dana.post(HERE, &[("code", "000000")]).to(), STALE);
}

#[test]
fn t13_the_confirmation_leads_nowhere_else() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for next in ["//evil.test", "https://evil.test", "\\evil", ""] {
        assert_eq!(dana.post(ASKS, &[("current_password", PASSWORD), ("next", next)]).to(), "/", "{next}");
        let query = url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
        assert_eq!(dana.get(&format!("{ASKS}?next={query}")).value_of("next"), "/", "{next}");
    }
}

#[test]
fn t8_a_form_with_the_password_in_it_makes_it_fresh_too() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    world.advance(Span::hours(1));
    assert_eq!(dana.post("/profile/email", &[("email", "new@acme.test"), ("current_password", PASSWORD)]).status, 303);
    world.set_up_two_factor(&dana);
}

#[test]
fn t8_the_password_is_fresh_in_the_session_it_was_given_in() {
    let world = World::new();
    let (here, there) = (world.sign_in(&world.dana), world.sign_in(&world.dana));
    world.advance(Span::minutes(20));
    assert_eq!(here.post(ASKS, &[("current_password", PASSWORD), ("next", HERE)]).status, 303);
    assert_eq!(there.post(HERE, &[("code", "000000")]).to(), STALE);
    assert_eq!(here.post(HERE, &[("code", "000000")]).status, 422);
}

#[test]
fn t33_a_clock_that_is_set_back_makes_no_password_fresh() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    world.advance(Span::secs(0) - Span::minutes(1));
    assert_eq!(dana.post(HERE, &[("code", "000000")]).to(), STALE);
}

#[test]
fn t8_the_second_step_makes_the_password_no_fresher() {
    let world = World::new();
    let app = world.set_up_two_factor(&world.sign_in(&world.dana));
    let browser = world.first_step(&world.dana);
    world.advance(Span::minutes(9));
    assert_eq!(browser.post("/two-factor", &[("code", &app.code(&world))]).status, 303);
    world.advance(Span::minutes(6));
    assert_eq!(browser.post(HERE, &[("code", "000000")]).to(), STALE);
}
