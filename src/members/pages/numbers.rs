//! `/settings/team/members/{id}/numbers`: Telephone numbers → Assign → Available numbers → Done (R48).

use actix_web::HttpResponse;
use askama::Template;

use super::LIST;
use crate::{
    authz::{Can, ManageMembers},
    db::{MemberId, NumberId},
    failure::Failure,
    members,
    numbers::{
        self, AssignRefusal, Party, Present,
        pages::{sentence, titled},
    },
    web::{Choice, Flash, Frame, PathId, Posted, Visit, listing::Query, redirect},
};

/// Free numbers that are offered, and with a search taken ones that are named.
const FREE: i64 = 50;
const TAKEN: i64 = 10;

#[derive(Template)]
#[template(path = "members/numbers.html")]
struct NumbersPage {
    frame: Frame,
    form: Posted,
    name: String,
    lead: String,
    href: String,
    q: String,
    choices: Vec<Choice>,
    more: bool,
    manages_numbers: bool,
}

async fn page(by: &Can<ManageMembers>, visit: &Visit, id: MemberId, form: Posted, q: String) -> Result<NumbersPage, Failure> {
    let (account, now, looked_for) = (by.account(), visit.now, q.clone());
    let (person, (mut free, taken)) = visit
        .app
        .db
        .read(move |conn| {
            let person = members::get(conn, account, id)?;
            Ok::<_, Failure>((person, numbers::list_available(conn, account, now, &looked_for, FREE + 1, TAKEN)?))
        })
        .await?;
    let more = free.len() as i64 > FREE;
    free.truncate(FREE as usize);
    let chosen = form.value("number_id").to_owned();
    let mut choices: Vec<Choice> = free.iter().map(|number| Choice::new(number.id.as_str(), titled(number), number.id.as_str() == chosen)).collect();
    choices.extend(taken.iter().map(|row| Choice {
        disabled_because: Some(row.holder.as_ref().map_or_else(|| "Taken".into(), |holder| format!("Assigned to {}", holder.shown()))),
        ..Choice::new(row.number.id.as_str(), titled(&row.number), false)
    }));
    // Without a single choice there is no field to stand beside.
    let form = if choices.is_empty() { form.about_all() } else { form };
    Ok(NumbersPage {
        lead: format!("Assign a number to {}. They call and text from it, and get its calls unless those are sent elsewhere.", person.display_name()),
        name: person.display_name(),
        href: format!("{LIST}/{id}"),
        form,
        q,
        choices,
        more,
        manages_numbers: by.actor().may(crate::authz::PermissionWord::ManageNumbers),
        frame: visit.frame(by, "members"),
    })
}

/// `GET /settings/team/members/{id}/numbers`
pub async fn index(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let q = Query::of(visit.request()).get("q").chars().take(200).collect();
    visit.show(&page(&by, &visit, *id, Posted::default(), q).await?)
}

/// `POST /settings/team/members/{id}/numbers`
pub async fn create(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let q = form.value("q").chars().take(200).collect();
    let Some(number) = form.take("number_id", |text| text.parse::<NumberId>().map_err(|_| "Choose a number.")) else {
        return visit.refuse(&page(&by, &visit, *id, form, q).await?);
    };
    let (acting, account, now, member) = (by.clone(), by.account(), visit.now, *id);
    let given = visit
        .app
        .db
        .write(move |tx| {
            members::get(tx, account, member)?;
            // A number that is gone is a mistake of the form, a member who is not there is no page.
            if numbers::find(tx, account, number)?.is_none() {
                return Ok(None);
            }
            numbers::assign(tx, &acting, number, Some(Party::Member(member)), &Present::Unknown, now).map(Some)
        })
        .await;
    match given {
        Ok(Some(row)) => {
            let holder = row.holder.as_ref().map_or_else(String::new, |holder| holder.shown());
            visit.flash(Flash::ok(format!("{} is assigned to {holder}.", row.number.international)));
            return Ok(redirect(&format!("{LIST}/{member}")));
        }
        Ok(None) => form.refuse("number_id", "That number is not in the account any more. Choose another one."),
        Err(refusal) => form.refuse("number_id", sentence(refusal)?),
    }
    visit.refuse(&page(&by, &visit, member, form, q).await?)
}

/// `POST /settings/team/members/{id}/numbers/{number_id}/removal`: Unassign.
pub async fn destroy(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let number: NumberId = visit.request().match_info().get("number_id").unwrap_or("").parse().map_err(|_| Failure::NotFound)?;
    let (acting, account, now, member) = (by.clone(), by.account(), visit.now, *id);
    let taken = visit
        .app
        .db
        .write(move |tx| {
            let person = members::get(tx, account, member)?;
            numbers::unassign(tx, &acting, member, number, now).map(|row| (person, row))
        })
        .await;
    match taken {
        Ok((person, row)) => visit.flash(Flash::ok(format!("{} is no longer assigned to {}.", row.number.international, person.display_name()))),
        Err(AssignRefusal::Failure(failure)) => return Err(failure),
        Err(_) => visit.flash(Flash::warn("That number was not theirs any more, so nothing was changed.")),
    }
    Ok(redirect(&format!("{LIST}/{member}")))
}
