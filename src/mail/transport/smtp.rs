//! A pool of connections to one mail server.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::future::join_all;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::TlsParameters;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::connection::Connection;
use super::trouble::Trouble;
use super::trust::trust;
use super::{Limits, Outgoing, Refusal, SmtpAddress, Whom};

/// At most a given number of connections to one mail server, opened when needed and reused from mail to mail.
///
/// Belongs to the tokio runtime it is used in. Dropping it hangs up; [`close`](Self::close) also says goodbye.
pub struct Pool {
    house: Arc<House>,
}

struct House {
    address: SmtpAddress,
    tls: Option<TlsParameters>,
    limits: Limits,
    at_most: u32,
    turns: Semaphore,
    closed: AtomicBool,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    connections: Vec<Connection>,
    swept: bool,
}

impl Pool {
    /// A pool of at most `at_most` connections (one at least) to the server at `address`. Connects to nothing yet.
    ///
    /// # Errors
    /// A sentence, when the certificates of `ca` cannot be read.
    pub fn new(address: SmtpAddress, at_most: usize) -> Result<Self, String> {
        Self::with_limits(address, at_most, Limits::default())
    }

    /// The same with other time limits.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_limits(address: SmtpAddress, at_most: usize, limits: Limits) -> Result<Self, String> {
        let at_most = u32::try_from(at_most.clamp(1, 1000)).unwrap_or(1);
        Ok(Self {
            house: Arc::new(House {
                tls: trust(&address)?,
                address,
                limits,
                at_most,
                turns: Semaphore::new(at_most as usize),
                closed: AtomicBool::new(false),
                waiting: Mutex::default(),
            }),
        })
    }

    /// How many connections it opens at most.
    #[must_use]
    pub fn at_most(&self) -> usize {
        self.house.at_most as usize
    }

    /// Hands `mail` to the server, over a connection that is open already if there is one.
    ///
    /// A reused connection that turns out dead before the mail itself was begun is replaced by a new one, once.
    ///
    /// # Errors
    /// See [`Transport::deliver`](super::Transport::deliver).
    pub async fn deliver(&self, from: &Mailbox, mail: &Outgoing) -> Result<(), Refusal> {
        let house = &self.house;
        let refused = |trouble: Trouble| trouble.into_refusal(&house.address);
        let turn = house.turns.acquire().await.ok().filter(|_| !house.closed.load(Ordering::Acquire));
        let Some(_turn) = turn else {
            let reason = "Rollcall is shutting down; the mail will be tried again.".into();
            return Err(Refusal { whom: Whom::Server, lasting: false, reason });
        };
        let deadline = Instant::now() + house.limits.delivery;
        let reused = house.waiting().connections.pop();
        if let Some(mut connection) = reused {
            match connection.send(from, mail, deadline).await {
                Err(trouble) if trouble.found_it_dead() => {
                    tracing::debug!(?trouble, "an idle mail connection had died")
                }
                outcome => {
                    return house.settle(connection, outcome, deadline).await.map_err(refused);
                }
            }
        }
        let opening = Connection::open(&house.address, house.tls.as_ref(), &house.limits, deadline);
        let mut connection = opening.await.map_err(refused)?;
        let outcome = connection.send(from, mail, deadline).await;
        house.settle(connection, outcome, deadline).await.map_err(refused)
    }

    /// Waits for the mails that are leaving, then says QUIT on every connection. Later mails are refused, for now.
    pub async fn close(&self) {
        let house = &self.house;
        house.closed.store(true, Ordering::Release);
        let all = house.turns.acquire_many(house.at_most).await;
        house.turns.close();
        drop(all);
        let connections = std::mem::take(&mut house.waiting().connections);
        join_all(connections.into_iter().map(Connection::quit)).await;
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let House { address, at_most, limits, .. } = &*self.house;
        f.debug_struct("Pool").field("address", address).field("at_most", at_most).field("limits", limits).finish()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let connections = std::mem::take(&mut self.house.waiting().connections);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(join_all(connections.into_iter().map(Connection::quit)));
        }
    }
}

impl House {
    /// Nothing is left half done under this lock, so another thread's panic spoils nothing.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps `connection` for the next mail if it is still good for one.
    async fn settle(self: &Arc<Self>, mut connection: Connection, outcome: Result<(), Trouble>, deadline: Instant) -> Result<(), Trouble> {
        let good = match &outcome {
            Ok(()) => true,
            Err(trouble) => trouble.leaves_connection_usable() && connection.reset(deadline).await,
        };
        if good {
            self.keep(connection);
        }
        outcome
    }

    fn keep(self: &Arc<Self>, mut connection: Connection) {
        connection.idle_since = Instant::now();
        let mut waiting = self.waiting();
        waiting.connections.push(connection);
        if !std::mem::replace(&mut waiting.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(self), self.limits.idle));
        }
    }
}

/// Says QUIT on every connection that was idle for long; ends when none is left.
async fn sweep(house: Weak<House>, idle: Duration) {
    loop {
        let (stale, next) = {
            let Some(house) = house.upgrade() else { return };
            let mut waiting = house.waiting();
            let now = Instant::now();
            let stale: Vec<_> = waiting.connections.extract_if(.., |c| c.idle_since + idle <= now).collect();
            let next = waiting.connections.iter().map(|c| c.idle_since + idle).min();
            waiting.swept = next.is_some();
            (stale, next)
        };
        join_all(stale.into_iter().map(Connection::quit)).await;
        let Some(next) = next else { return };
        sleep_until(next).await;
    }
}
