//! The server's own work on files that are being sent: it begins at once, goes on after a restart, and any number of
//! processes may do it together.

use std::time::Duration;

use actix_web::web::Data;
use tokio::sync::watch;

use super::{Pace, rows, send_some};
use crate::{app::App, failure::Failure};

/// How often it is looked for files whose process was killed.
const EVERY: Duration = Duration::from_secs(5);
/// Between two pieces, clicks that wait for the same lock have their turn.
const BREATH: Duration = Duration::from_millis(2);

/// Runs until `stop` says otherwise; a piece that has begun is finished (T31).
pub async fn run(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = work(&app, &stop).await {
            tracing::warn!(%error, "a bulk invite cannot go on; trying again soon");
        }
        tokio::select! {
            () = app.bulk_invites.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Sends what is to be sent, a piece of each file in turn, until nothing is left or `stop` says so.
///
/// # Errors
/// The last failure; a file that fails holds no other up.
pub async fn work(app: &App, stop: &watch::Receiver<bool>) -> Result<(), Failure> {
    let mut waiting = app.db.read(rows::list_sending).await?;
    let mut trouble = None;
    while !waiting.is_empty() && !*stop.borrow() {
        let mut more = Vec::with_capacity(waiting.len());
        for (account, id) in waiting {
            let (plans, now) = (app.plans.clone(), app.clock.now());
            match app.db.write(move |tx| send_some(tx, &plans, account, id, now)).await {
                Ok(Pace::More) => more.push((account, id)),
                Ok(Pace::Over) => {}
                Err(failure) => trouble = Some(failure),
            }
            tokio::time::sleep(BREATH).await;
        }
        waiting = more;
    }
    trouble.map_or(Ok(()), Err)
}
