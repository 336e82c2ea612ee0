//! An account's own settings.

use super::{CompanyName, TwoFactorPolicy, rows};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageAccount},
    billing::{self, Plans},
    clock::At,
    db::Tx,
    failure::Failure,
    web::zone::Zone,
};

/// What can be set of an account.
#[derive(Clone, Debug)]
pub struct AccountDetails {
    /// The company's name.
    pub company: CompanyName,
    /// The zone in which its days are counted.
    pub zone: Zone,
    /// Of whom it asks a second factor (T7).
    pub require_two_factor: TwoFactorPolicy,
}

/// What the form showed before it was filled in; a field that it did not say is written as posted.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The company's name.
    pub company: Option<String>,
    /// The zone.
    pub zone: Option<String>,
    /// Of whom a second factor was asked.
    pub require_two_factor: Option<String>,
}

/// The value to write: the posted one where it is another than was shown; else the present one stays.
///
/// # Errors
/// [`Failure::Stale`] where somebody else changed the same field meanwhile.
fn settle<'a>(before: &'a str, shown: Option<&str>, posted: &'a str) -> Result<&'a str, Failure> {
    match shown {
        Some(shown) if shown == posted => Ok(before),
        Some(shown) if shown != before && before != posted => Err(Failure::Stale),
        _ => Ok(posted),
    }
}

/// Writes the account's settings; `false` where nothing differs. Whoever lacks a second factor that is asked of them from now on
/// is led to set it up at their next click (R18). A cycle that is over by the old zone is renewed first (R39): another zone does
/// not make it last longer.
///
/// # Errors
/// [`Failure::Stale`] where a field that was changed is not any more what the form showed; a failed write.
pub fn edit(tx: &mut Tx<'_>, by: &Can<ManageAccount>, what: &AccountDetails, shown: &Shown, plans: &Plans, now: At) -> Result<bool, Failure> {
    billing::hold(tx, by, plans, now)?;
    let before = rows::get(tx, by.account())?;
    let company = settle(&before.name, shown.company.as_deref(), what.company.as_str())?;
    let zone = settle(&before.time_zone, shown.zone.as_deref(), what.zone.name())?;
    let word = settle(before.require_two_factor.word(), shown.require_two_factor.as_deref(), what.require_two_factor.word())?;
    let policy = if word == what.require_two_factor.word() { what.require_two_factor } else { before.require_two_factor };
    let changes = [
        (before.name != company, format!("company: {company}")),
        (before.time_zone != zone, format!("time zone: {zone}")),
        (before.require_two_factor != policy, format!("two-factor asked of: {}", policy.word())),
    ];
    let changed: Vec<String> = changes.into_iter().filter_map(|(differs, words)| differs.then_some(words)).collect();
    if changed.is_empty() {
        return Ok(false);
    }
    rows::update(tx, by.account(), company, zone, policy)?;
    if before.time_zone != zone {
        billing::move_zone(tx, by.account(), Zone::from_column(zone))?;
    }
    audit::record(tx, &Author::of(by), Event::AccountChanged, None, &changed.join(", "), now)?;
    Ok(true)
}
