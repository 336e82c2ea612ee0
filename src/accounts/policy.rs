//! Of whom an account asks a second factor (T7).

use crate::{authz::Role, words};

words! {
    /// Of whom the account asks a second factor at sign-in.
    TwoFactorPolicy {
        /// Everybody decides for themselves.
        Nobody = "nobody",
        /// The Owner and the Admins must have one.
        Admins = "admins",
        /// Every member must have one.
        Everyone = "everyone",
    }
}

impl TwoFactorPolicy {
    /// Must a member of this role have a second factor?
    pub const fn asks(self, role: Role) -> bool {
        match self {
            TwoFactorPolicy::Nobody => false,
            TwoFactorPolicy::Admins => matches!(role, Role::Owner | Role::Admin),
            TwoFactorPolicy::Everyone => true,
        }
    }

    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            TwoFactorPolicy::Nobody => "Nobody",
            TwoFactorPolicy::Admins => "The Owner and Admins",
            TwoFactorPolicy::Everyone => "Everyone",
        }
    }
}
