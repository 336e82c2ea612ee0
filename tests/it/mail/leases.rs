use super::*;

/// A post that holds a mail (its server takes its time), and another that could send it.
fn held(world: &World, slow: Behaviour, act: impl FnOnce(&OtherPost)) {
    let other_mailbox = Mailbox::start();
    let other = OtherPost::new(world, &other_mailbox);
    world.mailbox.behave(slow);
    queue(world, 1);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| world.deliver());
        wait_until("the first post holds the mail", || world.mailbox.connections() > 0);
        // It prolongs its lease once as it begins; let that be before the clock moves.
        std::thread::sleep(Duration::from_millis(150));
        act(&other);
        sending.join().unwrap();
    });
    let sent: Vec<String> = other_mailbox.received().iter().chain(&world.mailbox.received()).map(|mail| mail.message_id()).collect();
    assert!(sent.iter().all(|id| *id == sent[0]), "whoever sends it, it is the same mail: {sent:?}");
}

#[test]
fn t27_while_a_lease_runs_nobody_else_sends_the_mail() {
    let world = World::new();
    held(&world, Behaviour::Ponder(Duration::from_millis(400)), |other| {
        world.advance(Span::secs(59));
        assert_eq!(other.drain(), 0);
    });
    assert_eq!((only(&world).state, world.mailbox.count()), (MailState::Sent, 1));
}

#[test]
fn t27_a_lease_that_ran_out_is_taken_over() {
    let world = World::new();
    held(&world, Behaviour::Ponder(Duration::from_millis(800)), |other| {
        world.advance(Span::secs(61));
        assert_eq!(other.drain(), 1, "its holder counts as dead");
        assert_eq!(only(&world).state, MailState::Sent);
    });
    let mail = only(&world);
    assert_eq!((mail.state, mail.attempts), (MailState::Sent, 2));
}

#[test]
fn t27_whoever_lost_the_lease_has_no_say_any_more() {
    let world = World::new();
    refuse(&world, Stage::Rcpt, "550 5.1.1 no such mailbox", None);
    let busy = Mailbox::start();
    busy.behave(Behaviour::RefuseAt { stage: Stage::Rcpt, reply: "450 4.2.1 busy".into(), only_to: None });
    let second = OtherPost::new(&world, &busy);
    held(&world, Behaviour::Slow(Duration::from_millis(250)), |_| {
        world.advance(Span::secs(61));
        // The second post was told "later"; the first, whose lease ran out, is about to hear "never".
        assert_eq!(second.drain(), 0);
    });
    let mail = only(&world);
    assert_eq!((mail.state, mail.reason.as_deref()), (MailState::Queued, Some("127.0.0.1 said: 450 4.2.1 busy")));
    assert!(mail.sealed.is_some(), "the letter was thrown away by somebody who had no say");
    busy.behave(Behaviour::Normal);
    world.advance(Span::minutes(1));
    assert_eq!(second.drain(), 1);
    assert_eq!(only(&world).state, MailState::Sent);
}

#[test]
fn t26_what_a_killed_post_held_is_sent_after_its_lease() {
    let world = World::new();
    let other_mailbox = Mailbox::start();
    let other = OtherPost::new(&world, &other_mailbox);
    queue(&world, 6);
    // As a process leaves it that is killed right after it claimed.
    let killed = (mails::attempts.eq(1), mails::lease.eq("01HZZZZZZZZZZZZZZZZZZZZZZZ"), mails::leased_until.eq(world.now() + Span::secs(60)));
    world.write(|conn| diesel::update(mails::table).set(killed).execute(conn));
    assert_eq!(other.drain(), 0);
    world.advance(Span::secs(60));
    assert_eq!(other.drain(), 6);
    assert!(outbox(&world).iter().all(|mail| (mail.state, mail.attempts) == (MailState::Sent, 2)));
}
