//! How an account stands, for pages: its subscription, its places, and whom to ask.

use super::{Plans, Subscription, opening, rows};
use crate::{
    accounts,
    clock::At,
    db::{AccountId, Conn},
    failure::Failure,
    members,
};

/// What the list of members and the billing page show of an account.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What it has bought.
    pub subscription: Subscription,
    /// Invitations that run; each holds a place (R10).
    pub pending: i64,
    /// Its Owner's name.
    pub owner: String,
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

/// How the account stands at `now`, with every renewal in it that is due. The list of members asks the same in one question.
pub fn standing(conn: &mut Conn, account: AccountId, plans: &Plans, now: At) -> Result<Standing, Failure> {
    let subscription = look(conn, account, plans, now)?;
    let pending = (members::count_placed(conn, account, now)? - subscription.seats.active).max(0);
    Ok(Standing { subscription, pending, owner: members::owner_name(conn, account)? })
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
