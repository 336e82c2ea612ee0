//! A browser without a screen: it keeps cookies, says where its requests come from, and follows nothing by itself.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use reqwest::{
    Method,
    blocking::{Client, RequestBuilder},
};

use super::Page;

/// One browser: its cookies, and the server it talks to.
pub struct Browser {
    client: Client,
    base: String,
    host: String,
    jar: Mutex<BTreeMap<String, String>>,
}

impl Clone for Browser {
    /// Another browser with the same cookies.
    fn clone(&self) -> Self {
        Browser { client: self.client.clone(), base: self.base.clone(), host: self.host.clone(), jar: Mutex::new(self.cookies()) }
    }
}

impl Browser {
    /// A browser without cookies. `host` is the name under which it asks for the server.
    pub fn new(client: Client, address: &str, host: &str) -> Self {
        Browser { client, base: format!("http://{address}"), host: host.to_owned(), jar: Mutex::default() }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path))
    }

    /// HEAD.
    pub fn head(&self, path: &str) -> Page {
        self.send(self.request(Method::HEAD, path))
    }

    /// POST of a form from one of the site's own pages; repeat a name for several values.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(self.request(Method::POST, path).header("Sec-Fetch-Site", "same-origin").form(fields))
    }

    /// POST of a form with a file in it: the fields, then the file `called` in the field `name`.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], name: &str, called: &str, bytes: &[u8]) -> Page {
        const BOUNDARY: &str = "a-boundary-that-no-test-has-in-its-file";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{called}\"\r\nContent-Type: application/octet-stream");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let request = self.request(Method::POST, path).header("Sec-Fetch-Site", "same-origin");
        self.send(request.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}")).body(body))
    }

    /// POST, then GET of the page it leads to: that page.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields);
        assert_eq!(answer.status, 303, "POST {path}: {}", answer.text());
        self.get(answer.to())
    }

    /// A request to be finished by hand; [`send`](Self::send) it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base)).header("Host", &self.host);
        let cookies: Vec<String> = self.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { request } else { request.header("Cookie", cookies.join("; ")) }
    }

    /// Sends a request and keeps the cookies of the answer.
    pub fn send(&self, request: RequestBuilder) -> Page {
        let page = Page::of(request.send().expect("an answer"));
        let mut jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        for cookie in page.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a cookie with a name");
            match value.is_empty() || attributes.to_lowercase().contains("max-age=0") {
                true => jar.remove(name),
                false => jar.insert(name.to_owned(), value.to_owned()),
            };
        }
        drop(jar);
        page
    }

    /// The cookies it would send.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Is somebody signed in?
    pub fn is_signed_in(&self) -> bool {
        self.get("/profile").status == 200
    }
}
