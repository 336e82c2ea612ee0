//! The account's page, and of whom it asks a second factor (T7).

use rollcall::clock::Span;

use super::second_step::pass;
use crate::support::*;

const ACCOUNT: &str = "/settings/account";
const SET_UP: &str = "/profile/two-factor";

fn ask(browser: &Browser, of: &str) -> Page {
    browser.post(ACCOUNT, &[("company", "Acme"), ("time_zone", "UTC"), ("require_two_factor", of)])
}

#[test]
fn r14_the_accounts_page_shows_and_saves() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let page = bruno.get(ACCOUNT);
    assert_eq!((page.status, page.h1().as_str()), (200, "Account"));
    assert_eq!(["company", "time_zone", "require_two_factor"].map(|field| page.value_of(field)), ["Acme", "UTC", "nobody"]);
    assert!(page.has("acme/username"), "the short name for usernames");
    assert_eq!(page.link("Account").as_deref(), Some(ACCOUNT));
    let page = bruno.submit(ACCOUNT, &[("company", " Acme  Phone "), ("time_zone", "Europe/Lisbon"), ("require_two_factor", "nobody")]);
    assert_eq!((page.flash().as_str(), page.value_of("company").as_str()), ("Your changes are saved.", "Acme Phone"));
    let event = world.events(world.ada.account).pop().unwrap();
    assert_eq!(event, ["account.changed", "Bruno Vargas", "", "company: Acme Phone, time zone: Europe/Lisbon"]);
    let fields = [("company", "Acme Phone"), ("time_zone", "Europe/Lisbon"), ("require_two_factor", "nobody")];
    let page = world.unchanged("the same again", || bruno.submit(ACCOUNT, &fields));
    assert_eq!(page.flash(), "Nothing was changed.");
}

#[test]
fn r58_a_wrong_account_form_comes_back_and_changes_nothing() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (field, value, sentence) in [
        ("company", "", "Enter your company's name."),
        ("company", &"x".repeat(81), "A company's name has at most 80 characters."),
        ("time_zone", "Mars/Olympus", ""),
        ("require_two_factor", "robots", "Choose of whom it is asked."),
        ("require_two_factor", "", "Choose of whom it is asked."),
    ] {
        let mut fields = vec![("company", "Acme"), ("time_zone", "UTC"), ("require_two_factor", "everyone")];
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|pair| pair.1 = value);
        let page = world.unchanged(field, || ada.post(ACCOUNT, &fields));
        assert_eq!(page.status, 422, "{field}");
        assert!(!page.error_of(field).is_empty() && page.error_of(field).contains(sentence), "{field}: {:?}", page.error_of(field));
    }
}

#[test]
fn t7_whom_the_account_asks_is_led_to_set_it_up_at_the_next_click() {
    let world = World::new();
    let browsers = [&world.ada, &world.bruno, &world.chen, &world.dana].map(|person| world.sign_in(person));
    let [ada, bruno, chen, dana] = &browsers;
    assert_eq!(ask(bruno, "admins").to(), ACCOUNT);
    for (browser, asked) in [(ada, true), (bruno, true), (chen, false), (dana, false)] {
        let page = browser.get("/profile");
        assert_eq!((page.status, page.to()), if asked { (303, SET_UP) } else { (200, "") });
    }
    assert_eq!(bruno.get(ACCOUNT).to(), SET_UP, "who asks it is asked too");
    let page = bruno.get(SET_UP);
    assert!(page.has("Acme asks a second step of you") && page.link("Members").is_none(), "{}", page.text());
    world.set_up_two_factor(bruno);
    assert_eq!(bruno.get(ACCOUNT).value_of("require_two_factor"), "admins");
    assert_eq!(ask(bruno, "everyone").status, 303);
    assert_eq!([chen, dana].map(|browser| browser.get("/profile").to().to_owned()), [SET_UP, SET_UP]);
    world.set_up_two_factor(dana);
    assert_eq!(dana.get("/profile").status, 200);
    assert_eq!(ask(bruno, "nobody").status, 303);
    assert_eq!([ada, chen].map(|browser| browser.get("/profile").status), [200, 200]);
}

#[test]
fn t7_who_is_asked_sets_it_up_after_signing_in_and_cannot_turn_it_off() {
    let world = World::new();
    assert_eq!(ask(&world.sign_in(&world.ada), "everyone").status, 303);
    let dana = world.sign_in(&world.dana);
    assert_eq!(dana.get("/").to(), SET_UP);
    let app = Authenticator::of(&dana.get(SET_UP));
    let page = dana.post(SET_UP, &[("code", &app.code(&world))]);
    assert_eq!(page.link("I have kept them").as_deref(), Some("/"), "on to where everybody starts");
    let page = dana.get(SET_UP);
    assert!(page.has("Acme asks two-factor sign-in of you, so it stays on."));
    let page = world.unchanged("turning it off", || dana.post(&format!("{SET_UP}/removal"), &[("current_password", PASSWORD)]));
    assert_eq!(page.status, 422);
    assert_eq!(page.problems(), ["Acme asks two-factor sign-in of you, so it stays on."]);
    world.advance(Span::secs(30));
    pass(&world.first_step(&world.dana), &app.code(&world), "/");
}

#[test]
fn t7_an_errand_outlasts_a_stale_password() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    world.advance(Span::minutes(30));
    assert_eq!(ask(&world.sign_in(&world.ada), "everyone").status, 303);
    assert_eq!(dana.get("/profile").to(), SET_UP);
    let confirm = dana.get(SET_UP).link("Confirm your password").unwrap();
    assert_eq!(dana.get(&confirm).status, 200);
    assert_eq!(dana.post("/password/confirmation", &[("current_password", PASSWORD), ("next", SET_UP)]).to(), SET_UP);
    world.set_up_two_factor(&dana);
    assert_eq!(dana.get("/profile").status, 200);
}

#[test]
fn r59_of_the_account_only_what_was_changed_is_written() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let shown = [("shown_company", "Acme"), ("shown_time_zone", "UTC"), ("shown_require_two_factor", "nobody")];
    let page = ada.get(ACCOUNT);
    for (name, value) in shown {
        assert_eq!(page.attribute(&format!("input[name='{name}']"), "value").as_deref(), Some(value));
    }
    let post = |browser: &Browser, company: &str, zone: &str| {
        let fields = [("company", company), ("time_zone", zone), ("require_two_factor", "nobody")];
        browser.post(ACCOUNT, &[&fields[..], &shown].concat())
    };
    assert_eq!(post(&bruno, "Acme Phone", "UTC").status, 303);
    // Another field: both stand.
    assert_eq!(post(&ada, "Acme", "Europe/Lisbon").status, 303);
    let page = ada.get(ACCOUNT);
    assert_eq!(["company", "time_zone"].map(|field| page.value_of(field)), ["Acme Phone", "Europe/Lisbon"]);
    // The same field: it is shown as it is now.
    let page = world.unchanged("a stale form", || post(&ada, "Acme Two", "UTC"));
    assert_eq!((page.status, page.value_of("company").as_str()), (409, "Acme Phone"));
    assert_eq!(page.attribute("input[name='shown_company']", "value").as_deref(), Some("Acme Phone"));
    assert!(page.problems()[0].starts_with("Somebody else changed the account"), "{:?}", page.problems());
}
