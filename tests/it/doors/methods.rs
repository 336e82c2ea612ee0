//! How a door is knocked at: with which method, and from where.

use reqwest::Method;

use super::*;

#[test]
fn t21_a_method_that_a_path_does_not_have_is_refused() {
    let world = World::new();
    let (owner, anonymous) = (world.sign_in(&world.ada), world.browser());
    for door in DOORS {
        let has = |method: &Method| DOORS.iter().any(|other| other.path == door.path && other.method == method.as_str());
        let id = |segment: &str| match segment {
            "{token}" => "A".repeat(43),
            varying if varying.starts_with('{') => world.dana.id.to_string(),
            fixed => fixed.to_owned(),
        };
        let path = door.path.split('/').map(id).collect::<Vec<_>>().join("/");
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            if has(&method) {
                continue;
            }
            for browser in [&owner, &anonymous] {
                let request = browser.request(method.clone(), &path).header("Sec-Fetch-Site", "same-origin");
                let page = world.unchanged(&path, || browser.send(request));
                assert_eq!(page.status, 405, "{method} {path}");
                assert_eq!(page.h1(), "Opened the wrong way", "{method} {path}");
            }
        }
    }
}

#[test]
fn t10_no_door_is_open_to_another_site() {
    let world = World::wish().set("ROLLCALL_SIGNUP", "open").open();
    let home = acme(&world);
    for door in DOORS.iter().filter(|door| door.method == "POST") {
        let owner = world.sign_in(&world.ada);
        let good = example(&world, door, &owner, Some(&world.ada), &home);
        let fields: Vec<(&str, &str)> = good.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for headers in [&[][..], &[("Sec-Fetch-Site", "cross-site")], &[("Origin", "https://evil.test")]] {
            let request = owner.request(Method::POST, &good.path).form(&fields);
            let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            let page = world.unchanged(&good.path, || owner.send(request));
            assert_eq!((page.status, page.h1().as_str()), (403, "Blocked"), "POST {} with {headers:?}", good.path);
        }
    }
}

#[test]
fn r19_a_path_that_is_no_door_is_no_page() {
    let world = World::new();
    for browser in [world.sign_in(&world.ada), world.browser()] {
        for path in ["/nothing", "/settings", "/settings/team/members/", "/login/", "//login", "/.env", "/settings/team/members/x/y/z"] {
            for page in [browser.get(path), browser.post(path, &[])] {
                assert_eq!((page.status, page.h1().as_str()), (404, "Page not found"), "{path}");
            }
        }
    }
}
