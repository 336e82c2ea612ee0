//! Who is blamed for what, and what the page says (T27).

use super::*;

#[tokio::test]
async fn a_refusal_tells_whom_it_is_about_and_the_connection_lives_on() {
    for (stage, reply, whom, lasting) in [
        (Stage::Mail, "550 5.7.1 sender not yours", Whom::Server, true),
        (Stage::Mail, "451 4.3.0 later", Whom::Server, false),
        (Stage::Rcpt, "550 5.1.1 no such mailbox", Whom::Person, true),
        (Stage::Rcpt, "452 4.2.2 mailbox full", Whom::Person, false),
        (Stage::Rcpt, "550 no", Whom::Unclear, true),
        (Stage::Rcpt, "450-4.7.1 grey\r\n450 4.7.1 listed", Whom::Unclear, false),
        (Stage::Data, "554 5.3.0 no", Whom::Server, true),
        (Stage::Message, "452 4.3.1 disk full", Whom::Server, false),
        (Stage::Message, "554 5.7.1 spam", Whom::Unclear, true),
        (Stage::Message, "550 5.1.1 no such mailbox", Whom::Person, true),
    ] {
        let mailbox = Mailbox::start();
        let transport = to(&mailbox.url(), 1);
        mailbox.behave(at(stage, reply));
        let refusal = refused(&transport).await;
        assert_eq!((refusal.whom, refusal.lasting), (whom, lasting), "{stage:?} {reply}: {refusal}");
        let said = format!("127.0.0.1 said: {}", &reply[..3]);
        assert!(refusal.reason.starts_with(&said), "{refusal}");
        mailbox.behave(Behaviour::Normal);
        transport.deliver(&from(), &mail(2)).await.unwrap();
        assert_eq!((mailbox.count(), mailbox.connections()), (1, 1), "{stage:?} {reply}");
    }
}

#[tokio::test]
async fn one_refused_person_holds_nobody_else() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 1);
    let only_to = Some("person3@acme.test".into());
    mailbox.behave(Behaviour::RefuseAt { stage: Stage::Rcpt, reply: "550 5.1.1 gone".into(), only_to });
    for n in 0..6 {
        assert_eq!(transport.deliver(&from(), &mail(n)).await.is_ok(), n != 3);
    }
    assert_eq!((mailbox.count(), mailbox.connections()), (5, 1));
}

#[tokio::test]
async fn what_goes_wrong_before_the_mail_is_the_servers() {
    for (rule, lasting, says) in [
        (Behaviour::RefuseConnections, false, "broke the connection off"),
        (Behaviour::GreetWith("554 no service".into()), true, "said: 554 no service"),
        (Behaviour::GreetWith("421 too busy".into()), false, "said: 421 too busy"),
        (at(Stage::Ehlo, "550 who are you"), true, "said: 550 who are you"),
        (at(Stage::Rcpt, "421 4.7.0 slow down"), false, "said: 421 4.7.0"),
    ] {
        let mailbox = Mailbox::start();
        mailbox.behave(rule.clone());
        let transport = to(&mailbox.url(), 1);
        let refusal = refused(&transport).await;
        assert_eq!((refusal.whom, refusal.lasting), (Whom::Server, lasting), "{rule:?}: {refusal}");
        assert!(refusal.reason.contains(says), "{refusal}");
        mailbox.behave(Behaviour::Normal);
        transport.deliver(&from(), &mail(2)).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_listening_and_no_such_host_are_said_so() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refusal = refused(&to(&format!("smtp://127.0.0.1:{port}"), 1)).await;
    assert_eq!((refusal.whom, refusal.lasting), (Whom::Server, false));
    assert!(refusal.reason.contains("cannot be reached: Connection refused"), "{refusal}");
    let refusal = refused(&to("smtp://no-such-host.invalid", 1)).await;
    assert_eq!((refusal.whom, refusal.lasting), (Whom::Server, false));
}

#[tokio::test]
async fn an_answer_lost_after_the_final_dot_is_unclear_and_not_tried_again_here() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 1);
    transport.deliver(&from(), &mail(0)).await.unwrap();
    mailbox.behave(Behaviour::CutAfterFinalDotOnce);
    let refusal = refused(&transport).await;
    assert_eq!((refusal.whom, refusal.lasting), (Whom::Unclear, false));
    assert!(refusal.reason.contains("may have taken the mail"), "{refusal}");
    assert_eq!(mailbox.to("person1@acme.test").len(), 1);
    transport.deliver(&from(), &mail(1)).await.unwrap();
    let twice = mailbox.to("person1@acme.test");
    assert_eq!(twice[0].message_id(), twice[1].message_id());
    assert_eq!(mailbox.connections(), 2);
}

#[tokio::test]
async fn a_slow_server_is_given_up_in_time() {
    let mailbox = Mailbox::start();
    mailbox.behave(Behaviour::Slow(Duration::from_secs(5)));
    let transport = to(&mailbox.url(), 1);
    let begun = Instant::now();
    let refusal = refused(&transport).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!((refusal.whom, refusal.lasting), (Whom::Server, false));
    assert!(refusal.reason.contains("did not greet within 0.4 s"), "{refusal}");

    mailbox.behave(Behaviour::Normal);
    mailbox.behave(Behaviour::Slow(Duration::from_millis(190)));
    let brief = Limits { delivery: Duration::from_millis(500), ..limits() };
    let address = SmtpAddress::parse(&mailbox.url()).unwrap();
    let transport = Transport::Smtp(Pool::with_limits(address, 1, brief).unwrap());
    let begun = Instant::now();
    refused(&transport).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "a delivery has its limit too");
    assert_eq!(mailbox.count(), 0);
}

#[tokio::test]
async fn a_server_that_ponders_over_a_mail_is_given_the_whole_delivery() {
    let mailbox = Mailbox::start();
    let transport = to(&mailbox.url(), 1);
    mailbox.behave(Behaviour::Ponder(Duration::from_millis(700)));
    transport.deliver(&from(), &mail(1)).await.unwrap();
    mailbox.behave(Behaviour::Normal);
    mailbox.behave(Behaviour::Ponder(Duration::from_secs(9)));
    let refusal = refused(&transport).await;
    assert_eq!((refusal.whom, refusal.lasting), (Whom::Unclear, false));
    assert!(refusal.reason.contains("did not confirm the mail"), "{refusal}");
}
