//! `/settings/numbers/{id}/incoming`: Incoming calls → Assign → user → Done (R48).

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
        self, AssignRefusal, Incoming,
        forms::{read_incoming, read_present},
    },
    web::{Choice, Flash, PathId, Posted, Visit, listing::Query, redirect},
};

async fn page(by: &Can<ManageNumbers>, visit: &Visit, id: NumberId, form: Posted, q: String, chosen: Option<String>) -> Result<PickPage, Failure> {
    let (account, now, looked_for) = (by.account(), visit.now, q.clone());
    let (row, found) = visit
        .app
        .db
        .read(move |conn| Ok::<_, Failure>((numbers::row_of(conn, account, id, now)?, Candidates::find(conn, account, &looked_for, now)?)))
        .await?;
    let chosen = chosen.unwrap_or_else(|| row.number.incoming().word());
    let (lead, assignee) = match &row.holder {
        Some(holder) => (
            format!("Choose who gets its incoming calls. {} holds it, and calls and texts from it as before.", holder.shown()),
            format!("{} now", holder.shown()),
        ),
        None => ("Choose who gets its incoming calls. Nobody holds it, so it is assigned to them.".to_owned(), "Nobody now".to_owned()),
    };
    let fixed = [
        Choice {
            description: assignee,
            ..Choice::new(Incoming::Assignee.word(), "Whoever the number is assigned to", chosen == Incoming::Assignee.word())
        },
        Choice {
            description: "Callers leave a message.".into(),
            ..Choice::new(Incoming::Voicemail.word(), "Voicemail", chosen == Incoming::Voicemail.word())
        },
    ];
    let pinned: Vec<_> = row.towards.iter().collect();
    Ok(PickPage {
        title: format!("Assign incoming calls for {}", row.number.international),
        lead,
        number: row.number.international.clone(),
        href: format!("{LIST}/{id}"),
        action: format!("{LIST}/{id}/incoming"),
        name: "incoming",
        legend: "Incoming calls",
        choices: fixed.into_iter().chain(found.choices(&chosen, &pinned, now)).collect(),
        note: found.note,
        from: row.incoming_word(),
        form,
        q,
        frame: visit.frame(by, "numbers"),
    })
}

/// `GET /settings/numbers/{id}/incoming`
pub async fn edit(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>) -> Result<HttpResponse, Failure> {
    let q = Query::of(visit.request()).get("q").to_owned();
    visit.show(&page(&by, &visit, *id, Posted::default(), q, None).await?)
}

/// `POST /settings/numbers/{id}/incoming`
pub async fn update(by: Can<ManageNumbers>, visit: Visit, id: PathId<NumberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (q, chosen, present) = (form.value("q").to_owned(), form.value("incoming").to_owned(), read_present(&form));
    let Some(to) = read_incoming(&mut form) else {
        return visit.refuse(&page(&by, &visit, *id, form, q, None).await?);
    };
    let (acting, now, number) = (by.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| numbers::direct(tx, &acting, number, to, &present, now)).await {
        Ok(row) => {
            let to = match row.number.incoming() {
                Incoming::Assignee => row.holder.as_ref().map_or_else(|| "nobody".to_owned(), |holder| holder.shown()),
                Incoming::To(_) => row.towards.as_ref().map_or_else(|| "nobody".to_owned(), |towards| towards.shown()),
                Incoming::Voicemail => "voicemail".to_owned(),
            };
            visit.flash(Flash::ok(format!("Incoming calls of {} go to {to}.", row.number.international)));
            Ok(redirect(&format!("{LIST}/{number}")))
        }
        Err(refusal) => {
            let status = if matches!(refusal, AssignRefusal::Changed) { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            let chosen = Some(chosen).filter(|_| status != StatusCode::CONFLICT);
            form.refuse("incoming", sentence(refusal)?);
            visit.page(status, &page(&by, &visit, number, form, q, chosen).await?)
        }
    }
}
