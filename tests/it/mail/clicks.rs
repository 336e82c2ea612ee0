use std::time::Instant;

use super::*;

#[test]
fn t27_clicks_stay_fast_and_writes_succeed_while_the_server_is_slow() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.mailbox.behave(Behaviour::Slow(Duration::from_millis(150)));
    world.mailbox.behave(Behaviour::Ponder(Duration::from_millis(300)));
    queue(&world, 12);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| world.deliver());
        wait_until("the server ponders", || world.mailbox.connections_now() == 4);
        let mut slowest = Duration::ZERO;
        for i in 0..8 {
            let begun = Instant::now();
            let answer = ada.post("/settings/team/members", &[("emails", &format!("q{i}@x.test")), ("role", "agent")]);
            slowest = slowest.max(begun.elapsed());
            assert_eq!(answer.status, 303);
        }
        assert!(!sending.is_finished(), "the mails are still on their way");
        assert!(slowest < Duration::from_millis(1000), "a click took {slowest:?}");
        sending.join().unwrap();
    });
    // What was queued meanwhile went along or goes next.
    world.mailbox.behave(Behaviour::Normal);
    world.deliver();
    assert_eq!((count(&world, MailState::Sent), world.mailbox.count()), (20, 20));
}

#[test]
fn t27_no_transaction_is_open_while_mails_are_on_their_way() {
    let world = World::new();
    world.mailbox.behave(Behaviour::Ponder(Duration::from_millis(700)));
    queue(&world, 4);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| world.deliver());
        wait_until("four mails are on their way", || world.mailbox.connections_now() == 4);
        // A writer that waited for the post would wait until the server has answered.
        let begun = Instant::now();
        world.write(|conn| diesel::update(mails::table).set(mails::kind.eq(mails::kind)).execute(conn));
        assert!(begun.elapsed() < Duration::from_millis(350) && !sending.is_finished(), "{:?}", begun.elapsed());
        sending.join().unwrap();
    });
}
