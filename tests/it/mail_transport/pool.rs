//! Connections: reused, bounded, replaced, closed (T27, T31).

use std::sync::Arc;

use super::*;

#[tokio::test]
async fn a_hundred_mails_take_one_connection_and_no_stall() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 4);
    let begun = Instant::now();
    for n in 0..100 {
        transport.deliver(&from(), &mail(n)).await.unwrap();
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!((mailbox.count(), mailbox.connections()), (100, 1));
}

#[tokio::test]
async fn never_more_connections_than_allowed() {
    let mailbox = Mailbox::start();
    mailbox.behave(Behaviour::Slow(Duration::from_millis(2)));
    let transport = Arc::new(to(&mailbox.url(), 3));
    assert_eq!(transport.connections(), 3);
    let mut sending = tokio::task::JoinSet::new();
    for n in 0..60 {
        let transport = Arc::clone(&transport);
        sending.spawn(async move { transport.deliver(&from(), &mail(n)).await });
    }
    assert!(sending.join_all().await.iter().all(Result::is_ok));
    assert_eq!((mailbox.count(), mailbox.connections(), mailbox.most_at_once()), (60, 3, 3));
}

#[tokio::test]
async fn connections_the_server_closed_meanwhile_are_replaced_unnoticed() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 1);
    for round in 1..=3 {
        transport.deliver(&from(), &mail(round)).await.unwrap();
        mailbox.hang_up();
        assert_eq!((mailbox.count(), mailbox.connections()), (round, round));
    }
    mailbox.behave(Behaviour::HangUpAfter(2));
    for n in 0..7 {
        transport.deliver(&from(), &mail(n)).await.unwrap();
    }
    assert_eq!((mailbox.count(), mailbox.connections()), (10, 7));
}

#[tokio::test]
async fn a_goodbye_for_idleness_is_not_taken_for_a_refusal() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 1);
    transport.deliver(&from(), &mail(0)).await.unwrap();
    mailbox.behave(at(Stage::Mail, "421 4.4.2 idle for too long"));
    assert_eq!(refused(&transport).await.whom, Whom::Server);
    assert_eq!(mailbox.connections(), 2, "tried once more on a new connection, and no oftener");
}

#[tokio::test]
async fn idle_connections_are_closed_with_a_goodbye() {
    let mailbox = Mailbox::start();
    let address = SmtpAddress::parse(&mailbox.url()).unwrap();
    let limits = Limits { idle: Duration::from_millis(100), ..limits() };
    let pool = Pool::with_limits(address, 2, limits).unwrap();
    for round in 1..=2 {
        pool.deliver(&from(), &mail(round)).await.unwrap();
        assert_eq!(mailbox.connections_now(), 1);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!((mailbox.connections_now(), mailbox.connections()), (0, round));
        assert_eq!(mailbox.commands().last().unwrap(), "QUIT");
    }
}

#[tokio::test]
async fn closing_lets_the_current_mail_finish_and_takes_no_more() {
    let mailbox = Mailbox::start();
    let transport = Arc::new(to(&mailbox.url(), 2));
    transport.deliver(&from(), &mail(0)).await.unwrap();
    mailbox.behave(Behaviour::Slow(Duration::from_millis(50)));
    let current = tokio::spawn({
        let transport = Arc::clone(&transport);
        async move { transport.deliver(&from(), &mail(1)).await }
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    transport.close().await;
    current.await.unwrap().unwrap();
    assert_eq!(mailbox.commands().last().unwrap(), "QUIT");
    assert_eq!((refused(&transport).await.whom, mailbox.count()), (Whom::Server, 2));
}

#[tokio::test]
async fn a_dropped_pool_says_goodbye_too() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 1);
    transport.deliver(&from(), &mail(1)).await.unwrap();
    drop(transport);
    let deadline = Instant::now() + Duration::from_secs(5);
    while mailbox.connections_now() > 0 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(mailbox.commands().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn a_mail_given_up_halfway_leaves_the_pool_usable() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 1);
    mailbox.behave(Behaviour::Slow(Duration::from_millis(100)));
    let (from, first) = (from(), mail(1));
    let halfway = transport.deliver(&from, &first);
    let halfway = tokio::time::timeout(Duration::from_millis(250), halfway).await;
    assert!(halfway.is_err());
    mailbox.behave(Behaviour::Normal);
    transport.deliver(&from, &mail(2)).await.unwrap();
    assert_eq!(mailbox.received()[0].to, ["person2@acme.test"]);
}

/// `cargo test --release -- --ignored --nocapture mails_a_second`
#[tokio::test]
#[ignore = "a measurement"]
async fn mails_a_second() {
    for (kind, at_most) in [(None, 1), (None, 4), (None, 8), (Some(Tls::Starttls), 1), (Some(Tls::Starttls), 4)] {
        let mailbox = kind.map_or_else(Mailbox::start, Mailbox::start_tls);
        let transport = Arc::new(to(&mailbox.url(), at_most));
        let begun = Instant::now();
        let mut sending = tokio::task::JoinSet::new();
        const EACH: usize = 2500;
        for worker in 0..at_most {
            let transport = Arc::clone(&transport);
            sending.spawn(async move {
                for n in 0..EACH {
                    transport.deliver(&from(), &mail(worker * EACH + n)).await.unwrap();
                }
            });
        }
        sending.join_all().await;
        let rate = (at_most * EACH) as f64 / begun.elapsed().as_secs_f64();
        println!("{kind:?}, {at_most} connections: {rate:.0} mails/s, {} seen", mailbox.connections());
        assert_eq!(mailbox.count(), at_most * EACH);
    }
}
