use diesel::connection::SimpleConnection;
use rollcall::db::Conn;

use super::*;
use crate::faults::connect;

/// A connection of somebody else that keeps everybody from writing to the outbox until it is dropped.
struct Lock(Conn);

impl Lock {
    fn take(world: &World) -> Self {
        let mut conn = connect(world);
        match &mut conn {
            Conn::Sqlite(conn) => conn.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE;").unwrap(),
            Conn::Postgres(conn) => conn.batch_execute("BEGIN; LOCK TABLE mails IN EXCLUSIVE MODE;").unwrap(),
        }
        Lock(conn)
    }
    fn release(mut self) {
        match &mut self.0 {
            Conn::Sqlite(conn) => conn.batch_execute("ROLLBACK").unwrap(),
            Conn::Postgres(conn) => conn.batch_execute("ROLLBACK").unwrap(),
        }
    }
}

#[test]
fn t27_a_mail_the_server_took_is_not_sent_again_because_the_database_was_busy() {
    let world = World::new();
    world.mailbox.behave(Behaviour::Ponder(Duration::from_millis(300)));
    queue(&world, 4);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| {
            // The post's own loop: on trouble it tries again soon.
            let (_stop, stopped) = watch::channel(false);
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let mut tries = 0;
            while runtime.block_on(world.app.post.drain(&stopped)).is_err() && tries < 10 {
                tries += 1;
            }
        });
        wait_until("four mails are on their way", || world.mailbox.connections_now() == 4);
        let lock = Lock::take(&world);
        wait_until("the server took them", || world.mailbox.count() == 4);
        // Longer than a transaction waits for a lock.
        std::thread::sleep(Duration::from_millis(3200));
        lock.release();
        sending.join().unwrap();
    });
    // The lease of whoever did not come to tell runs out.
    world.mailbox.behave(Behaviour::Normal);
    world.advance(Span::minutes(2));
    world.deliver();
    assert_eq!(count(&world, MailState::Sent), 4);
    assert_eq!(world.mailbox.count(), 4, "nothing crashed, and yet somebody got a mail twice");
}
