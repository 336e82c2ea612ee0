use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::program::Site;
use crate::support::mailbox::{Behaviour, Mailbox};

#[test]
fn t31_sigterm_finishes_the_current_mail_and_ends_with_0() {
    let mailbox = Mailbox::start();
    mailbox.behave(Behaviour::Ponder(Duration::from_millis(1500)));
    let site = Site::new().set("ROLLCALL_SMTP_URL", mailbox.url());
    site.create_owner("pro").well();
    let served = site.serve();
    // The confirmation of the Owner's own address comes first.
    mailbox.wait_for(1, Duration::from_secs(10));
    let ada = site.ada();
    assert_eq!(ada.post("/settings/team/members", &[("emails", "ana@x.test"), ("role", "agent")]).status, 303);
    let begun = std::time::Instant::now();
    while !mailbox.commands().iter().any(|command| command.contains("ana@x.test")) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", site.log());
        std::thread::sleep(Duration::from_millis(5));
    }
    let (code, took) = served.terminate();
    assert_eq!(code, Some(0), "{}", site.log());
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(mailbox.to("ana@x.test").len(), 1, "it was finished");
    // What was finished is not sent again.
    mailbox.behave(Behaviour::Normal);
    let served = site.serve();
    let ada = site.ada();
    assert_eq!(ada.post("/settings/team/members", &[("emails", "bob@x.test"), ("role", "agent")]).status, 303);
    mailbox.wait_for(3, Duration::from_secs(10));
    assert_eq!((mailbox.to("ana@x.test").len(), mailbox.to("bob@x.test").len()), (1, 1));
    assert_eq!(served.terminate().0, Some(0));
}

#[test]
fn t31_sigterm_with_a_long_queue_at_a_slow_server_still_ends_within_30_seconds() {
    let mailbox = Mailbox::start();
    mailbox.behave(Behaviour::Ponder(Duration::from_secs(3)));
    let site = Site::new().set("ROLLCALL_SMTP_URL", mailbox.url()).set("ROLLCALL_MAIL_CONNECTIONS", "1");
    site.create_owner("pro").well();
    let served = site.serve();
    let ada = site.ada();
    let emails: Vec<String> = (0..20).map(|i| format!("p{i}@x.test")).collect();
    assert_eq!(ada.post("/settings/team/members", &[("emails", &emails.join(",")), ("role", "agent")]).status, 303);
    mailbox.wait_for(1, Duration::from_secs(10));
    let (code, took) = served.terminate();
    assert_eq!(code, Some(0), "{}", site.log());
    // "The current mail" (T31) is the one on the wire, not a queue of them.
    assert!(took < Duration::from_secs(12), "{took:?}");
}

#[test]
fn t31_sigterm_lets_a_request_that_has_begun_finish() {
    let site = Site::new();
    site.create_owner("free").well();
    let served = site.serve();
    let address = format!("127.0.0.1:{}", site.port);
    let body = "login=ada%40acme.test&password=umbrella+tango+seventeen";
    let mut slow = TcpStream::connect(&address).unwrap();
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    slow.write_all(&body.as_bytes()[..10]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    served.ask_to_stop();
    std::thread::sleep(Duration::from_millis(500));
    slow.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer:?}");
    let (code, took) = served.wait(Duration::from_secs(40));
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(30), "{took:?}");
}
