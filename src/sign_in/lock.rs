//! A password asked for once more, where a few wrong ones lock the act (R20).

use super::passwords::Password;
use crate::{
    app::App,
    clock::{At, Span},
    db::Digest32,
    failure::Failure,
    web::throttle::{self, Verdict},
};

/// So many wrong passwords lock the act.
const MOST: i64 = 5;
/// It is locked for so long after the last of them.
const LOCKED: Span = Span::minutes(15);

/// What became of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is theirs.
    Right,
    /// It is not, and that was counted.
    Wrong,
    /// It was not looked at: too many were wrong. For so long.
    Locked(Span),
}

/// Is `typed` the password of this hash? Each try is counted against `key` before it is checked, in the database, so that
/// neither haste nor a second process gets more of them.
///
/// # Errors
/// Busy; such a try is not counted.
pub async fn check_locking(app: &App, key: Digest32, hash: Option<String>, typed: &Password, now: At) -> Result<Checked, Failure> {
    if let Verdict::Wait(left) = app.db.write(move |tx| throttle::lock_after(tx, key, MOST, LOCKED, now)).await? {
        return Ok(Checked::Locked(left));
    }
    match app.hasher.fitting(typed, hash.into_iter().collect()).await {
        Ok(fits) if fits.first() == Some(&true) => {
            app.db.write(move |tx| throttle::forget(tx, key)).await?;
            Ok(Checked::Right)
        }
        Ok(_) => Ok(Checked::Wrong),
        Err(failure) => {
            app.db.write(move |tx| throttle::take_back(tx, key)).await?;
            Err(failure)
        }
    }
}
