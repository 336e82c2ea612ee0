//! The SQL of the terms that plans had.

use diesel::prelude::*;

use crate::{
    billing::{Money, Plan},
    db::{Conn, Tx, schema::kept_plans},
    failure::Failure,
    on_both,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = kept_plans)]
struct Row {
    word: String,
    name: String,
    price_cents: Money,
    yearly_price_cents: Option<Money>,
    seats_min: i64,
    seats_max: Option<i64>,
    supervisor: bool,
}

impl From<Row> for Plan {
    fn from(row: Row) -> Self {
        let seats = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        Plan {
            word: row.word,
            name: row.name,
            price: row.price_cents.dollars(),
            yearly_price: row.yearly_price_cents.map(Money::dollars),
            seats_min: seats(row.seats_min),
            seats_max: row.seats_max.map(seats),
            supervisor: row.supervisor,
        }
    }
}

/// Every plan that was ever offered, with its last terms.
pub(in crate::billing) fn list(conn: &mut Conn) -> Result<Vec<Plan>, Failure> {
    let rows: Vec<Row> = kept_plans::table.order(kept_plans::word).select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(Plan::from).collect())
}

/// The last terms of one.
pub(in crate::billing) fn find(conn: &mut Conn, word: &str) -> Result<Option<Plan>, Failure> {
    let row: Option<Row> = kept_plans::table.find(word).select(Row::as_select()).get_result(conn).optional()?;
    Ok(row.map(Plan::from))
}

/// Keeps the terms of `plans` instead of those that were kept.
pub(in crate::billing) fn keep(tx: &mut Tx<'_>, plans: &[&Plan]) -> Result<(), Failure> {
    let mut plans = plans.to_vec();
    // Two programs that start at once take the rows in one order, and wait for each other.
    plans.sort_by(|a, b| a.word.cmp(&b.word));
    for plan in plans {
        let terms = (
            kept_plans::name.eq(&plan.name),
            kept_plans::price_cents.eq(Money::rounded(plan.price)),
            kept_plans::yearly_price_cents.eq(plan.yearly_price.map(Money::rounded)),
            kept_plans::seats_min.eq(i64::from(plan.seats_min)),
            kept_plans::seats_max.eq(plan.seats_max.map(i64::from)),
            kept_plans::supervisor.eq(plan.supervisor),
        );
        let row = (kept_plans::word.eq(&plan.word), terms);
        on_both!(tx, conn => diesel::insert_into(kept_plans::table).values(row).on_conflict(kept_plans::word).do_update().set(terms).execute(conn))?;
    }
    Ok(())
}
