//! A mail server for tests: takes mail on 127.0.0.1, keeps it in memory, and misbehaves on request.
//!
//! It runs in a thread of its own with a runtime of its own, so any test can use it, async or not.
#![allow(dead_code, reason = "a tool box: not every test reaches for every tool")]

use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

mod conversation;
mod received;

pub use received::Received;

/// How a mailbox with TLS starts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Offers STARTTLS, and takes no mail without it.
    Starttls,
    /// TLS from the first byte.
    Smtps,
}

/// Where in the conversation a [`Behaviour::RefuseAt`] strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Ehlo,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the final dot.
    Message,
}

/// What the server does besides taking every mail. Rules add up; `Normal` takes them all back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    Normal,
    /// Hangs up on everybody before the greeting.
    RefuseConnections,
    /// Greets with this line, such as `554 no service`.
    GreetWith(String),
    /// Answers with this line at a stage, such as `550 5.1.1 no such mailbox`; to `only_to` alone if given.
    RefuseAt {
        stage: Stage,
        reply: String,
        only_to: Option<String>,
    },
    /// Waits this long before each answer, the greeting included.
    Slow(Duration),
    /// Waits this long before the answer to the final dot.
    Ponder(Duration),
    /// Keeps each mail, and hangs up instead of answering.
    CutAfterFinalDot,
    /// The same for one mail.
    CutAfterFinalDotOnce,
    /// Offers AUTH PLAIN and LOGIN, and takes no mail without this user and password.
    RequireAuth {
        user: String,
        password: String,
    },
    /// Says nothing more once this many mails came over a connection, and hangs up.
    HangUpAfter(usize),
    /// Puts this line on the wire right behind the answer to STARTTLS, as somebody on the way might.
    InjectAfterStarttls(String),
}

/// A running server; dropping it ends it.
pub struct Mailbox {
    address: SocketAddr,
    tls: Option<(Tls, TempDir)>,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
    hang_up: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    rules: Vec<Behaviour>,
    connections: usize,
    now: usize,
    most: usize,
    said: Vec<String>,
}

impl Mailbox {
    /// Without TLS.
    pub fn start() -> Self {
        Self::run(None)
    }

    /// With a certificate that [`url`](Self::url) names as trusted.
    pub fn start_tls(kind: Tls) -> Self {
        Self::run(Some(kind))
    }

    fn run(kind: Option<Tls>) -> Self {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a non-blocking listener");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared { state: Mutex::default(), arrived: Condvar::new(), hang_up: watch::Sender::new(()) });
        let (tls, acceptor) = kind.map(certificate).unzip();
        let (stop, stopped) = oneshot::channel();
        let server = Server { shared: Arc::clone(&shared), kind, acceptor };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    () = server.listen(listener) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, tls: kind.zip(tls), shared, stop: Some(stop), thread: Some(thread) }
    }

    /// A `ROLLCALL_SMTP_URL` that fits, with the user and the password of `RequireAuth` and trust in its certificate.
    pub fn url(&self) -> String {
        let login = self.shared.lock().rules.iter().find_map(|rule| match rule {
            Behaviour::RequireAuth { user, password } => Some(format!("{}:{}@", encoded(user), encoded(password))),
            _ => None,
        });
        let login = login.unwrap_or_default();
        match &self.tls {
            None => format!("smtp://{login}{}", self.address),
            Some((kind, folder)) => {
                let ca = encoded(folder.path().join("ca.pem").to_str().expect("a UTF-8 path"));
                match kind {
                    Tls::Starttls => format!("smtp://{login}{}?tls=required&ca={ca}", self.address),
                    Tls::Smtps => format!("smtps://{login}{}?ca={ca}", self.address),
                }
            }
        }
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every mail taken so far, in order.
    pub fn received(&self) -> Vec<Received> {
        self.shared.lock().received.clone()
    }

    /// Those to `address`.
    pub fn to(&self, address: &str) -> Vec<Received> {
        let mut mails = self.received();
        mails.retain(|mail| mail.to.iter().any(|to| to.eq_ignore_ascii_case(address)));
        mails
    }

    /// How many came so far; cheaper than counting [`received`](Self::received).
    pub fn count(&self) -> usize {
        self.shared.lock().received.len()
    }

    /// Throws the mails away; keeps rules and counters.
    pub fn clear(&self) {
        let mut state = self.shared.lock();
        state.received.clear();
        state.said.clear();
    }

    /// Adds a rule; acts from the next answer on.
    pub fn behave(&self, rule: Behaviour) {
        let mut state = self.shared.lock();
        match rule {
            Behaviour::Normal => state.rules.clear(),
            rule => state.rules.push(rule),
        }
    }

    /// Connections seen so far.
    pub fn connections(&self) -> usize {
        self.shared.lock().connections
    }

    /// Connections open now.
    pub fn connections_now(&self) -> usize {
        self.shared.lock().now
    }

    /// The most connections that were open at once.
    pub fn most_at_once(&self) -> usize {
        self.shared.lock().most
    }

    /// Every command heard so far (not the mails), to look at the conversation itself.
    pub fn commands(&self) -> Vec<String> {
        self.shared.lock().said.clone()
    }

    /// Closes every open connection, as a server does with idle ones. Takes new ones still.
    pub fn hang_up(&self) {
        self.shared.hang_up.send_replace(());
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.connections_now() > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until `n` mails have come, or for `at_most`; returns what is there. Blocks the thread: see
    /// [`arrivals`](Self::arrivals) for async tests.
    pub fn wait_for(&self, n: usize, at_most: Duration) -> Vec<Received> {
        let state = self.shared.lock();
        let enough = self.shared.arrived.wait_timeout_while(state, at_most, |s| s.received.len() < n);
        enough.unwrap_or_else(PoisonError::into_inner).0.received.clone()
    }

    /// [`wait_for`](Self::wait_for) without blocking the runtime.
    pub async fn arrivals(&self, n: usize, at_most: Duration) -> Vec<Received> {
        let deadline = Instant::now() + at_most;
        while self.count() < n && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        self.received()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => (byte as char).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn certificate(_: Tls) -> (TempDir, TlsAcceptor) {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), made.cert.pem()).expect("the certificate's file");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let chain = vec![CertificateDer::from(made.cert.der().to_vec())];
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
        .expect("a TLS server");
    (folder, TlsAcceptor::from(Arc::new(config)))
}

struct Server {
    shared: Arc<Shared>,
    kind: Option<Tls>,
    acceptor: Option<TlsAcceptor>,
}

impl Server {
    async fn listen(&self, listener: TcpListener) {
        loop {
            let Ok((tcp, _)) = listener.accept().await else {
                continue;
            };
            let refuse = {
                let mut state = self.shared.lock();
                state.connections += 1;
                state.rules.contains(&Behaviour::RefuseConnections)
            };
            if refuse {
                continue;
            }
            let _ = tcp.set_nodelay(true);
            {
                let mut state = self.shared.lock();
                state.now += 1;
                state.most = state.most.max(state.now);
            }
            let (shared, kind, acceptor) = (Arc::clone(&self.shared), self.kind, self.acceptor.clone());
            let mut hang_up = shared.hang_up.subscribe();
            tokio::spawn(async move {
                tokio::select! {
                    _ = conversation::talk(tcp, Arc::clone(&shared), kind, acceptor) => {}
                    _ = hang_up.changed() => {}
                }
                shared.lock().now -= 1;
            });
        }
    }
}
