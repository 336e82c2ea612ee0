//! `/profile/two-factor`: one's own second factor (T7).

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    accounts,
    authz::{Can, Errand, OwnSecondFactor, Permission, SignedIn},
    db::{Conn, MemberId},
    failure::Failure,
    members::{self, Member},
    sign_in::{
        self, Fresh, confirms,
        forms::{read_code, read_current},
        second_factor::{self, Made, Picture, RemoveRefusal, SetUpRefusal, Typed},
    },
    web::{Flash, Frame, Posted, Visit, client, listing::Query, redirect},
};

const HERE: &str = "/profile/two-factor";
/// The word of the field and parameter `app` that asks for another app in the place of the one in use.
const ANOTHER: &str = "another";
/// The word of the field `codes` that asks for new recovery codes.
const NEW: &str = "new";

/// What a form wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// A first app.
    First,
    /// Another app in the place of the one in use.
    Another,
    /// New recovery codes.
    Codes,
}

impl Wish {
    fn of(form: &Posted) -> Self {
        match (form.value("codes") == NEW, form.value("app") == ANOTHER) {
            (true, _) => Wish::Codes,
            (false, true) => Wish::Another,
            (false, false) => Wish::First,
        }
    }
}

/// What an app takes over.
struct Offer {
    picture: Picture,
    secret: String,
}

#[derive(Template)]
#[template(path = "profile/two_factor_setup.html")]
struct SetUpPage {
    frame: Frame,
    form: Posted,
    company: String,
    /// Nothing, until the password is fresh (T8).
    offer: Option<Offer>,
    confirm_href: String,
    forced: bool,
    another: bool,
}

#[derive(Template)]
#[template(path = "profile/two_factor.html")]
struct OnPage {
    frame: Frame,
    form: Posted,
    since: String,
    codes_left: i64,
    required: bool,
}

#[derive(Template)]
#[template(path = "profile/recovery_codes.html")]
struct CodesPage {
    frame: Frame,
    title: &'static str,
    codes: Vec<String>,
    next: &'static str,
}

/// What the pages need from the database.
struct Known {
    person: Member,
    codes_left: i64,
    required: bool,
}

async fn look<P: Permission>(visit: &Visit, by: &Can<P>) -> Result<Known, Failure> {
    let (account, member) = (by.account(), by.actor().member);
    let read = move |conn: &mut Conn, member: MemberId| {
        let person = members::get(conn, account, member)?;
        let codes_left = second_factor::recovery_codes_left(conn, account, member)?;
        let required = accounts::get(conn, account)?.require_two_factor.asks(person.role);
        Ok::<_, Failure>(Known { person, codes_left, required })
    };
    visit.app.db.read(move |conn| read(conn, member)).await
}

fn is_forced<P: Permission>(by: &Can<P>) -> bool {
    by.actor().errand == Some(Errand::SetUpSecondFactor)
}

/// The page as it stands: what is in use, or what can be set up.
fn page<P: Permission>(visit: &Visit, by: &Can<P>, known: &Known, form: Posted, another: bool) -> Result<String, Failure> {
    let (form, frame) = (form.without_secrets(), visit.frame(by, "profile"));
    let (actor, zone) = (by.actor(), by.actor().zone);
    if known.person.has_second_factor() && !another {
        let since = format!("{} ({zone})", zone.minute(known.person.second_factor_at));
        let page = OnPage { frame, form, since, codes_left: known.codes_left, required: known.required };
        return page.render().map_err(Failure::internal);
    }
    let way_back = if another { format!("{HERE}?app={ANOTHER}") } else { HERE.to_owned() };
    let offer = match Fresh::of(by, visit.now, &way_back) {
        Ok(_) => {
            let secret = second_factor::offered(visit.app.db.keys(), actor);
            let login = known.person.email.as_deref().or(known.person.username.as_deref()).unwrap_or(&actor.name);
            Some(Offer { picture: Picture::of(&secret.link(&actor.company, login)?)?, secret: secret.text() })
        }
        Err(_) => None,
    };
    let confirm_href = crate::web::with_next("/password/confirmation", &way_back);
    let page = SetUpPage { frame, form, company: actor.company.clone(), offer, confirm_href, forced: is_forced(by), another };
    page.render().map_err(Failure::internal)
}

/// `GET /profile/two-factor`: the picture for the app, or what is in use. The same picture at every look of a session; looking
/// writes nothing (T11).
pub async fn edit(by: Can<OwnSecondFactor>, visit: Visit) -> Result<HttpResponse, Failure> {
    let known = look(&visit, &by).await?;
    let another = known.person.has_second_factor() && Query::of(visit.request()).get("app") == ANOTHER;
    visit.html(actix_web::http::StatusCode::OK, page(&visit, &by, &known, Posted::default(), another)?)
}

