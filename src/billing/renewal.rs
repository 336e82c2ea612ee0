//! The end of a cycle (R34, R37 to R39): the next one begins, on the plan that was chosen for it, or the account closes.

use super::{Ahead, Interval, Plan, Plans, Seats, Step, Subscription, fitting::misfit, notice, opening, rows};
use crate::{
    accounts,
    audit::{self, Author, Event},
    authz::{Can, Permission},
    clock::At,
    db::{AccountId, Conn, Db, Tx},
    failure::Failure,
    mail::Letter,
    members, sign_in,
};

pub(super) use crate::audit::PROGRAM;

/// Accounts that [`settle`] has something to do for: those whose cycle is over, the longest first, then those that are older
/// than billing.
pub fn list_due(conn: &mut Conn, now: At, most: i64) -> Result<Vec<AccountId>, Failure> {
    let mut due = rows::list_due(conn, now, most)?;
    let left = most - due.len() as i64;
    if left > 0 {
        due.extend(rows::list_without(conn, left)?);
    }
    Ok(due)
}

/// Opens the subscriptions of accounts that are older than billing, each in a transaction of its own. For the start of a server:
/// where one cannot be opened just now, the start goes on, and the ticker tries again.
///
/// # Errors
/// When the accounts cannot be listed.
pub fn open_missing(db: &Db, plans: &Plans, now: At) -> Result<(), Failure> {
    for account in db.read_now(|conn| rows::list_without(conn, i64::MAX))? {
        let opened = db.write_now(|tx| {
            tx.lock(account)?;
            settle(tx, account, plans, now)
        });
        if let Err(error) = opened {
            tracing::warn!(%error, %account, "a subscription could not be opened; trying again soon");
        }
    }
    Ok(())
}

/// The account's subscription as it is at `now`: every cycle that ended until then is renewed first, in order, and exactly
/// once, since the account is locked by whoever calls (R39). Every write about seats, plans and places begins with it.
///
/// # Errors
/// When a write fails.
pub fn settle(tx: &mut Tx<'_>, account: AccountId, plans: &Plans, now: At) -> Result<Subscription, Failure> {
    let mut subscription = match rows::find(tx, account, plans)? {
        Some(subscription) => subscription,
        None => {
            // An account that is older than billing.
            let account = accounts::get(tx, account)?;
            let plan = plans.look_up(tx, &account.plan)?;
            let opened = opening::open(tx, account.id, &plan, account.zone(), account.active_members, now)?;
            if opened.invoices > 0 {
                notice::mail_newest(tx, &opened, now)?;
            }
            opened
        }
    };
    while subscription.is_due(now) {
        end_cycle(tx, &mut subscription, now)?;
    }
    Ok(subscription)
}

/// First step of every write about seats, plans and places: the account is held, the permission proved again, and every cycle
/// that ended is renewed. What it returns is the plan to go by, whatever the page knew.
///
/// # Errors
/// When the permission is gone, or a write fails.
pub fn hold<P: Permission>(tx: &mut Tx<'_>, by: &Can<P>, plans: &Plans, now: At) -> Result<Subscription, Failure> {
    by.hold(tx)?;
    let subscription = settle(tx, by.account(), plans, now)?;
    if subscription.closed_at.is_some() {
        // It may have closed just now, and most permissions with it (R38).
        by.hold(tx)?;
    }
    Ok(subscription)
}

fn end_cycle(tx: &mut Tx<'_>, subscription: &mut Subscription, now: At) -> Result<(), Failure> {
    let (plan, interval) = match std::mem::replace(&mut subscription.ahead, Ahead::Renewal) {
        Ahead::Closing => return close(tx, subscription, now),
        Ahead::Change { plan, interval } => change(tx, subscription, plan, interval, now)?,
        Ahead::Renewal => (subscription.plan.clone(), subscription.seats.interval),
    };
    let starts_on = subscription.seats.cycle.ends_on;
    let cycle = subscription.cycle_from(starts_on, interval);
    let (seats, charge) = Seats::begin(cycle, interval, plan.price_of(interval), i64::from(plan.seats_min), subscription.seats.active);
    (subscription.plan, subscription.seats) = (plan, seats);
    subscription.renews_at = cycle.ends_on.starts_at(subscription.zone);
    rows::record(tx, subscription, Step::Renewed, None, &charge, starts_on, now)?;
    if !charge.amount.is_zero() {
        notice::mail_newest(tx, subscription, now)?;
    }
    let details = format!("{} from {starts_on}, {}", subscription.plan.name, charge.amount);
    audit::record(tx, &Author::program(subscription.account, PROGRAM), Event::CycleRenewed, None, &details, now)
}

/// What the next cycle is on: the plan and the length that were chosen, if that plan still has room for everybody, and else
/// nothing of the choice (R37).
fn change(tx: &mut Tx<'_>, subscription: &Subscription, plan: Plan, interval: Interval, now: At) -> Result<(Plan, Interval), Failure> {
    let author = Author::program(subscription.account, PROGRAM);
    let misfit = if plan.word == subscription.plan.word { None } else { misfit(tx, subscription.account, &plan, now)? };
    if let Some(misfit) = misfit {
        let why = misfit.why(&plan);
        audit::record(tx, &author, Event::PlanChangeDropped, None, &format!("to {}: {why}", plan.name), now)?;
        let (plan, kept) = (plan.name, subscription.plan.name.clone());
        members::tell_owner(tx, subscription.account, |company, name| Letter::PlanChangeDropped { company, name, plan, kept, why }, now)?;
        // Nor does the length change: it was chosen for the other plan's price.
        return Ok((subscription.plan.clone(), subscription.seats.interval));
    }
    audit::record(tx, &author, Event::PlanChanged, None, &format!("to {}, {}", plan.name, interval.word()), now)?;
    Ok((plan, interval))
}

fn close(tx: &mut Tx<'_>, subscription: &mut Subscription, now: At) -> Result<(), Failure> {
    let ended_on = subscription.seats.cycle.ends_on;
    subscription.closed_at = Some(subscription.renews_at);
    subscription.renews_at = At::NEVER;
    let nothing = subscription.seats.join(0, ended_on);
    rows::record(tx, subscription, Step::Closed, None, &nothing, ended_on, now)?;
    audit::record(tx, &Author::program(subscription.account, PROGRAM), Event::AccountClosed, None, "", now)?;
    sign_in::end_all_but_owner(tx, subscription.account)?;
    members::tell_owner(tx, subscription.account, |company, name| Letter::AccountClosed { company, name }, now)
}
