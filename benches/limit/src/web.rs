//! The handlers.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, OnceLock},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    http::header::{CACHE_CONTROL, ContentType},
    web::{self, Data},
};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::{data::Db, page};

struct Hasher {
    argon: Argon2<'static>,
    right: OnceLock<[u8; 32]>,
    turns: Arc<Semaphore>,
    memory: Mutex<Vec<Vec<Block>>>,
}

const PASSWORD: &[u8] = b"sample company passphrase";
const SALT: &[u8] = b"sixteen bytes..!";

impl Hasher {
    fn new(cores: usize) -> Self {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19456, 2, 1, None).expect("a cost"));
        Hasher { argon, right: OnceLock::new(), turns: Arc::new(Semaphore::new(cores)), memory: Mutex::default() }
    }

    /// Hashes in memory that is kept: given back by glibc it never is.
    fn hash(&self) -> [u8; 32] {
        let kept = self.memory.lock().expect("no panic").pop();
        let mut blocks = kept.unwrap_or_else(|| vec![Block::default(); self.argon.params().block_count()]);
        let mut out = [0; 32];
        self.argon.hash_password_into_with_memory(PASSWORD, SALT, &mut out, &mut blocks).expect("a hash");
        self.memory.lock().expect("no panic").push(blocks);
        out
    }
}

pub fn serve(port: u16, url: &str) {
    let db = Data::new(Db::open(url));
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let hasher = Data::new(Hasher::new(cores));
    let serve = async move {
        let app = move || {
            App::new()
                .app_data(db.clone())
                .app_data(hasher.clone())
                .route("/list", web::get().to(list))
                .route("/group/{id}", web::get().to(group))
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
    answer(&request, db, None, None).await
}

async fn group(request: HttpRequest, db: Data<Db>, id: web::Path<String>) -> HttpResponse {
    answer(&request, db, None, Some(id.into_inner())).await
}

async fn search(request: HttpRequest, db: Data<Db>) -> HttpResponse {
    let q = url::form_urlencoded::parse(request.query_string().as_bytes()).find(|(name, _)| name == "q");
    answer(&request, db, Some(q.map_or_else(String::new, |(_, q)| q.to_lowercase())), None).await
}

async fn answer(request: &HttpRequest, db: Data<Db>, word: Option<String>, crowd: Option<String>) -> HttpResponse {
    // The product's cookie is a MAC of 44 characters and the key whose digest the database knows.
    let Some(key) = request.cookie("rollcall").and_then(|cookie| cookie.value().get(44..).map(Sha256::digest)) else {
        return HttpResponse::Unauthorized().finish();
    };
    let asked = word.clone();
    match web::block(move || db.page(&key, asked.as_deref(), crowd.as_deref())).await {
        Ok(Ok((actor, rows, groups))) => HttpResponse::Ok()
            .content_type(ContentType::html())
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(page::render(&actor, rows, groups, word.unwrap_or_default())),
        _ => HttpResponse::Unauthorized().finish(),
    }
}

async fn verify(hasher: Data<Hasher>) -> HttpResponse {
    let turn = Arc::clone(&hasher.turns).acquire_owned().await.expect("never closed");
    let fits = web::block(move || {
        let hash = hasher.hash();
        let fits = *hasher.right.get_or_init(|| hash) == hash;
        drop(turn);
        fits
    });
    if fits.await.unwrap_or(false) { HttpResponse::Ok().finish() } else { HttpResponse::InternalServerError().finish() }
}
