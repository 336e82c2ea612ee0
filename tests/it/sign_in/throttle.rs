use rollcall::clock::Span;

use crate::support::*;

fn fail(browser: &Browser, name: &str) -> Page {
    browser.post("/login", &[("login", name), ("password", "wrong")])
}

/// The seconds that a 429 says; 0 for another answer.
fn told_to_wait(page: &Page) -> i64 {
    match page.status {
        429 => page.header("retry-after").parse().expect("seconds"),
        _ => 0,
    }
}

#[test]
fn t4_the_ladder_grows_with_each_failure_and_closes_at_a_hundred() {
    let world = World::new();
    let browser = world.browser();
    for failures in 1..=100 {
        assert_eq!(fail(&browser, "dana@acme.test").status, 422, "try {failures}");
        let wait = match failures {
            1..3 => 1,
            3..9 => 3,
            9..25 => 5,
            25..100 => 10,
            _ => 86_400,
        };
        if [1, 2, 3, 8, 9, 24, 25, 99, 100].contains(&failures) {
            let refused = fail(&browser, "dana@acme.test");
            assert_eq!(told_to_wait(&refused), wait, "after {failures} failures");
            assert_eq!(refused.h1(), "Too many tries");
            // While waiting, the right password is not even looked at.
            assert_eq!(browser.post("/login", &[("login", "DANA@acme.test"), ("password", PASSWORD)]).status, 429);
            world.advance(Span::secs(wait) - Span::secs(1));
            assert_eq!(told_to_wait(&fail(&browser, "dana@acme.test")), 1, "after {failures} failures, a second early");
            world.advance(Span::secs(1));
        } else {
            world.advance(Span::secs(wait));
        }
    }
    assert_eq!(browser.post("/login", &[("login", "dana@acme.test"), ("password", PASSWORD)]).status, 303);
}

#[test]
fn t4_an_unknown_name_is_slowed_down_like_a_known_one() {
    let world = World::new();
    for name in ["dana@acme.test", "nobody@acme.test", "acme/nobody", "no such thing!"] {
        let browser = world.browser();
        let answers: Vec<i64> = (0..3).map(|_| told_to_wait(&fail(&browser, name))).collect();
        assert_eq!(answers, [0, 1, 1], "{name}");
    }
}

#[test]
fn t4_success_forgets_the_failures() {
    let world = World::new();
    for _ in 0..8 {
        fail(&world.browser(), "dana@acme.test");
        world.advance(Span::secs(3));
    }
    world.sign_in(&world.dana);
    assert_eq!(fail(&world.browser(), "dana@acme.test").status, 422);
    assert_eq!(told_to_wait(&fail(&world.browser(), "dana@acme.test")), 1);
}

#[test]
fn t4_strangers_cannot_lock_out_a_browser_that_signed_in_before() {
    let world = World::new();
    let home = world.sign_in(&world.dana);
    home.post("/logout", &[]);
    for _ in 0..9 {
        fail(&world.browser(), "dana@acme.test");
        world.advance(Span::secs(3));
    }
    let password = [("login", "dana@acme.test"), ("password", PASSWORD)];
    assert_eq!(world.browser().post("/login", &password).status, 429);
    // The cookie is for this name only, and cannot be made up.
    assert_eq!(fail(&home, "chen@acme.test").status, 422);
    assert_eq!(told_to_wait(&fail(&world.browser(), "chen@acme.test")), 1, "Dana's device counts with everybody for Chen");
    let (name, value) = home.cookies().into_iter().find(|(name, _)| name.ends_with("device")).unwrap();
    let forged = format!("{name}=x{value}");
    let request = world.browser().request(reqwest::Method::POST, "/login").header("Sec-Fetch-Site", "same-origin").header("Cookie", forged);
    assert_eq!(world.browser().send(request.form(&password)).status, 429);
    // It has a ladder of its own.
    assert_eq!(fail(&home, "dana@acme.test").status, 422);
    assert_eq!(told_to_wait(&fail(&home, "dana@acme.test")), 1);
    world.advance(Span::secs(1));
    assert_eq!(home.post("/login", &password).status, 303);
}

#[test]
fn t4_one_address_gets_ten_tries_a_minute() {
    let world = World::wish().set("ROLLCALL_LOGIN_PER_MINUTE", "10").open();
    world.advance(Span::secs(7));
    for n in 0..10 {
        assert_eq!(fail(&world.browser(), &format!("nobody{n}@acme.test")).status, 422, "try {n}");
        world.advance(Span::secs(2));
    }
    let refused = world.browser().post("/login", &[("login", "dana@acme.test"), ("password", PASSWORD)]);
    assert_eq!(told_to_wait(&refused), 40);
    world.advance(Span::secs(39));
    assert_eq!(told_to_wait(&fail(&world.browser(), "other@acme.test")), 1);
    world.advance(Span::secs(1));
    world.sign_in(&world.dana);
}

#[test]
fn t4_counts_hold_in_another_process() {
    let world = World::new();
    fail(&world.browser(), "dana@acme.test");
    let neighbour = world.neighbour();
    assert_eq!(told_to_wait(&fail(&neighbour.browser, "dana@acme.test")), 1);
}

#[test]
fn t4_of_many_tries_at_once_one_is_checked() {
    let world = World::new();
    let answers = world.at_once(12, |_| fail(&world.browser(), "dana@acme.test").status);
    assert_eq!(answers.iter().filter(|status| **status == 422).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 11, "{answers:?}");
}

#[test]
fn t4_a_reset_by_mail_stays_open() {
    let world = World::new();
    for _ in 0..4 {
        fail(&world.browser(), "dana@acme.test");
        world.advance(Span::secs(1));
    }
    let browser = world.browser();
    assert_eq!(fail(&browser, "dana@acme.test").status, 429);
    assert_eq!(browser.post("/password/new", &[("login", "dana@acme.test")]).status, 200);
    let path = world.mailed_path("dana@acme.test");
    assert_eq!(browser.post(&path, &[("password", "velvet harbour ninety lanterns")]).to(), "/login?done=reset");
}
