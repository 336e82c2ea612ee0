use rollcall::clock::Span;

use super::*;
use crate::support::mailbox::{Behaviour, Stage};

/// What the list and the profile say about the mail to Ana.
fn said(world: &World, browser: &Browser) -> (String, String) {
    let page = browser.get(LIST);
    let cell = row(&page, "ana@x.test")[2].clone();
    let note = cell.split_once(" days ").or(cell.split_once(" hours ")).map_or("", |(_, note)| note).to_owned();
    let profile = browser.get(&profile(world, "ana@x.test"));
    let sentence = profile.attribute("p.mail", "class").map(|_| profile.text()).unwrap_or_default();
    (note, sentence)
}

#[test]
fn r9_each_invitation_shows_whether_its_mail_is_queued_or_sent() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    let (list, profile) = said(&world, &ada);
    assert_eq!(list, "Mail queued");
    assert!(profile.contains("Mail queued"));
    world.deliver();
    let (list, profile) = said(&world, &ada);
    assert_eq!(list, "Mail sent");
    assert!(profile.contains("Mail sent"));
    assert_eq!(ada.get(LIST).buttons("Retry the mail to ana@x.test").len(), 0);
}

#[test]
fn r9_a_failed_mail_shows_its_reason_and_can_be_retried() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let reply = "550 5.1.1 no such <b>mailbox</b>".to_owned();
    world.mailbox.behave(Behaviour::RefuseAt { stage: Stage::Rcpt, reply, only_to: Some("ana@x.test".into()) });
    invite(&ada, "ana@x.test, bob@x.test", "agent");
    assert_eq!(world.deliver().len(), 1, "Bob's mail is not held up");
    let (list, profile_says) = said(&world, &ada);
    let reason = "Mail failed: 127.0.0.1 said: 550 5.1.1 no such <b>mailbox</b>";
    assert_eq!(list, format!("{reason} · Retry the mail to ana@x.test"));
    assert!(profile_says.contains(reason) && !profile_says.contains("Mail sent"));
    assert!(row(&ada.get(LIST), "bob@x.test")[2].ends_with("Mail sent"));
    // It does not go by itself any more.
    world.advance(Span::hours(1));
    world.mailbox.behave(Behaviour::Normal);
    assert!(world.deliver().is_empty());
    let ada = world.sign_in(&world.ada);
    let retry = ada.get(LIST).buttons("Retry the mail to ana@x.test");
    assert_eq!(retry, ada.get(&profile(&world, "ana@x.test")).buttons("Retry"));
    ada.submit(&retry[0], &[]);
    assert_eq!(said(&world, &ada).0, "Mail queued");
    assert_eq!(accept(&world.browser(), &world.mailed_path("ana@x.test")).status, 303);
}

#[test]
fn r9_a_delayed_mail_says_why_and_when_it_is_tried_again() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let reply = "450 4.2.1 mailbox busy".to_owned();
    world.mailbox.behave(Behaviour::RefuseAt { stage: Stage::Rcpt, reply, only_to: None });
    invite(&ada, "ana@x.test", "agent");
    world.deliver();
    let (list, _) = said(&world, &ada);
    assert_eq!(list, "Mail delayed: 127.0.0.1 said: 450 4.2.1 mailbox busy Next try 2 Mar 2026, 09:00. · Retry the mail to ana@x.test");
    world.mailbox.behave(Behaviour::Normal);
    world.advance(Span::secs(10));
    assert_eq!(world.deliver().len(), 1);
    assert_eq!(said(&world, &ada).0, "Mail sent");
}

#[test]
fn r9_without_a_mail_server_an_invitation_is_no_dead_end() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.mailbox.behave(Behaviour::RefuseConnections);
    assert_eq!(invite(&ada, "ana@x.test", "agent").status, 303, "the click does not wait for the mail");
    world.deliver();
    let (list, _) = said(&world, &ada);
    assert!(list.starts_with("Mail delayed: 127.0.0.1 broke the connection off"), "{list}");
    let page = ada.post(&format!("{}/invitation/link", profile(&world, "ana@x.test")), &[]);
    let url = page.attribute("#f-link", "value").unwrap();
    let path = url.strip_prefix(world.app.settings.public_url.origin()).unwrap();
    assert_eq!(accept(&world.browser(), path).status, 303);
}