fn refused<P: Permission>(visit: &Visit, by: &Can<P>, known: &Known, form: Posted, another: bool) -> Result<HttpResponse, Failure> {
    visit.html(actix_web::http::StatusCode::UNPROCESSABLE_ENTITY, page(visit, by, known, form, another)?)
}

/// What a form gets that was made for how it stood before.
fn changed(visit: &Visit) -> HttpResponse {
    visit.flash(Flash::warn("Two-factor sign-in was changed in another window meanwhile, so nothing was done. This is how it stands now."));
    redirect(HERE)
}

/// `POST /profile/two-factor`: sets one up; or where there is one, takes another app in its place (`app=another`), or makes new
/// recovery codes (`codes=new`). A form that was made for how it stood before does nothing. Other sessions end, this one gets a new key (T6).
pub async fn update(by: Can<OwnSecondFactor>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let known = look(&visit, &by).await?;
    let wish = Wish::of(&form);
    let another = wish == Wish::Another;
    let fresh = Fresh::of(&by, visit.now, if another { "/profile/two-factor?app=another" } else { HERE })?;
    if known.person.has_second_factor() == (wish == Wish::First) {
        return Ok(changed(&visit));
    }
    let Some(typed) = read_code(&mut form) else {
        return refused(&visit, &by, &known, form, another);
    };
    if wish == Wish::Codes {
        let key = second_factor::tries_key(visit.app.db.keys(), by.actor().member);
        sign_in::count_try(&visit.app, visit.request(), key, visit.now).await?;
    }
    let made = write(&visit, &by, fresh, typed, wish).await;
    let Made { codes, epoch } = match made {
        Ok(made) => made,
        Err(SetUpRefusal::Wrong) => {
            form.refuse("code", "This code is wrong, or it was used already. Enter the one that the app shows now.");
            return refused(&visit, &by, &known, form, another);
        }
        Err(SetUpRefusal::Changed) => return Ok(changed(&visit)),
        Err(SetUpRefusal::Failure(failure)) => return Err(failure),
    };
    sign_in::keep_own_unasked(visit.session(), by.actor(), client::agent(visit.request()), epoch)?;
    let title = if wish == Wish::Codes { "Your new recovery codes" } else { "Two-factor sign-in is on" };
    let next = if is_forced(&by) { "/" } else { "/profile" };
    visit.show(&CodesPage { frame: visit.frame(&by, "profile"), title, codes, next })
}

async fn write(visit: &Visit, by: &Can<OwnSecondFactor>, fresh: Fresh, typed: Typed, wish: Wish) -> Result<Made, SetUpRefusal> {
    let (acting, now) = (by.clone(), visit.now);
    let offered = second_factor::offered(visit.app.db.keys(), by.actor());
    visit
        .app
        .db
        .write(move |tx| match wish {
            Wish::Codes => second_factor::renew_recovery_codes(tx, &acting, &fresh, &typed, now),
            Wish::First | Wish::Another => second_factor::set_up(tx, &acting, &fresh, &offered, &typed, wish == Wish::Another, now),
        })
        .await
}

/// `POST /profile/two-factor/removal`
pub async fn destroy(by: Can<SignedIn>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let known = look(&visit, &by).await?;
    if !known.person.has_second_factor() {
        visit.flash(Flash::warn("Two-factor sign-in is off already."));
        return Ok(redirect(HERE));
    }
    let Some(typed) = read_current(&mut form) else {
        return refused(&visit, &by, &known, form, false);
    };
    if !confirms(&visit, &by, &known.person, &typed).await? {
        form.refuse("current_password", "This is not your current password.");
        return refused(&visit, &by, &known, form, false);
    }
    let (acting, now) = (by.clone(), visit.now);
    match visit.app.db.write(move |tx| second_factor::remove(tx, &acting, now)).await {
        Ok(epoch) => {
            sign_in::keep_own(visit.session(), by.actor(), client::agent(visit.request()), epoch)?;
            visit.flash(Flash::ok("Two-factor sign-in is off. You are signed out everywhere else."));
            Ok(redirect("/profile"))
        }
        Err(RemoveRefusal::NotSetUp) => {
            visit.flash(Flash::warn("Two-factor sign-in is off already."));
            Ok(redirect(HERE))
        }
        Err(RemoveRefusal::Required) => {
            form.refuse("", format!("{} asks two-factor sign-in of you, so it stays on.", by.actor().company));
            refused(&visit, &by, &known, form, false)
        }
        Err(RemoveRefusal::Failure(failure)) => Err(failure),
    }
}
