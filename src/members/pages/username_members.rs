//! `/settings/team/username-members`: User by username (R2).

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::{
    details::{link_to, taken},
    invite::{free_numbers, group_choices, roles},
    password::{SecretPage, lower},
    room::Room,
    show,
};
use crate::{
    accounts,
    authz::{Can, ManageMembers, Role},
    billing::{self, Bill, SeatRefusal, forms::read_shown, words::charged},
    failure::Failure,
    groups::{self, forms::GROUP_GONE},
    members::{self, CreateRefusal, NewUser, forms::NewUserForm},
    numbers::{AssignRefusal, pages::sentence},
    sign_in::passwords::{self, Password},
    web::{Choice, Flash, FlashLink, Frame, Posted, Visit, redirect},
};

#[derive(Template)]
#[template(path = "members/new_username.html")]
struct NewUserPage {
    frame: Frame,
    form: Posted,
    /// Whoever has the username that was typed.
    holder: Option<FlashLink>,
    bill: Bill,
    username_hint: String,
    password_hint: String,
    roles: Vec<Choice>,
    numbers: Vec<Choice>,
    groups: Vec<Choice>,
    places: String,
}

async fn page(by: &Can<ManageMembers>, visit: &Visit, form: Posted, holder: Option<FlashLink>) -> Result<NewUserPage, Failure> {
    let (account, now, chosen) = (by.account(), visit.now, form.value("number_id").to_owned());
    let plans = visit.app.plans.clone();
    let (slug, places, numbers, groups, subscription) = visit
        .app
        .db
        .read(move |conn| {
            let subscription = billing::look(conn, account, &plans, now)?.foreseen(conn, now)?;
            let places = members::places(conn, account, &subscription.plan, now)?;
            let numbers = free_numbers(conn, account, &chosen, now)?;
            Ok::<_, Failure>((accounts::get(conn, account)?.slug, places, numbers, groups::list_choices(conn, account)?, subscription))
        })
        .await?;
    let plan = &subscription.plan;
    let places = places.map(|(taken, free)| format!("{free} of {} places of the {} plan are free.", taken + free, plan.name));
    let hint = passwords::hint(visit.app.settings.password_min);
    Ok(NewUserPage {
        frame: visit.frame(by, "members"),
        roles: roles(&form, plan, &visit.app.plans.with_supervisor()),
        groups: group_choices(groups, &form),
        form: form.without_secrets(),
        holder,
        bill: Bill::at_once(&subscription, now),
        username_hint: format!("3 to 32 of a–z, 0–9, dot, underscore and hyphen. They sign in as {slug}/username."),
        password_hint: format!("Leave it empty and one is made for you and shown once. If you choose it: {}", lower(&hint)),
        numbers,
        places: places.unwrap_or_default(),
    })
}

/// `GET /settings/team/username-members/new`
pub async fn new(by: Can<ManageMembers>, visit: Visit) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, Posted::filled([("role", Role::Agent.word())]), None).await?)
}

/// `POST /settings/team/username-members`, and to the page itself, so that it can be opened again.
pub async fn create(by: Can<ManageMembers>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let typed = NewUserForm::read(&mut form, visit.app.settings.password_min, &by.actor().company);
    let (Some(shown), Some(typed)) = (read_shown(&mut form), typed) else {
        return visit.refuse(&page(&by, &visit, form, None).await?);
    };
    let generated = typed.password.is_none();
    let password = typed.password.unwrap_or_else(Password::generate);
    let what = NewUser {
        username: typed.username,
        name: typed.name,
        role: typed.role,
        password_hash: visit.app.hasher.hash(&password).await?,
        number: typed.number,
        groups: typed.groups,
    };
    let (acting, plans, now, wanted) = (by.clone(), visit.app.plans.clone(), visit.now, what.clone());
    let made = visit
        .app
        .db
        .write(move |tx| {
            let (id, bought) = members::create_user(tx, &acting, &wanted, shown, &plans, now)?;
            Ok((id, bought.charge, accounts::get(tx, acting.account())?.slug))
        })
        .await;
    let (field, sentence, holder) = match made {
        Ok((id, charge, slug)) => {
            let (name, login, charged) = (what.name.full(), format!("{slug}/{}", what.username.as_str()), charged(&charge));
            if generated {
                let (frame, password) = (visit.frame(&by, "members"), password.shown_once().to_owned());
                return visit.show(&SecretPage { frame, name, href: show::href(id), login, password, is_new: true, charged });
            }
            let text = format!("{name} can sign in as {login} with the password you typed, and chooses another one then.{charged}");
            visit.flash(Flash::ok(text));
            return Ok(redirect(&show::href(id)));
        }
        Err(CreateRefusal::Failure(failure)) => return Err(failure),
        Err(CreateRefusal::Seat(stale @ SeatRefusal::AmountChanged { .. })) => {
            form.refuse("", billing::words::seat_refused(&stale));
            return visit.page(StatusCode::CONFLICT, &page(&by, &visit, form, None).await?);
        }
        Err(CreateRefusal::Seat(refusal)) => ("", billing::words::seat_refused(&refusal), None),
        Err(CreateRefusal::Owner) => ("role", "There is one Owner: transfer the ownership instead.".to_owned(), None),
        Err(CreateRefusal::NoSupervisors) => {
            let plan = Room::of(&by, &visit).await?.plan.name;
            ("role", format!("The {plan} plan has no Supervisors ({}).", visit.app.plans.with_supervisor()), None)
        }
        Err(CreateRefusal::NoPlace) => {
            let room = Room::of(&by, &visit).await?;
            ("username", room.no_place(0), room.link())
        }
        Err(CreateRefusal::UsernameTaken(holder)) => ("username", taken(what.username.as_str(), "username", &holder), Some(link_to(&holder))),
        Err(CreateRefusal::Number(AssignRefusal::Failure(Failure::NotFound))) => {
            ("number_id", "That number is not in the account any more. Choose another one.".to_owned(), None)
        }
        Err(CreateRefusal::Number(refusal)) => ("number_id", sentence(refusal)?, None),
        Err(CreateRefusal::GroupGone) => ("group_ids", GROUP_GONE.to_owned(), None),
    };
    form.refuse(field, sentence);
    visit.refuse(&page(&by, &visit, form, holder).await?)
}
