//! Signing in: passwords, sessions, and the links that are mailed to prove an address.

pub(crate) mod devices;
pub mod forms;
mod hasher;
pub mod links;
mod lock;
mod login;
pub mod pages;
pub mod passwords;
mod reset;
mod rows;
mod store;

pub use hasher::Hasher;
pub use lock::{Checked, check_locking};
pub use login::{Attempt, Fits, candidates, check, choice_of, count_try};
pub(crate) use pages::{password::confirms, reset::GonePage};
pub(crate) use reset::tell;
pub use reset::{LIFE as RESET_LIFE, ask, make_link, reset};
pub use rows::{Candidate, Seen, end_all, end_one, end_others, forget, list_of, sweep};
pub(crate) use store::keeps_flash;
pub use store::{Beginning, Store, begin, keep_own};

/// The session entry under which the store hands over who it is.
pub(crate) const ACTOR: &str = "actor";
/// The session entry of the next page's flash.
pub(crate) const FLASH: &str = "flash";
