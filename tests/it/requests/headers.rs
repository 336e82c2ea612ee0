use diesel::{prelude::*, sql_query};
use reqwest::Method;

use crate::support::*;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// An answer of every kind, with what it is.
fn every_kind(world: &World) -> Vec<(String, Page)> {
    let (ada, dana, anybody) = (world.sign_in(&world.ada), world.sign_in(&world.dana), world.browser());
    let css = anybody.get("/login").attribute("link[rel='stylesheet']", "href").unwrap();
    let (_, invitation) = world.invite(&world.ada, "new@acme.test", rollcall::authz::Role::Agent);
    let stranger = Browser::new(reqwest::blocking::Client::new(), world.address(), "evil.test");
    let json = anybody.request(Method::POST, "/login").header("Sec-Fetch-Site", "same-origin").header("Content-Type", "application/json").body("{}");
    let mut kinds = vec![
        (200, anybody.get("/login")),
        (200, ada.get("/settings/team/members")),
        (200, ada.get("/settings/team/members.csv")),
        (200, ada.get("/settings/audit-log.csv")),
        (200, anybody.get(&css)),
        (200, anybody.get("/health/live")),
        (200, anybody.get("/health/ready")),
        (200, anybody.get("/metrics")),
        (200, anybody.get(&invitation)),
        (303, anybody.get("/profile")),
        (303, dana.post("/profile", &[("first_name", "D"), ("theme", "dark")])),
        (400, anybody.send(json)),
        (403, dana.get("/settings/team/members")),
        (403, dana.send(dana.request(Method::POST, "/profile"))),
        (403, anybody.get("/signup")),
        (404, anybody.get("/nothing")),
        (404, anybody.get("/static/nothing.js")),
        (404, ada.get("/settings/team/members/x")),
        (405, anybody.send(anybody.request(Method::PUT, "/login").header("Sec-Fetch-Site", "same-origin"))),
        (410, anybody.get(&format!("/password/{}", "A".repeat(43)))),
        (413, anybody.post("/login", &[("login", &"x".repeat(70_000))])),
        (421, stranger.get("/login")),
        (422, anybody.post("/login", &[])),
        (429, {
            anybody.post("/login", &[("login", "dana@acme.test"), ("password", "x")]);
            anybody.post("/login", &[("login", "dana@acme.test"), ("password", "x")])
        }),
    ];
    // A failure of ours: a table is gone.
    world.write(|conn| sql_query("ALTER TABLE audit_notes RENAME TO audit_notes_elsewhere").execute(conn));
    kinds.push((500, ada.get("/settings/audit-log")));
    world.write(|conn| sql_query("ALTER TABLE sessions RENAME TO sessions_elsewhere").execute(conn));
    kinds.push((503, ada.get("/profile")));
    kinds
        .into_iter()
        .enumerate()
        .map(|(n, (status, page))| {
            assert_eq!(page.status, status, "kind {n}: {}", page.text());
            (format!("kind {n}, a {status}"), page)
        })
        .collect()
}

