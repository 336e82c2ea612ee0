//! A bucket in this process that speaks S3: it keeps, reads in ranges, lists in pages, deletes, and takes only requests that
//! are signed with its key.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread::JoinHandle,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::Method,
    rt::System,
    web::{self, Bytes, Data},
};
use chrono::{DateTime, TimeDelta, Utc};

use super::world::Wish;

mod signature;

/// The key of every bucket.
pub const KEY: (&str, &str) = ("AKIDTEST", "a secret that only the tests know");
const REGION: &str = "eu-test-1";
/// So few that every list has several pages.
const PAGE: usize = 3;

struct Object {
    content: Bytes,
    modified: DateTime<Utc>,
}

#[derive(Default)]
struct Inside {
    objects: BTreeMap<String, Object>,
    asked: Vec<String>,
    is_away: bool,
    /// How far its clock differs from ours.
    ahead: TimeDelta,
}

/// A running server with one bucket, `acme-files`.
pub struct Bucket {
    inside: Arc<Mutex<Inside>>,
    port: u16,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Bucket {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let inside = Arc::new(Mutex::new(Inside::default()));
        let served = Data::from(Arc::clone(&inside));
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            System::new().block_on(async move {
                let app = move || {
                    let any = web::route().to(answer);
                    App::new().app_data(served.clone()).app_data(web::PayloadConfig::new(20 << 20)).default_service(any)
                };
                let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Bucket { inside, port, handle: told.recv().unwrap(), thread: Some(thread) }
    }

    /// The settings that lead to it.
    pub fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("ROLLCALL_FILES", "s3://acme-files/phone".into()),
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_REGION", REGION.into()),
            ("AWS_ACCESS_KEY_ID", KEY.0.into()),
            ("AWS_SECRET_ACCESS_KEY", KEY.1.into()),
        ]
    }

    /// A world that keeps its files here.
    pub fn wish(&self, wish: Wish) -> Wish {
        self.settings().into_iter().fold(wish, |wish, (name, text)| wish.set(name, &text))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is in it, below the prefix.
    pub fn keys(&self) -> Vec<String> {
        self.inside().objects.keys().map(|key| key.strip_prefix("phone/").expect("the prefix").to_owned()).collect()
    }

    /// Takes everything out of it.
    pub fn lose_everything(&self) {
        self.inside().objects.clear();
    }

    /// It answers nobody, or everybody again.
    pub fn be_away(&self, is_away: bool) {
        self.inside().is_away = is_away;
    }

    /// Everything in it becomes older.
    pub fn age(&self, by: TimeDelta) {
        self.inside().objects.values_mut().for_each(|object| object.modified -= by);
    }

    /// Its clock goes wrong.
    pub fn shift_clock(&self, ahead: TimeDelta) {
        self.inside().ahead = ahead;
    }

    /// Which requests it took since it was last asked, like `PUT`.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.inside().asked)
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn failed(status: u16, code: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    HttpResponse::build(status).content_type("application/xml").body(format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>"))
}

#[expect(clippy::disallowed_methods, reason = "the bucket has a clock of its own")]
async fn answer(inside: Data<Mutex<Inside>>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let mut inside = inside.lock().unwrap_or_else(PoisonError::into_inner);
    if inside.is_away {
        return failed(503, "SlowDown");
    }
    if !signature::holds(&request, &body, KEY, REGION) {
        return failed(403, "SignatureDoesNotMatch");
    }
    inside.asked.push(request.method().to_string());
    let Some(key) = request.path().strip_prefix("/acme-files").map(|key| key.trim_start_matches('/').to_owned()) else {
        return failed(404, "NoSuchBucket");
    };
    match *request.method() {
        Method::PUT => {
            let modified = Utc::now() + inside.ahead;
            inside.objects.insert(key, Object { content: body, modified });
            HttpResponse::Ok().insert_header(("etag", "\"e\"")).finish()
        }
        Method::DELETE => {
            inside.objects.remove(&key);
            HttpResponse::NoContent().finish()
        }
        Method::GET if key.is_empty() => list(&inside, &request),
        Method::GET | Method::HEAD => match inside.objects.get(&key) {
            Some(object) => read(object, &request),
            None => failed(404, "NoSuchKey"),
        },
        _ => failed(405, "MethodNotAllowed"),
    }
}

fn read(object: &Object, request: &HttpRequest) -> HttpResponse {
    let size = object.content.len();
    let range = request.headers().get("range").and_then(|range| range.to_str().unwrap().strip_prefix("bytes=")?.split_once('-'));
    let range = range.map(|(from, to)| (from.parse::<usize>().unwrap(), to.parse::<usize>().unwrap()));
    let mut answer = match range {
        Some(_) => HttpResponse::PartialContent(),
        None => HttpResponse::Ok(),
    };
    answer.insert_header(("etag", "\"e\"")).insert_header(("last-modified", object.modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    if *request.method() == Method::HEAD {
        return answer.no_chunking(size as u64).body(object.content.clone());
    }
    match range {
        Some((from, to)) => {
            answer.insert_header(("content-range", format!("bytes {from}-{to}/{size}")));
            answer.body(object.content.slice(from..=to))
        }
        None => answer.body(object.content.clone()),
    }
}

fn list(inside: &Inside, request: &HttpRequest) -> HttpResponse {
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    assert_eq!(query.get("list-type").map(String::as_str), Some("2"));
    let prefix = query.get("prefix").cloned().unwrap_or_default();
    let after = query.get("continuation-token").cloned().unwrap_or_default();
    let found: Vec<_> = inside.objects.iter().filter(|(key, _)| key.starts_with(&prefix) && **key > after).collect();
    let page: Vec<_> = found.iter().take(PAGE).collect();
    let contents: String = page
        .iter()
        .map(|(key, object)| {
            let (modified, size) = (object.modified.format("%Y-%m-%dT%H:%M:%S.000Z"), object.content.len());
            format!("<Contents><Key>{key}</Key><LastModified>{modified}</LastModified><ETag>\"e\"</ETag><Size>{size}</Size></Contents>")
        })
        .collect();
    let next = match page.last() {
        Some((last, _)) if found.len() > PAGE => {
            format!("<IsTruncated>true</IsTruncated><NextContinuationToken>{last}</NextContinuationToken>")
        }
        _ => "<IsTruncated>false</IsTruncated>".into(),
    };
    let keys: BTreeSet<_> = page.iter().map(|(key, _)| key).collect();
    let body = format!("<ListBucketResult><Name>acme-files</Name><KeyCount>{}</KeyCount>{next}{contents}</ListBucketResult>", keys.len());
    HttpResponse::Ok().content_type("application/xml").body(body)
}
