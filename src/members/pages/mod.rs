//! The members' pages.

pub mod acceptance;
pub mod email_links;
pub mod groups;
pub mod index;
pub mod invitation;
pub mod invite;
pub mod numbers;
pub mod ownership;
pub mod profile;
pub mod role;
pub mod selection;
pub mod show;
mod standing;
pub mod whom;
