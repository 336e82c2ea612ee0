//! `/settings/team/members/{id}/removal` (R22): Remove Member, and Delete this user → Delete → Yes.

use actix_web::HttpResponse;

use super::{
    LIST,
    ending::{EndingPage, due, sentence},
};
use crate::{
    authz::{Can, ManageMembers},
    billing::{self, Money},
    db::{AccountId, Conn, MemberId},
    failure::Failure,
    groups,
    members::{self, Barred, Consequences, Filters, RemoveRefusal, Sort, Status, StatusWord, forms::read_replacement},
    routing::{self, Destination},
    web::{
        Choice, Flash, FlashLink, PathId, Posted, Visit,
        listing::{PAGE_SIZE, Query},
        redirect,
    },
};

/// The word of the profile's foot, where the documents call it deleting.
const FROM_PROFILE: &str = "profile";

async fn page(by: &Can<ManageMembers>, visit: &Visit, id: MemberId, form: Posted) -> Result<EndingPage, Failure> {
    let (account, actor, now) = (by.account(), by.actor().member, visit.now);
    let chosen = form.value("replacement").to_owned();
    let plans = visit.app.plans.clone();
    let (person, touched, choices, subscription) = visit
        .app
        .db
        .read(move |conn| {
            let person = members::get(conn, account, id)?;
            let touched = Consequences::of(conn, account, id, now)?;
            let choices = if touched.ringing.is_empty() { Vec::new() } else { replacements(conn, account, id, &chosen, now)? };
            Ok::<_, Failure>((person, touched, choices, billing::look(conn, account, &plans, now)?.foreseen(conn, now)?))
        })
        .await?;
    let (name, href) = (person.display_name(), format!("{LIST}/{id}"));
    let is_deleting = form.value("from") == FROM_PROFILE;
    let erase_at = Some(members::ends_at(&subscription.plan, now)).filter(|at| *at > now);
    let milder = (person.status == Status::Active).then(|| FlashLink { label: "Deactivate instead".into(), href: format!("{href}/deactivation") });
    Ok(EndingPage {
        frame: visit.frame(by, "members"),
        question: format!("{} {name}?", if is_deleting { "Delete" } else { "Remove" }),
        lead: format!("{name} is no longer in the team. What belongs to the account stays on it."),
        barred: members::may_remove(actor, &person).err().map_or("", sentence).into(),
        consequences: touched.of_removal(&subscription, erase_at, by.actor().zone),
        // Without the choice there is no field to stand beside.
        form: if choices.is_empty() { form.about_all() } else { form },
        choices,
        from: if is_deleting { FROM_PROFILE.into() } else { String::new() },
        action: format!("{href}/removal"),
        verb: if is_deleting { "Yes" } else { "Remove Member" },
        cancel: if is_deleting { format!("No, keep {name}") } else { format!("Keep {name}") },
        name,
        href,
        milder,
    })
}

/// What can get the calls of somebody who goes: voicemail, a group, or one of the first people of the list.
fn replacements(conn: &mut Conn, account: AccountId, leaving: MemberId, chosen: &str, now: crate::clock::At) -> Result<Vec<Choice>, Failure> {
    let choice = |to: Destination, label: String| Choice::new(to.word(), label, to.word() == chosen);
    let mut choices = vec![choice(Destination::Voicemail, "Voicemail, marked “Choose again”".into())];
    choices.extend(groups::list_choices(conn, account)?.into_iter().map(|(id, name)| choice(Destination::Group(id), format!("User group {name}"))));
    let active = Filters { status: Some(StatusWord::Active), ..Filters::default() };
    let people = members::page(conn, account, &active, Sort::Name, None, PAGE_SIZE as i64, now)?.rows;
    choices.extend(people.iter().filter(|row| row.id != leaving).map(|row| choice(Destination::Member(row.id), row.name())));
    Ok(choices)
}

/// `GET …/removal`: the consequences, with this person's real counts.
pub async fn new(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let from = Query::of(visit.request()).get("from").to_owned();
    visit.show(&page(&by, &visit, *id, Posted::filled([("from", from)])).await?)
}

/// `POST …/removal`
pub async fn create(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let id = *id;
    let Some(replacement) = read_replacement(&mut form) else {
        return visit.refuse(&page(&by, &visit, id, form).await?);
    };
    let (acting, plans, now) = (by.clone(), visit.app.plans.clone(), visit.now);
    match visit.app.db.write(move |tx| members::remove(tx, &acting, id, replacement.as_ref(), &plans, now)).await {
        Ok((person, erase_at)) => {
            let text = format!("{} is removed. {}.", person.display_name(), due(Some(erase_at), now, by.actor().zone));
            let undo = format!("{LIST}/{id}/restoration");
            visit.flash(if erase_at > now { Flash::ok(text).with_undo(undo, Money::ZERO) } else { Flash::ok(text) });
            return Ok(redirect(LIST));
        }
        Err(RemoveRefusal::Failure(failure)) => return Err(failure),
        // The second click of two.
        Err(RemoveRefusal::Barred(barred @ Barred::Is(Status::Removed))) => {
            visit.flash(Flash::warn(format!("{} Nothing was changed.", sentence(barred))));
            return Ok(redirect(&format!("{LIST}/{id}")));
        }
        Err(RemoveRefusal::Barred(barred)) => form.refuse("", sentence(barred)),
        Err(RemoveRefusal::Gone) => form.refuse("replacement", "What you chose cannot get calls any more. Choose again."),
        Err(RemoveRefusal::Loop(names)) => {
            form.refuse("replacement", format!("Calls would go in a circle: {}. Choose another one, or voicemail.", routing::in_words(&names)));
        }
    }
    visit.refuse(&page(&by, &visit, id, form).await?)
}
