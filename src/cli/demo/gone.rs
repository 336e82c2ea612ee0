//! People who left the sample company, by the product's own way.

use super::phone::proof;
use crate::{
    accounts::Opened,
    authz::{ManageMembers, Role},
    billing::{self, Plans},
    clock::{At, Span},
    db::Tx,
    failure::Failure,
    mail,
    members::{self, EmailAddress, NewMember, PersonName, Status},
};

/// First name, last name, and how many days ago they were removed.
const LEFT: &[(&str, &str, i64)] = &[("Ingrid", "Falk", 8), ("Pavel", "Horak", 24)];

/// Adds people and removes them again: they wait for their erasure under the list's own filter.
pub(super) fn fill(tx: &mut Tx<'_>, opened: &Opened, hash: &str, plans: &Plans, now: At) -> Result<(), Failure> {
    let by = proof::<ManageMembers>(tx, opened, now)?;
    for (first, last, days) in LEFT {
        let then = now - Span::days(*days);
        let email = EmailAddress::parse(&super::address(first, last, 0)).map_err(Failure::internal)?;
        let new = NewMember {
            email: Some(email),
            name: PersonName { first: (*first).into(), last: (*last).into() },
            password_hash: Some(hash.to_owned()),
            joined_at: then - Span::days(200),
            last_active_at: then - Span::hours(3),
            invited_by: Some(opened.owner),
            ..NewMember::new(opened.account, Role::Agent, Status::Active, then)
        };
        let mut subscription = billing::settle(tx, opened.account, plans, now)?;
        billing::take_many(tx, &mut subscription, 1, now)?;
        members::insert_many(tx, std::slice::from_ref(&new), then)?;
        members::remove(tx, &by, new.id, None, plans, then).map_err(Failure::internal)?;
    }
    mail::drop_all(tx, opened.account, "a sample company gets no mail")
}
