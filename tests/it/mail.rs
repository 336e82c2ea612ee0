//! The outbox: what is queued with a change is mailed in the end, once, whatever the mail server does.

use std::time::Duration;

use diesel::prelude::*;
use rollcall::{
    clock::{At, Span},
    db::schema::mails,
    mail::{
        self, Letter, MailState, Post,
        transport::{Pool, SmtpAddress, Transport},
    },
    members::EmailAddress,
};
use tokio::{runtime::Runtime, sync::watch};

use crate::support::{
    mailbox::{Behaviour, Mailbox, Stage},
    *,
};

mod circuit;
mod clicks;
mod contents;
mod database_away;
mod drain;
mod leases;
mod poison;
mod retries;
mod useful;

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Row {
    pub to_address: String,
    pub message_id: String,
    pub sealed: Option<Vec<u8>>,
    pub state: MailState,
    pub attempts: i64,
    pub next_at: At,
    pub reason: Option<String>,
}

/// The outbox, oldest first.
pub fn outbox(world: &World) -> Vec<Row> {
    world.read(|conn| mails::table.order((mails::created_at, mails::to_address)).select(Row::as_select()).load(conn))
}

/// The only mail of the outbox.
#[track_caller]
pub fn only(world: &World) -> Row {
    let mut rows = outbox(world);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

/// How many mails of the outbox are in a state.
pub fn count(world: &World, state: MailState) -> usize {
    outbox(world).iter().filter(|row| row.state == state).count()
}

/// Queues `n` letters to p0@x.test, p1@x.test and so on, worth sending for seven days.
pub fn queue(world: &World, n: usize) {
    queue_until(world, n, world.now() + Span::days(7));
}

/// The same with another end.
pub fn queue_until(world: &World, n: usize, useful_until: At) {
    let letter = Letter::PasswordChanged { company: "Acme".into(), name: "Ada".into() };
    world
        .app
        .db
        .write_now(|tx| {
            for i in 0..n {
                let to = EmailAddress::parse(&format!("p{i}@x.test")).unwrap();
                mail::queue(tx, world.ada.account, None, &to, &letter, useful_until, world.now())?;
            }
            Ok::<_, rollcall::failure::Failure>(())
        })
        .unwrap();
}

/// Another process that drains the same outbox to a mailbox of its own.
pub struct OtherPost {
    post: Post,
    runtime: Runtime,
}

impl OtherPost {
    pub fn new(world: &World, mailbox: &Mailbox) -> Self {
        let settings = &world.app.settings;
        let pool = Pool::new(SmtpAddress::parse(&mailbox.url()).unwrap(), 4).unwrap();
        let post =
            Post::new(world.app.db.clone(), world.clock.clone(), Transport::Smtp(pool), settings.mail_from.clone(), settings.public_url.clone());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        OtherPost { post, runtime }
    }

    /// How many mails the server took.
    pub fn drain(&self) -> usize {
        let (_stop, stopped) = watch::channel(false);
        self.runtime.block_on(self.post.drain(&stopped)).unwrap()
    }
}

/// Refuses at a stage, everybody or one.
pub fn refuse(world: &World, stage: Stage, reply: &str, only_to: Option<&str>) {
    world.mailbox.behave(Behaviour::RefuseAt { stage, reply: reply.into(), only_to: only_to.map(str::to_owned) });
}

/// Waits for something that another thread does.
#[track_caller]
pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("waited 10 s in vain until {what}");
}
