//! Wakes what is due. It calls nouns and holds no rule of its own.

use std::time::Duration;

use actix_web::web::Data;
use tokio::sync::watch;

use crate::{app::App, billing, clock::At, db::AccountId, failure::Failure, groups::greeting, members, numbers, sign_in, web::throttle};

/// The ticker runs at start and every so often (R39).
const EVERY: Duration = Duration::from_secs(5);
/// Sweeping is housekeeping and can wait.
const SWEEP_EVERY: u32 = 120;
/// Memory that a storm of sign-ins needed is given back after a quiet minute.
const REST_EVERY: u32 = 12;

/// Runs until `stop` says otherwise.
pub async fn run(app: Data<App>, mut stop: watch::Receiver<bool>) {
    let mut beat = 0u32;
    let mut stuck = Vec::new();
    while !*stop.borrow() {
        if beat.is_multiple_of(SWEEP_EVERY)
            && let Err(error) = sweep(&app, app.clock.now()).await
        {
            tracing::warn!(%error, "sweeping did not work; trying again later");
        }
        if beat.is_multiple_of(SWEEP_EVERY) {
            // Files may be far away, and nothing that is due waits for them.
            actix_web::rt::spawn(sweep_files(app.clone()));
        }
        let renewed = renew(&app, &mut stuck, app.clock.now()).await;
        if let Err(error) = &renewed {
            tracing::warn!(%error, "renewing did not work; trying again soon");
        }
        if let Err(error) = expire(&app, app.clock.now()).await {
            tracing::warn!(%error, "expiring did not work; trying again soon");
        }
        if let Err(error) = erase(&app, app.clock.now()).await {
            tracing::warn!(%error, "erasing did not work; trying again soon");
        }
        if beat.is_multiple_of(REST_EVERY) {
            app.hasher.rest();
        }
        beat = beat.wrapping_add(1);
        let pause = if matches!(renewed, Ok(Round::Full)) { Duration::ZERO } else { EVERY };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
}

/// So many accounts are renewed in one round; the others in the next.
const RENEWED: i64 = 200;

/// Is there more to do at once?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Perhaps: so many were due as one round takes.
    Full,
    /// No.
    Last,
}

/// Renews cycles that are over (R34, R39), a round of them, each account in a transaction of its own: one that fails holds up no
/// other, and is left out of the rounds that follow at once. `stuck` remembers those until a round is the last.
pub async fn renew(app: &App, stuck: &mut Vec<AccountId>, now: At) -> Result<Round, Failure> {
    let most = RENEWED + stuck.len() as i64;
    let mut due = app.db.read(move |conn| billing::list_due(conn, now, most)).await?;
    due.retain(|account| !stuck.contains(account));
    let round = if (due.len() as i64) < RENEWED { Round::Last } else { Round::Full };
    for account in due {
        if app.is_leaving() {
            return Ok(Round::Last);
        }
        let plans = app.plans.clone();
        let renewed = app.db.write(move |tx| {
            tx.lock(account)?;
            billing::settle(tx, account, &plans, now).map(|_| ())
        });
        if let Err(error) = renewed.await {
            tracing::warn!(%error, %account, "a billing cycle could not be renewed; trying again soon");
            stuck.push(account);
        }
    }
    if round == Round::Last {
        stuck.clear();
    }
    Ok(round)
}

/// Marks what ran out (R39).
pub async fn expire(app: &App, now: At) -> Result<(), Failure> {
    free_numbers(app, false, now).await?;
    app.db
        .write(move |tx| {
            members::expire(tx, now)?;
            sign_in::links::expire(tx, now).map(|_| ())
        })
        .await
}

/// So many people are erased in one round; the others in the next.
const ERASED: i64 = 200;

/// Erases whoever is due (R23), each in a transaction of their own: one that fails holds up no other.
pub async fn erase(app: &App, now: At) -> Result<(), Failure> {
    for (account, member) in app.db.read(move |conn| members::list_due(conn, now, ERASED)).await? {
        if let Err(error) = app.db.write(move |tx| members::erase_due(tx, account, member, now)).await {
            tracing::warn!(%error, %member, "a member could not be erased; trying again soon");
        }
    }
    Ok(())
}

/// Frees the numbers of invitations that ran out. An account at a time, each behind its own lock and before anything else
/// is held, so that no click waits for another account's, and none waits in a circle.
async fn free_numbers(app: &App, thoroughly: bool, now: At) -> Result<(), Failure> {
    let accounts = app.db.read(move |conn| numbers::accounts_with_expired(conn, thoroughly, now)).await?;
    for account in accounts {
        app.db.write(move |tx| numbers::free_expired(tx, account, now).map(|_| ())).await?;
    }
    Ok(())
}

/// Drops what ended by itself: sessions, counts of tries, settled mails.
pub async fn sweep(app: &App, now: At) -> Result<(), Failure> {
    let (idle, most) = (app.settings.session_idle, app.settings.session_max);
    app.db
        .write(move |tx| {
            sign_in::sweep(tx, idle, most, now)?;
            numbers::import::sweep(tx, now)?;
            members::bulk::sweep(tx, now)?;
            throttle::sweep(tx, now)
        })
        .await?;
    free_numbers(app, true, now).await?;
    app.post.sweep(now).await?;
    Ok(())
}

/// Deletes files that nothing names any more.
pub async fn sweep_files(app: Data<App>) {
    if let Err(error) = greeting::sweep(&app).await {
        tracing::warn!(%error, "sweeping files did not work; trying again later");
    }
}
