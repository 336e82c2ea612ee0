//! `/settings/team/members/{id}/role`: another role (R13–R17).

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    room::Room,
    show::{self, Forms},
};
use crate::{
    authz::{Can, ManageMembers, Role},
    billing::Plan,
    db::MemberId,
    failure::Failure,
    members::{self, Member, RoleChange, RoleRefusal, may_have_role},
    web::{Choice, Flash, PathId, Posted, Visit, redirect, words},
};

/// The section "Role" of a member's page.
pub(super) struct RoleView {
    pub form: Posted,
    pub choices: Vec<Choice>,
    pub version: i64,
    /// Why none can be chosen; empty where one can.
    pub locked: &'static str,
}

const MADE_BY_TRANSFER: &str = "Only with Transfer Ownership";

impl RoleView {
    /// The section for `person`; `typed` is a choice that was refused.
    pub(super) fn of(by: &Can<ManageMembers>, visit: &Visit, person: &Member, typed: Option<Posted>) -> Self {
        let (me, own) = (by.actor().member, by.actor().role);
        let plan = visit.app.plans.of_account(&by.actor().plan);
        let form = typed.unwrap_or_else(|| Posted::filled([("role", person.role.word())]));
        let locked = match may_have_role(me, own, person, person.role, &plan) {
            Err(RoleRefusal::OfOwner) if person.id == me => {
                "Nobody changes their own role. Hand the account over with Transfer Ownership, in the menu of whoever shall be the Owner."
            }
            Err(RoleRefusal::OfOwner) => "The Owner's role changes only when the Owner hands the account over with Transfer Ownership.",
            Err(RoleRefusal::Oneself) => "Nobody changes their own role.",
            Err(RoleRefusal::Removed) => "They were removed.",
            _ => "",
        };
        let reason = |role: Role| match may_have_role(me, own, person, role, &plan) {
            _ if !locked.is_empty() => Some(String::new()),
            Ok(()) => None,
            Err(RoleRefusal::NoSupervisors) => Some(visit.app.plans.with_supervisor()),
            Err(_) => Some(MADE_BY_TRANSFER.to_owned()),
        };
        let choice = |role: Role| Choice {
            description: role.description().to_owned(),
            disabled_because: reason(role),
            ..Choice::new(role.word(), role.name(), form.value("role") == role.word())
        };
        let choices = [Role::Agent, Role::Supervisor, Role::Admin, Role::Owner].map(choice).into();
        RoleView { choices, version: person.version, locked, form }
    }
}

/// The sentence for a role that was refused. `name` is the member's.
///
/// # Errors
/// What is no matter of roles.
pub(crate) fn sentence(refusal: RoleRefusal, name: &str, plan: &Plan, with_supervisor: &str) -> Result<String, Failure> {
    Ok(match refusal {
        RoleRefusal::Oneself => "Nobody changes their own role. Ask another Admin or the Owner.".into(),
        RoleRefusal::OfOwner => format!("{name} is the Owner. The Owner's role changes with Transfer Ownership only."),
        RoleRefusal::ToOwner | RoleRefusal::AboveOwn => "An Owner is made with Transfer Ownership only. Choose another role.".into(),
        RoleRefusal::NoSupervisors => format!("The {} plan has no Supervisors ({with_supervisor}). Choose another role.", plan.name),
        RoleRefusal::Removed => format!("{name} was removed. Restore them first."),
        RoleRefusal::Changed => format!("{name} was changed meanwhile. Look at them again."),
        RoleRefusal::Failure(failure) => return Err(failure),
    })
}

/// `POST /settings/team/members/{id}/role`
pub async fn update(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (account, member) = (by.account(), *id);
    let Some(role) = form.take("role", |word| Role::from_word(word).ok_or("Choose a role.")) else {
        return refused(&by, &visit, member, form).await;
    };
    // No version is none that was ever shown.
    let seen = Some(form.value("version").parse().unwrap_or(-1));
    let (acting, plans, now) = (by.clone(), visit.app.plans.clone(), visit.now);
    match visit.app.db.write(move |tx| members::change_role(tx, &acting, member, role, seen, &plans, now)).await {
        Ok(change) => {
            visit.flash(flash(&change));
            Ok(redirect(&show::href(member)))
        }
        Err(RoleRefusal::Changed) => {
            let forms = Forms { is_stale: true, ..Forms::default() };
            visit.page(StatusCode::CONFLICT, &show::page(&by, &visit, member, forms).await?)
        }
        Err(RoleRefusal::Failure(failure)) => Err(failure),
        Err(refusal) => {
            let name = visit.app.db.read(move |conn| members::get(conn, account, member)).await?.display_name();
            let plan = Room::of(&by, &visit).await?.plan;
            form.refuse("role", sentence(refusal, &name, &plan, &visit.app.plans.with_supervisor())?);
            refused(&by, &visit, member, form).await
        }
    }
}

async fn refused(by: &Can<ManageMembers>, visit: &Visit, member: MemberId, form: Posted) -> Result<HttpResponse, Failure> {
    visit.refuse(&show::page(by, visit, member, Forms { role: Some(form), ..Forms::default() }).await?)
}

fn flash(change: &RoleChange) -> Flash {
    let (name, role) = (change.person.display_name(), change.role.with_article());
    match change.voided {
        _ if change.person.role == change.role => Flash::ok(format!("{name} is {role} already, so nothing was changed.")),
        0 => Flash::ok(format!("{name} is {role} now.")),
        1 => Flash::warn(format!("{name} is {role} now. The invitation that they sent is void: send it again.")),
        n => Flash::warn(format!("{name} is {role} now. The {} invitations that they sent are void: send them again.", words::thousands(n as i64))),
    }
}
