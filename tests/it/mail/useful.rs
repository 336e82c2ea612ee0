use super::*;
use crate::members::{accept, invite, profile};

#[test]
fn t27_a_mail_whose_invitation_was_cancelled_or_replaced_is_dropped() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test, bob@x.test, cy@x.test", "agent");
    ada.post(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
    ada.post(&format!("{}/invitation/link", profile(&world, "bob@x.test")), &[]);
    let states: Vec<(String, MailState, bool)> = outbox(&world).into_iter().map(|row| (row.to_address, row.state, row.sealed.is_some())).collect();
    let expected = [("ana@x.test", MailState::Dropped, false), ("bob@x.test", MailState::Dropped, false), ("cy@x.test", MailState::Queued, true)];
    assert_eq!(states, expected.map(|(to, state, sealed)| (to.to_owned(), state, sealed)));
    let sent = world.deliver();
    assert_eq!(sent.iter().map(|mail| mail.to.join("")).collect::<Vec<_>>(), ["cy@x.test"]);
}

#[test]
fn t27_a_mail_that_waited_longer_than_its_invitation_lived_is_not_sent() {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "ana@x.test", "agent");
    // The server was down for a week.
    world.advance(Span::days(7));
    assert!(world.deliver().is_empty(), "a dead link was mailed");
    assert_ne!(only(&world).state, MailState::Sent);
    world.advance(Span::days(-1));
}

#[test]
fn t27_a_mail_is_still_sent_in_its_invitations_last_second() {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "ana@x.test", "agent");
    world.advance(Span::days(7) - Span::secs(1));
    assert_eq!(accept(&world.browser(), &world.mailed_path("ana@x.test")).status, 303);
}

#[test]
fn an_invitation_cancelled_while_its_mail_is_on_its_way_stays_cancelled() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.mailbox.behave(Behaviour::Ponder(Duration::from_millis(400)));
    invite(&ada, "ana@x.test", "agent");
    let mails = std::thread::scope(|scope| {
        let sending = scope.spawn(|| world.deliver());
        wait_until("the mail is on its way", || world.mailbox.connections_now() == 1);
        ada.post(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
        sending.join().unwrap()
    });
    assert_eq!(mails.len(), 1, "it could not be held back any more");
    assert_eq!(only(&world).state, MailState::Dropped);
    assert_eq!(world.browser().get(&world.path_in(&mails[0])).h1(), "This invitation was cancelled");
}

#[test]
fn settled_mails_are_swept_after_90_days() {
    let world = World::new();
    queue(&world, 3);
    world.deliver();
    queue(&world, 1);
    let sweep = |world: &World| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(world.app.post.sweep(world.now())).unwrap()
    };
    world.advance(Span::days(90));
    assert_eq!(sweep(&world), 0);
    world.advance(Span::secs(1));
    assert_eq!(sweep(&world), 3);
    assert_eq!(outbox(&world).len(), 1, "what is not settled stays");
}
