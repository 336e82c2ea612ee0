//! What the mail transport promises (R9, T19, T27, T31), against a mail server that misbehaves on request.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use chrono::DateTime;
use rollcall::mail::transport::*;

use crate::support::mailbox::*;

mod pool;
mod refusals;

const LINK: &str =
    "https://portal.acme.test/invitations/01J9ZC5P0Q7V3KX8T2M4N6R8S0?key=Xk3b0VYt1n9QwE7rT5yU8iO2pA4sD6fG8hJ0kL2zX4cV6bN8mQ1wE3rT5yU7iO9p";

fn mail(n: usize) -> Outgoing {
    Outgoing {
        to: format!("person{n}@acme.test").parse().expect("an address"),
        to_name: Some("Zoë Example".into()),
        subject: "You are invited to Acme & Söhne".into(),
        text: format!("Hello Zoë,\n\nopen this link:\n{LINK}\n\n.\n.leading dot\nBye\n"),
        html: format!("<p>Hello Zoë</p><p><a href=\"{LINK}\">Join</a></p>\n"),
        message_id: format!("01J9ZC5P0Q7V3KX8T2M4N6{n:04}@portal.acme.test"),
        date: DateTime::from_timestamp(1_750_000_000, 0).expect("a date"),
    }
}

fn from() -> lettre::message::Mailbox {
    "Rollcall <no-reply@acme.test>".parse().expect("a mailbox")
}

fn limits() -> Limits {
    let brief = Duration::from_millis(400);
    Limits { connect: brief, command: brief, delivery: Duration::from_secs(2), ..Limits::default() }
}

fn to(url: &str, at_most: usize) -> Transport {
    let address = SmtpAddress::parse(url).expect(url);
    Transport::Smtp(Pool::with_limits(address, at_most, limits()).expect("a pool"))
}

async fn refused(transport: &Transport) -> Refusal {
    transport.deliver(&from(), &mail(1)).await.expect_err("a refusal")
}

fn at(stage: Stage, reply: &str) -> Behaviour {
    Behaviour::RefuseAt { stage, reply: reply.into(), only_to: None }
}

#[tokio::test]
async fn a_mail_arrives_whole_with_the_headers_it_needs() {
    let mailbox = Mailbox::start();
    to(&mailbox.url(), 1).deliver(&from(), &mail(1)).await.unwrap();
    let received = &mailbox.to("person1@acme.test")[0];
    assert_eq!(received.from, "no-reply@acme.test");
    assert_eq!(received.message_id(), "01J9ZC5P0Q7V3KX8T2M4N60001@portal.acme.test");
    assert_eq!(received.subject(), "You are invited to Acme & Söhne");
    assert_eq!(received.header("From"), "Rollcall <no-reply@acme.test>");
    assert!(received.header("To").contains("Zoë Example") && received.header("To").contains("<person1@acme.test>"));
    assert_eq!(received.header("Date"), "Sun, 15 Jun 2025 15:06:40 +0000");
    assert_eq!(received.header("Auto-Submitted"), "auto-generated");
    assert!(received.header("Content-Type").starts_with("multipart/alternative"));
    assert_eq!(received.text().trim_end(), mail(1).text.trim_end());
    assert_eq!(received.html().trim_end(), mail(1).html.trim_end());
    assert_eq!(received.links(), [LINK]);
    assert!(received.raw.is_ascii());
}

