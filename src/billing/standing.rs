//! How an account stands, for pages: its subscription, its places, and whom to ask.

use super::{
    Plans, Subscription, opening,
    rows::{self, Beside},
};
use crate::{
    accounts,
    authz::{Can, Permission},
    clock::At,
    db::{AccountId, Conn, GroupId},
    failure::Failure,
    groups, members,
};

/// What the list of members and the billing page show of an account.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What it has bought.
    pub subscription: Subscription,
    /// Invitations that hold a place (R10); without a maximum of places, everybody who is invited.
    pub pending: i64,
    /// Its Owner's name.
    pub owner: String,
    /// Its user groups, to choose from: the list has no question to spare for them.
    pub groups: Vec<(GroupId, String)>,
}

impl Standing {
    /// Places that are taken (R36).
    pub const fn placed(&self) -> i64 {
        self.subscription.seats.active + self.pending
    }
    /// Places that are free, where the plan has a maximum.
    pub fn free(&self) -> Option<i64> {
        Some((i64::from(self.subscription.plan.seats_max?) - self.placed()).max(0))
    }
}

/// How the account stands at `now`, with every renewal in it that is due, in one question to the database.
pub fn standing<P: Permission>(conn: &mut Conn, by: &Can<P>, plans: &Plans, now: At) -> Result<Standing, Failure> {
    let (account, actor) = (by.account(), by.actor());
    // Only under a maximum do invitations that ran out matter, and then there are few.
    let counts = plans.of_account(&actor.plan).seats_max.is_some();
    Ok(match rows::find_standing(conn, account, plans, counts, now)? {
        Some((subscription, Beside { pending, owner, groups })) => {
            Standing { subscription: subscription.as_of(now), pending: pending.unwrap_or(actor.tally.invited), owner, groups }
        }
        None => {
            let (subscription, owner) = (look(conn, account, plans, now)?, members::owner_name(conn, account)?);
            Standing { subscription, pending: actor.tally.invited, owner, groups: groups::list_choices(conn, account)? }
        }
    })
}

/// The account's subscription at `now`, for pages that say what an act costs: with every renewal in it that is due, and opened
/// where the account is older than billing, as the next write will find it.
pub fn look(conn: &mut Conn, account: AccountId, plans: &Plans, now: At) -> Result<Subscription, Failure> {
    let found = match rows::find(conn, account, plans)? {
        Some(subscription) => subscription,
        None => {
            let account = accounts::get(conn, account)?;
            opening::first(account.id, &plans.of_account(&account.plan), account.zone(), account.active_members, now).0
        }
    };
    Ok(found.as_of(now))
}
