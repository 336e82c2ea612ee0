//! What the tests stand on: a world with a server, a cast of two accounts, browsers, pages and a mailbox.

pub mod app;
pub mod authenticator;
pub mod browser;
pub mod bucket;
pub mod database;
mod groups;
pub mod mailbox;
pub mod page;
pub mod questions;
pub mod world;

pub use authenticator::Authenticator;
pub use browser::Browser;
pub use page::Page;
pub use world::{PASSWORD, Person, World};
