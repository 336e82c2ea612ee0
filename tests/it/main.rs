//! Rollcall as its people and its neighbours meet it: the real server, a real database, a real mail conversation.
//!
//! The suite runs on SQLite, and on PostgreSQL when `ROLLCALL_TEST_POSTGRES` names a server where databases may be made.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod audit;
mod billing;
mod bulk_invites;
mod cli;
mod doors;
mod endings;
mod faults;
mod files;
mod greetings;
mod groups;
mod mail;
mod mail_transport;
mod members;
mod numbers;
mod policy;
mod requests;
mod schema_parity;
mod sign_in;
mod support;
