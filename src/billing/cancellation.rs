//! Cancelling an account, and opening it again (R38).

use super::{Ahead, Charge, Day, Money, Plans, Subscription, hold, opening, rows};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, CancelAccount},
    clock::At,
    db::Tx,
    failure::Failure,
    mail::Letter,
    members,
};

/// Why an account was not cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelRefusal {
    /// It is cancelled already, and closes on that day.
    #[error("cancelled already")]
    Already(Day),
    /// It is closed.
    #[error("closed already")]
    Closed,
    /// The cycle that the page showed is over; the account would close on that day.
    #[error("another cycle")]
    OtherCycle(Day),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Cancels the account: it closes when its cycle ends, which is returned (R38). A plan change that was chosen for then is
/// withdrawn. `shown` is the day that the page promised: whoever cancels in the last minute of a cycle does not buy another
/// unasked. The page has asked for the password (T8).
///
/// # Errors
/// A [`CancelRefusal`].
pub fn cancel(tx: &mut Tx<'_>, by: &Can<CancelAccount>, shown: Option<Day>, plans: &Plans, now: At) -> Result<Day, CancelRefusal> {
    let mut subscription = hold(tx, by, plans, now)?;
    let closes_on = subscription.seats.cycle.ends_on;
    if subscription.closed_at.is_some() {
        return Err(CancelRefusal::Closed);
    }
    let withdrawn = match &subscription.ahead {
        Ahead::Closing => return Err(CancelRefusal::Already(closes_on)),
        Ahead::Change { plan, .. } => format!("; the change to {} is withdrawn", plan.name),
        Ahead::Renewal => String::new(),
    };
    if shown.is_some_and(|shown| shown != closes_on) {
        return Err(CancelRefusal::OtherCycle(closes_on));
    }
    subscription.ahead = Ahead::Closing;
    rows::update(tx, &subscription)?;
    audit::record(tx, &Author::of(by), Event::AccountCancelled, None, &format!("closes on {closes_on}{withdrawn}"), now)?;
    members::tell_owner(tx, by.account(), |company, name| Letter::AccountCancelled { company, name, closes_on: closes_on.to_string() }, now)?;
    Ok(closes_on)
}

/// How an account was kept.
#[derive(Clone, Debug)]
pub enum Reopened {
    /// The cancellation was taken back before it acted.
    Kept,
    /// A closed account has a cycle again, at this price.
    Anew(Charge),
}

/// Why an account was not opened again.
#[derive(Debug, thiserror::Error)]
pub enum ReopenRefusal {
    /// It is neither cancelled nor closed.
    #[error("open already")]
    Open,
    /// The page showed another amount than would be charged now.
    #[error("the amount changed from {shown} to {}", .now.amount)]
    AmountChanged {
        /// What the page showed.
        shown: Money,
        /// What it is now.
        now: Charge,
    },
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Takes a cancellation back, or opens a closed account again with a cycle that begins today (R38). `shown` is the amount that
/// the page promised, nothing where it only keeps the account: whoever keeps one that has closed meanwhile is not charged
/// unasked. The page has asked for the password (T8).
///
/// # Errors
/// A [`ReopenRefusal`].
pub fn reopen(tx: &mut Tx<'_>, by: &Can<CancelAccount>, shown: Option<Money>, plans: &Plans, now: At) -> Result<Reopened, ReopenRefusal> {
    let mut subscription = hold(tx, by, plans, now)?;
    if subscription.closed_at.is_none() {
        if subscription.ahead != Ahead::Closing {
            return Err(ReopenRefusal::Open);
        }
        same_amount(shown, &nothing(&subscription, now))?;
        subscription.ahead = Ahead::Renewal;
        rows::update(tx, &subscription)?;
        audit::record(tx, &Author::of(by), Event::AccountReopened, None, "before it closed", now)?;
        return Ok(Reopened::Kept);
    }
    same_amount(shown, &subscription.reopening(now).1)?;
    let charge = opening::reopen(tx, &mut subscription, now)?;
    let details = format!("on {}, {} ({})", subscription.plan.name, charge.amount, charge.formula());
    audit::record(tx, &Author::of(by), Event::AccountReopened, None, &details, now)?;
    Ok(Reopened::Anew(charge))
}

fn nothing(subscription: &Subscription, now: At) -> Charge {
    subscription.quote(0, now).charge
}

fn same_amount(shown: Option<Money>, now: &Charge) -> Result<(), ReopenRefusal> {
    match shown.filter(|shown| *shown != now.amount) {
        Some(shown) => Err(ReopenRefusal::AmountChanged { shown, now: *now }),
        None => Ok(()),
    }
}
