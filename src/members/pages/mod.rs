//! The members' pages.

pub mod acceptance;
pub mod details;
pub mod email_links;
pub mod groups;
pub mod index;
pub mod invitation;
pub mod invite;
pub mod numbers;
pub mod password;
pub mod profile;
pub mod selection;
pub mod show;
mod standing;
pub mod username_members;
