use reqwest::Method;

use crate::support::*;

/// Saves Dana's profile with these headers and nothing else.
fn save(dana: &Browser, headers: &[(&str, &str)]) -> Page {
    let form = [("first_name", "Dana"), ("last_name", "Other"), ("job_title", ""), ("time_zone", ""), ("theme", "dark")];
    let request = dana.request(Method::POST, "/profile").form(&form);
    dana.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)))
}

#[test]
fn t10_only_the_sites_own_pages_change_something() {
    let world = World::wish().set("ROLLCALL_PUBLIC_URL", "https://portal.acme.test").open();
    let dana = world.sign_in(&world.dana);
    for cross in [
        &[][..],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Sec-Fetch-Site", "none")],
        &[("Sec-Fetch-Site", "")],
        &[("Sec-Fetch-Site", "same-origin, cross-site")],
        &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://portal.acme.test")],
        &[("Origin", "null")],
        &[("Origin", "")],
        &[("Origin", "http://portal.acme.test")],
        &[("Origin", "https://portal.acme.test:8443")],
        &[("Origin", "https://portal.acme.test.evil.test")],
        &[("Origin", "https://evil.test/https://portal.acme.test")],
        &[("Referer", "https://portal.acme.test/profile")],
    ] {
        let page = world.unchanged("another site", || save(&dana, cross));
        assert_eq!((page.status, page.h1().as_str()), (403, "Blocked"), "{cross:?}");
    }
    for own in [&[("Origin", "https://portal.acme.test")][..], &[("Sec-Fetch-Site", "same-origin"), ("Origin", "null")]] {
        assert_eq!(save(&dana, own).status, 303, "{own:?}");
    }
    assert_eq!(world.row(&world.dana).last_name, "Other");
}

#[test]
fn t10_a_method_in_disguise_is_still_a_post() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for header in ["X-HTTP-Method-Override", "X-Method-Override"] {
        let request = dana.request(Method::GET, "/profile/sessions/others/removal").header(header, "POST").header("Sec-Fetch-Site", "same-origin");
        assert_eq!(world.unchanged(header, || dana.send(request)).status, 405);
    }
}

#[test]
fn t10_reading_from_elsewhere_is_a_link_like_any_other() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let request = dana.request(Method::GET, "/profile").header("Sec-Fetch-Site", "cross-site").header("Origin", "https://evil.test");
    let page = dana.send(request);
    assert_eq!(page.status, 200);
    for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
        assert_eq!(page.header(name), "");
    }
}
