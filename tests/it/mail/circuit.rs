use super::*;

/// Lets time pass until everything is sent; how many rounds it took.
fn until_all_sent(world: &World) -> usize {
    for round in 1..60 {
        world.advance(Span::minutes(2));
        world.deliver();
        if count(world, MailState::Sent) == outbox(world).len() {
            return round;
        }
    }
    panic!("not sent: {:?}", outbox(world));
}

#[test]
fn t27_a_server_that_refuses_everybody_fails_nobody() {
    for (stage, reply) in [
        (Stage::Ehlo, "554 5.3.2 no service"),
        (Stage::Mail, "550 5.7.1 sender not yours"),
        (Stage::Rcpt, "554 5.7.1 relay access denied"),
        (Stage::Data, "554 5.3.0 no"),
        (Stage::Message, "554 5.7.1 your mail is not wanted here"),
        (Stage::Message, "452 4.3.1 disk full"),
        (Stage::Rcpt, "421 4.3.2 shutting down"),
    ] {
        let world = World::new();
        refuse(&world, stage, reply, None);
        queue(&world, 12);
        for _ in 0..30 {
            world.deliver();
            world.advance(Span::secs(67));
        }
        assert_eq!((count(&world, MailState::Queued), world.mailbox.count()), (12, 0), "{stage:?} {reply}: {:?}", outbox(&world));
        world.mailbox.behave(Behaviour::Normal);
        until_all_sent(&world);
        assert_eq!(world.mailbox.count(), 12, "{stage:?} {reply}: each once");
    }
}

#[test]
fn t27_while_the_circuit_is_open_the_server_is_left_alone() {
    let world = World::new();
    world.mailbox.behave(Behaviour::RefuseConnections);
    queue(&world, 20);
    world.deliver();
    assert!(outbox(&world).iter().all(|row| row.state == MailState::Queued && row.reason.is_some()));
    let knocked = world.mailbox.connections();
    assert!(knocked > 0);
    for _ in 0..9 {
        world.advance(Span::secs(1));
        world.deliver();
    }
    assert_eq!(world.mailbox.connections(), knocked, "nobody knocks for ten seconds");
    world.advance(Span::secs(1));
    world.deliver();
    assert_eq!(world.mailbox.connections(), knocked + 1, "then one mail goes to see");
    // Each time it waits twice as long, at most two minutes.
    let knocked = world.mailbox.connections();
    world.advance(Span::secs(19));
    world.deliver();
    assert_eq!(world.mailbox.connections(), knocked);
    world.advance(Span::secs(1));
    world.deliver();
    assert_eq!(world.mailbox.connections(), knocked + 1);
    for _ in 0..10 {
        world.advance(Span::minutes(2));
        let knocked = world.mailbox.connections();
        world.deliver();
        assert_eq!(world.mailbox.connections(), knocked + 1, "a mended server is found within two minutes");
    }
}

#[test]
fn t27_a_server_that_is_back_gets_everything_once() {
    let world = World::new();
    world.mailbox.behave(Behaviour::RefuseConnections);
    queue(&world, 20);
    for _ in 0..5 {
        world.deliver();
        world.advance(Span::minutes(2));
    }
    world.mailbox.behave(Behaviour::Normal);
    until_all_sent(&world);
    let mut to: Vec<String> = world.mailbox.received().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), world.mailbox.count()), (20, 20));
    // The outage has not cost anybody their tries: a busy mailbox is asked again after the first pause.
    refuse(&world, Stage::Rcpt, "450 4.2.1 busy", None);
    queue(&world, 1);
    world.deliver();
    let late = outbox(&world).into_iter().find(|row| row.state == MailState::Queued).unwrap();
    assert_eq!(late.next_at, world.now() + Span::secs(10));
}

#[test]
fn t27_an_outage_costs_a_mail_none_of_its_tries() {
    let world = World::new();
    world.mailbox.behave(Behaviour::RefuseConnections);
    queue(&world, 1);
    for _ in 0..8 {
        world.deliver();
        world.advance(Span::minutes(2));
    }
    world.mailbox.behave(Behaviour::Normal);
    refuse(&world, Stage::Rcpt, "450 4.2.1 busy", None);
    world.deliver();
    let mail = only(&world);
    assert_eq!((mail.state, mail.next_at), (MailState::Queued, world.now() + Span::secs(10)), "as after a first try");
}

#[test]
fn t27_one_bad_address_among_many_opens_no_circuit() {
    let world = World::new();
    for i in [0, 5, 6, 7, 8, 11] {
        refuse(&world, Stage::Rcpt, "550 5.1.1 no such mailbox", Some(&format!("p{i}@x.test")));
    }
    queue(&world, 12);
    assert_eq!(world.deliver().len(), 6, "in the same round");
    assert_eq!((count(&world, MailState::Sent), count(&world, MailState::Failed)), (6, 6));
}
