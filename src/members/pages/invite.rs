//! `/settings/team/members/new`: Invite Member.

use std::collections::HashSet;

use actix_web::HttpResponse;
use askama::Template;

use super::room::Room;
use crate::{
    authz::{Can, ManageMembers, Role},
    billing::{self, Bill, Plan},
    clock::At,
    db::{AccountId, Conn, GroupId, Tx},
    failure::Failure,
    groups::{self, forms::GROUP_GONE},
    members::{
        self, InviteRefusal, Invited, Refused,
        forms::{count_emails, read_invite},
    },
    numbers::{self, AssignRefusal, pages::sentence},
    web::{Choice, Flash, FlashLink, Frame, Posted, Visit, redirect},
};

#[derive(Template)]
#[template(path = "members/new.html")]
struct InvitePage {
    frame: Frame,
    form: Posted,
    refusals: Vec<RefusalView>,
    roles: Vec<Choice>,
    numbers: Vec<Choice>,
    groups: Vec<Choice>,
    places: String,
    /// The way to more places, where there are too few.
    way_out: Option<FlashLink>,
    bill: Bill,
    returns_free: bool,
}

/// Why one address cannot be invited, and where to go instead (R11).
struct RefusalView {
    text: String,
    link: Option<FlashLink>,
    /// Reactivate or Restore: a button that posts at once where it costs nothing, else a link to the page that says how much.
    act: Option<FlashLink>,
    /// Invite anew instead, with everything as typed.
    is_fresh: bool,
}

pub(super) fn roles(form: &Posted, plan: &Plan, with_supervisor: &str) -> Vec<Choice> {
    let choice = |role: Role| Choice {
        description: role.description().to_owned(),
        disabled_because: (role == Role::Supervisor && !plan.supervisor).then(|| with_supervisor.to_owned()),
        ..Choice::new(role.word(), role.name(), form.value("role") == role.word())
    };
    [Role::Agent, Role::Supervisor, Role::Admin].map(choice).into()
}

async fn page(by: &Can<ManageMembers>, visit: &Visit, form: Posted, refusals: Vec<RefusalView>) -> Result<InvitePage, Failure> {
    let (account, now, plans) = (by.account(), visit.now, visit.app.plans.clone());
    let chosen = form.value("number_id").to_owned();
    let (places, numbers, groups, subscription, pending) = visit
        .app
        .db
        .read(move |conn| {
            let subscription = billing::look(conn, account, &plans, now)?.foreseen(conn, now)?;
            let places = members::places(conn, account, &subscription.plan, now)?;
            let numbers = free_numbers(conn, account, &chosen, now)?;
            let pending = members::count_pending(conn, account, now)?;
            Ok::<_, Failure>((places, numbers, groups::list_choices(conn, account)?, subscription, pending))
        })
        .await?;
    let plan = &subscription.plan;
    let groups = group_choices(groups, &form);
    let places = match places {
        Some((taken, free)) => format!("{free} of {} places of the {} plan are free.", taken + free, plan.name),
        None => String::new(),
    };
    let roles = roles(&form, plan, &visit.app.plans.with_supervisor());
    Ok(InvitePage {
        frame: visit.frame(by, "members"),
        bill: Bill::on_acceptance(&subscription, count_emails(form.value("emails")), pending, now),
        returns_free: subscription.returns_free(now),
        way_out: None,
        form,
        refusals,
        roles,
        numbers,
        groups,
        places,
    })
}

/// The account's groups, those that the form has ticked.
pub(super) fn group_choices(groups: Vec<(GroupId, String)>, form: &Posted) -> Vec<Choice> {
    let ticked: HashSet<&str> = form.values("group_ids").into_iter().collect();
    groups.into_iter().map(|(id, name)| Choice::new(id.as_str(), name, ticked.contains(id.as_str()))).collect()
}

/// Free numbers that the form offers; more are given on a member's profile.
const OFFERED: i64 = 200;

