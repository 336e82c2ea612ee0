//! Where billing's pages are, for whatever leads to them.

/// The billing page; what belongs to it stands below it.
pub(crate) const HOME: &str = "/settings/billing";
/// Where the plan is changed.
pub(crate) const PLAN: &str = "/settings/billing/plan";
