//! Billing's pages.

mod figures;
pub mod invoices;
mod lines;
pub mod overview;
pub mod plan;

/// The billing page; what belongs to it stands below it.
pub(crate) const HOME: &str = "/settings/billing";
/// Where the plan is changed.
pub(crate) const PLAN: &str = "/settings/billing/plan";
/// Where the account is cancelled, and opened again.
pub(crate) const CANCELLATION: &str = "/settings/account/cancellation";
