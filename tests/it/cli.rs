//! The built program as operators run it: its commands, its exit codes, its way to start and to stop.

mod broken;
mod commands;
mod config;
mod demo;
mod doctor;
mod mailing;
mod owner;
mod ownership;
pub mod program;
mod schema;
mod stopping;
mod two_factor;
