//! Billing's pages.

mod figures;
pub mod invoices;
mod lines;
pub mod overview;
pub mod plan;
