//! `rollcall serve`.

use std::net::TcpListener;

use crate::{
    app::{self, App, Migrate},
    clock::Clock,
    server,
    settings::Settings,
};

/// Takes the port before anything is created, so that a busy one leaves nothing behind.
fn listen(settings: &Settings) -> Result<TcpListener, String> {
    let cannot = |e: std::io::Error| {
        let why = if e.kind() == std::io::ErrorKind::AddrInUse { "something else listens there".to_owned() } else { e.to_string() };
        format!("{} cannot be listened on ({why}): stop that program or set ROLLCALL_LISTEN to another address.", settings.listen)
    };
    let listener = TcpListener::bind(settings.listen).map_err(cannot)?;
    listener.set_nonblocking(true).map_err(cannot)?;
    Ok(listener)
}

pub(super) fn run(settings: Settings, no_migrate: bool) -> Result<(), String> {
    let listener = listen(&settings)?;
    let db = app::open_database(&settings, if no_migrate { Migrate::No } else { Migrate::Yes })?;
    let app = App::assemble(settings, db, Clock::System)?;
    println!("Rollcall is on {}", app.settings.public_url.origin());
    if app.settings.smtp.is_none() {
        println!("Mails are written to {}", app.settings.data.join("mail").display());
    }
    actix_web::rt::System::new().block_on(server::serve(app, listener))
}
