//! `/settings/numbers/{id}/assignment`: who calls and texts from a number.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    LIST,
    pick::{Candidates, PickPage},
    sentence,
};
use crate::{
    authz::{Can, ManageNumbers},
    db::NumberId,
    failure::Failure,
    numbers::{
        self, AssignRefusal,
        forms::{read_assignee, read_present},
    },
    web::{Choice, Flash, PathId, Posted, Visit, listing::Query, redirect},
};

/// The page with what is so now, and what `form` says about it. `chosen` is what is chosen; nothing for what is so.
async fn page(by: &Can<ManageNumbers>, visit: &Visit, id: NumberId, form: Posted, q: String, chosen: Option<String>) -> Result<PickPage, Failure> {
    let (account, now, looked_for) = (by.account(), visit.now, q.clone());
    let (row, found) = visit
        .app
        .db
        .read(move |conn| Ok::<_, Failure>((numbers::row_of(conn, account, id, now)?, Candidates::find(conn, account, &looked_for, now)?)))
        .await?;
    let chosen = chosen.unwrap_or_else(|| row.holder_word());
    let nobody = Choice { description: "Nobody calls or texts from it.".into(), ..Choice::new("none", "Nobody", chosen == "none") };
    let pinned: Vec<_> = row.holder.iter().collect();
    let lead = match &row.holder {
        Some(holder) => format!("Assigned to {} now. They call and text from it.", holder.shown()),
        None => "Nobody holds it now.".into(),
    };
    Ok(PickPage {
        title: format!("Assign {}", row.number.international),
        lead,
        number: row.number.international.clone(),
        href: format!("{LIST}/{id}"),
        action: format!("{LIST}/{id}/assignment"),
        name: "assignee",
        legend: "Assigned to",
        choices: std::iter::once(nobody).chain(found.choices(&chosen, &pinned, now)).collect(),
        note: found.note,
        from: row.holder_word(),
        form,
        q,
        frame: visit.frame(by, "numbers"),
    })
}

/// `GET /settings/numbers/{id}/assignment`
pub async fn edit(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>) -> Result<HttpResponse, Failure> {
    let q = Query::of(visit.request()).get("q").to_owned();
    visit.show(&page(&by, &visit, *id, Posted::default(), q, None).await?)
}

/// `POST /settings/numbers/{id}/assignment`
pub async fn update(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (q, chosen, present) = (form.value("q").to_owned(), form.value("assignee").to_owned(), read_present(&form));
    let Some(to) = read_assignee(&mut form) else {
        return visit.refuse(&page(&by, &visit, *id, form, q, None).await?);
    };
    let (acting, now, number) = (by.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| numbers::assign(tx, &acting, number, to, &present, now)).await {
        Ok(row) => {
            visit.flash(Flash::ok(match &row.holder {
                Some(holder) => format!("{} is assigned to {}.", row.number.international, holder.shown()),
                None => format!("{} is assigned to nobody.", row.number.international),
            }));
            Ok(redirect(&format!("{LIST}/{number}")))
        }
        Err(refusal) => {
            let status = if matches!(refusal, AssignRefusal::Changed) { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            // Of a changed number the present state is shown, else what was chosen.
            let chosen = Some(chosen).filter(|_| status != StatusCode::CONFLICT);
            form.refuse("assignee", sentence(refusal)?);
            visit.page(status, &page(&by, &visit, number, form, q, chosen).await?)
        }
    }
}
