//! Counts of tries in the database: they hold across restarts and processes (T4).

use diesel::prelude::*;

use crate::{
    clock::{At, Span},
    db::{Digest32, Tx, schema::throttles},
    failure::Failure,
    on_both,
};

/// What a ladder or a window says to one more try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on; the try is counted already.
    Go,
    /// Not before so long.
    Wait(Span),
}

/// A closed identifier opens again after so long without a try (T4).
const MEMORY: Span = Span::hours(24);

/// How long to wait after so many failures (T4).
fn pause(failures: i64) -> Option<Span> {
    match failures {
        ..1 => None,
        1..3 => Some(Span::secs(1)),
        3..9 => Some(Span::secs(3)),
        9..25 => Some(Span::secs(5)),
        25..100 => Some(Span::secs(10)),
        _ => Some(MEMORY),
    }
}

/// Counts one try against `key` as a failure before it is checked; [`forget`] takes it back when it succeeds.
pub fn climb(tx: &mut Tx<'_>, key: Digest32, now: At) -> Result<Verdict, Failure> {
    let (tries, last_at) = locked(tx, key, now)?;
    let tries = if now.since(last_at) >= MEMORY { 0 } else { tries };
    let pause = pause(tries).unwrap_or(Span::secs(0));
    let ready = last_at + pause;
    if ready > now {
        // A clock that went back must not make the wait longer than the ladder says (T33).
        return Ok(Verdict::Wait(ready.since(now).min(pause)));
    }
    set(tx, key, tries + 1, now)?;
    Ok(Verdict::Go)
}

/// Forgets the failures of `key`.
pub fn forget(tx: &mut Tx<'_>, key: Digest32) -> Result<(), Failure> {
    diesel::delete(throttles::table.filter(throttles::key.eq(key))).execute(&mut **tx)?;
    Ok(())
}

/// Counts one try against `key` in a window; more than `most` in it must wait for its end.
pub fn within(tx: &mut Tx<'_>, key: Digest32, most: u32, window: Span, now: At) -> Result<Verdict, Failure> {
    locked(tx, key, now)?;
    let (tries, since): (i64, At) = throttles::table.filter(throttles::key.eq(key)).select((throttles::tries, throttles::since)).first(&mut **tx)?;
    let fresh = now.since(since) >= window || since > now;
    let (tries, since) = if fresh { (0, now) } else { (tries, since) };
    if tries >= i64::from(most) {
        return Ok(Verdict::Wait((since + window).since(now)));
    }
    let row = throttles::table.filter(throttles::key.eq(key));
    diesel::update(row).set((throttles::tries.eq(tries + 1), throttles::since.eq(since), throttles::last_at.eq(now))).execute(&mut **tx)?;
    Ok(Verdict::Go)
}

/// Counts one try against `key` before it is checked: after `most` of them it is locked until `span` has passed since the
/// last. [`forget`] takes all back, [`take_back`] one that could not be checked.
pub fn lock_after(tx: &mut Tx<'_>, key: Digest32, most: i64, span: Span, now: At) -> Result<Verdict, Failure> {
    let (tries, last_at) = locked(tx, key, now)?;
    let left = (last_at + span).since(now);
    let tries = if left <= Span::secs(0) { 0 } else { tries };
    if tries >= most {
        // A clock that went back must not lock for longer (T33).
        return Ok(Verdict::Wait(left.min(span)));
    }
    set(tx, key, tries + 1, now)?;
    Ok(Verdict::Go)
}

/// Takes one counted try back.
pub fn take_back(tx: &mut Tx<'_>, key: Digest32) -> Result<(), Failure> {
    let row = throttles::table.filter(throttles::key.eq(key)).filter(throttles::tries.gt(0));
    diesel::update(row).set(throttles::tries.eq(throttles::tries - 1)).execute(&mut **tx)?;
    Ok(())
}

/// Drops counts that nobody needs any more.
pub fn sweep(tx: &mut Tx<'_>, now: At) -> Result<(), Failure> {
    diesel::delete(throttles::table.filter(throttles::last_at.lt(now - MEMORY))).execute(&mut **tx)?;
    Ok(())
}

/// So often a row is made again that vanished at once.
const ATTEMPTS: usize = 16;

/// The row of `key`, made when missing, and held against other processes until the transaction ends.
fn locked(tx: &mut Tx<'_>, key: Digest32, now: At) -> Result<(i64, At), Failure> {
    // Somebody's success may forget the row between the two statements (PostgreSQL): then it is made again.
    for _ in 0..ATTEMPTS {
        let row = (throttles::key.eq(key), throttles::tries.eq(0), throttles::since.eq(now), throttles::last_at.eq(At::NEVER));
        on_both!(tx, conn => diesel::insert_into(throttles::table).values(row).on_conflict_do_nothing().execute(conn))?;
        let held = throttles::table.filter(throttles::key.eq(key)).select((throttles::tries, throttles::last_at));
        let found = match &mut **tx {
            crate::db::Conn::Postgres(conn) => held.for_update().first(conn).optional()?,
            crate::db::Conn::Sqlite(conn) => held.first(conn).optional()?,
        };
        if let Some(found) = found {
            return Ok(found);
        }
    }
    Err(Failure::Busy)
}

fn set(tx: &mut Tx<'_>, key: Digest32, tries: i64, now: At) -> Result<(), Failure> {
    let row = throttles::table.filter(throttles::key.eq(key));
    diesel::update(row).set((throttles::tries.eq(tries), throttles::last_at.eq(now))).execute(&mut **tx)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t4_the_ladder() {
        let secs = |failures| pause(failures).map(Span::as_secs_up);
        assert_eq!([0, 1, 2, 3, 8, 9, 24, 25, 99].map(secs), [None, Some(1), Some(1), Some(3), Some(3), Some(5), Some(5), Some(10), Some(10)]);
        assert_eq!(secs(100), Some(86_400));
    }
}
