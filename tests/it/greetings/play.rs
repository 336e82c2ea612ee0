use reqwest::Method;

use super::*;

fn get(browser: &Browser, method: Method, id: GroupId, headers: &[(&str, &str)]) -> Page {
    let request = browser.request(method, &path(id));
    browser.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)))
}

#[test]
fn t18_a_greeting_is_served_with_a_fixed_type_and_nothing_may_run_in_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "evil.html", &chime());
    let page = get(&ada, Method::GET, sales, &[("Accept-Encoding", "gzip")]);
    assert_eq!((page.status, &page.bytes), (200, &chime()));
    for (name, value) in [
        ("content-type", "audio/wav"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-cache"),
        ("accept-ranges", "bytes"),
        ("content-disposition", "inline"),
        ("content-length", &chime().len().to_string()),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';") && policy.ends_with("; sandbox"), "{policy}");
    assert!(["", "identity"].contains(&page.header("content-encoding")), "{}", page.header("content-encoding"));

    let head = get(&ada, Method::HEAD, sales, &[("Range", "bytes=0-3")]);
    assert_eq!((head.status, head.bytes.len(), head.header("content-length")), (200, 0, page.header("content-length")));
    assert_eq!((head.header("content-type"), head.header("etag")), ("audio/wav", page.header("etag")));

    let signed_out = get(&world.browser(), Method::GET, sales, &[]);
    assert_eq!((signed_out.status, signed_out.bytes.len()), (303, 0));
}

#[test]
fn t18_any_part_of_a_greeting_can_be_asked_for() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    let whole = chime();
    take(&ada, sales, "west.wav", &whole);
    let size = whole.len();
    for (range, from, to) in [
        ("bytes=0-", 0, size),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=100-99999999", 100, size),
        ("bytes=-10", size - 10, size),
        (&format!("bytes={}-", size - 1), size - 1, size),
    ] {
        let part = get(&ada, Method::GET, sales, &[("Range", range), ("Accept-Encoding", "gzip, br")]);
        assert_eq!((part.status, &part.bytes[..]), (206, &whole[from..to]), "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{size}", to - 1));
        assert_eq!((part.header("content-type"), part.header("content-length")), ("audio/wav", (to - from).to_string().as_str()));
    }
    for range in [format!("bytes={size}-"), "bytes=-0".into(), "bytes=99999999999999999999-".into()] {
        let beyond = get(&ada, Method::GET, sales, &[("Range", &range)]);
        assert_eq!((beyond.status, beyond.header("content-range")), (416, format!("bytes */{size}").as_str()), "{range}");
        assert!(beyond.bytes.is_empty());
    }
    for range in ["bytes=0-1,5-6", "bytes=x", "seconds=0-1", "bytes=9-5"] {
        assert_eq!(get(&ada, Method::GET, sales, &[("Range", range)]).status, 200, "{range}");
    }
}

#[test]
fn t18_parts_of_two_greetings_are_never_mixed() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "west.wav", &sample(2));
    let old = ada.get(&path(sales)).header("etag").to_owned();
    let part = get(&ada, Method::GET, sales, &[("Range", "bytes=0-9"), ("If-Range", &old)]);
    assert_eq!((part.status, part.bytes.len()), (206, 10));
    let known = get(&ada, Method::GET, sales, &[("If-None-Match", &old)]);
    assert_eq!((known.status, known.bytes.len(), known.header("etag")), (304, 0, old.as_str()));
    take(&ada, sales, "east.wav", &sample(3));
    let whole = get(&ada, Method::GET, sales, &[("Range", "bytes=0-9"), ("If-Range", &old)]);
    assert_eq!((whole.status, whole.bytes), (200, sample(3)));
    assert_eq!(get(&ada, Method::GET, sales, &[("If-None-Match", &old)]).status, 200);
}

#[test]
fn a_greeting_whose_file_was_deleted_by_hand_is_no_page() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "west.wav", &chime());
    std::fs::remove_file(&files(&world)[0]).unwrap();
    assert_eq!(ada.get(&path(sales)).status, 404);
    take(&ada, sales, "west.wav", &chime());
    assert_eq!(ada.get(&path(sales)).bytes, chime());
}