pub(super) fn free_numbers(conn: &mut Conn, account: AccountId, chosen: &str, now: At) -> Result<Vec<Choice>, Failure> {
    let free = numbers::list_free(conn, account, now, "", OFFERED)?;
    let choice = |number: numbers::Number| {
        let label = if number.label.is_empty() { number.international } else { format!("{} · {}", number.international, number.label) };
        Choice::new(number.id.as_str(), label, number.id.as_str() == chosen)
    };
    Ok(std::iter::once(Choice::new("", "No number yet", chosen.is_empty())).chain(free.into_iter().map(choice)).collect())
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
    let (acting, plans, now) = (by.clone(), visit.app.plans.clone(), visit.now);
    let invite_them = if form.chosen("fresh_start", "on") { members::invite_afresh } else { members::invite };
    let invite_and_quote = move |tx: &mut Tx<'_>| {
        let invited = invite_them(tx, &acting, &invite, &plans, now)?;
        let subscription = billing::look(tx, acting.account(), &plans, now)?;
        let (n, all) = (invited.len() as i64, members::count_pending(tx, acting.account(), now)?);
        let costs = billing::words::when_accepted(&subscription, n, all - n, now);
        Ok::<_, InviteRefusal>((invited, costs))
    };
    let invited = visit.app.db.write(invite_and_quote).await;
    let refusals = match invited {
        Ok((invited, costs)) => {
            visit.flash(flash(&invited, &costs));
            return Ok(redirect("/settings/team/members"));
        }
        Err(InviteRefusal::Failure(failure)) => return Err(failure),
        Err(InviteRefusal::Owner) => {
            form.refuse("role", "An Owner is not invited: transfer the ownership instead.");
            Vec::new()
        }
        Err(InviteRefusal::NoSupervisors) => {
            let plan = Room::of(&by, &visit).await?.plan.name;
            form.refuse("role", format!("The {plan} plan has no Supervisors ({}).", visit.app.plans.with_supervisor()));
            Vec::new()
        }
        Err(InviteRefusal::NoPlace { free }) => {
            let room = Room::of(&by, &visit).await?;
            form.refuse("emails", room.no_place(free));
            let page = page(&by, &visit, form, Vec::new()).await?;
            return visit.refuse(&InvitePage { way_out: room.link(), ..page });
        }
        Err(InviteRefusal::NumberForOne) => {
            form.refuse("number_id", "One number is for one person: invite them alone, or choose no number.");
            Vec::new()
        }
        Err(InviteRefusal::Number(AssignRefusal::Failure(Failure::NotFound))) => {
            form.refuse("number_id", "That number is not in the account any more. Choose another one.");
            Vec::new()
        }
        Err(InviteRefusal::Number(refusal)) => {
            form.refuse("number_id", sentence(refusal)?);
            Vec::new()
        }
        Err(InviteRefusal::GroupGone) => {
            form.refuse("group_ids", GROUP_GONE);
            Vec::new()
        }
        Err(InviteRefusal::People(people)) => {
            form.refuse("emails", "Take out the addresses that are here already.");
            people.iter().map(refusal).collect()
        }
    };
    visit.refuse(&page(&by, &visit, form, refusals).await?)
}

fn flash(invited: &[Invited], costs: &str) -> Flash {
    match invited {
        [one] => Flash::ok(format!("Invite sent to {}.{costs}", one.email.as_str())),
        many => Flash::ok(format!("{} invites sent.{costs}", many.len())),
    }
}

fn refusal(refused: &Refused) -> RefusalView {
    let view = |text: String, label: &str, id: &crate::db::MemberId| RefusalView {
        text,
        link: Some(FlashLink { label: label.to_owned(), href: format!("/settings/team/members/{id}") }),
        act: None,
        is_fresh: false,
    };
    let act = |label: &str, id: &crate::db::MemberId, noun: &str| {
        Some(FlashLink { label: label.to_owned(), href: format!("/settings/team/members/{id}/{noun}") })
    };
    match refused {
        Refused::Active(email, id) => view(format!("{} is active already.", email.as_str()), "Open profile", id),
        Refused::Pending(email, id) => view(format!("{} is invited already.", email.as_str()), "Resend", id),
        Refused::Deactivated(email, id) => {
            RefusalView { act: act("Reactivate", id, "reactivation"), ..view(format!("{} is deactivated.", email.as_str()), "Open profile", id) }
        }
        Refused::Removed(email, id) => RefusalView {
            act: act("Restore", id, "restoration"),
            is_fresh: true,
            ..view(format!("{} was removed and is not erased yet.", email.as_str()), "Open profile", id)
        },
    }
}
