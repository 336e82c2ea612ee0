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

pub(crate) use super::address::LIST;
