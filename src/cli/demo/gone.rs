//! People who left the sample company for good, by the product's own way.

use super::{Sample, phone::proof};
use crate::{
    authz::{ManageMembers, Role},
    clock::{At, Span},
    db::{MemberId, Tx},
    failure::Failure,
    members::{self, EmailAddress, NewMember, PersonName, Status},
};

/// First name and last name.
pub(super) const LEFT: &[(&str, &str)] = &[("Pavel", "Horak"), ("Ingrid", "Falk")];

/// They as they joined, among the first.
pub(super) fn people(sample: &Sample, hash: &str, joined: At) -> Result<Vec<NewMember>, String> {
    let one = |(first, last): &(&str, &str)| {
        Ok(NewMember {
            email: Some(EmailAddress::parse(&super::address(first, last, 0))?),
            name: PersonName { first: (*first).into(), last: (*last).into() },
            password_hash: Some(hash.to_owned()),
            joined_at: joined,
            last_active_at: joined + Span::days(30),
            ..NewMember::new(sample.opened.account, Role::Agent, Status::Active, joined)
        })
    };
    LEFT.iter().map(one).collect()
}

/// One of them leaves: they wait for their erasure under the list's own filter.
pub(super) fn leave(tx: &mut Tx<'_>, sample: &Sample, who: MemberId, then: At) -> Result<(), Failure> {
    let by = proof::<ManageMembers>(tx, &sample.opened, then)?;
    members::remove(tx, &by, who, None, &sample.plans, then).map_err(Failure::internal)?;
    Ok(())
}
