//! `/profile/password`.

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, Errand, OwnPassword, Permission},
    failure::Failure,
    members::{self, Member},
    sign_in::{self, count_try, forms::ChangeForm, passwords, passwords::Password, rows},
    web::{Flash, Frame, Posted, Visit, client, redirect, throttle},
};

#[derive(Template)]
#[template(path = "profile/password.html")]
struct PasswordPage {
    frame: Frame,
    form: Posted,
    password_hint: String,
    /// They are here because they must.
    forced: bool,
}

fn page(visit: &Visit, by: &Can<OwnPassword>, form: Posted) -> PasswordPage {
    PasswordPage {
        frame: visit.frame(by, "profile"),
        form: form.without_secrets(),
        password_hint: passwords::hint(visit.app.settings.password_min),
        forced: is_forced(by),
    }
}

fn is_forced(by: &Can<OwnPassword>) -> bool {
    by.actor().errand == Some(Errand::ChangePassword)
}

/// `GET /profile/password`
pub async fn edit(by: Can<OwnPassword>, visit: Visit) -> Result<HttpResponse, Failure> {
    visit.show(&page(&visit, &by, Posted::default()))
}

/// Is this the actor's password? Tries are counted like sign-ins (T4).
///
/// # Errors
/// Too many tries, or busy.
pub(crate) async fn confirms<P: Permission>(visit: &Visit, by: &Can<P>, person: &Member, typed: &Password) -> Result<bool, Failure> {
    let key = visit.app.db.keys().fingerprint(&[b"confirmations", by.actor().member.as_str().as_bytes()]);
    count_try(&visit.app, visit.request(), key, visit.now).await?;
    let fits = visit.app.hasher.fitting(typed, person.password_hash.clone().into_iter().collect()).await?;
    let right = fits.first() == Some(&true);
    if right {
        let (account, member, session, now) = (by.account(), by.actor().member, by.actor().session, visit.now);
        visit
            .app
            .db
            .write(move |tx| {
                throttle::forget(tx, key)?;
                rows::set_password_at(tx, account, member, session, now)
            })
            .await?;
    }
    Ok(right)
}

/// `POST /profile/password`: another password (R2); every session ends but this one, which gets a new key (T6).
pub async fn update(by: Can<OwnPassword>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (account, member) = (by.account(), by.actor().member);
    let person = visit.app.db.read(move |conn| members::get(conn, account, member)).await?;
    let email = person.email.clone().unwrap_or_default();
    let Some(typed) = ChangeForm::read(&mut form, visit.app.settings.password_min, by.actor(), &email) else {
        return visit.refuse(&page(&visit, &by, form));
    };
    if !confirms(&visit, &by, &person, &typed.current).await? {
        form.refuse("current_password", "This is not your current password.");
        return visit.refuse(&page(&visit, &by, form));
    }
    if typed.is_same() {
        form.refuse("password", "This is your password already. Choose another one.");
        return visit.refuse(&page(&visit, &by, form));
    }
    let hash = visit.app.hasher.hash(&typed.new).await?;
    let (acting, now) = (by.clone(), visit.now);
    let epoch = visit
        .app
        .db
        .write(move |tx| {
            acting.hold(tx)?;
            let epoch = members::set_credentials(tx, account, member, &hash)?;
            sign_in::tell(tx, &person, now)?;
            audit::record(tx, &Author::of(&acting), Event::PasswordChanged, Some(&Target::new(member, person.display_name())), "", now)?;
            Ok::<_, Failure>(epoch)
        })
        .await?;
    sign_in::keep_own(visit.session(), by.actor(), client::agent(visit.request()), epoch)?;
    visit.flash(Flash::ok("Your password is changed. You are signed out everywhere else."));
    // Who had to come here wanted to go somewhere else.
    Ok(redirect(if is_forced(&by) { "/" } else { "/profile" }))
}
