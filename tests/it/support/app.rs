//! The real server in this process, on a port of its own.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, TcpListener},
    sync::mpsc,
    thread::JoinHandle,
};

use actix_web::{dev::ServerHandle, rt::System, web::Data};
use rollcall::{
    app::{self, App, Migrate},
    clock::Clock,
    server,
    settings::{Settings, Source},
};

/// The settings' names and texts.
pub type Flags = BTreeMap<String, String>;

/// A running server; dropping it ends it. Neither the post nor the ticker runs.
pub struct Running {
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    pub address: String,
}

/// Starts a server; `flags` win over what the tests usually set.
pub fn start(mut flags: Flags, clock: Clock) -> (Running, Data<App>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.set_nonblocking(true).expect("a non-blocking listener");
    let address = listener.local_addr().expect("an address").to_string();
    for (name, text) in [
        ("ROLLCALL_LISTEN", address.as_str()),
        ("ROLLCALL_WORKERS", "2"),
        ("ROLLCALL_DB_POOL", "4"),
        // Tests sign in more often than people; those of the limit set their own.
        ("ROLLCALL_LOGIN_PER_MINUTE", "100000"),
    ] {
        flags.entry(name.to_owned()).or_insert_with(|| text.to_owned());
    }
    let source = Source::from_parts(&flags, |_| None, None).expect("settings");
    let settings = Settings::read(&source).unwrap_or_else(|sentence| panic!("{sentence}"));
    let db = app::open_database(&settings, Migrate::Yes).unwrap_or_else(|sentence| panic!("{sentence}"));
    let app = Data::new(App::assemble(settings, db, clock).unwrap_or_else(|sentence| panic!("{sentence}")));
    let (tell, told) = mpsc::channel();
    let served = app.clone();
    let thread = std::thread::spawn(move || {
        System::new().block_on(async move {
            let server = server::start(served, listener).unwrap_or_else(|sentence| panic!("{sentence}"));
            tell.send(server.handle()).expect("somebody who waits");
            server.await.expect("a server that ends well");
        });
    });
    let handle = told.recv().expect("a started server");
    (Running { handle, thread: Some(thread), address }, app)
}

impl Drop for Running {
    fn drop(&mut self) {
        // Stopping is asked for at once; the future only waits for it.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
