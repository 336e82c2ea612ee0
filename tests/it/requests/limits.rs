use std::{
    io::{Read, Write},
    net::TcpStream,
};

use reqwest::Method;

use crate::support::*;

fn profile(job_title: &str) -> Vec<(&str, &str)> {
    vec![("first_name", "Dana"), ("last_name", "Silva"), ("job_title", job_title), ("time_zone", ""), ("theme", "dark")]
}

#[test]
fn t17_a_form_has_at_most_64_kib() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let rest = "first_name=Dana&last_name=Silva&job_title=&time_zone=&theme=dark".len();
    for (length, status) in [(64 * 1024 - rest, 422), (64 * 1024 - rest + 1, 413), (1024 * 1024, 413)] {
        let page = world.unchanged("a large form", || dana.post("/profile", &profile(&"x".repeat(length))));
        assert_eq!(page.status, status, "{length}");
        if status == 413 {
            assert_eq!(page.h1(), "Too large");
            assert!(page.has("64 KiB"), "{}", page.text());
        }
    }
    assert_eq!(dana.post("/profile", &profile("Night desk")).status, 303);
}

#[test]
fn t17_a_body_that_is_no_form_is_refused() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for (kind, body) in [
        ("application/json", "{\"first_name\":\"X\"}"),
        ("text/plain", "first_name=X"),
        ("multipart/form-data; boundary=x", "--x--"),
        ("", "first_name=X"),
    ] {
        let request = dana.request(Method::POST, "/profile").header("Sec-Fetch-Site", "same-origin").header("Content-Type", kind).body(body);
        let page = world.unchanged(kind, || dana.send(request));
        assert_eq!((page.status, page.h1().as_str()), (400, "The request cannot be read"), "{kind}");
    }
    let latin =
        dana.request(Method::POST, "/profile").header("Sec-Fetch-Site", "same-origin").header("Content-Type", "application/x-www-form-urlencoded");
    let page = dana.send(latin.body("first_name=%ff%fe&last_name=%00&theme=dark"));
    assert!([303, 422].contains(&page.status), "{}", page.status);
}

/// The status line of a request written by hand.
fn raw(world: &World, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.address()).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
    let _ = stream.write_all(request);
    let mut answer = [0; 1024];
    let length = stream.read(&mut answer).unwrap_or(0);
    String::from_utf8_lossy(&answer[..length]).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn t17_headers_have_at_most_16_kib() {
    let world = World::new();
    let request =
        |length: usize| format!("GET /login HTTP/1.1\r\nHost: {}\r\nX-Long: {}\r\nConnection: close\r\n\r\n", world.address(), "x".repeat(length));
    assert_eq!(raw(&world, request(8 * 1024).as_bytes()), "HTTP/1.1 200 OK");
    for length in [17 * 1024, 100 * 1024] {
        let status = raw(&world, request(length).as_bytes());
        let refused = status.is_empty() || status.contains(" 400 ") || status.contains(" 431 ");
        assert!(refused, "{length} bytes of headers: {status}");
    }
    assert_eq!(world.browser().get("/login").status, 200);
}

#[test]
fn t17_what_is_no_http_hurts_nobody() {
    let world = World::new();
    for nonsense in
        [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /login HTTP/1.1\r\nContent-Length: -1\r\n\r\n"]
    {
        let status = raw(&world, nonsense);
        assert!(status.is_empty() || status.contains(" 400 "), "{nonsense:?}: {status}");
    }
    let smuggled = format!(
        "POST /login HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        world.address()
    );
    let status = raw(&world, smuggled.as_bytes());
    assert!(status.contains(" 400 "), "two lengths: {status}");
    assert_eq!(world.browser().get("/login").status, 200);
}
