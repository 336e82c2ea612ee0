//! One request as a handler sees it: the instant, the client, the session, the way to answer.

use std::{
    future::{Ready, ready},
    ops::Deref,
    str::FromStr,
};

use actix_session::{Session, SessionExt};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::StatusCode, http::header, web::Data};
use askama::Template;

use super::{Flash, Frame, client, edge};
use crate::{
    app::App,
    authz::{Actor, Can, Permission},
    clock::At,
    failure::Failure,
    members::Theme,
};

/// One request.
pub struct Visit {
    /// The instant of this request; every rule of it uses this one.
    pub now: At,
    /// The program's parts.
    pub app: Data<App>,
    request: HttpRequest,
    session: Session,
}

impl Visit {
    /// Whoever is signed in, if anybody.
    pub fn actor(&self) -> Option<Actor> {
        Actor::of(&self.request)
    }
    /// The session, to sign in and out.
    pub fn session(&self) -> &Session {
        &self.session
    }
    /// The request itself, for headers and cookies.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }
    /// The client's address.
    pub fn address(&self) -> String {
        client::address(&self.request)
    }

    /// The frame of a page for whoever proved a permission; takes the flash along.
    pub fn frame<P: Permission>(&self, by: &Can<P>, here: &'static str) -> Frame {
        Frame::for_actor(by.actor(), here, self.take_flash(), edge::request_id(&self.request))
    }

    /// The frame of a page that needs nobody signed in.
    pub fn plain_frame(&self) -> Frame {
        Frame::for_anybody(self.actor().map_or(Theme::System, |actor| actor.theme), edge::request_id(&self.request))
    }

    /// Leaves a sentence for the next page.
    pub fn flash(&self, flash: Flash) {
        if !crate::sign_in::keeps_flash(&self.session) {
            return;
        }
        // Only a failing serialiser could refuse, and a lost flash is no reason to fail the click.
        let _ = self.session.insert(crate::sign_in::FLASH, flash);
    }

    fn take_flash(&self) -> Option<Flash> {
        let flash = self.session.get::<Flash>(crate::sign_in::FLASH).ok().flatten();
        if flash.is_some() {
            self.session.remove(crate::sign_in::FLASH);
        }
        flash
    }

    /// Answers with a page.
    pub fn page(&self, status: StatusCode, page: &impl Template) -> Result<HttpResponse, Failure> {
        let mut html = String::with_capacity(64 * 1024);
        page.render_into(&mut html).map_err(Failure::internal)?;
        self.html(status, html)
    }

    /// Answers with a page that is written already.
    pub fn html(&self, status: StatusCode, html: String) -> Result<HttpResponse, Failure> {
        Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html))
    }

    /// Answers 200 with a page.
    pub fn show(&self, page: &impl Template) -> Result<HttpResponse, Failure> {
        self.page(StatusCode::OK, page)
    }

    /// Answers 422 with the page that was posted, its sentences and what was typed (R58).
    pub fn refuse(&self, page: &impl Template) -> Result<HttpResponse, Failure> {
        self.page(StatusCode::UNPROCESSABLE_ENTITY, page)
    }
}

/// Answers 303 to the page that shows the result.
pub fn redirect(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

impl FromRequest for Visit {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(app) = request.app_data::<Data<App>>().cloned() else {
            return ready(Err(Failure::internal("the application's data is missing")));
        };
        ready(Ok(Visit { now: app.clock.now(), session: request.get_session(), app, request: request.clone() }))
    }
}

/// An id in a path; a malformed one is a page that does not exist (R19).
pub struct PathId<T>(pub T);

impl<T> Deref for PathId<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromStr + 'static> FromRequest for PathId<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("id").unwrap_or("");
        ready(text.parse().map(PathId).map_err(|_| Failure::NotFound))
    }
}
