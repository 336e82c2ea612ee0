use diesel::prelude::*;
use rollcall::{
    billing::{InvoiceStatus, Step},
    db::schema::{accounts, invoices, ledger_entries},
};

use super::program::Site;
use crate::faults::connect_to;

#[test]
fn demo_fills_an_empty_database_and_prints_sign_ins_that_work() {
    let site = Site::new();
    let ended = site.run(&["demo", "--members", "40", "--no-serve"]);
    let out = ended.well();
    assert!(out.contains("Acme Phone has 40 members."), "{out}");
    let password = out.lines().find_map(|line| line.split_once("the password: ")).unwrap().1;
    let sign_ins: Vec<&str> = out.lines().filter_map(|line| line.split_whitespace().find(|word| word.contains("@acme.test"))).collect();
    assert_eq!(sign_ins.len(), 4, "one for each role: {out}");
    let _served = site.serve();
    for (login, status) in sign_ins.iter().zip([200, 200, 403, 403]) {
        let browser = site.browser();
        assert_eq!(browser.post("/login", &[("login", login), ("password", password)]).status, 303, "{login}");
        assert_eq!(browser.get("/settings/team/members").status, status, "{login}");
    }
    let browser = site.browser();
    let login = out.lines().find_map(|line| line.split_whitespace().find(|word| word.ends_with("/lobby"))).expect("a user by username");
    assert_eq!(browser.post("/login", &[("login", login), ("password", password)]).to(), "/", "{login}");
    assert_eq!(browser.get("/profile").status, 200);
    assert!(site.run(&["doctor"]).well().contains("ok    accounts"));
}

#[test]
fn demo_leaves_a_database_with_people_in_it_alone() {
    let site = Site::new();
    site.create_owner("free").well();
    let ended = site.run(&["demo", "--no-serve"]);
    assert!(ended.sentence().contains("The database is not empty"), "{ended:?}");
    let _served = site.serve();
    assert!(site.ada().get("/settings/team/members").has("1 person · Free plan"));
}

#[test]
fn demo_has_three_paid_cycles_behind_it_and_a_vacant_seat_in_the_fourth() {
    for (members, seed) in [("6", "1"), ("13", "9"), ("24", "1"), ("200", "3")] {
        let site = Site::new();
        site.run(&["demo", "--members", members, "--seed", seed, "--no-serve"]).well();
        let checked = site.run(&["doctor"]);
        assert!(checked.well().lines().all(|line| line.starts_with("ok ")), "{members}: {checked:?}");
        let mut conn = connect_to(&site.database.url);
        let steps: Vec<(Step, i64, i64, i64)> = ledger_entries::table
            .order(ledger_entries::number)
            .select((ledger_entries::kind, ledger_entries::seats, ledger_entries::days_left, ledger_entries::days_in_cycle))
            .load(&mut conn)
            .unwrap();
        assert_eq!(steps.iter().filter(|(step, ..)| *step == Step::Renewed).count(), 3, "{members}: {steps:?}");
        let prorated = |(step, seats, left, days): &&(Step, i64, i64, i64)| *step == Step::Accepted && *seats > 0 && *left > 0 && left + 1 < *days;
        assert!(steps.iter().any(|line| prorated(&line)), "{members}: {steps:?}");
        let (active, paid): (i64, i64) = accounts::table.select((accounts::active_members, accounts::paid_seats)).get_result(&mut conn).unwrap();
        assert!(paid > active, "{members}: a vacant seat");
        let began: i64 = ledger_entries::table
            .filter(ledger_entries::kind.eq(Step::Renewed))
            .order(ledger_entries::number.desc())
            .select(ledger_entries::happened_on)
            .first(&mut conn)
            .unwrap();
        let billed: Vec<(i64, InvoiceStatus)> = invoices::table.select((invoices::issued_on, invoices::status)).load(&mut conn).unwrap();
        for (day, status) in billed {
            assert_eq!(
                status,
                if day < began { InvoiceStatus::Paid } else { InvoiceStatus::Open },
                "{members}: day {day}, the cycle began on {began}"
            );
        }
    }
}
