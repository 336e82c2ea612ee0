//! Where the members' pages are, for whatever leads to them.

/// Where the list is; a member's page stands below it.
pub(crate) const LIST: &str = "/settings/team/members";
