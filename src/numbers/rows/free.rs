//! Which numbers are free: those nobody holds, and those kept for people whose invitation does not run (R10).

use diesel::{
    backend::Backend,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    serialize::ToSql,
    sql_types::{BigInt, HasSqlType},
};

use super::{ALL, Row, load, own};
use crate::{
    clock::At,
    db::{
        AccountId, Conn,
        schema::{invitations, numbers},
        sql,
    },
    failure::Failure,
};

/// Numbers kept for somebody whose invitation does not run at this instant (R10): free, though the column does not say so
/// yet. The instant is bound, everything else written out.
#[derive(Clone, Copy, Debug, QueryId)]
pub(in crate::numbers) struct Lapsed(pub At);

sql::expression!(Lapsed: diesel::sql_types::Bool);
impl<DB> QueryFragment<DB> for Lapsed
where
    DB: Backend + HasSqlType<BigInt>,
    At: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(
            "(numbers.member_id IS NOT NULL AND EXISTS (SELECT 1 FROM members AS invitee WHERE invitee.account_id = numbers.account_id \
             AND invitee.id = numbers.member_id AND invitee.status = 'invited' AND NOT EXISTS (SELECT 1 FROM invitations AS running \
             WHERE running.account_id = numbers.account_id AND running.member_id = numbers.member_id AND running.state = 'open' \
             AND running.expires_at > ",
        );
        out.push_bind_param::<BigInt, At>(&self.0)?;
        out.push_sql(")))");
        Ok(())
    }
}

/// The condition of numbers that nobody holds.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::numbers) fn is_free(now: At) -> _ {
    let nobody: diesel::dsl::IsNull<numbers::member_id> = numbers::member_id.is_null();
    let lapsed: Lapsed = Lapsed(now);
    numbers::group_id.is_null().and(nobody.or(lapsed))
}

/// The condition of numbers that somebody holds.
#[diesel::dsl::auto_type(no_type_alias)]
pub(in crate::numbers) fn is_held(now: At) -> _ {
    let lapsed: Lapsed = Lapsed(now);
    numbers::group_id.is_not_null().or(numbers::member_id.is_not_null().and(diesel::dsl::not(lapsed)))
}

/// Accounts with numbers kept for people whose open invitation has run out: by the index of ends.
pub(in crate::numbers) fn accounts_with_due(conn: &mut Conn, now: At) -> Result<Vec<AccountId>, Failure> {
    let due = invitations::table
        .inner_join(numbers::table.on(numbers::account_id.eq(invitations::account_id).and(numbers::member_id.eq(invitations::member_id.nullable()))))
        .filter(sql::OpenInvitations)
        .filter(invitations::expires_at.le(now));
    Ok(due.select(numbers::account_id).distinct().order(numbers::account_id).load(conn)?)
}

/// Accounts with numbers kept for people whose invitation does not run: every kept number is looked at.
pub(in crate::numbers) fn accounts_with_lapsed(conn: &mut Conn, now: At) -> Result<Vec<AccountId>, Failure> {
    Ok(numbers::table.filter(Lapsed(now)).select(numbers::account_id).distinct().order(numbers::account_id).load(conn)?)
}

pub(in crate::numbers) fn list_lapsed(conn: &mut Conn, account: AccountId, now: At) -> Result<Vec<Row>, Failure> {
    load(conn, own(account).filter(Lapsed(now)), ALL, now)
}
