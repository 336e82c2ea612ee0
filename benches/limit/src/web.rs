//! The handlers.

use std::{net::Ipv4Addr, sync::Arc};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::header::{CACHE_CONTROL, ContentType},
    web::{self, Data},
};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::{data::Db, page};

struct Hasher {
    argon: Argon2<'static>,
    hash: String,
    turns: Arc<Semaphore>,
}

const PASSWORD: &[u8] = b"sample company passphrase";

pub fn serve(port: u16, url: &str) {
    let db = Data::new(Db::open(url));
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19456, 2, 1, None).expect("a cost"));
    let hash = argon.hash_password_with_salt(PASSWORD, b"sixteen bytes..!").expect("a hash").to_string();
    let hasher = Data::new(Hasher { argon, hash, turns: Arc::new(Semaphore::new(cores)) });
    let serve = async move {
        let app = move || {
            App::new()
                .app_data(db.clone())
                .app_data(hasher.clone())
                .route("/list", web::get().to(list))
                .route("/search", web::get().to(search))
                .route("/hash", web::post().to(verify))
                .route("/health/ready", web::get().to(ready))
        };
        HttpServer::new(app).workers(cores).bind((Ipv4Addr::LOCALHOST, port)).expect("a free port").run().await
    };
    actix_web::rt::System::new().block_on(serve).expect("a server");
}

async fn ready(db: Data<Db>) -> HttpResponse {
    web::block(move || db.ping()).await.map_or_else(|_| HttpResponse::ServiceUnavailable().finish(), |()| HttpResponse::Ok().body("ready\n"))
}

async fn list(request: HttpRequest, db: Data<Db>) -> HttpResponse {
    answer(&request, db, None).await
}

async fn search(request: HttpRequest, db: Data<Db>) -> HttpResponse {
    let q = url::form_urlencoded::parse(request.query_string().as_bytes()).find(|(name, _)| name == "q");
    answer(&request, db, Some(q.map_or_else(String::new, |(_, q)| q.to_lowercase()))).await
}

async fn answer(request: &HttpRequest, db: Data<Db>, word: Option<String>) -> HttpResponse {
    // The product's cookie is a MAC of 44 characters and the key whose digest the database knows.
    let Some(key) = request.cookie("rollcall").and_then(|cookie| cookie.value().get(44..).map(Sha256::digest)) else {
        return HttpResponse::Unauthorized().finish();
    };
    let asked = word.clone();
    match web::block(move || db.page(&key, asked.as_deref())).await {
        Ok(Ok((actor, rows))) => HttpResponse::Ok()
            .content_type(ContentType::html())
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(page::render(&actor, rows, word.unwrap_or_default())),
        _ => HttpResponse::Unauthorized().finish(),
    }
}

async fn verify(hasher: Data<Hasher>) -> HttpResponse {
    let turn = Arc::clone(&hasher.turns).acquire_owned().await.expect("never closed");
    let fits = web::block(move || {
        let fits = PasswordHash::new(&hasher.hash).is_ok_and(|hash| hasher.argon.verify_password(PASSWORD, &hash).is_ok());
        drop(turn);
        fits
    });
    if fits.await.unwrap_or(false) { HttpResponse::Ok().finish() } else { HttpResponse::InternalServerError().finish() }
}
