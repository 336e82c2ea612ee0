//! What somebody signed in must do before anything else opens (R2).

use rollcall::{db::schema::members, sign_in::links::Purpose};

use super::*;

const OWN: &str = "/profile/password";
const NEW: &str = "velvet harbour ninety lanterns";

/// Somebody else knows this person's password.
fn given_a_password(world: &World, person: &Person) {
    let row = members::table.filter(members::id.eq(person.id));
    world.write(|conn| diesel::update(row).set(members::must_change_password.eq(true)).execute(conn));
}

fn change(browser: &Browser, current: &str, password: &str) -> Page {
    browser.post(OWN, &[("current_password", current), ("password", password)])
}

#[test]
fn r2_a_given_password_opens_nothing_but_the_page_that_changes_it() {
    let world = World::new();
    for person in [&world.ada, &world.bruno, &world.chen, &world.dana] {
        given_a_password(&world, person);
        let browser = world.sign_in(person);
        for path in [
            "/",
            LIST,
            "/settings/team/members.csv",
            "/profile",
            "/profile/email",
            "/profile/sessions",
            "/profile/two-factor",
            "/password/confirmation",
            "/settings/audit-log",
        ] {
            let page = world.unchanged(path, || browser.get(path));
            assert_eq!((page.status, page.to()), (303, OWN), "{path} as {:?}", person.role);
        }
        let fields = [("first_name", "Nia"), ("last_name", ""), ("job_title", ""), ("time_zone", ""), ("theme", "dark")];
        let page = world.unchanged("POST /profile", || browser.post("/profile", &fields));
        assert_eq!((page.status, page.to()), (303, OWN), "POST /profile as {:?}", person.role);
        let page = world.unchanged("two-factor", || browser.post("/profile/two-factor", &[("code", "000000")]));
        assert_eq!((page.status, page.to()), (303, OWN), "POST /profile/two-factor as {:?}", person.role);
        let page = browser.get(OWN);
        assert_eq!((page.status, page.h1().as_str()), (200, "Choose your own password"));
        assert!(page.link("Settings").is_none() && page.link("Members").is_none(), "links that lead back here");
    }
}

#[test]
fn r2_a_changed_password_opens_the_rest_and_leads_to_the_start() {
    let world = World::new();
    given_a_password(&world, &world.bruno);
    let browser = world.sign_in(&world.bruno);
    let before = browser.clone();
    let page = change(&browser, PASSWORD, NEW);
    assert_eq!((page.status, page.to()), (303, "/"));
    assert!(!world.row(&world.bruno).must_change_password);
    assert_eq!(browser.get("/").to(), LIST);
    assert_eq!(browser.get(LIST).status, 200);
    assert_eq!(before.get(LIST).to(), rollcall::web::login_path(LIST), "the key from before the change");
    assert_eq!(browser.get(OWN).h1(), "Change password");
}

#[test]
fn r2_the_same_password_is_no_change() {
    let world = World::new();
    given_a_password(&world, &world.dana);
    let browser = world.sign_in(&world.dana);
    let page = change(&browser, PASSWORD, PASSWORD);
    assert_eq!(page.status, 422);
    assert_eq!(page.error_of("password"), "This is your password already. Choose another one.");
    assert_eq!(page.h1(), "Choose your own password");
    assert!(world.row(&world.dana).must_change_password);
    assert_eq!(change(&browser, "not the one", NEW).status, 422);
    assert_eq!(browser.get("/profile").to(), OWN);
}

#[test]
fn r18_an_errand_stands_from_the_next_click_of_an_open_session() {
    let world = World::new();
    let browser = world.sign_in(&world.dana);
    assert_eq!(browser.get("/profile").status, 200);
    given_a_password(&world, &world.dana);
    assert_eq!(browser.get("/profile").to(), OWN);
}

#[test]
fn r2_a_password_set_by_a_mailed_link_ends_the_errand() {
    let world = World::new();
    given_a_password(&world, &world.dana);
    let path = world.link(&world.dana, Purpose::PasswordReset, &world.dana.email);
    assert_eq!(world.browser().post(&path, &[("password", NEW)]).status, 303);
    assert!(!world.row(&world.dana).must_change_password);
}

#[test]
fn r2_signing_out_is_open_to_whoever_has_an_errand() {
    let world = World::new();
    given_a_password(&world, &world.dana);
    let browser = world.sign_in(&world.dana);
    assert_eq!(browser.post("/logout", &[]).to(), "/login?done=out");
    assert_eq!(browser.get("/profile").to(), rollcall::web::login_path("/profile"));
}
