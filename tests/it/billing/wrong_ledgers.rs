//! What the doctor finds in a ledger that was written by hand (R33 to R35).

use diesel::connection::SimpleConnection;
use rollcall::db::Conn;

use crate::{cli::program::Site, faults::connect_to};

fn by_hand(site: &Site, sql: &str) {
    match connect_to(&site.database.url) {
        Conn::Sqlite(mut conn) => {
            conn.batch_execute(&format!("DROP TRIGGER accounts_paid_covers_active; PRAGMA ignore_check_constraints = ON; {sql}")).unwrap()
        }
        Conn::Postgres(mut conn) => conn.batch_execute(&format!("ALTER TABLE accounts DISABLE TRIGGER ALL; {sql}")).unwrap(),
    }
}

#[test]
fn doctor_adds_up_the_invoices_of_a_healthy_portal() {
    let site = Site::new();
    site.create_owner("team").well();
    assert!(site.run(&["doctor"]).well().contains("ok    billing: 1 invoices add up"));
}

#[test]
fn doctor_finds_what_is_wrong_with_seats_ledger_and_invoices() {
    for (sql, said) in [
        ("UPDATE invoices SET total_cents = 5900", "INV-0001 is $59.00, but its lines add up to $58.00"),
        ("UPDATE ledger_entries SET amount_cents = 5700", "INV-0001 is $58.00, but its lines add up to $57.00"),
        ("UPDATE accounts SET paid_seats = 0", "0 seats are paid for 1 active members"),
        ("UPDATE accounts SET paid_seats = 3", "the newest line of its ledger has other seats than the account"),
        ("UPDATE invoices SET number = 2", "INV-0001 is missing, or is not counted"),
        ("UPDATE subscriptions SET invoices = 2", "INV-0002 is missing, or is not counted"),
        ("UPDATE ledger_entries SET number = 2", "line 1 of its ledger is missing, or is not counted"),
        ("UPDATE subscriptions SET entries = 3", "line 2 of its ledger is missing, or is not counted"),
        ("UPDATE subscriptions SET renews_at = 1000000", "its renewal is more than an hour late; is the server running?"),
        (
            "UPDATE subscriptions SET next_plan = 'gold', next_billed = 'monthly'",
            "its next plan gold is not in the plans file, and its terms are not known",
        ),
        ("DELETE FROM subscriptions", "it has no subscription; the next start of the server opens one"),
    ] {
        let site = Site::new();
        site.create_owner("team").well();
        by_hand(&site, sql);
        let ended = site.run(&["doctor"]);
        assert_eq!(ended.code, Some(1), "{sql}: {}", ended.out);
        let line = ended.out.lines().find(|line| line.starts_with("wrong billing: acme: ")).unwrap_or_else(|| panic!("{sql}: {}", ended.out));
        assert!(line.contains(said), "{sql}: {line}");
    }
}