#[test]
fn t14_every_answer_carries_the_headers_that_protect_it() {
    for secure in [false, true] {
        let world = if secure { World::wish().set("ROLLCALL_PUBLIC_URL", "https://portal.acme.test").open() } else { World::new() };
        for (kind, page) in every_kind(&world) {
            for (name, value) in [
                ("content-security-policy", POLICY),
                ("x-content-type-options", "nosniff"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", if secure { "max-age=63072000; includeSubDomains" } else { "" }),
                ("server", ""),
            ] {
                assert_eq!(page.header(name), value, "{name} of {kind}");
            }
            assert!(page.header("permissions-policy").contains("camera=()"), "{kind}");
            assert!(["same-origin", "no-referrer"].contains(&page.header("referrer-policy")), "{kind}");
            let cached = page.header("cache-control");
            assert!(
                cached == "no-store" || (page.header("content-type").starts_with("text/css") && cached.contains("immutable")),
                "{kind}: {cached}"
            );
        }
    }
}

#[test]
fn t14_a_page_with_a_secret_address_tells_it_to_nobody() {
    let world = World::new();
    let browser = world.browser();
    let (_, invitation) = world.invite(&world.ada, "new@acme.test", rollcall::authz::Role::Agent);
    let token = "A".repeat(43);
    for path in [
        invitation,
        format!("/password/{token}"),
        format!("/email-changes/{token}"),
        format!("/email-confirmations/{token}"),
        format!("/invitations/{token}"),
    ] {
        assert_eq!(browser.get(&path).header("referrer-policy"), "no-referrer", "{path}");
    }
    assert_eq!(browser.get("/login").header("referrer-policy"), "same-origin");
}

#[test]
fn t14_no_page_has_script_or_style_of_its_own() {
    let world = World::new();
    let (ada, anybody) = (world.sign_in(&world.ada), world.browser());
    world.invite(&world.ada, "new@acme.test", rollcall::authz::Role::Agent);
    let member = format!("/settings/team/members/{}", world.dana.id);
    let own = ["/profile", "/profile/email", "/profile/password", "/profile/sessions", "/settings/team/members", "/settings/team/members/new"];
    let pages = own.map(|path| ada.get(path)).into_iter().chain([ada.get("/settings/audit-log"), ada.get(&member)]);
    for page in pages.chain(["/login", "/password/new", "/nothing", "/signup"].map(|path| anybody.get(path))) {
        assert!(page.body.starts_with("<!doctype html>"), "{}", page.body);
        assert_eq!(page.attribute("script:not([src])", "type"), None);
        assert_eq!(page.attribute("[style]", "style"), None, "{}", page.title());
        assert!(!page.body.contains("<style") && !page.body.contains("javascript:"), "{}", page.title());
        let handler =
            page.body.split('<').find(|tag| tag.split(['"', '\'']).step_by(2).any(|outside| outside.contains(" on") && outside.ends_with('=')));
        assert_eq!(handler, None, "{}", page.title());
        assert!(!page.title().is_empty() && !page.h1().is_empty());
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    }
}

#[test]
fn a_failure_of_ours_is_a_page_with_a_number_and_no_cause() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.write(|conn| sql_query("ALTER TABLE audit_notes RENAME TO audit_notes_elsewhere").execute(conn));
    let page = ada.get("/settings/audit-log");
    assert_eq!((page.status, page.h1().as_str()), (500, "Something went wrong"));
    assert!(!page.body.contains("audit_notes") && !page.body.to_lowercase().contains("sql"), "{}", page.text());
    assert!(page.has("Error 500 · Request "), "{}", page.text());
    // A change whose event cannot be written is no change, and the process lives.
    let answer = world.unchanged("a change without its event", || ada.post("/settings/team/members", &[("emails", "x@y.test"), ("role", "agent")]));
    assert_eq!(answer.status, 500);
    world.write(|conn| sql_query("ALTER TABLE audit_notes_elsewhere RENAME TO audit_notes").execute(conn));
    assert_eq!(ada.get("/settings/audit-log").status, 200);
}

#[test]
fn assets_are_named_by_content_cached_for_good_and_compressed() {
    let world = World::new();
    let browser = world.browser();
    let login = browser.get("/login");
    let assets =
        [("link[rel='stylesheet']", "href", "text/css"), ("script", "src", "text/javascript"), ("link[rel='icon']", "href", "image/svg+xml")];
    for (selector, attribute, kind) in assets {
        let path = login.attribute(selector, attribute).unwrap();
        let page = browser.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").starts_with(kind), "{path}: {}", page.header("content-type"));
        assert_eq!(page.header("cache-control"), "public, max-age=31536000, immutable");
        for encoding in ["br", "gzip"] {
            // The client does not unpack, so the answer is not read as text.
            let answer = browser.request(Method::GET, &path).header("Accept-Encoding", encoding).send().unwrap();
            assert_eq!(answer.headers()["content-encoding"], encoding, "{path}");
            assert!(answer.headers()["vary"].to_str().unwrap().to_lowercase().contains("accept-encoding"), "{path}");
            assert!(answer.bytes().unwrap().len() < page.body.len(), "{path} in {encoding}");
        }
    }
    for outside in ["/static/../secret.key", "/static/%2e%2e/secret.key", "/static/..%2fsecret.key", "/static/", "/static"] {
        assert!([400, 404].contains(&browser.get(outside).status), "{outside}");
    }
}
