use rollcall::db::schema::{accounts, members};

use super::*;

const SCRIPT: &str = "<script>alert(1)</script>";
const QUOTES: &str = "\"'><img src=x onerror=alert(2)>";

#[test]
fn t15_hostile_names_are_shown_as_text_everywhere() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    let named = (members::first_name.eq(SCRIPT), members::last_name.eq(QUOTES), members::job_title.eq(SCRIPT));
    world.write(|conn| diesel::update(members::table).set(named).execute(conn));
    world.write(|conn| diesel::update(accounts::table).set(accounts::name.eq(format!("Acme {SCRIPT}"))).execute(conn));
    let ada = world.sign_in(&world.ada);
    ada.post(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
    assert_eq!(invite(&ada, "new@x.test", "agent").status, 303);
    let fresh = world.mailed_path("new@x.test");
    let query: String = url::form_urlencoded::byte_serialize(SCRIPT.as_bytes()).collect();
    let pages = [
        ada.get(LIST),
        ada.get(&format!("{LIST}?q={query}&role={query}&status={query}&sort={query}&after={query}")),
        ada.get(&profile(&world, "bruno@acme.test")),
        ada.get("/settings/audit-log"),
        ada.get(&format!("/settings/audit-log?q={query}&from={query}")),
        ada.get("/profile"),
        ada.post(&format!("{}/invitation/link", profile(&world, "new@x.test")), &[]),
        invite(&ada, &format!("{SCRIPT}, {QUOTES}"), SCRIPT),
        world.browser().get(&path),
        world.browser().get(&fresh),
        world.sign_in(&world.gus).get(&fresh),
    ];
    for (i, page) in pages.iter().enumerate() {
        assert!(page.status < 500, "page {i}: {}", page.status);
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "page {i}: {}", page.body);
        // Nothing breaks out of an attribute either.
        assert_eq!(page.attribute("[onerror]", "onerror"), None, "page {i}");
    }
    assert!(pages[0].has(&format!("{SCRIPT} {QUOTES}")), "the name is still readable");
}

#[test]
fn t19_a_name_with_a_link_or_brackets_is_refused_where_it_is_typed() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    for bad in ["http://evil.test", "<b>Ana</b>", "Ana\u{7}Ruiz", &"x".repeat(61)] {
        let page = world.unchanged(bad, || world.browser().post(&path, &[("first_name", bad), ("last_name", "Ruiz"), ("password", PASSWORD)]));
        assert_eq!(page.status, 422, "{bad}");
        assert!(!page.error_of("first_name").is_empty(), "{bad}");
        assert_eq!(page.value_of("last_name"), "Ruiz");
    }
}
