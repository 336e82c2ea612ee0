//! The HTTP server: built from the doors, started, and stopped without losing a request (T31).

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_session::{
    SessionMiddleware,
    config::{CookieContentSecurity, PersistentSession},
};
use actix_web::{
    App as Actix, HttpRequest, HttpResponse, HttpServer,
    cookie::{SameSite, time},
    middleware::{Compress, from_fn},
    web::{self, Data, ServiceConfig},
};
use tokio::sync::watch;

use crate::{
    app::App,
    db::migrations::{self, Standing},
    doors,
    failure::Failure,
    members::{bulk, pages::whom},
    sign_in::Store,
    ticker,
    web::{assets, edge, metrics},
};

/// Requests and the current mail have so long to finish (T31).
const GRACE: u64 = 25;
/// How long probes are answered "leaving".
const FAREWELL: Duration = Duration::from_secs(1);

fn sessions(app: &App) -> SessionMiddleware<Store> {
    let settings = &app.settings;
    let secure = settings.public_url.is_secure();
    let store = Store::new(app.db.clone(), app.clock.clone(), settings.session_idle, settings.session_max);
    SessionMiddleware::builder(store, app.db.keys().cookies())
        .cookie_name(if secure { "__Host-rollcall" } else { "rollcall" }.into())
        .cookie_secure(secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".into())
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(PersistentSession::default().session_ttl(time::Duration::seconds(settings.session_max.as_secs_up())))
        .build()
}

/// Every service of the portal.
pub fn services(app: Data<App>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config
            .configure(assets::serve(app.assets.clone()))
            .route("/health/live", web::get().to(HttpResponse::Ok))
            .route("/health/ready", web::get().to(ready))
            .route("/metrics", web::get().to(metrics::show))
            .service(
                web::scope("")
                    .wrap(from_fn(edge::keep_theme))
                    .wrap(from_fn(whom::name_whom))
                    .wrap(sessions(&app))
                    .configure(doors::open)
                    .default_service(web::route().to(nothing_there)),
            )
            .app_data(app);
    }
}

async fn nothing_there() -> Result<HttpResponse, Failure> {
    Err(Failure::NotFound)
}

/// Ready while the database answers with the right schema, and the process is not leaving.
async fn ready(app: Data<App>, _request: HttpRequest) -> HttpResponse {
    if app.is_leaving() {
        return HttpResponse::ServiceUnavailable().body("leaving\n");
    }
    let db = app.db.clone();
    match web::block(move || migrations::standing(&db)).await {
        Ok(Ok(Standing::Current)) => HttpResponse::Ok().body("ready\n"),
        _ => HttpResponse::ServiceUnavailable().body("the database is away or outdated\n"),
    }
}

/// Serves until SIGTERM or SIGINT, then finishes what has begun.
///
/// # Errors
/// A sentence when the server cannot start.
pub async fn serve(app: App, listener: TcpListener) -> Result<(), String> {
    let app = Data::new(app);
    let (stop, stopped) = watch::channel(false);
    let posting = actix_web::rt::spawn(Arc::clone(&app.post).run(Arc::clone(app.db.post()), stopped.clone()));
    let inviting = actix_web::rt::spawn(bulk::run(app.clone(), stopped.clone()));
    let ticking = actix_web::rt::spawn(ticker::run(app.clone(), stopped));
    let server = start(app.clone(), listener)?;
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    tracing::info!(url = app.settings.public_url.origin(), "Rollcall is ready");
    wait_for_signal().await?;
    tracing::info!("leaving: finishing requests and the current mail");
    app.leave();
    let _ = stop.send(true);
    // Probes see that this process leaves before it stops to listen.
    tokio::time::sleep(FAREWELL).await;
    let rest = async {
        handle.stop(true).await;
        let _ = running.await;
        let _ = inviting.await;
        let _ = posting.await;
        let _ = ticking.await;
    };
    if tokio::time::timeout(Duration::from_secs(GRACE), rest).await.is_err() {
        tracing::warn!("something took too long to finish; a mail on its way will be sent again after the next start");
    }
    Ok(())
}

/// Starts the server on `listener`.
///
/// # Errors
/// A sentence when it cannot.
pub fn start(app: Data<App>, listener: TcpListener) -> Result<actix_web::dev::Server, String> {
    let workers = app.settings.workers;
    let server = HttpServer::new(move || Actix::new().configure(services(app.clone())).wrap(Compress::default()).wrap(from_fn(edge::edge)))
        .workers(workers)
        .disable_signals()
        .shutdown_timeout(GRACE)
        .keep_alive(Duration::from_secs(75))
        .client_request_timeout(Duration::from_secs(30))
        .listen(listener)
        .map_err(|e| format!("The server cannot start: {e}."))?;
    Ok(server.run())
}

async fn wait_for_signal() -> Result<(), String> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|e| format!("Signals cannot be listened to: {e}."));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}
