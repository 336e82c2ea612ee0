//! `/settings/team/members/{id}/reactivation` and `…/restoration` (R21, R23): somebody comes back, and takes a seat. The page
//! says what that costs before the button does it (R35).

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::{
    LIST,
    ending::{explain, why_out},
    room::Room,
};
use crate::{
    authz::{Can, ManageMembers},
    billing::{self, Bill, SeatRefusal, forms::read_shown, words::charged},
    db::MemberId,
    failure::Failure,
    members::{self, Member, ReturnRefusal, Status},
    web::{Flash, FlashLink, Frame, PathId, Posted, Visit, redirect, words::counted},
};

#[derive(Template)]
#[template(path = "members/returning.html")]
struct ReturnPage {
    frame: Frame,
    form: Posted,
    question: String,
    lead: &'static str,
    /// Why they cannot come back; then there is no button.
    barred: String,
    /// Where that can be changed.
    way_out: Option<FlashLink>,
    bill: Bill,
    action: String,
    verb: &'static str,
    name: String,
    href: String,
    cancel: String,
}

/// Out of what somebody comes back.
#[derive(Clone, Copy)]
enum Way {
    Deactivated,
    Removed,
}

impl Way {
    const fn status(self) -> Status {
        match self {
            Way::Deactivated => Status::Deactivated,
            Way::Removed => Status::Removed,
        }
    }
    const fn verb(self) -> &'static str {
        match self {
            Way::Deactivated => "Reactivate",
            Way::Removed => "Restore",
        }
    }
    const fn noun(self) -> &'static str {
        match self {
            Way::Deactivated => "reactivation",
            Way::Removed => "restoration",
        }
    }
    const fn lead(self) -> &'static str {
        match self {
            Way::Deactivated => "They can sign in and receive calls again, with role, groups and numbers as before.",
            Way::Removed => "They can sign in and receive calls again. Role and groups come back, and the numbers that are still free.",
        }
    }
    const fn kept(self) -> &'static str {
        match self {
            Way::Deactivated => "deactivated",
            Way::Removed => "removed",
        }
    }
}

async fn page(by: &Can<ManageMembers>, visit: &Visit, id: MemberId, way: Way, form: Posted) -> Result<ReturnPage, Failure> {
    let (account, now, plans) = (by.account(), visit.now, visit.app.plans.clone());
    let (person, subscription, may) = visit
        .app
        .db
        .read(move |conn| {
            let person = members::get(conn, account, id)?;
            let subscription = billing::look(conn, account, &plans, now)?.foreseen(conn, now)?;
            let may = match members::may_return(conn, &person, way.status(), &subscription.plan, now) {
                Err(ReturnRefusal::Failure(failure)) => return Err(failure),
                other => other,
            };
            Ok::<_, Failure>((person, subscription, may))
        })
        .await?;
    let (name, href) = (person.display_name(), format!("{LIST}/{id}"));
    let barred = match may {
        Ok(()) => None,
        Err(refusal) => {
            let (room, with_supervisor) = (Room::of(by, visit).await?, visit.app.plans.with_supervisor());
            Some(why_out(refusal, &name, &with_supervisor, &room)?)
        }
    };
    let (barred, way_out) = barred.map_or_else(Default::default, |flash| (flash.text, flash.link));
    Ok(ReturnPage {
        frame: visit.frame(by, "members"),
        form: form.about_all(),
        question: format!("{} {name}?", way.verb()),
        lead: way.lead(),
        barred,
        way_out,
        bill: Bill::at_once(&subscription, now),
        action: format!("{href}/{}", way.noun()),
        verb: way.verb(),
        cancel: format!("Keep {name} {}", way.kept()),
        name,
        href,
    })
}

/// `GET …/reactivation`
pub async fn reactivation(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, *id, Way::Deactivated, Posted::default()).await?)
}

/// `GET …/restoration`
pub async fn restoration(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    visit.show(&page(&by, &visit, *id, Way::Removed, Posted::default()).await?)
}

/// `POST …/reactivation`: back with role, groups and numbers.
pub async fn reactivate(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(shown) = read_shown(&mut form) else {
        return visit.refuse(&page(&by, &visit, *id, Way::Deactivated, form).await?);
    };
    let (acting, plans, now, id) = (by.clone(), visit.app.plans.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| members::reactivate(tx, &acting, id, shown, &plans, now)).await {
        Ok((person, bought)) => {
            let text = format!("{} is active again, with role, groups and numbers as before.{}", person.display_name(), charged(&bought.charge));
            visit.flash(Flash::ok(text));
            Ok(redirect(&format!("{LIST}/{id}")))
        }
        Err(refusal) => refuse(&by, &visit, id, Way::Deactivated, form, refusal).await,
    }
}

/// `POST …/restoration`: back until erased.
pub async fn restore(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(shown) = read_shown(&mut form) else {
        return visit.refuse(&page(&by, &visit, *id, Way::Removed, form).await?);
    };
    let (acting, plans, now, id) = (by.clone(), visit.app.plans.clone(), visit.now, *id);
    match visit.app.db.write(move |tx| members::restore(tx, &acting, id, shown, &plans, now)).await {
        Ok(back) => {
            visit.flash(restored(&back));
            Ok(redirect(&format!("{LIST}/{id}")))
        }
        Err(refusal) => refuse(&by, &visit, id, Way::Removed, form, refusal).await,
    }
}

/// Another amount than was shown is answered with the page again; everything else with a sentence on the person's own page.
async fn refuse(
    by: &Can<ManageMembers>,
    visit: &Visit,
    id: MemberId,
    way: Way,
    mut form: Posted,
    refusal: ReturnRefusal,
) -> Result<HttpResponse, Failure> {
    if let ReturnRefusal::Seat(stale @ SeatRefusal::AmountChanged { .. }) = &refusal {
        form.refuse("", billing::words::seat_refused(stale));
        return visit.page(StatusCode::CONFLICT, &page(by, visit, id, way, form).await?);
    }
    let account = by.account();
    let person = visit.app.db.read(move |conn| members::find(conn, account, id)).await?;
    explain(by, visit, person.as_ref().map(Member::display_name), &format!("{LIST}/{id}"), refusal).await
}

fn restored(back: &members::Restored) -> Flash {
    let with = format!("{} and {}", counted(back.groups as i64, "group"), counted(back.numbers as i64, "number"));
    let text = format!("{} is restored and active, with {with}.{}", back.person.display_name(), charged(&back.bought.charge));
    match back.taken {
        0 => Flash::ok(text),
        1 => Flash::warn(format!("{text} One number is somebody else's by now.")),
        n => Flash::warn(format!("{text} {n} numbers are somebody else's by now.")),
    }
}
