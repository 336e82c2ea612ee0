//! Routing's SQL: whereto calls go on from a group or a number.

use diesel::prelude::*;

use super::way::Stop;
use crate::{
    db::{
        AccountId, Conn, GroupId, NumberId,
        schema::{numbers, user_groups},
    },
    failure::Failure,
};

/// The name of a stop, and the stop that its calls go on to.
pub(super) fn find_stop(conn: &mut Conn, account: AccountId, stop: Stop) -> Result<Option<(String, Option<Stop>)>, Failure> {
    match stop {
        Stop::Group(id) => {
            let row = user_groups::table.filter(user_groups::account_id.eq(account)).filter(user_groups::id.eq(id));
            let found: Option<(String, Option<GroupId>, Option<NumberId>)> =
                row.select((user_groups::name, user_groups::fallback_group_id, user_groups::fallback_number_id)).get_result(conn).optional()?;
            Ok(found.map(|(name, group, number)| (name, group.map(Stop::Group).or(number.map(Stop::Number)))))
        }
        Stop::Number(id) => {
            let row = numbers::table.filter(numbers::account_id.eq(account)).filter(numbers::id.eq(id));
            let found: Option<(String, String, Option<GroupId>, Option<GroupId>)> = row
                .select((numbers::international, numbers::incoming_kind, numbers::group_id, numbers::incoming_group_id))
                .get_result(conn)
                .optional()?;
            Ok(found.map(|(name, kind, assignee, incoming)| {
                let next = if kind == "assignee" { assignee } else { incoming };
                (name, next.map(Stop::Group))
            }))
        }
    }
}
