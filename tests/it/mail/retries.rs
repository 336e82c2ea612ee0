use super::*;

#[test]
fn t27_a_mailbox_that_is_busy_is_tried_again_after_10_seconds_doubled_up_to_15_minutes() {
    let world = World::new();
    refuse(&world, Stage::Rcpt, "450 4.2.1 busy", Some("p0@x.test"));
    queue(&world, 1);
    for (i, pause) in [10, 20, 40, 80, 160, 320, 640, 900, 900].into_iter().enumerate() {
        world.deliver();
        let mail = only(&world);
        assert_eq!((mail.state, mail.attempts), (MailState::Queued, i as i64 + 1));
        assert_eq!(mail.next_at, world.now() + Span::secs(pause), "after try {}", i + 1);
        assert_eq!(mail.reason.as_deref(), Some("127.0.0.1 said: 450 4.2.1 busy"));
        // Not a second sooner.
        world.advance(Span::secs(pause - 1));
        world.deliver();
        assert_eq!(only(&world).attempts, mail.attempts, "tried before its time");
        world.advance(Span::secs(1));
    }
    world.mailbox.behave(Behaviour::Normal);
    assert_eq!(world.deliver().len(), 1);
    let mail = only(&world);
    assert_eq!((mail.state, mail.reason, mail.sealed), (MailState::Sent, None, None));
}

#[test]
fn t27_a_try_that_could_only_come_too_late_ends_it() {
    let world = World::new();
    refuse(&world, Stage::Rcpt, "450 4.2.1 busy", None);
    queue_until(&world, 1, world.now() + Span::secs(60));
    for (pause, state) in [(10, MailState::Queued), (20, MailState::Queued), (0, MailState::Failed)] {
        world.deliver();
        assert_eq!(only(&world).state, state, "at {} s", world.now().micros());
        world.advance(Span::secs(pause));
    }
    assert_eq!((only(&world).sealed, only(&world).reason.unwrap().as_str()), (None, "127.0.0.1 said: 450 4.2.1 busy"));
}

#[test]
fn t27_an_address_that_is_refused_for_good_fails_alone_and_at_once() {
    let world = World::new();
    refuse(&world, Stage::Rcpt, "550 5.1.1 no such mailbox", Some("p3@x.test"));
    queue(&world, 8);
    assert_eq!(world.deliver().len(), 7);
    let rows = outbox(&world);
    for row in &rows {
        let failed = row.to_address == "p3@x.test";
        assert_eq!(row.state, if failed { MailState::Failed } else { MailState::Sent }, "{}", row.to_address);
        assert_eq!(row.reason.as_deref(), failed.then_some("127.0.0.1 said: 550 5.1.1 no such mailbox"));
        assert_eq!(row.sealed, None, "nobody needs the letter any more");
    }
    world.mailbox.behave(Behaviour::Normal);
    world.advance(Span::hours(1));
    assert!(world.deliver().is_empty(), "what failed is not tried again by itself");
}

#[test]
fn t27_an_answer_lost_after_the_final_dot_means_the_same_mail_again() {
    let world = World::new();
    world.mailbox.behave(Behaviour::CutAfterFinalDotOnce);
    queue(&world, 1);
    world.deliver();
    let mail = only(&world);
    assert_eq!(mail.state, MailState::Queued);
    assert!(mail.reason.as_deref().unwrap().ends_with("It may have taken the mail."), "{:?}", mail.reason);
    world.advance(Span::secs(10));
    world.deliver();
    assert_eq!(only(&world).state, MailState::Sent);
    let received = world.mailbox.received();
    assert_eq!(received.len(), 2);
    assert!(!received[0].message_id().is_empty());
    assert_eq!(received[0].header("Message-ID"), received[1].header("Message-ID"));
    assert_eq!((received[0].header("Date"), received[0].text()), (received[1].header("Date"), received[1].text()));
}

#[test]
fn t27_a_mails_id_stays_the_same_over_all_tries_and_is_no_other_mails() {
    let world = World::new();
    queue(&world, 3);
    let ids: Vec<String> = outbox(&world).into_iter().map(|row| row.message_id).collect();
    refuse(&world, Stage::Message, "451 4.2.0 later", None);
    world.deliver();
    world.advance(Span::minutes(30));
    world.mailbox.behave(Behaviour::Normal);
    // Where a server has refused, one mail goes first to see how it is.
    for _ in 0..4 {
        world.deliver();
        world.advance(Span::minutes(30));
    }
    let mut sent: Vec<String> = world.mailbox.received().iter().map(|mail| mail.message_id().split('@').next().unwrap().to_owned()).collect();
    let mut ids = ids;
    sent.sort();
    ids.sort();
    assert_eq!(sent, ids);
}

#[test]
fn t27_an_attempt_is_counted_before_it_is_made() {
    let world = World::new();
    world.mailbox.behave(Behaviour::Slow(Duration::from_millis(200)));
    queue(&world, 1);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| world.deliver());
        wait_until("somebody talks to the server", || world.mailbox.connections() > 0);
        assert_eq!(only(&world).attempts, 1);
        assert_eq!(sending.join().unwrap().len(), 1);
    });
    assert_eq!(only(&world).attempts, 1);
}
