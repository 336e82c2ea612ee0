use diesel::prelude::*;
use rollcall::{
    authz::Role,
    clock::Span,
    db::schema::{accounts, members},
    members::{Member, Status},
};

use crate::support::*;

const NAMES: [&str; 6] = ["company", "name", "email", "password", "plan", "time_zone"];
const FORM: [&str; 6] = ["Acme Phone", "Ada Okafor King", " Ada@Acme.TEST ", PASSWORD, "team", "Europe/Lisbon"];

fn form(values: [&str; 6]) -> Vec<(&str, &str)> {
    NAMES.into_iter().zip(values).collect()
}

fn with<'a>(field: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    form(FORM).into_iter().map(|(name, good)| (name, if name == field { value } else { good })).collect()
}

fn count_accounts(world: &World) -> i64 {
    world.read(|conn| accounts::table.count().get_result(conn))
}

#[test]
fn r13_the_first_visitor_opens_the_account_and_is_its_owner() {
    let world = World::wish().empty().open();
    let browser = world.browser();
    assert_eq!(browser.get("/").to(), "/signup");
    let page = browser.get("/signup");
    assert_eq!((page.status, page.value_of("time_zone").as_str()), (200, "UTC"));
    let home = browser.submit("/signup", &form(FORM));
    assert_eq!((home.status, home.h1().as_str()), (200, "Members"));
    assert!(home.flash().contains("Acme Phone is ready"), "{}", home.flash());
    let all: Vec<Member> = world.read(|conn| members::table.select(Member::as_select()).load(conn));
    let [ada] = &all[..] else { panic!("{all:?}") };
    assert_eq!((ada.role, ada.status, ada.email.as_deref()), (Role::Owner, Status::Active, Some("ada@acme.test")));
    assert_eq!((ada.first_name.as_str(), ada.last_name.as_str()), ("Ada", "Okafor King"));
    assert_eq!(ada.email_verified_at, None);
    let account: (String, String, String, i64) =
        world.read(|conn| accounts::table.select((accounts::slug, accounts::plan, accounts::time_zone, accounts::active_members)).first(conn));
    assert_eq!(account, ("acme-phone".into(), "team".into(), "Europe/Lisbon".into(), 1));
    assert_eq!(world.events(ada.account_id), [["account.opened", "Ada Okafor King", "Ada Okafor King", "Acme Phone, plan Team"]]);
}

#[test]
fn t1_the_owners_address_is_proved_by_the_mailed_link() {
    let world = World::wish().empty().open();
    let browser = world.browser();
    browser.submit("/signup", &form(FORM));
    let path = world.mailed_path("ada@acme.test");
    let stranger = world.browser();
    let page = world.unchanged("opening the link", || stranger.get(&path));
    assert!(page.has("ada@acme.test"), "{}", page.text());
    world.advance(Span::days(7) - Span::secs(1));
    assert_eq!(stranger.post(&path, &[]).to(), "/login?done=confirmed");
    let verified: Option<rollcall::clock::At> = world.read(|conn| members::table.select(members::email_verified_at).first(conn));
    assert_eq!(verified, Some(world.now()));
    for page in [world.unchanged("a spent link", || stranger.post(&path, &[])), stranger.get(&path)] {
        assert_eq!((page.status, page.h1().as_str()), (410, "This link does not work any more"));
    }
}

