//! The pages of user groups.

mod choices;
pub mod greeting;
mod head;
mod hours;
pub mod index;
pub mod members;
pub mod new;
mod people;
pub mod removal;
pub mod settings;
pub mod show;

/// Where the groups are.
pub const PATH: &str = "/settings/user-groups";
