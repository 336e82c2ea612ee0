//! What somebody signed in must do before anything else opens to them.

use serde::{Deserialize, Serialize};

/// Something to be done first. While it stands, only permissions that [survive](super::PermissionWord::survives) it
/// are proved; every other door answers 303 to the errand's page, whatever the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// Their password was given to them by somebody else: choose an own one (R2).
    ChangePassword,
    /// The account asks a second factor of them, and they have none: set one up (T7).
    SetUpSecondFactor,
    /// The account is closed: export, or reopen it (R38). Only its Owner gets so far.
    Reopen,
}

impl Errand {
    /// What a member has to do first, by what their row and the account's say.
    pub const fn of(must_change_password: bool, lacks_second_factor: bool, is_closed: bool) -> Option<Self> {
        match (must_change_password, lacks_second_factor, is_closed) {
            (true, ..) => Some(Errand::ChangePassword),
            (false, true, _) => Some(Errand::SetUpSecondFactor),
            (false, false, true) => Some(Errand::Reopen),
            (false, false, false) => None,
        }
    }

    /// The page on which it is done.
    pub const fn path(self) -> &'static str {
        match self {
            Errand::ChangePassword => "/profile/password",
            Errand::SetUpSecondFactor => "/profile/two-factor",
            Errand::Reopen => "/settings/account/cancellation",
        }
    }
}
