//! The audit log: one event a change, for good, and readable.

mod chain;
mod events;
mod filters;
