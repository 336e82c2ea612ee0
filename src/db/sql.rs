//! The few expressions that diesel does not have, or that the databases spell differently.

use diesel::{
    backend::Backend,
    query_builder::{AstPass, Query, QueryFragment},
    result::QueryResult,
    sql_types::{SingleValue, SqlType},
};

/// Text that may be missing.
pub trait TextOrNull: SqlType + SingleValue {}
impl<T: SqlType + SingleValue> TextOrNull for T {}

#[diesel::declare_sql_function]
extern "SQL" {
    /// Lower case; on SQLite of ASCII letters only.
    fn lower<T: TextOrNull>(text: T) -> T;
}

/// Makes a type an expression of this SQL type on any table: what remains to be written is its SQL.
macro_rules! expression {
    ($name:ident: $kind:ty) => {
        impl diesel::Expression for $name {
            type SqlType = $kind;
        }
        impl<QS: ?Sized> diesel::AppearsOnTable<QS> for $name {}
        impl<QS: ?Sized> diesel::SelectableExpression<QS> for $name {}
        impl<GB> diesel::expression::ValidGrouping<GB> for $name {
            type IsAggregate = diesel::expression::is_aggregate::Never;
        }
    };
}
pub(crate) use expression;

/// Declares conditions that are written out. A partial index serves only a condition it can see; SQLite prepares a
/// statement anew for every binding that it compares with such an index; and so does diesel with whatever has `dsl::sql`
/// in it.
macro_rules! conditions {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, diesel::query_builder::QueryId)]
        pub struct $name;

        expression!($name: diesel::sql_types::Bool);
        impl<DB: Backend> QueryFragment<DB> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    )+};
}

conditions! {
    /// Members that are not removed.
    LiveMembers = "members.status <> 'removed'";
    /// Members that are active.
    ActiveMembers = "members.status = 'active'";
    /// Members to whom their account is open: of a closed one only its Owner (R38).
    OpenToMember = "(accounts.closed_at IS NULL OR members.role = 'owner')";
    /// Subscriptions with a running cycle.
    Renewing = "subscriptions.renews_at > 0";
    /// Lines of the ledger that begin a cycle.
    CyclesBegun = "ledger_entries.kind IN ('opened', 'renewed', 'reopened')";
    /// Members that are invited.
    InvitedMembers = "members.status = 'invited'";
    /// Members who are removed, but not erased.
    RemovedMembers = "members.status = 'removed' AND members.erased_at IS NULL";
    /// Members whose erasure has its day.
    EndingMembers = "members.erase_at IS NOT NULL";
    /// Invitations that wait to be accepted.
    OpenInvitations = "invitations.state = 'open'";
    /// Mailed links that have not been followed.
    OpenLinks = "mailed_links.state = 'open'";
    /// The newest invitation of each member who is invited.
    NewestInvitations = "invitations.state IN ('open', 'expired', 'void')";
    /// Files of people that are being invited.
    SendingBulkInvites = "bulk_invites.state = 'sending'";
    /// Mails that wait to be sent.
    QueuedMails = "mails.state = 'queued'";
}

/// The first rows of a query, their number written out: a bound one has both databases plan the statement anew each time.
#[derive(Clone, Copy, Debug, diesel::query_builder::QueryId)]
pub struct Top<Q> {
    query: Q,
    most: i64,
}

/// At most `most` rows of `query`. One query takes one number: diesel keeps its statement by the query's type, with the number
/// of the first time.
pub fn top<Q>(query: Q, most: i64) -> Top<Q> {
    Top { query, most }
}

impl<Q: Query> Query for Top<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> diesel::RunQueryDsl<super::Conn> for Top<Q> {}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Top<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.most.to_string());
        Ok(())
    }
}

/// A LIKE pattern for text that contains `q`, with `!` as the escape character (T16).
pub fn containing(q: &str) -> String {
    format!("%{}%", escaped(q))
}

/// A LIKE pattern for text that begins with `q`.
pub fn beginning(q: &str) -> String {
    format!("{}%", escaped(q))
}

fn escaped(q: &str) -> String {
    q.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t16_wildcards_are_just_characters() {
        assert_eq!(containing("50%_!"), "%50!%!_!!%");
    }
}
