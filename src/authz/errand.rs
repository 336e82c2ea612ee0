//! What somebody signed in must do before anything else opens to them.

use serde::{Deserialize, Serialize};

/// Something to be done first. While it stands, only permissions that [survive](super::PermissionWord::survives_errands)
/// are proved; every other door answers 303 to the errand's page, whatever the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// Their password was given to them by somebody else: choose an own one (R2).
    ChangePassword,
}

impl Errand {
    /// What a member has to do first, by what their row says.
    pub const fn of(must_change_password: bool) -> Option<Self> {
        if must_change_password { Some(Errand::ChangePassword) } else { None }
    }

    /// The page on which it is done.
    pub const fn path(self) -> &'static str {
        match self {
            Errand::ChangePassword => "/profile/password",
        }
    }
}
