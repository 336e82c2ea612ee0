//! `/settings/team/members/new`: Invite Member.

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    authz::{Can, ManageMembers, Role},
    billing::Plan,
    failure::Failure,
    members::{self, InviteRefusal, Invited, Refused, forms::read_invite},
    web::{Choice, Flash, FlashLink, Frame, Posted, Visit, redirect},
};

#[derive(Template)]
#[template(path = "members/new.html")]
struct InvitePage {
    frame: Frame,
    form: Posted,
    refusals: Vec<RefusalView>,
    roles: Vec<Choice>,
    places: String,
}

/// Why one address cannot be invited, and where to go instead (R11).
struct RefusalView {
    text: String,
    link: Option<FlashLink>,
}

fn roles(form: &Posted, plan: &Plan, with_supervisor: &str) -> Vec<Choice> {
    let choice = |role: Role| Choice {
        description: role.description().to_owned(),
        disabled_because: (role == Role::Supervisor && !plan.supervisor).then(|| with_supervisor.to_owned()),
        ..Choice::new(role.word(), role.name(), form.value("role") == role.word())
    };
    [Role::Agent, Role::Supervisor, Role::Admin].map(choice).into()
}

async fn page(by: &Can<ManageMembers>, visit: &Visit, form: Posted, refusals: Vec<RefusalView>) -> Result<InvitePage, Failure> {
    let plan = visit.app.plans.of_account(&by.actor().plan);
    let (account, now, asked) = (by.account(), visit.now, plan.clone());
    let places = visit.app.db.read(move |conn| members::places(conn, account, &asked, now)).await?;
    let places = match places {
        Some((taken, free)) => format!("{free} of {} places of the {} plan are free.", taken + free, plan.name),
        None => String::new(),
    };
    let roles = roles(&form, &plan, &visit.app.plans.with_supervisor());
    Ok(InvitePage { frame: visit.frame(by, "members"), form, refusals, roles, places })
}

/// `GET /settings/team/members/new`
pub async fn new(by: Can<ManageMembers>, visit: Visit) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, Posted::filled([("role", Role::Agent.word())]), Vec::new()).await?)
}

/// `POST /settings/team/members`
pub async fn create(by: Can<ManageMembers>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(invite) = read_invite(&mut form) else {
        return visit.refuse(&page(&by, &visit, form, Vec::new()).await?);
    };
    let plan = visit.app.plans.of_account(&by.actor().plan);
    let (acting, now, bought) = (by.clone(), visit.now, plan.clone());
    let invited = visit.app.db.write(move |tx| members::invite(tx, &acting, &invite, &bought, now)).await;
    let refusals = match invited {
        Ok(invited) => {
            visit.flash(flash(&invited));
            return Ok(redirect("/settings/team/members"));
        }
        Err(InviteRefusal::Failure(failure)) => return Err(failure),
        Err(InviteRefusal::Owner) => {
            form.refuse("role", "An Owner is not invited: transfer the ownership instead.");
            Vec::new()
        }
        Err(InviteRefusal::NoSupervisors) => {
            form.refuse("role", format!("The {} plan has no Supervisors ({}).", plan.name, visit.app.plans.with_supervisor()));
            Vec::new()
        }
        Err(InviteRefusal::NoPlace { free }) => {
            form.refuse("emails", no_place(free, &plan));
            Vec::new()
        }
        Err(InviteRefusal::People(people)) => {
            form.refuse("emails", "Take out the addresses that are here already.");
            people.iter().map(refusal).collect()
        }
    };
    visit.refuse(&page(&by, &visit, form, refusals).await?)
}

fn flash(invited: &[Invited]) -> Flash {
    match invited {
        [one] => Flash::ok(format!("Invite sent to {}.", one.email.as_str())),
        many => Flash::ok(format!("{} invites sent.", many.len())),
    }
}

/// The sentence for a full plan (R36).
pub(super) fn no_place(free: i64, plan: &Plan) -> String {
    let max = plan.seats_max.unwrap_or_default();
    let left = match free {
        0 => "none is free".to_owned(),
        1 => "one is free".to_owned(),
        n => format!("{n} are free"),
    };
    format!("The {} plan has {max} places and {left}. Cancel an invitation, or ask the Owner for a larger plan.", plan.name)
}

fn refusal(refused: &Refused) -> RefusalView {
    let view = |text: String, label: &str, id: &crate::db::MemberId| RefusalView {
        text,
        link: Some(FlashLink { label: label.to_owned(), href: format!("/settings/team/members/{id}") }),
    };
    match refused {
        Refused::Active(email, id) => view(format!("{} is active already.", email.as_str()), "Open profile", id),
        Refused::Pending(email, id) => view(format!("{} is invited already.", email.as_str()), "Resend", id),
        Refused::Deactivated(email, id) => view(format!("{} is deactivated.", email.as_str()), "Open profile", id),
        Refused::Removed(email, id) => view(format!("{} was removed and is not erased yet.", email.as_str()), "Open profile", id),
    }
}
