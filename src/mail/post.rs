//! The post: takes due mails from the outbox to the server, a few at once, no transaction open meanwhile (T27).

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use lettre::message::Mailbox;
use tokio::sync::{Notify, Semaphore, watch};

use super::{
    Letter,
    circuit::{Circuit, Fate, doubled},
    outbox,
    rows::{self, Held, MailState, Outcome},
    transport::{Outgoing, Refusal, Transport, Whom},
};
use crate::{
    clock::{At, Clock, Span},
    db::{Db, LeaseId, Place},
    failure::Failure,
    web::origin::PublicUrl,
};

/// A lease is prolonged while its mails are on their way, so it can be short enough to recover soon after a crash.
const LEASE: Span = Span::secs(60);
const PROLONG: Duration = Duration::from_secs(20);
/// The first pause after a refusal, doubled up to the longest (T27).
const FIRST_PAUSE: Span = Span::secs(10);
const LONGEST_PAUSE: Span = Span::minutes(15);
/// Settled mails are kept so long, for the pages that show them.
const KEPT: Span = Span::days(90);
/// Marks are written in batches: one durable commit a mail would cap the drain at the disk's rate (SPEED).
const BATCH: usize = 256;
const FLUSH: Duration = Duration::from_millis(100);
/// How long to leave a busy database alone.
const BUSY: Duration = Duration::from_millis(500);
/// Mails on the way for each connection: the next is at hand when one ends.
const AHEAD: usize = 64;

/// How a try ended.
enum Ended {
    /// The server took the mail.
    Taken,
    /// The server did not.
    Refused(Refusal),
    /// The process leaves, and this mail's turn had not come.
    NotBegun,
}

type Sent = (Held, Ended);

