//! `/settings/account`: the account's own settings.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use crate::{
    accounts::{
        self, Account, TwoFactorPolicy,
        forms::{read_details, read_shown, zone_choices},
    },
    authz::{Can, ManageAccount},
    billing::{self, Ahead, Subscription},
    failure::Failure,
    web::{Choice, Flash, Frame, Posted, Visit, redirect},
};

const HERE: &str = "/settings/account";

#[derive(Template)]
#[template(path = "accounts/edit.html")]
struct AccountPage {
    frame: Frame,
    form: Posted,
    slug: String,
    zones: Vec<Choice>,
    policies: Vec<Choice>,
    /// The day on which the cancelled account closes; empty where it is not cancelled.
    closes_on: String,
    is_closed: bool,
}

/// The account, and what the end of its cycle brings.
async fn find(visit: &Visit, by: &Can<ManageAccount>) -> Result<(Account, Subscription), Failure> {
    let (account, plans, now) = (by.account(), visit.app.plans.clone(), visit.now);
    visit.app.db.read(move |conn| Ok((accounts::get(conn, account)?, billing::look(conn, account, &plans, now)?))).await
}

fn policies(chosen: &str) -> Vec<Choice> {
    let description = |policy: TwoFactorPolicy| match policy {
        TwoFactorPolicy::Nobody => "Everybody decides for themselves, on their profile.",
        TwoFactorPolicy::Admins => "Whoever manages people and settings must have it.",
        TwoFactorPolicy::Everyone => "Every member must have it.",
    };
    let choice = |policy: &TwoFactorPolicy| Choice {
        description: description(*policy).into(),
        ..Choice::new(policy.word(), policy.name(), policy.word() == chosen)
    };
    TwoFactorPolicy::ALL.iter().map(choice).collect()
}

fn page(visit: &Visit, by: &Can<ManageAccount>, (account, of): (Account, Subscription), form: Posted) -> AccountPage {
    AccountPage {
        frame: visit.frame(by, "account"),
        slug: account.slug,
        zones: zone_choices(form.value("time_zone")),
        policies: policies(form.value("require_two_factor")),
        closes_on: if of.ahead == Ahead::Closing { of.seats.cycle.ends_on.to_string() } else { String::new() },
        is_closed: of.closed_at.is_some(),
        form,
    }
}

/// `GET /settings/account`
pub async fn edit(by: Can<ManageAccount>, visit: Visit) -> Result<HttpResponse, Failure> {
    let account = find(&visit, &by).await?;
    let form = present(&account.0);
    visit.show(&page(&visit, &by, account, form))
}

/// The form as the account is now, with what it shows beside it (R59).
fn present(account: &Account) -> Posted {
    let (company, zone, policy) = (account.name.clone(), account.time_zone.clone(), account.require_two_factor.word().to_owned());
    Posted::filled([
        ("shown_company", company.clone()),
        ("shown_time_zone", zone.clone()),
        ("shown_require_two_factor", policy.clone()),
        ("company", company),
        ("time_zone", zone),
        ("require_two_factor", policy),
    ])
}

/// `POST /settings/account`: whoever asks two-factor sign-in of themselves and has none is led to set it up next (T7).
pub async fn update(by: Can<ManageAccount>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(details) = read_details(&mut form) else {
        let account = find(&visit, &by).await?;
        return visit.refuse(&page(&visit, &by, account, form));
    };
    let (acting, plans, now, shown) = (by.clone(), visit.app.plans.clone(), visit.now, read_shown(&form));
    let changed = match visit.app.db.write(move |tx| accounts::edit(tx, &acting, &details, &shown, &plans, now)).await {
        Ok(changed) => changed,
        Err(Failure::Stale) => {
            let account = find(&visit, &by).await?;
            let mut form = present(&account.0);
            form.refuse("", "Somebody else changed the account since you opened the page, so nothing was saved. This is how it is now.");
            return visit.page(StatusCode::CONFLICT, &page(&visit, &by, account, form));
        }
        Err(failure) => return Err(failure),
    };
    visit.flash(Flash::ok(if changed { "Your changes are saved." } else { "Nothing was changed." }));
    Ok(redirect(HERE))
}
