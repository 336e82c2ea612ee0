//! Plans that leave the plans file keep their last terms for the accounts that are on them (R31).

use std::path::Path;

use diesel::prelude::*;
use rollcall::{
    clock::Span,
    db::{AccountId, schema::accounts},
};

use super::ticker::invoices;
use crate::{cli::program::Site, support::*};

const TEAM: &str = "[[plan]]\nword = \"team\"\nname = \"Team\"\nprice = \"29.00\"\nseats_min = 2\n";

/// A plan of four places with Supervisors.
fn gold(price: &str) -> String {
    format!("[[plan]]\nword = \"gold\"\nname = \"Gold\"\nprice = \"{price}\"\nseats_min = 2\nseats_max = 4\nsupervisor = true\n")
}

fn write(path: &Path, plans: &[&str]) {
    std::fs::write(path, plans.join("\n")).unwrap();
}

/// What the newest invoice of an account adds up to, in cents.
fn newest_total(world: &World, account: AccountId) -> i64 {
    invoices(world, account).last().unwrap().total.cents()
}

#[test]
fn r31_a_plan_that_left_the_file_keeps_its_last_terms_for_its_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plans.toml");
    write(&path, &[TEAM, &gold("35.00")]);
    let world = World::wish().plan("gold").set("ROLLCALL_PLANS", path.to_str().unwrap()).set("ROLLCALL_SIGNUP", "open").open();
    write(&path, &[TEAM, &gold("40.00")]);
    drop(world.neighbour());
    write(&path, &[TEAM]);
    let later = world.neighbour();

    let plan = later.app.plans.of_account("gold");
    assert_eq!(plan.summary(), "2–4 seats, $40.00 per seat and month", "the last terms, not the first");
    assert!(plan.supervisor && plan.name == "Gold");
    assert!(later.app.plans.find("gold").is_none() && later.app.plans.all().len() == 1, "it cannot be chosen");
    let form = later.browser.get("/signup");
    assert!(form.has("Team") && !form.has("Gold"), "{}", form.text());

    world.advance(Span::days(31));
    world.block_on(rollcall::ticker::renew(&later.app, &mut Vec::new(), world.now())).unwrap();
    assert_eq!(newest_total(&world, world.ada.account), 16_000, "four seats, each at the last price");
}

#[test]
fn r31_programs_with_different_files_bill_a_plan_at_the_terms_it_was_sold_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plans.toml");
    write(&path, &[TEAM, &gold("35.00")]);
    let world = World::wish().plan("gold").set("ROLLCALL_PLANS", path.to_str().unwrap()).open();
    let silver = gold("50.00").replace("gold", "silver").replace("Gold", "Silver");
    write(&path, &[TEAM, &silver]);
    let newer = world.neighbour();
    world.write(|conn| diesel::update(accounts::table.find(world.ada.account)).set(accounts::plan.eq("silver")).execute(conn));
    world.advance(Span::days(31));
    // The program that started first has never heard of Silver, the other has lost Gold.
    world.block_on(rollcall::ticker::renew(&world.app, &mut Vec::new(), world.now())).unwrap();
    assert_eq!(newest_total(&world, world.ada.account), 20_000);
    world.advance(Span::days(31));
    world.block_on(rollcall::ticker::renew(&newer.app, &mut Vec::new(), world.now())).unwrap();
    assert_eq!(newest_total(&world, world.gus.account), 14_000);
}

#[test]
fn r31_doctor_says_which_account_is_on_a_plan_that_left_the_file() {
    let site = Site::new();
    let path = site.folder().join("plans.toml");
    write(&path, &[TEAM, &gold("35.00")]);
    let site = site.set("ROLLCALL_PLANS", path.to_str().unwrap());
    site.create_owner("gold").well();
    assert!(site.run(&["doctor"]).well().contains("ok    plans: 2 plans"));
    write(&path, &[TEAM]);
    let ended = site.run(&["doctor"]);
    assert_eq!(ended.code, Some(1));
    let said = "wrong billing: acme: its plan gold is not in the plans file; it keeps its last terms (2–4 seats, $35.00 per seat and month).";
    assert!(ended.out.lines().any(|line| line == said), "{}", ended.out);
    // Other commands start, and the portal serves.
    assert!(site.run(&["reset-password", "ada@acme.test"]).well().contains("/password/"));
    let _served = site.serve();
    assert!(site.ada().get("/settings/team/members").has("Gold plan"));
}

#[test]
fn r31_a_start_with_a_wrong_plans_file_is_refused_with_the_file_and_the_line() {
    let site = Site::new();
    let path = site.folder().join("plans.toml");
    let site = site.set("ROLLCALL_PLANS", path.to_str().unwrap());
    for (text, said) in [
        (gold("-1.00"), "plans.toml, line 4: plan \"gold\": its price -1.00 is negative; write 0 or more."),
        (gold("35.00").replace("= 4", "= 1"), "plans.toml, line 6: plan \"gold\": its seats_max 1 is under its seats_min 2;"),
        (gold("35.00") + "colour = \"red\"\n", "plans.toml, line 8: plan \"gold\": \"colour\" is no key of a plan;"),
        (gold("35.00") + &gold("36.00"), "plans.toml, line 8: there are two plans of the word \"gold\", the first on line 1;"),
        (
            TEAM.to_owned() + &gold("36.00").replace("Gold", "Team"),
            "plans.toml, line 6: there are two plans of the name \"Team\", the first on line 1;",
        ),
    ] {
        write(&path, &[&text]);
        for command in [["serve"], ["doctor"], ["demo"]] {
            let ended = site.run(&command);
            assert_eq!(ended.code, Some(1));
            assert!(format!("{}{}", ended.out, ended.err).contains(said), "{command:?}: {ended:?}");
        }
    }
    assert!(!site.files().iter().any(|file| file.ends_with("rollcall.db")), "nothing was made");
}
