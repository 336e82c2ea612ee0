//! Where the account's pages are, for whatever leads to them.

/// Where the account is cancelled, and opened again.
pub(crate) const CANCELLATION: &str = "/settings/account/cancellation";
