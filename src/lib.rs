//! Rollcall: the people side of a company's cloud phone system, as a portal to run oneself.
//!
//! Folders are the product's nouns: [`accounts`], [`members`], [`groups`], [`numbers`],
//! [`routing`], [`sign_in`], [`billing`], [`audit`], [`mail`]. Each has the
//! same rooms: one file an ability, `rows.rs` (its SQL), `forms.rs` (strings to types), `pages.rs` (handlers). Around them:
//! [`doors`] lists every way in, [`authz`] says who may use which, [`db`] is the only way to the data, [`web`] knows HTTP
//! and no noun, [`clock`] and [`settings`] are the only readers of the time and of the environment.
//!
//! `docs/architecture.md` tells the house on one page, `docs/rules.md` the promises by their numbers.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod authz;
pub mod billing;
pub mod cli;
pub mod clock;
pub mod db;
pub mod doors;
pub mod failure;
pub mod files;
pub mod groups;
pub mod keys;
pub mod mail;
pub mod members;
pub mod numbers;
pub mod routing;
pub mod server;
pub mod settings;
pub mod sign_in;
pub mod ticker;
pub mod web;
