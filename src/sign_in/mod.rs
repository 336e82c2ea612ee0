//! Signing in: passwords, sessions, and the links that are mailed to prove an address.

pub(crate) mod devices;
pub mod forms;
mod fresh;
mod hasher;
pub mod links;
mod lock;
mod login;
pub mod pages;
pub mod passwords;
mod reset;
mod rows;
pub mod second_factor;
pub mod second_step;
mod store;

pub use fresh::{FRESH, Fresh, is_fresh};
pub use hasher::Hasher;
pub use lock::{Checked, check_locking};
pub use login::{Attempt, Fits, candidates, check, choice_of, count_try};
pub(crate) use pages::{password::confirms, reset::GonePage};
pub(crate) use reset::tell;
pub use reset::{LIFE as RESET_LIFE, ask, make_link, reset};
pub use rows::{Candidate, Seen, end_all, end_all_and_links, end_all_but_owner, end_one, end_others, forget, list_of, sweep};
pub use second_step::{Pending, SecondStep, begin_pending};
pub(crate) use store::keeps_flash;
pub use store::{Beginning, Store, begin, keep_own, keep_own_unasked};

/// The session entry under which the store hands over who it is.
pub(crate) const ACTOR: &str = "actor";
/// The session entry under which the store hands over who it is while their second step is still to come.
const PENDING: &str = "pending";
/// The session entry that tells the store that a session begins without its second step.
const SECOND_STEP: &str = "second step";
/// The session entry of the next page's flash.
pub(crate) const FLASH: &str = "flash";
