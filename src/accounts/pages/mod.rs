//! The start page and sign-up.

pub mod cancellation;
pub mod settings;
pub mod signup;

use actix_web::HttpResponse;

use crate::{
    authz::{Actor, PermissionWord},
    failure::Failure,
    web::{Visit, redirect},
};

/// `GET /`: whoever has an errand to its page, admins to Members, others to their profile, strangers to sign-in.
pub async fn start(visit: Visit) -> Result<HttpResponse, Failure> {
    Ok(match visit.actor() {
        Some(Actor { errand: Some(errand), .. }) => redirect(errand.path()),
        Some(actor) if actor.may(PermissionWord::ManageMembers) => redirect("/settings/team/members"),
        Some(_) => redirect("/profile"),
        None if signup::is_first(&visit).await? => redirect("/signup"),
        None => redirect("/login"),
    })
}
