//! `POST /settings/team/members/{id}/password`: a password for a user by username (R2).

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::show::{self, Forms};
use crate::{
    accounts,
    authz::{Can, ManageMembers},
    db::MemberId,
    failure::Failure,
    members::{self, GiveRefusal, Member, forms::read_given_password, may_give_password},
    sign_in::{Fresh, devices, passwords},
    web::{Flash, Frame, PathId, Posted, Visit, redirect},
};

/// A generated password, shown once to whoever hands it over.
#[derive(Template)]
#[template(path = "members/password.html")]
pub(super) struct SecretPage {
    pub frame: Frame,
    pub name: String,
    pub href: String,
    /// What they sign in with.
    pub login: String,
    pub password: String,
    /// They were made just now.
    pub is_new: bool,
    /// What was charged for their seat, behind a sentence; nothing where nothing was.
    pub charged: String,
}

/// The section "Password" of a user by username.
pub(super) struct PasswordView {
    pub form: Posted,
    pub hint: String,
    /// They have not chosen their own yet.
    pub is_given: bool,
}

impl PasswordView {
    /// The section for `person`, where the visitor may give them a password; `typed` was refused.
    pub(super) fn of(by: &Can<ManageMembers>, visit: &Visit, person: &Member, typed: Option<Posted>) -> Option<Self> {
        may_give_password(by.actor().member, person).ok()?;
        let hint = format!("Leave it empty and one is made for you. If you choose it: {}", lower(&passwords::hint(visit.app.settings.password_min)));
        Some(PasswordView { form: typed.unwrap_or_default().without_secrets(), hint, is_given: person.must_change_password })
    }
}

/// The hint in the middle of a sentence.
pub(super) fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `POST /settings/team/members/{id}/password`
pub async fn update(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (account, member) = (by.account(), *id);
    let (person, slug) =
        visit.app.db.read(move |conn| Ok::<_, Failure>((members::get(conn, account, member)?, accounts::get(conn, account)?.slug))).await?;
    if let Err(refusal) = may_give_password(by.actor().member, &person) {
        return refuse(&by, &visit, &person, refusal).await;
    }
    let fresh = Fresh::of(&by, visit.now, &show::href(member))?;
    let username = person.username.clone().unwrap_or_default();
    let about = [person.display_name(), person.email.clone().unwrap_or_default(), username.clone(), by.actor().company.clone()];
    let Some(typed) = read_given_password(&mut form, visit.app.settings.password_min, &about.each_ref().map(String::as_str)) else {
        return visit.refuse(&show::page(&by, &visit, member, Forms { password: Some(form), ..Forms::default() }).await?);
    };
    let generated = typed.is_none();
    let password = typed.unwrap_or_else(passwords::Password::generate);
    let hash = visit.app.hasher.hash(&password).await?;
    let login = format!("{slug}/{username}");
    let (acting, now) = (by.clone(), visit.now);
    let given = visit
        .app
        .db
        .write(move |tx| {
            let person = members::give_password(tx, &acting, member, &hash, &fresh, now)?;
            devices::forget_tries(tx, &person, &slug)?;
            Ok(person)
        })
        .await;
    match given {
        Ok(person) if generated => visit.show(&SecretPage {
            frame: visit.frame(&by, "members"),
            name: person.display_name(),
            href: show::href(member),
            login,
            password: password.shown_once().to_owned(),
            is_new: false,
            charged: String::new(),
        }),
        Ok(person) => {
            visit.flash(Flash::ok(format!(
                "{} signs in as {login} with the password you typed, and chooses another one then. They are signed out everywhere.",
                person.display_name()
            )));
            Ok(redirect(&show::href(member)))
        }
        Err(refusal) => refuse(&by, &visit, &person, refusal).await,
    }
}

async fn refuse(by: &Can<ManageMembers>, visit: &Visit, person: &Member, refusal: GiveRefusal) -> Result<HttpResponse, Failure> {
    let name = person.display_name();
    let (status, sentence) = match refusal {
        GiveRefusal::Failure(failure) => return Err(failure),
        GiveRefusal::ByEmail => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{name} is a user by email and sets their own password: they choose “Forgot password?” on the sign-in page and get a link."),
        ),
        GiveRefusal::OfOwner => (StatusCode::FORBIDDEN, "Nobody gives the Owner a password, so nothing was changed.".to_owned()),
        GiveRefusal::Oneself => (StatusCode::UNPROCESSABLE_ENTITY, "Change your own password on your profile.".to_owned()),
        GiveRefusal::Removed => (StatusCode::CONFLICT, format!("{name} was removed, so nothing was changed. Restore them first.")),
    };
    let mut form = Posted::default();
    form.refuse("", sentence);
    visit.page(status, &show::page(by, visit, person.id, Forms { password: Some(form), ..Forms::default() }).await?)
}
