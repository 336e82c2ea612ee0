//! What a session is in the database and in the browser (T5, T6, R18).

use actix_session::storage::{SessionKey, SessionStore};
use diesel::prelude::*;
use rollcall::{
    authz::Role,
    clock::{At, Span},
    db::schema::{members, sessions},
    keys,
    members::Status,
    sign_in::Store,
};

use crate::support::*;

fn count(world: &World) -> i64 {
    world.read(|conn| sessions::table.count().get_result(conn))
}

fn last_seen(world: &World) -> At {
    world.read(|conn| sessions::table.select(sessions::last_seen_at).first(conn))
}

#[test]
fn t5_anonymous_visitors_get_no_row_and_no_cookie() {
    let world = World::new();
    let browser = world.browser();
    for path in ["/", "/login", "/profile", "/nothing", "/password/new", "/settings/team/members", "/health/live"] {
        assert!(browser.get(path).set_cookies().is_empty(), "{path}");
    }
    for (path, field) in
        [("/login", ("login", "nobody@x.test")), ("/password/new", ("login", "nobody@x.test")), ("/logout", ("next", "/")), ("/profile", ("a", "b"))]
    {
        let page = browser.post(path, &[field, ("password", "x")]);
        // A removal of what is not there would be no cookie either.
        assert!(page.set_cookies().iter().all(|cookie| cookie.contains("Max-Age=0")), "{path}: {:?}", page.set_cookies());
    }
    assert_eq!(count(&world), 0);
}

#[test]
fn t5_the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    for (settings, name, secure) in [(None, "rollcall", false), (Some("https://portal.acme.test"), "__Host-rollcall", true)] {
        let wish = World::wish();
        let world = settings.map_or_else(World::new, |url| wish.set("ROLLCALL_PUBLIC_URL", url).open());
        let answer = world.browser().post("/login", &[("login", &world.dana.email), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookies = answer.set_cookies();
        assert_eq!(cookies.len(), 2, "the session's and the device's: {cookies:?}");
        for cookie in cookies {
            let parts: Vec<&str> = cookie.split("; ").collect();
            assert!(parts[0].starts_with(name), "{cookie}");
            assert!(parts.contains(&"HttpOnly") && parts.contains(&"SameSite=Lax") && parts.contains(&"Path=/"), "{cookie}");
            assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }
}

#[test]
fn t5_the_database_knows_only_the_digest_of_the_key() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let cookie = dana.cookies()["rollcall"].clone();
    let key: String = cookie.chars().skip(cookie.chars().count() - 64).collect();
    assert!(key.chars().all(|c| c.is_ascii_alphanumeric()), "{cookie}");
    let stored: Vec<rollcall::db::Digest32> = world.read(|conn| sessions::table.select(sessions::key_hash).load(conn));
    assert_eq!(stored, [keys::digest(key.as_bytes())]);
    let everything = format!("{:?}", world.everything());
    assert!(!everything.contains(&key) && !everything.contains(&hex(key.as_bytes())));
    // The key alone opens nothing without the server's signature.
    let thief = world.browser();
    assert_eq!(thief.send(thief.request(reqwest::Method::GET, "/profile").header("Cookie", format!("rollcall={key}"))).status, 303);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn t5_a_session_ends_after_two_hours_without_a_request() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for _ in 0..3 {
        world.advance(Span::hours(2) - Span::secs(1));
        assert!(dana.is_signed_in());
    }
    world.advance(Span::hours(2));
    assert_eq!(dana.clone().get("/profile").to(), "/login?next=%2Fprofile");
    assert_eq!(count(&world), 0, "an ended session leaves its row");
    // A clock that is set back revives nothing (T33).
    world.advance(Span::secs(0) - Span::hours(1));
    assert!(!dana.is_signed_in());
}

#[test]
fn t5_a_session_ends_after_a_day_in_any_case() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for _ in 0..23 {
        world.advance(Span::hours(1));
        assert!(dana.is_signed_in());
    }
    world.advance(Span::hours(1) - Span::secs(1));
    assert!(dana.is_signed_in());
    world.advance(Span::secs(1));
    assert!(!dana.is_signed_in());
}

