//! A password given in the last minutes, which dangerous acts ask for (T8).

use crate::{
    authz::{Actor, Can, Permission},
    clock::{At, Span},
    failure::Failure,
};

/// A password stays fresh for so long (T8).
pub const FRESH: Span = Span::minutes(15);

/// Proof that the actor gave their password in this session a short while ago. An act that wants it takes it as an
/// argument, so that a forgotten check is a type error.
#[derive(Debug)]
pub struct Fresh(());

/// Did the actor give their password in this session within [`FRESH`]? A clock that was set back makes none fresh (T33).
pub fn is_fresh(actor: &Actor, now: At) -> bool {
    let age = now.since(actor.password_at);
    Span::secs(0) <= age && age < FRESH
}

impl Fresh {
    /// The proof, or the failure that leads to the page that asks for the password and from there to `next`, a local path.
    ///
    /// # Errors
    /// [`Failure::StalePassword`].
    pub fn of<P: Permission>(by: &Can<P>, now: At, next: &str) -> Result<Self, Failure> {
        if is_fresh(by.actor(), now) { Ok(Fresh(())) } else { Err(Failure::StalePassword { next: next.to_owned() }) }
    }
}
