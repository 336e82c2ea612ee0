use rollcall::clock::Span;

use super::*;

#[test]
fn r7_each_dead_link_has_its_own_page_and_says_what_to_do() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "expired@x.test", "agent");
    let expired = world.mailed_path("expired@x.test");
    world.advance(Span::days(7));
    let used = invited(&world, "used@x.test", "agent");
    assert_eq!(accept(&world.browser(), &used).status, 303);
    let replaced = invited(&world, "replaced@x.test", "agent");
    let cancelled = invited(&world, "cancelled@x.test", "agent");
    let ada = world.sign_in(&world.ada);
    ada.post(&format!("{}/invitation/link", profile(&world, "replaced@x.test")), &[]);
    ada.post(&format!("{}/invitation/cancellation", profile(&world, "cancelled@x.test")), &[]);

    let mut titles = Vec::new();
    for (path, status, h1, advice) in [
        (&used, 410, "This invitation was accepted", "If that was you, sign in with your email and password."),
        (&expired, 410, "This invitation has expired", "Ask Ada Okafor to send it again."),
        (&cancelled, 410, "This invitation was cancelled", "ask Ada Okafor"),
        (&replaced, 410, "There is a newer invitation", "Look for the latest mail."),
        (&"/invitations/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(), 404, "This link does not work", "Copy the whole link from the mail"),
    ] {
        for page in [world.browser().get(path), world.unchanged(path, || accept(&world.browser(), path))] {
            assert_eq!((page.status, page.h1().as_str()), (status, h1));
            assert!(page.has(advice), "{h1}: {}", page.text());
            assert_eq!(page.has("Acme"), status == 410, "{h1}: {}", page.text());
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert!(page.set_cookies().is_empty());
            titles.push(page.title());
        }
    }
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 5, "{titles:?}");
    assert_eq!(world.browser().get(&used).link("Sign in").as_deref(), Some("/login"));
}

#[test]
fn r7_an_unknown_link_names_nobody() {
    let world = World::new();
    let real = invited(&world, "ana@x.test", "agent");
    let mut swapped = real.clone();
    let last = swapped.pop().unwrap();
    swapped.push(if last == 'A' { 'B' } else { 'A' });
    let truncated = &real[..real.len() - 1];
    let longer = format!("{real}A");
    let folded = real.to_lowercase();
    for path in
        [swapped.as_str(), truncated, &longer, &folded, "/invitations/x", "/invitations/%00", "/invitations/..%2F..", "/invitations/%F0%9F%92%A9"]
    {
        for page in [world.browser().get(path), world.unchanged(path, || accept(&world.browser(), path))] {
            assert_eq!((page.status, page.h1().as_str()), (404, "This link does not work"), "{path}");
            for name in ["Acme", "Ada", "Globex", "ana@x.test", "x.test"] {
                assert!(!page.has(name), "{path} names {name}");
            }
        }
    }
    assert_eq!(world.browser().get(&real).status, 200);
}
