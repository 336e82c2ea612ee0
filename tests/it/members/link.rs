use rollcall::clock::Span;

use super::*;

/// Presses "Show invite link"; the path of the link.
fn shown_link(world: &World, browser: &Browser, email: &str) -> String {
    let page = browser.post(&format!("{}/invitation/link", profile(world, email)), &[]);
    assert_eq!((page.status, page.h1().as_str()), (200, "Invite link"));
    assert!(page.has("9 Mar 2026, 09:00 (UTC)") || page.has("9 Mar 2026, 09:01 (UTC)"), "{}", page.text());
    let url = page.attribute("#f-link", "value").unwrap();
    url.strip_prefix(world.app.settings.public_url.origin()).expect("a link of this site").to_owned()
}

#[test]
fn r9_a_link_can_be_handed_over_by_hand() {
    let world = World::new();
    let mailed = invited(&world, "ana@x.test", "agent");
    let ada = world.sign_in(&world.ada);
    let path = shown_link(&world, &ada, "ana@x.test");
    assert_ne!(path, mailed);
    assert_eq!(world.browser().get(&mailed).h1(), "There is a newer invitation", "the earlier link is dead");
    let page = ada.get(LIST);
    assert_eq!(row(&page, "ana@x.test")[2], "Invited · expires in 7 days Link handed over by hand");
    let event = world.events(world.ada.account).pop().unwrap();
    assert_eq!(event, ["invitation.link_shown", "Ada Okafor", "ana@x.test", ""]);
    assert!(world.deliver().is_empty(), "nothing is mailed");
    assert_eq!(accept(&world.browser(), &path).status, 303);
}

#[test]
fn r9_the_link_is_shown_only_once() {
    let world = World::new();
    invited(&world, "ana@x.test", "agent");
    let ada = world.sign_in(&world.ada);
    let first = shown_link(&world, &ada, "ana@x.test");
    let profile = profile(&world, "ana@x.test");
    let token = first.rsplit('/').next().unwrap();
    for path in [&format!("{profile}/invitation/link"), &profile, LIST, "/settings/audit-log"] {
        assert!(!ada.get(path).body.contains(token), "{path}");
    }
    assert_eq!(ada.get(&format!("{profile}/invitation/link")).status, 405);
    let second = shown_link(&world, &ada, "ana@x.test");
    assert_eq!(world.browser().get(&first).status, 410);
    assert_eq!(accept(&world.browser(), &second).status, 303);
}

#[test]
fn r9_the_waiting_mail_with_the_dead_link_is_not_sent() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    shown_link(&world, &ada, "ana@x.test");
    assert!(world.deliver().is_empty());
    // A minute later it can be mailed again, with yet another link.
    world.advance(Span::minutes(1));
    ada.submit(&format!("{}/invitation", profile(&world, "ana@x.test")), &[]);
    assert_eq!(accept(&world.browser(), &world.mailed_path("ana@x.test")).status, 303);
}

#[test]
fn r6_only_a_links_hash_is_kept() {
    let world = World::new();
    let mailed = invited(&world, "ana@x.test", "agent");
    invite(&world.sign_in(&world.ada), "bob@x.test", "agent");
    let shown = shown_link(&world, &world.sign_in(&world.ada), "bob@x.test");
    invite(&world.sign_in(&world.ada), "cy@x.test", "agent");
    let everything = world.everything().into_values().flatten().collect::<Vec<_>>().join("\n").to_lowercase();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for path in [mailed, shown] {
        let token = path.rsplit('/').next().unwrap();
        assert_eq!(token.len(), 43, "256 bits");
        assert!(!everything.contains(&token.to_lowercase()) && !everything.contains(&hex(token.as_bytes())));
        assert!(everything.contains(&hex(&rollcall::keys::digest(token.as_bytes()).0)), "its SHA-256 is there");
    }
}
