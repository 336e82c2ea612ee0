use reqwest::Method;
use rollcall::clock::Span;

use crate::support::*;

#[test]
fn t12_a_name_that_is_not_ours_is_misdirected() {
    let world = World::wish().set("ROLLCALL_PUBLIC_URL", "https://portal.acme.test").open();
    let other = |host: &str| Browser::new(reqwest::blocking::Client::new(), world.address(), host);
    for host in ["evil.test", "portal.acme.test:444", "portal.acme.test.evil.test", "xportal.acme.test", "localhost", world.address()] {
        for page in [other(host).get("/login"), world.unchanged(host, || other(host).post("/password/new", &[("login", "dana@acme.test")]))] {
            assert_eq!((page.status, page.h1().as_str()), (421, "Wrong address"), "{host}");
        }
    }
    assert_eq!(other("PORTAL.acme.test").get("/login").status, 200);
    for path in ["/health/live", "/health/ready", "/metrics"] {
        assert_eq!(other("10.0.0.7:8080").get(path).status, 200, "{path} answers a probe by any name");
    }
}

#[test]
fn t12_links_are_made_from_the_setting_whatever_the_request_says() {
    let world = World::wish().set("ROLLCALL_PUBLIC_URL", "https://portal.acme.test").open();
    let browser = world.browser();
    let lies =
        [("X-Forwarded-Host", "evil.test"), ("X-Forwarded-Proto", "http"), ("Forwarded", "host=evil.test;proto=http"), ("X-Host", "evil.test")];
    let request = browser.request(Method::POST, "/password/new").header("Sec-Fetch-Site", "same-origin").form(&[("login", "dana@acme.test")]);
    let page = browser.send(lies.iter().fold(request, |request, (name, value)| request.header(*name, *value)));
    assert_eq!(page.status, 200);
    let mails = world.deliver();
    assert!(mails[0].links()[0].starts_with("https://portal.acme.test/password/"), "{:?}", mails[0].links());
    assert!(!mails[0].raw.contains("evil"));
    assert!(mails[0].message_id().ends_with("@portal.acme.test"), "{}", mails[0].message_id());
}

/// The address from which a sign-in came, as its session list says.
fn seen_from(world: &World, forwarded: &[&str]) -> String {
    let browser = world.browser();
    let form = [("login", world.dana.email.as_str()), ("password", PASSWORD)];
    let request = browser.request(Method::POST, "/login").header("Sec-Fetch-Site", "same-origin").form(&form);
    let request = forwarded.iter().fold(request, |request, hops| request.header("X-Forwarded-For", *hops));
    assert_eq!(browser.send(request.header("X-Real-IP", "9.9.9.9").header("Forwarded", "for=9.9.9.9")).status, 303);
    let rows = browser.get("/profile/sessions").rows();
    rows.into_iter().find(|row| row[4] == "This session").unwrap()[1].clone()
}

#[test]
fn t12_a_forwarded_address_counts_only_from_a_trusted_proxy() {
    let world = World::new();
    assert_eq!(seen_from(&world, &["203.0.113.9"]), "127.0.0.1");
    let world = World::wish().set("ROLLCALL_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8").open();
    for (forwarded, seen) in [
        (&["203.0.113.9"][..], "203.0.113.9"),
        (&["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (&["6.6.6.6, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (&["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (&["2001:db8::7"], "2001:db8::7"),
        (&["10.1.2.3"], "10.1.2.3"),
        (&["nonsense"], "127.0.0.1"),
        (&[], "127.0.0.1"),
    ] {
        assert_eq!(seen_from(&world, forwarded), seen, "{forwarded:?}");
    }
}

#[test]
fn t12_tries_are_counted_for_the_client_behind_the_proxy() {
    let world = World::wish().set("ROLLCALL_TRUSTED_PROXIES", "127.0.0.1").set("ROLLCALL_LOGIN_PER_MINUTE", "3").open();
    let fail = |n: usize, from: &str| {
        let form = [("login", format!("nobody{n}@acme.test")), ("password", "x".into())];
        let request = world.browser().request(Method::POST, "/login").header("Sec-Fetch-Site", "same-origin").header("X-Forwarded-For", from);
        world.browser().send(request.form(&form)).status
    };
    assert_eq!([0, 1, 2, 3].map(|n| fail(n, "203.0.113.9")), [422, 422, 422, 429]);
    // What the client itself claims in front does not make it another.
    assert_eq!(fail(4, "198.51.100.1, 203.0.113.9"), 429);
    assert_eq!(fail(5, "203.0.113.10"), 422);
    world.advance(Span::minutes(1));
    assert_eq!(fail(6, "203.0.113.9"), 422);
}

#[test]
fn metrics_are_for_loopback_or_the_token() {
    let world = World::wish().set("ROLLCALL_METRICS_TOKEN", "let me see the figures").open();
    let browser = world.browser();
    browser.get("/login");
    assert!(browser.get("/metrics").body.contains("rollcall_request_seconds"));
    let through_proxy = |token: &str| {
        let request = browser.request(Method::GET, "/metrics").header("X-Forwarded-For", "203.0.113.9");
        browser.send(request.header("Authorization", token)).status
    };
    assert_eq!(["", "Bearer x", "let me see the figures", "Bearer let me see the figures"].map(through_proxy), [404, 404, 404, 200]);
}