#[test]
fn r58_sign_up_keeps_what_was_typed_but_the_password() {
    let world = World::wish().empty().open();
    for (field, value, sentence) in [
        ("company", " ", "Enter your company's name."),
        ("name", "Visit https://evil.test", "links"),
        ("email", "ada@acme", "Enter an email address"),
        ("password", "short", "at least 12"),
        ("password", "aaaaaaaaaaaaaaaa", "easy to guess"),
        ("password", "velvet OKAFOR harbour nine", "Leave your name"),
        ("password", "ada@acme.test", "Leave your name"),
        ("password", "nine velvet acme phone 8", "Leave your name"),
        ("plan", "gold", "Choose a plan."),
        ("time_zone", "Mars/Olympus", "Choose a time zone"),
    ] {
        let page = world.unchanged(field, || world.browser().post("/signup", &with(field, value)));
        assert_eq!(page.status, 422, "{field} {value:?}");
        assert!(page.error_of(field).contains(sentence), "{field} {value:?}: {:?}", page.error_of(field));
        assert_eq!(page.problems().len(), 1, "{:?}", page.problems());
        assert!(page.title().starts_with("Error: "), "{}", page.title());
        for other in ["company", "name", "email"] {
            let typed = with(field, value).into_iter().find(|(name, _)| *name == other).unwrap().1;
            assert_eq!(page.value_of(other), typed, "{other} beside a wrong {field}");
        }
        assert!(!page.body.contains(PASSWORD) && page.value_of("password").is_empty());
        assert!(page.set_cookies().is_empty());
    }
}

#[test]
fn t3_any_long_unicode_password_is_taken_whole() {
    let world = World::wish().empty().open();
    let long = "жираф 長頸鹿 🦒 ".repeat(30).chars().take(256).collect::<String>();
    assert_eq!(world.browser().post("/signup", &with("password", &format!("{long}x"))).status, 422);
    assert_eq!(world.browser().post("/signup", &with("password", &long)).status, 303);
    let login = |password: &str| {
        world.advance(Span::minutes(1));
        world.browser().post("/login", &[("login", "ada@acme.test"), ("password", password)]).status
    };
    let cut: String = long.chars().take(255).collect();
    assert_eq!((login(&cut), login(&format!("{long}x")), login(&long)), (422, 422, 303));
}

#[test]
fn sign_up_first_is_for_the_first_only() {
    let world = World::new();
    let browser = world.browser();
    assert_eq!(browser.get("/").to(), "/login");
    assert_eq!(browser.get("/login").link("Create an account"), None);
    for page in [browser.get("/signup"), world.unchanged("a late sign-up", || browser.post("/signup", &form(FORM)))] {
        assert_eq!((page.status, page.h1().as_str()), (403, "Sign-up is closed"));
    }
}

#[test]
fn sign_up_closed_is_closed_even_on_an_empty_server() {
    let world = World::wish().empty().set("ROLLCALL_SIGNUP", "closed").open();
    let browser = world.browser();
    assert_eq!(browser.get("/").to(), "/login");
    for page in [browser.get("/signup"), world.unchanged("a sign-up", || browser.post("/signup", &form(FORM)))] {
        assert_eq!((page.status, page.h1().as_str()), (403, "Sign-up is closed"));
    }
}

#[test]
fn sign_up_open_makes_accounts_that_do_not_know_each_other() {
    let world = World::wish().set("ROLLCALL_SIGNUP", "open").open();
    assert_eq!(world.browser().get("/login").link("Create an account").as_deref(), Some("/signup"));
    let browser = world.browser();
    // The same address and the same company as in an account that exists: nobody is told.
    let home = browser.submit("/signup", &with("company", "Acme"));
    assert_eq!(home.rows().len(), 1);
    assert!(home.rows()[0][0].starts_with("Ada Okafor King (you)"), "{:?}", home.rows());
    let slugs: Vec<String> = world.read(|conn| accounts::table.select(accounts::slug).order(accounts::slug).load(conn));
    assert_eq!(slugs, ["acme", "acme-2", "globex"]);
}

#[test]
fn t25_of_two_first_visitors_one_opens_the_account() {
    let world = World::wish().empty().open();
    let answers = world.at_once(8, |i| world.browser().post("/signup", &with("email", &format!("ada{i}@acme.test"))).status);
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [303, 403].contains(status)), "{answers:?}");
    assert_eq!(count_accounts(&world), 1);
}
