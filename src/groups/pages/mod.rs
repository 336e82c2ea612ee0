//! The pages of user groups.

pub mod index;
pub mod members;
pub mod new;
pub mod removal;
pub mod settings;
pub mod show;

/// Where the groups are.
pub const PATH: &str = "/settings/user-groups";
