//! What stands beside the list: the seats, the Owner's name, the groups to choose from.

use diesel::prelude::*;

use crate::{
    billing::{self, Plans, Standing, Stored},
    clock::At,
    db::{
        AccountId, Conn, GroupId,
        schema::{accounts, invitations, members, subscriptions},
        sql,
    },
    failure::Failure,
    groups::{self, Choices, read_choices},
    members::display_name,
};

/// The name, address and username of an account's Owner.
type OfOwner = (String, String, Option<String>, Option<String>);

/// The subscription, the Owner, the groups, and how many invitations run.
type Found = (Stored, OfOwner, Option<String>, Option<i64>);

/// Up to so many invited people are looked at one by one, to leave out invitations that ran out; of more the account's counter
/// speaks, which has those too: no page of the list counts thousands of rows.
const COUNTED: i64 = 200;

/// How the account stands at `now`, and its groups, in one question: the list has no more to spare. `invited` is what the
/// account's counter says.
pub fn beside(conn: &mut Conn, account: AccountId, invited: i64, plans: &Plans, now: At) -> Result<(Standing, Vec<(GroupId, String)>), Failure> {
    let running = invitations::table.filter(invitations::account_id.eq(account)).filter(sql::OpenInvitations).filter(invitations::expires_at.gt(now));
    let of_owner = (members::first_name, members::last_name, members::email, members::username);
    let joined = subscriptions::table
        .inner_join(accounts::table)
        .inner_join(members::table.on(members::account_id.eq(subscriptions::account_id).and(sql::Owners)))
        .filter(subscriptions::account_id.eq(account));
    let found: Option<Found> = if invited <= COUNTED {
        joined.select((Stored::as_select(), of_owner, Choices, running.count().single_value())).get_result(conn).optional()?
    } else {
        let found = joined.select((Stored::as_select(), of_owner, Choices)).get_result(conn).optional()?;
        found.map(|(stored, owner, choices)| (stored, owner, choices, Some(invited)))
    };
    let Some((stored, (first, last, email, username), choices, running)) = found else {
        return Ok((billing::standing(conn, account, plans, now)?, groups::list_choices(conn, account)?));
    };
    let standing = Standing {
        subscription: stored.read(conn, account, plans)?.as_of(now),
        pending: running.unwrap_or_default(),
        owner: display_name(&first, &last, email.as_deref(), username.as_deref()),
    };
    Ok((standing, read_choices(choices.as_deref())))
}
