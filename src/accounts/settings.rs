//! An account's own settings.

use super::{CompanyName, TwoFactorPolicy, rows};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageAccount},
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

/// Writes the account's settings; `false` where nothing differs. Whoever lacks a second factor that is asked of them from now on
/// is led to set it up at their next click (R18).
///
/// # Errors
/// When the write fails.
pub fn edit(tx: &mut Tx<'_>, by: &Can<ManageAccount>, what: &AccountDetails, now: At) -> Result<bool, Failure> {
    by.hold(tx)?;
    let before = rows::get(tx, by.account())?;
    let changes = [
        (before.name != what.company.as_str(), format!("company: {}", what.company.as_str())),
        (before.time_zone != what.zone.name(), format!("time zone: {}", what.zone.name())),
        (before.require_two_factor != what.require_two_factor, format!("two-factor asked of: {}", what.require_two_factor.word())),
    ];
    let changed: Vec<String> = changes.into_iter().filter_map(|(differs, words)| differs.then_some(words)).collect();
    if changed.is_empty() {
        return Ok(false);
    }
    rows::update(tx, by.account(), what.company.as_str(), what.zone.name(), what.require_two_factor)?;
    audit::record(tx, &Author::of(by), Event::AccountChanged, None, &changed.join(", "), now)?;
    Ok(true)
}
