//! Whoever adds a column of a member, or a table about members, decides here what an erasure does with it (R23).

use super::*;
use crate::support::database::lines;

/// Columns that say nothing of anybody: ids, words, counts and instants of the account's own history.
const KEPT: &[&str] = &[
    "seq",
    "id",
    "account_id",
    "role",
    "status",
    "session_epoch",
    "invited_by",
    "joined_at",
    "removed_at",
    "version",
    "created_at",
    "erase_at",
    "erased_at",
];

/// Columns that an erasure empties.
const EMPTIED: &[&str] = &[
    "email",
    "email_verified_at",
    "username",
    "first_name",
    "last_name",
    "job_title",
    "password_hash",
    "time_zone",
    "theme",
    "sort_name",
    "folded",
    "last_active_at",
    "availability",
    "device",
    "must_change_password",
    "second_factor_at",
];

/// Tables with rows of a member, all of which an erasure or the removal before it deletes or turns elsewhere.
const TABLES: &[&str] = &[
    "group_members",
    "invitations",
    "left_groups",
    "left_numbers",
    "mailed_links",
    "mails",
    "member_calls",
    "numbers",
    "recovery_codes",
    "second_factors",
    "sessions",
];

#[test]
fn r23_every_column_of_a_member_is_emptied_or_known_to_say_nothing() {
    let world = World::new();
    let sql = match world.database.is_postgres() {
        true => "SELECT column_name::text AS line FROM information_schema.columns WHERE table_name = 'members'",
        false => "SELECT name AS line FROM pragma_table_info('members')",
    };
    let columns = world.read(|conn| Ok(lines(conn, sql)));
    let undecided: Vec<&String> = columns.iter().filter(|column| !KEPT.contains(&column.as_str()) && !EMPTIED.contains(&column.as_str())).collect();
    assert!(undecided.is_empty(), "decide in members/ending/rows.rs what an erasure does with {undecided:?}");
}

/// Tables that keep a row of somebody erased: it says what was charged and when, of nobody.
const NAMELESS: &[&str] = &["ledger_entries"];

#[test]
fn r23_no_table_has_a_row_of_somebody_erased() {
    let world = World::new();
    let sql = match world.database.is_postgres() {
        true => {
            "SELECT table_name::text AS line FROM information_schema.columns WHERE column_name = 'member_id' AND table_schema = 'public' ORDER BY 1"
        }
        false => {
            "SELECT m.name AS line FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'member_id' ORDER BY 1"
        }
    };
    let mut tables = world.read(|conn| Ok(lines(conn, sql)));
    tables.retain(|table| !NAMELESS.contains(&table.as_str()));
    assert_eq!(tables, TABLES, "decide in members/ending/erasure.rs what an erasure does with a new table");
    world.set_up_two_factor(&world.sign_in(&world.dana));
    number(&world, &world.ada, "+14155550101", "", Some(&world.dana));
    world.group(&world.ada, "Sales", &[&world.dana]);
    world.link(&world.dana, rollcall::sign_in::links::Purpose::PasswordReset, &world.dana.email);
    remove(&world, &world.ada, &world.dana);
    world.advance(Span::days(28));
    tick(&world);
    for table in TABLES {
        let left = world.read(|conn| Ok(lines(conn, &format!("SELECT member_id AS line FROM {table} WHERE member_id = '{}'", world.dana.id))));
        assert!(left.is_empty(), "{table} has a row of somebody erased");
    }
}