/// What a future that may not be there comes to.
async fn running<T>(future: &mut Option<BoxFuture<'_, T>>) -> T {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

/// Sends what the outbox holds.
pub struct Post {
    db: Db,
    clock: Clock,
    transport: Transport,
    from: Mailbox,
    site: PublicUrl,
    circuit: Mutex<Circuit>,
    turns: Semaphore,
}

impl Post {
    /// A post that sends as `from` through `transport`, with links into `site`.
    pub fn new(db: Db, clock: Clock, transport: Transport, from: Mailbox, site: PublicUrl) -> Self {
        let turns = Semaphore::new(transport.connections());
        Post { db, clock, transport, from, site, circuit: Mutex::default(), turns }
    }

    /// Sends mails as they fall due, until `stop` says otherwise; then finishes those on their way (T31).
    pub async fn run(self: Arc<Self>, wake: Arc<Notify>, mut stop: watch::Receiver<bool>) {
        if matches!(self.db.place(), Place::Sqlite(_)) {
            // Nobody else uses the file, so a lease in it is one of a process that was killed.
            self.log(self.db.write(rows::release_all).await);
        }
        while !*stop.borrow() {
            match self.drain(&stop).await {
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the outbox cannot be worked on; trying again soon"),
            }
            tokio::select! {
                () = wake.notified() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                _ = stop.changed() => {}
            }
        }
        self.transport.close().await;
    }

    /// Sends everything that is due now, and returns how many mails the server took. What has begun is finished, whatever
    /// happens to the database or the process meanwhile.
    ///
    /// Claims and marks run beside the sends: mails are on their way while the disk makes marks durable. No arm of the
    /// `select!` awaits, or what it waits for might be in the hands of a future that nobody polls meanwhile.
    pub async fn drain(&self, stop: &watch::Receiver<bool>) -> Result<usize, Failure> {
        let lease = LeaseId::fresh(self.clock.now());
        let room = self.transport.connections() * AHEAD;
        let mut on_their_way: FuturesUnordered<BoxFuture<'_, Sent>> = FuturesUnordered::new();
        let mut claiming: Option<BoxFuture<'_, Result<Vec<Held>, Failure>>> = None;
        let mut settling: Option<BoxFuture<'_, Result<(), Failure>>> = None;
        let mut prolonging: Option<BoxFuture<'_, Result<(), Failure>>> = None;
        let mut done: Vec<Outcome> = Vec::new();
        let (mut taken, mut look, mut more, mut mark, mut trouble) = (0, true, true, false, None);
        let mut flush = tokio::time::interval(FLUSH);
        let mut prolong = tokio::time::interval(PROLONG);
        prolong.reset();
        loop {
            if look && more && claiming.is_none() && !*stop.borrow() && on_their_way.len() <= room / 2 {
                claiming = Some(Box::pin(self.claim(lease, room - on_their_way.len(), on_their_way.is_empty())));
            }
            look = false;
            let idle = on_their_way.is_empty() && claiming.is_none();
            if settling.is_none() && !done.is_empty() && (mark || idle || done.len() >= BATCH) {
                settling = Some(Box::pin(self.settle(lease, std::mem::take(&mut done))));
                mark = false;
            }
            if idle && settling.is_none() {
                return trouble.map_or(Ok(taken), Err);
            }
            tokio::select! {
                Some((held, ended)) = on_their_way.next(), if !on_their_way.is_empty() => {
                    look = true;
                    taken += usize::from(matches!(ended, Ended::Taken));
                    done.push(self.judge(&held, ended));
                }
                claimed = running(&mut claiming) => {
                    claiming = None;
                    match claimed {
                        Ok(held) => {
                            more = !held.is_empty();
                            on_their_way.extend(held.into_iter().map(|held| Box::pin(self.send(held, stop)) as BoxFuture<'_, Sent>));
                        }
                        Err(error) => (more, trouble) = (false, Some(error)),
                    }
                }
                settled = running(&mut settling) => {
                    settling = None;
                    trouble = settled.err().or(trouble);
                }
                _ = flush.tick() => mark = true,
                prolonged = running(&mut prolonging) => {
                    prolonging = None;
                    self.log(prolonged);
                }
                _ = prolong.tick() => {
                    let until = self.clock.now() + LEASE;
                    prolonging = Some(Box::pin(self.db.write(move |tx| rows::prolong(tx, lease, until))));
                }
            }
        }
    }

    /// Takes hold of due mails; of one alone while it is to show whether the server is back.
    async fn claim(&self, lease: LeaseId, room: usize, alone: bool) -> Result<Vec<Held>, Failure> {
        let now = self.clock.now();
        let most = {
            let circuit = self.circuit();
            match (circuit.open_until(now), circuit.is_probing()) {
                (Some(_), _) => 0,
                (None, true) => i64::from(alone),
                (None, false) => room as i64,
            }
        };
        if most == 0 {
            return Ok(Vec::new());
        }
        self.db.write(move |tx| rows::claim(tx, lease, now + LEASE, most, now)).await
    }

    /// Nothing is awaited under this lock, and nothing left half done.
    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(&self, held: Held, stop: &watch::Receiver<bool>) -> Sent {
        let turn = self.turns.acquire().await;
        if *stop.borrow() || turn.is_err() {
            return (held, Ended::NotBegun);
        }
        let ended = match self.compose(&held) {
            Ok(mail) => match self.transport.deliver(&self.from, &mail).await {
                Ok(()) => Ended::Taken,
                Err(refusal) => Ended::Refused(refusal),
            },
            Err(reason) => Ended::Refused(Refusal { whom: Whom::Person, lasting: true, reason }),
        };
        (held, ended)
    }

    fn compose(&self, held: &Held) -> Result<Outgoing, String> {
        let unreadable = || "The letter cannot be read with this instance's secret.".to_owned();
        let sealed = held.sealed.as_deref().ok_or_else(unreadable)?;
        let facts = self.db.keys().unseal(&outbox::about(held.id), sealed).ok_or_else(unreadable)?;
        let letter: Letter = serde_json::from_slice(&facts).map_err(|_| unreadable())?;
        let words = letter.render(&self.site).map_err(|error| error.to_string())?;
        Ok(Outgoing {
            to_name: None,
            to: held.to_address.parse().map_err(|_| "The address is not one that mail can go to.".to_owned())?,
            subject: words.subject,
            text: words.text,
            html: words.html,
            message_id: format!("{}@{}", held.message_id, self.site.host()),
            date: held.created_at.utc(),
        })
    }

    fn judge(&self, held: &Held, ended: Ended) -> Outcome {
        let now = self.clock.now();
        let mut circuit = self.circuit();
        let refusal = match ended {
            Ended::Taken => {
                circuit.taken(now);
                return Outcome { id: held.id, state: MailState::Sent, next_at: now, reason: None, spared: false };
            }
            Ended::NotBegun => return Outcome { id: held.id, state: MailState::Queued, next_at: now, reason: None, spared: true },
            Ended::Refused(refusal) => refusal,
        };
        let fate = circuit.refused(&refusal, held.attempts, now);
        tracing::warn!(mail = %held.id, attempt = held.attempts, reason = refusal.reason, ?fate, "a mail was not taken");
        let (state, next_at) = match fate {
            Fate::Failed => (MailState::Failed, now),
            Fate::Spared => (MailState::Queued, circuit.open_until(now).unwrap_or(now + FIRST_PAUSE)),
            Fate::Later => {
                let tries = u32::try_from(held.attempts - 1).unwrap_or(0);
                (MailState::Queued, now + doubled(FIRST_PAUSE, tries, LONGEST_PAUSE))
            }
        };
        // A try that could only come too late is no try (T27: until the invitation ends).
        let state = if state == MailState::Queued && next_at >= held.useful_until { MailState::Failed } else { state };
        Outcome { id: held.id, state, next_at, reason: Some(refusal.reason), spared: fate == Fate::Spared }
    }

    /// Tells the database what the server took until it takes it too: only a crash may have a mail sent twice (T27).
    async fn settle(&self, lease: LeaseId, done: Vec<Outcome>) -> Result<(), Failure> {
        let done = Arc::new(done);
        loop {
            let (outcomes, now) = (Arc::clone(&done), self.clock.now());
            match self.db.write(move |tx| rows::settle(tx, lease, &outcomes, now)).await {
                Err(Failure::Busy) => tokio::time::sleep(BUSY).await,
                settled => return settled,
            }
        }
    }

    /// Drops the rows of mails that were settled long ago.
    pub async fn sweep(&self, now: At) -> Result<usize, Failure> {
        self.db.write(move |tx| rows::sweep(tx, KEPT, now)).await
    }

    fn log(&self, result: Result<(), Failure>) {
        if let Err(error) = result {
            tracing::warn!(%error, "the outbox cannot be worked on");
        }
    }
}
