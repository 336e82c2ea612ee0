//! What a selection will do, did, and could not do, in words.

use crate::{
    billing::{
        Charge, Subscription,
        words::{charges_nothing, seats_freed, together},
    },
    failure::Failure,
    members::{
        Consequences, LinkRefusal, ReturnRefusal, Status,
        pages::{ending, role, room::Room},
        selection::{Act, Kept, Outcome, total},
    },
    web::{Visit, words},
};

/// The page's heading.
pub(super) fn question_of(act: Act, whom: &str) -> String {
    match act {
        Act::Resend => format!("Send the invite to {whom} again?"),
        Act::Deactivate => format!("Deactivate {whom}?"),
        Act::Reactivate => format!("Reactivate {whom}?"),
        Act::Remove => format!("Remove {whom}?"),
        Act::ChangeRole(role) => format!("Change the role of {whom} to {}?", role.name()),
        Act::AddToGroup(_) => format!("Add {whom} to the group?"),
    }
}

/// The button.
pub(super) fn verb_of(act: Act, whom: &str) -> String {
    match act {
        Act::Resend => format!("Resend to {whom}"),
        Act::Deactivate => format!("Deactivate {whom}"),
        Act::Reactivate => format!("Reactivate {whom}"),
        Act::Remove => format!("Remove {whom}"),
        Act::ChangeRole(_) => format!("Change the role of {whom}"),
        Act::AddToGroup(_) => format!("Add {whom}"),
    }
}

/// What will be done with one of them.
pub(super) fn will(act: Act, touched: Option<&Consequences>, charge: Option<&Charge>) -> String {
    match act {
        Act::Resend => "Gets a new link for 7 days; the earlier one no longer works.".into(),
        Act::Deactivate => "Is signed out everywhere, and no call reaches them. Everything of theirs stays.".into(),
        Act::Reactivate => {
            let money = match charge.filter(|charge| charge.seats > 0 && !charge.price.is_zero()) {
                None => "No charge.".to_owned(),
                Some(charge) => format!("{} today ({}).", charge.amount, charge.formula()),
            };
            format!("Is active again, with role, groups and numbers as before. {money}")
        }
        Act::Remove => format!("Loses {}.", touched.map_or_else(|| "everything".into(), Consequences::in_short)),
        Act::ChangeRole(role) => format!("Is {} from the next click on.", role.with_article()),
        Act::AddToGroup(_) => "Joins the group, after those who are in it.".into(),
    }
}

/// What the act costs in all, or what becomes of the seats of those who leave (R34, R35); nothing where it changes neither.
pub(super) fn money_of(act: Act, outcomes: &[Outcome], of: &Subscription) -> String {
    let done = || outcomes.iter().filter(|outcome| outcome.result.is_ok());
    let leaving = done().filter(|outcome| outcome.member.status == Status::Active).count() as i64;
    match act {
        _ if done().next().is_none() => String::new(),
        Act::Reactivate if of.is_free() => charges_nothing(of),
        Act::Reactivate => together(total(outcomes), done().count() as i64),
        Act::Deactivate => seats_freed(of, leaving, "deactivated users"),
        Act::Remove if leaving > 0 => seats_freed(of, leaving, "removed users"),
        Act::Remove => "No change of billing: a deactivated seat is not charged.".into(),
        Act::Resend | Act::ChangeRole(_) | Act::AddToGroup(_) => String::new(),
    }
}

/// Why one of them stays as they are.
pub(super) fn because(visit: &Visit, kept: Kept, name: &str, room: &Room) -> Result<String, Failure> {
    let with_supervisor = visit.app.plans.with_supervisor();
    Ok(match kept {
        Kept::Invitation(LinkRefusal::NotInvited) => "Is not invited, so there is no invite to send.".into(),
        Kept::Invitation(LinkRefusal::TooSoon(wait)) => format!("Was sent an invite a moment ago. Wait {}.", words::wait(wait)),
        Kept::Invitation(LinkRefusal::NoPlace) => room.no_place(0),
        Kept::Invitation(LinkRefusal::NoSupervisors) => room.no_supervisors(name, &with_supervisor),
        Kept::Invitation(LinkRefusal::Failure(failure)) => return Err(failure),
        Kept::Barred(barred) => ending::sentence(barred).into(),
        Kept::Return(refusal) => ending::why_out(refusal, name, &with_supervisor, room)?.text,
        Kept::Role(refusal) => role::sentence(refusal, name, &room.plan, &with_supervisor)?,
        Kept::HasRole => "Has that role already.".into(),
        Kept::InGroup => "Is in the group already.".into(),
        Kept::Removed => "Was removed.".into(),
    })
}

/// Would a larger plan help?
pub(super) const fn lacks_room(kept: &Kept) -> bool {
    matches!(
        kept,
        Kept::Invitation(LinkRefusal::NoPlace | LinkRefusal::NoSupervisors) | Kept::Return(ReturnRefusal::NoPlace | ReturnRefusal::NoSupervisors)
    )
}

/// What was done.
pub(super) fn done(act: Act, whom: &str) -> String {
    match act {
        Act::Resend => format!("Invite sent to {whom} again."),
        Act::Deactivate => format!("{whom} deactivated."),
        Act::Reactivate => format!("{whom} reactivated."),
        Act::Remove => format!("{whom} removed."),
        Act::ChangeRole(role) => format!("The role of {whom} is {} now.", role.name()),
        Act::AddToGroup(_) => format!("{whom} added to the group."),
    }
}