#[tokio::test]
async fn mail_arrives_over_starttls_and_smtps_on_reused_connections() {
    for kind in [Tls::Starttls, Tls::Smtps] {
        let mailbox = Mailbox::start_tls(kind);
        let transport = to(&mailbox.url(), 1);
        let begun = Instant::now();
        for n in 0..50 {
            transport.deliver(&from(), &mail(n)).await.unwrap();
        }
        assert_eq!((mailbox.count(), mailbox.connections()), (50, 1), "{kind:?}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{kind:?} took {:?}", begun.elapsed());
        let starttls = mailbox.commands().iter().filter(|said| *said == "STARTTLS").count();
        assert_eq!(starttls, usize::from(kind == Tls::Starttls));
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_gets_no_mail() {
    for (kind, scheme) in [(Tls::Starttls, "smtp"), (Tls::Smtps, "smtps")] {
        let mailbox = Mailbox::start_tls(kind);
        let refusal = refused(&to(&format!("{scheme}://127.0.0.1:{}?tls=required", mailbox.port()), 1)).await;
        assert_eq!((refusal.whom, refusal.lasting), (Whom::Server, false));
        assert!(refusal.reason.contains("certificate"), "{refusal}");
        assert!(!mailbox.commands().iter().any(|said| said.starts_with("MAIL")));
    }
}

#[tokio::test]
async fn on_this_machine_starttls_is_used_where_offered_whoever_signed_it() {
    let mailbox = Mailbox::start_tls(Tls::Starttls);
    to(&format!("smtp://127.0.0.1:{}", mailbox.port()), 1).deliver(&from(), &mail(1)).await.unwrap();
    assert_eq!(mailbox.count(), 1);
}

#[tokio::test]
async fn without_starttls_a_server_that_must_have_it_gets_nothing() {
    let mailbox = Mailbox::start();
    let refusal = refused(&to(&format!("{}?tls=required", mailbox.url()), 1)).await;
    assert_eq!(refusal.whom, Whom::Server);
    assert!(refusal.reason.contains("offers no STARTTLS"), "{refusal}");
    assert_eq!(mailbox.commands().iter().filter(|said| said.starts_with("MAIL")).count(), 0);
}

#[tokio::test]
async fn words_put_behind_the_answer_to_starttls_break_the_handshake() {
    let mailbox = Mailbox::start_tls(Tls::Starttls);
    mailbox.behave(Behaviour::InjectAfterStarttls("250 AUTH PLAIN".into()));
    assert_eq!(refused(&to(&mailbox.url(), 1)).await.whom, Whom::Server);
    assert!(!mailbox.commands().iter().any(|said| said.starts_with("MAIL")));
}

#[tokio::test]
async fn it_signs_in_and_says_when_the_password_is_wrong() {
    for kind in [None, Some(Tls::Starttls)] {
        let mailbox = kind.map_or_else(Mailbox::start, Mailbox::start_tls);
        mailbox.behave(Behaviour::RequireAuth { user: "ann@acme".into(), password: "s3cret/:%".into() });
        to(&mailbox.url(), 1).deliver(&from(), &mail(1)).await.unwrap();
        let refusal = refused(&to(&mailbox.url().replace("s3cret", "wrong"), 1)).await;
        assert_eq!((refusal.whom, refusal.lasting), (Whom::Server, true));
        assert!(refusal.reason.contains("said: 535 5.7.8"), "{refusal}");
        assert!(!refusal.reason.contains("wrong/"), "{refusal}");
    }
    let mailbox = Mailbox::start();
    let refusal = refused(&to(&mailbox.url().replace("//", "//user:password@"), 1)).await;
    assert!(refusal.reason.contains("no way to sign in"), "{refusal}");
}

#[test]
fn a_ca_file_that_is_none_is_a_mistake_with_a_name() {
    for (content, says) in [(None, "cannot be read"), (Some("hello"), "holds no certificate")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let address = SmtpAddress::parse(&format!("smtps://mx.test?ca={}", path.display())).unwrap();
        let mistake = Pool::new(address, 1).expect_err("a mistake");
        assert!(mistake.contains(says) && mistake.contains("ca.pem"), "{mistake}");
    }
}

#[tokio::test]
async fn without_a_server_mails_become_files_with_a_link_to_copy() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path().join("data/mail")).unwrap();
    let path = folder.path().to_owned();
    let transport = Transport::Files(folder);
    for n in [1, 2, 1] {
        transport.deliver(&from(), &mail(n)).await.unwrap();
    }
    let mut names: Vec<_> = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = [1, 2].map(|n| format!("20250615T150640Z-01J9ZC5P0Q7V3KX8T2M4N6000{n}.eml"));
    assert_eq!(names, expected, "the same mail replaces its file");
    let raw = std::fs::read_to_string(path.join(&names[0])).unwrap();
    assert!(raw.lines().any(|line| line == LINK), "{raw}");
    assert!(raw.contains("Hello Zoë,"), "{raw}");
    assert!(LINK.len() > 120 && !raw.contains('\r'));
    let mode = std::fs::metadata(path.join(&names[0])).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let in_the_way = Folder::open(path.join(&names[0])).expect_err("a file is no folder");
    assert!(in_the_way.contains("cannot be written to"), "{in_the_way}");
    std::fs::remove_dir_all(&path).unwrap();
    assert_eq!(refused(&transport).await.whom, Whom::Server);
}
