//! The members' pages.

pub mod acceptance;
pub mod bulk;
pub mod deactivation;
pub mod details;
pub mod email_links;
mod ending;
pub mod erasure;
pub mod groups;
pub mod index;
pub mod invitation;
pub mod invite;
pub mod numbers;
pub mod ownership;
pub mod password;
pub mod profile;
pub mod removal;
pub mod returning;
pub mod role;
mod room;
pub mod selection;
pub mod show;
mod standing;
pub mod username_members;
pub mod whom;

/// Where the list is; a member's page stands below it.
pub(crate) const LIST: &str = "/settings/team/members";
