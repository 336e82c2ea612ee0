use diesel::prelude::*;
use rollcall::{
    authz::Role,
    clock::Span,
    db::{AccountId, schema::members},
    members::Status,
};

use crate::support::*;

const TWIN: &str = "twin@both.test";

/// A world in which the same address is a member of both accounts, with the same password.
fn with_twins() -> (World, Person, Person) {
    let world = World::new();
    let here = world.member(world.ada.account, "Tia Acme", TWIN, Role::Agent, Status::Active);
    let there = world.member(world.gus.account, "Tia Globex", TWIN, Role::Admin, Status::Active);
    (world, here, there)
}

fn enter(browser: &Browser) -> Page {
    browser.post("/login", &[("login", TWIN), ("password", PASSWORD), ("next", "/profile")])
}

fn companies(page: &Page) -> Vec<String> {
    let names = ["Acme Agent", "Globex Admin"];
    names.into_iter().filter(|name| page.has(name)).map(str::to_owned).collect()
}

#[test]
fn t1_a_password_that_fits_two_accounts_asks_which() {
    let (world, here, there) = with_twins();
    for person in [&here, &there] {
        let browser = world.browser();
        let page = world.unchanged("the question", || enter(&browser));
        assert_eq!((page.status, page.h1().as_str()), (200, "Choose an account"));
        assert_eq!(companies(&page), ["Acme Agent", "Globex Admin"]);
        assert!(!browser.is_signed_in(), "no session before the choice");
        let answer = browser.post("/login/account", &[("account_id", person.account.as_str())]);
        assert_eq!((answer.status, answer.to()), (303, "/profile"));
        assert_eq!(browser.get("/profile").value_of("last_name"), person.name.split(' ').nth(1).unwrap());
        assert!(!browser.cookies().keys().any(|name| name.ends_with("choice")), "{:?}", browser.cookies());
    }
}

#[test]
fn t1_the_choice_is_only_among_what_the_password_fitted() {
    let (world, here, _) = with_twins();
    let initech = world.account("Initech", "pro", ["Ira Bell", "Ida Bell", "Ian Bell", "Ivy Bell"])[0].account;
    let chosen = |browser: &Browser, account: &str| {
        let answer = world.unchanged(account, || browser.post("/login/account", &[("account_id", account)]));
        assert_eq!((answer.status, answer.to()), (303, "/login?done=choose"), "{account}");
        assert!(!browser.is_signed_in());
    };
    chosen(&world.browser(), here.account.as_str());
    let browser = world.browser();
    enter(&browser);
    chosen(&browser, initech.as_str());
    chosen(&browser, "x");
    chosen(&browser, AccountId::fresh(world.now()).as_str());
    // Deactivated between the question and the answer.
    world.stand(&here, Status::Deactivated);
    chosen(&browser, here.account.as_str());
    world.stand(&here, Status::Active);
    world.advance(Span::minutes(5));
    chosen(&browser, here.account.as_str());
}

#[test]
fn t6_a_password_changed_before_the_choice_ends_the_choice() {
    let (world, here, there) = with_twins();
    let chosen = |browser: &Browser, person: &Person| browser.post("/login/account", &[("account_id", person.account.as_str())]);
    let (open, late) = (world.browser(), world.browser());
    enter(&open);
    enter(&late);
    assert_eq!(chosen(&open, &here).to(), "/profile");
    let fields = [("current_password", PASSWORD), ("password", "velvet harbour ninety lanterns")];
    assert_eq!(open.post("/profile/password", &fields).to(), "/profile");
    let answer = world.unchanged("the old password's choice", || chosen(&late, &here));
    assert_eq!((answer.status, answer.to()), (303, "/login?done=choose"));
    assert!(!late.is_signed_in());
    // The other account's password is as before.
    assert_eq!(chosen(&late, &there).to(), "/profile");
}

#[test]
fn t1_a_forged_choice_opens_nothing() {
    let (world, here, _) = with_twins();
    let browser = world.browser();
    let page = enter(&browser);
    let cookie = page.set_cookies().into_iter().find(|cookie| cookie.contains("choice")).unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"), "{cookie}");
    let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
    let flipped = if value.ends_with('A') { "B" } else { "A" };
    let forged = format!("{name}={}{flipped}", &value[..value.len() - 1]);
    let thief = world.browser();
    let form = [("account_id", here.account.as_str())];
    let request = thief.request(reqwest::Method::POST, "/login/account").header("Sec-Fetch-Site", "same-origin").header("Cookie", forged).form(&form);
    assert_eq!(thief.send(request).to(), "/login?done=choose");
    assert!(!thief.is_signed_in());
}

#[test]
fn t1_different_passwords_lead_straight_in() {
    let (world, here, there) = with_twins();
    let row = members::table.filter(members::id.eq(here.id));
    let other = world.app.hasher.hash_now(&rollcall::sign_in::passwords::Password::typed("another one")).unwrap();
    world.write(|conn| diesel::update(row).set(members::password_hash.eq(other)).execute(conn));
    let browser = world.browser();
    assert_eq!(enter(&browser).status, 303);
    assert_eq!(browser.get("/profile").value_of("last_name"), "Globex");
    // And an account where one is out is none to choose.
    world.write(|conn| diesel::update(row).set(members::password_hash.eq(world.hash())).execute(conn));
    assert_eq!(enter(&world.browser()).status, 200);
    world.stand(&there, Status::Deactivated);
    let browser = world.browser();
    assert_eq!(enter(&browser).status, 303);
    assert_eq!(browser.get("/profile").value_of("last_name"), "Acme");
}

#[test]
fn t1_of_more_than_eight_accounts_the_verified_are_tried_first() {
    let world = World::new();
    for n in 0..9 {
        let [owner, ..] = world.account(&format!("Many{n}"), "pro", ["Ada Okafor", "Bo Xu", "Chen Wei", "Dana Silva"]);
        let twin = world.member(owner.account, "Tia Many", TWIN, Role::Agent, Status::Active);
        let verified = (n == 8).then(|| world.now());
        let row = members::table.filter(members::id.eq(twin.id));
        world.advance(Span::secs(1));
        world.write(|conn| diesel::update(row).set(members::email_verified_at.eq(verified)).execute(conn));
    }
    // Making accounts verified everybody; only the last twin shall be.
    let others = members::table.filter(members::email.eq(TWIN)).filter(members::created_at.lt(world.now() - Span::secs(1)));
    world.write(|conn| diesel::update(others).set(members::email_verified_at.eq(None::<rollcall::clock::At>)).execute(conn));
    let page = enter(&world.browser());
    assert_eq!(page.status, 200);
    let shown: Vec<usize> = (0..9).filter(|n| page.has(&format!("Many{n} "))).collect();
    assert_eq!(shown.len(), 8, "{shown:?}");
    assert!(shown.contains(&8), "{shown:?}");
}