#[test]
fn t5_other_limits_can_be_set() {
    let world = World::wish().set("ROLLCALL_SESSION_IDLE", "10m").set("ROLLCALL_SESSION_MAX", "25m").open();
    let dana = world.sign_in(&world.dana);
    world.advance(Span::minutes(9));
    assert!(dana.is_signed_in());
    world.advance(Span::minutes(9));
    assert!(dana.is_signed_in());
    world.advance(Span::minutes(7));
    assert!(!dana.is_signed_in());
}

#[test]
fn t5_the_last_use_is_written_at_most_once_a_minute() {
    let world = World::new();
    let begun = world.now();
    let dana = world.sign_in(&world.dana);
    world.advance(Span::secs(59));
    assert!(dana.is_signed_in());
    assert_eq!(last_seen(&world), begun);
    world.advance(Span::secs(1));
    assert!(dana.is_signed_in());
    assert_eq!(last_seen(&world), begun + Span::minutes(1));
    assert_eq!(world.row(&world.dana).last_active_at, begun + Span::minutes(1));
    world.advance(Span::secs(59));
    assert!(dana.is_signed_in());
    assert_eq!(last_seen(&world), begun + Span::minutes(1));
}

#[test]
fn t5_a_vanished_session_is_never_made_again() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let cookie = dana.cookies()["rollcall"].clone();
    let key: String = cookie.chars().skip(cookie.chars().count() - 64).collect();
    world.write(|conn| diesel::delete(sessions::table).execute(conn));
    let form = [("first_name", "Dana"), ("last_name", "S"), ("job_title", ""), ("time_zone", ""), ("theme", "dark")];
    assert_eq!(dana.clone().post("/profile", &form).status, 303);
    assert_eq!(count(&world), 0);
    // A request that began before the row went, and ends after it.
    let store = Store::new(world.app.db.clone(), world.clock.clone(), Span::hours(2), Span::hours(24));
    let key = SessionKey::try_from(key).unwrap();
    let state = [("flash".to_owned(), "{}".to_owned())].into();
    let _ = world.block_on(store.update(key, state, &actix_web::cookie::time::Duration::hours(1)));
    assert_eq!(count(&world), 0);
    assert!(!dana.is_signed_in());
}

#[test]
fn t5_signing_in_makes_a_new_key() {
    let world = World::new();
    let browser = world.sign_in(&world.dana);
    let before = browser.clone();
    assert_eq!(browser.post("/login", &[("login", &world.chen.email), ("password", PASSWORD)]).status, 303);
    assert_ne!(before.cookies()["rollcall"], browser.cookies()["rollcall"]);
    assert_eq!(browser.get("/profile").value_of("first_name"), "Chen");
    // What was planted or left before does not become Chen's.
    assert_ne!(before.get("/profile").value_of("first_name"), "Chen");
}

#[test]
fn r18_a_change_of_role_or_status_acts_on_the_next_click() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(bruno.get("/settings/team/members").status, 200);
    let row = members::table.filter(members::id.eq(world.bruno.id));
    world.write(|conn| diesel::update(row).set(members::role.eq(Role::Agent)).execute(conn));
    assert_eq!(bruno.get("/settings/team/members").status, 403);
    assert!(bruno.is_signed_in(), "a change of role ends no session (T6)");
    world.write(|conn| diesel::update(row).set(members::role.eq(Role::Admin)).execute(conn));
    assert_eq!(bruno.get("/settings/team/members").status, 200);
    world.stand(&world.bruno, Status::Deactivated);
    assert!(!bruno.is_signed_in());
    assert_eq!(bruno.post("/settings/team/members", &[("emails", "x@y.test"), ("role", "agent")]).to(), "/login");
}

#[test]
fn t5_ended_sessions_are_swept_and_living_ones_stay() {
    let world = World::new();
    world.sign_in(&world.dana);
    world.advance(Span::hours(1));
    let chen = world.sign_in(&world.chen);
    world.advance(Span::hours(1));
    world.block_on(rollcall::ticker::sweep(&world.app, world.now())).unwrap();
    assert_eq!(count(&world), 1);
    assert!(chen.is_signed_in());
}
