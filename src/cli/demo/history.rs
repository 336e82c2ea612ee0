//! What happened at the sample company since it opened: who joined and who left, what it was billed, and what it paid.
//!
//! Everything is done by the product's own ways, at its own instant and in order, so that the ledger and the audit log are those
//! of a company that has been here for some months.

use super::{OPENED, Sample, gone, phone::proof};
use crate::{
    audit::Author,
    authz::ManageMembers,
    billing::{self, InvoiceStatus, Step},
    clock::{At, Span},
    db::{MemberId, Tx},
    failure::Failure,
    members::{self, NewMember, Status},
};

/// What happens on a day.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// People of this wave join.
    Join(usize),
    /// Some of those who joined before are deactivated.
    Leave,
    /// The next of those in [`gone::LEFT`] leaves for good.
    Remove,
}

/// How many days ago what happened, in order. Whoever leaves in the running cycle, after the last wave, leaves a vacant seat.
pub(super) const DAYS: &[(i64, Act)] = &[
    (OPENED, Act::Join(0)),
    (90, Act::Leave),
    (86, Act::Join(1)),
    (60, Act::Leave),
    (55, Act::Join(2)),
    (30, Act::Leave),
    (26, Act::Join(3)),
    (24, Act::Remove),
    (20, Act::Leave),
    (5, Act::Join(4)),
    (3, Act::Remove),
    (2, Act::Leave),
];

/// Where each wave of `members` people ends: most are there from the beginning. The fifth person always comes later, so that
/// every company has a seat that was paid for a part of a cycle.
pub(super) fn waves(members: u32) -> [u32; 5] {
    let part = |percent: u64, least: u32| ((u64::from(members) * percent / 100) as u32).clamp(least, members);
    [part(60, 4), part(75, 5), part(85, 5), part(95, 5), members]
}

/// Seats of so many people at once are one line of the ledger each; of more, one line together.
const LINES: usize = 50;

/// Brings the billing of the company up to `until`: every cycle begins at its own instant, and the invoices of the one before
/// are paid then.
fn advance(tx: &mut Tx<'_>, sample: &Sample, until: At) -> Result<(), Failure> {
    loop {
        let due = billing::find(tx, sample.opened.account, &sample.plans)?.renews_at;
        if due.is_never() || due > until {
            return Ok(());
        }
        let author = Author::program(sample.opened.account, super::AUTHOR);
        for invoice in billing::list_all(tx, sample.opened.account)? {
            if invoice.status == InvoiceStatus::Open {
                billing::mark(tx, &author, invoice.number, InvoiceStatus::Paid, Some(invoice.total), due).map_err(Failure::internal)?;
            }
        }
        billing::settle(tx, sample.opened.account, &sample.plans, due)?;
    }
}

/// A batch of people: the active ones take seats at `then`; invitations are of today.
pub(super) fn join(tx: &mut Tx<'_>, sample: &Sample, batch: &[NewMember], then: At) -> Result<(), Failure> {
    advance(tx, sample, then)?;
    let owner = sample.opened.owner;
    for status in [Status::Active, Status::Invited, Status::Deactivated] {
        let some: Vec<NewMember> =
            batch.iter().filter(|new| new.status == status).cloned().map(|new| NewMember { invited_by: Some(owner), ..new }).collect();
        if status == Status::Active {
            seat(tx, sample, &some, then)?;
        }
        members::insert_many(tx, &some, if status == Status::Invited { sample.now } else { then })?;
        if status == Status::Invited {
            members::add_sample_invitations(tx, &some, owner, sample.now)?;
        }
    }
    Ok(())
}

fn seat(tx: &mut Tx<'_>, sample: &Sample, people: &[NewMember], then: At) -> Result<(), Failure> {
    let mut subscription = billing::settle(tx, sample.opened.account, &sample.plans, then)?;
    if people.len() > LINES {
        billing::take_many(tx, &mut subscription, people.len() as i64, then)?;
        return Ok(());
    }
    for new in people {
        let step = if new.email.is_some() { Step::Accepted } else { Step::Created };
        billing::take(tx, &mut subscription, step, new.id, None, then).map_err(Failure::internal)?;
    }
    Ok(())
}

/// Deactivates these people, one after the other.
pub(super) fn leave(tx: &mut Tx<'_>, sample: &Sample, people: &[MemberId], then: At) -> Result<(), Failure> {
    advance(tx, sample, then)?;
    let by = proof::<ManageMembers>(tx, &sample.opened, then)?;
    for (i, member) in people.iter().enumerate() {
        members::deactivate(tx, &by, *member, &sample.plans, then + Span::minutes(i as i64)).map_err(Failure::internal)?;
    }
    Ok(())
}

/// Removes somebody for good.
pub(super) fn remove(tx: &mut Tx<'_>, sample: &Sample, who: MemberId, then: At) -> Result<(), Failure> {
    advance(tx, sample, then)?;
    gone::leave(tx, sample, who, then)
}

/// Up to now, and the cycle that runs is not paid yet.
pub(super) fn end(tx: &mut Tx<'_>, sample: &Sample) -> Result<(), Failure> {
    advance(tx, sample, sample.now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_of_any_size_has_waves_in_order_and_a_latecomer() {
        for members in (6..200).chain([10_000, 5_000_000]) {
            let waves = waves(members);
            assert!(waves.is_sorted() && waves[0] >= 4 && waves[1] > waves[0] && waves[4] == members, "{members}: {waves:?}");
        }
        assert!(DAYS.is_sorted_by(|(earlier, _), (later, _)| earlier > later), "what happened is in order");
    }
}
