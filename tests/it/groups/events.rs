//! What the audit log keeps of groups (R57).

use super::*;

/// What was written by `act`, oldest first.
#[track_caller]
fn written(world: &World, act: impl FnOnce() -> Page) -> Vec<[String; 4]> {
    let before = world.events(world.ada.account).len();
    let page = act();
    assert_eq!(page.status, 303, "{}", page.text());
    world.events(world.ada.account).split_off(before)
}

fn event(event: &str, target: &str, details: &str) -> [String; 4] {
    [event, "Ada Okafor", target, details].map(str::to_owned)
}

#[test]
fn r57_every_change_of_a_group_writes_who_whom_and_what() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let dana = world.dana.id.as_str();
    let created = written(&world, || ada.post(GROUPS, &[("name", "Sales"), ("member_ids", dana)]));
    assert_eq!(created, [event("group.created", "Sales", ""), event("group.member_added", "Dana Silva", "Sales")]);
    let page = ada.get(GROUPS);
    let sales: GroupId = page.link("Sales").unwrap().rsplit('/').next().unwrap().parse().unwrap();
    let tier2 = world.group(&world.ada, "Tier 2", &[]);
    let main = number(&world, &world.ada, "+14155552671");

    let two = [("member_ids", world.chen.id.as_str()), ("member_ids", world.bruno.id.as_str()), ("member_ids", dana)];
    let added = written(&world, || ada.post(&format!("{}/members", home(sales)), &two));
    assert_eq!(added, ["Bruno Vargas", "Chen Wei"].map(|name| event("group.member_added", name, "Sales")));
    let removed = written(&world, || ada.post(&format!("{}/members/{dana}/removal", home(sales)), &[]));
    assert_eq!(removed, [event("group.member_removed", "Dana Silva", "Sales")]);

    let renamed = written(&world, || ada.post(&home(sales), &[("name", "West Sales"), ("version", "1")]));
    assert_eq!(renamed, [event("group.renamed", "West Sales", "from Sales")]);
    let changed = |details: &str| [event("group.changed", "West Sales", details)];
    let ring = [("ring_strategy", "round_robin"), ("ring_seconds", "45")];
    assert_eq!(written(&world, || save(&world, &ada, sales, "ring", &ring)), changed("ring: Round-robin, 45 seconds"));
    let hours = [("time_zone", "Europe/Lisbon"), ("hours", "mon 09:00-12:00"), ("hours", "mon 13:00-17:00")];
    assert_eq!(written(&world, || save(&world, &ada, sales, "hours", &hours)), changed("hours: mon 09:00-12:00, mon 13:00-17:00 (Europe/Lisbon)"));
    let closed = [("time_zone", "UTC"), ("closed_on", "2026-12-25"), ("closed_on", "2027-01-01")];
    let details = "hours: always open (UTC); closed on 2026-12-25, 2027-01-01";
    assert_eq!(written(&world, || save(&world, &ada, sales, "hours", &closed)), changed(details));
    for (to, details) in [
        (Destination::Group(tier2), "fallback: Tier 2"),
        (Destination::Number(main), "fallback: +1 415-555-2671"),
        (Destination::Phone(PhoneNumber::parse("+442079460958").unwrap()), "fallback: +44 20 7946 0958"),
        (Destination::Voicemail, "fallback: Voicemail"),
    ] {
        assert_eq!(written(&world, || fall(&world, &ada, sales, &to)), changed(details));
    }
    let log = ada.get("/settings/audit-log");
    assert!(log.has("Group settings changed") && log.has("West Sales") && log.has("fallback: Tier 2"), "{}", log.text());
}

#[test]
fn r57_a_deletion_writes_what_it_changed_besides() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.chen]);
    let [night, tier2] = groups_of(&world, ["Night", "Tier 2"]);
    fall(&world, &ada, night, &Destination::Group(sales));
    let main = number(&world, &world.ada, "+14155552671");
    assign(&world, main, Some(Party::Group(sales))).unwrap();
    let to = format!("group:{tier2}");
    let deleted = written(&world, || ada.post(&format!("{}/removal", home(sales)), &[("replacement", &to)]));
    assert_eq!(
        deleted,
        [
            event("group.changed", "Night", "fallback: Sales was deleted, now Tier 2"),
            event("number.unassigned", "+1 415-555-2671", "from Sales; incoming calls from Sales to Tier 2"),
            event("group.deleted", "Sales", "2 people"),
        ]
    );
}

#[test]
fn r57_a_form_that_changes_nothing_writes_nothing() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana]);
    save(&world, &ada, sales, "hours", &[("time_zone", "Europe/Lisbon"), ("hours", "mon 09:00-17:00"), ("closed_on", "2026-12-25")]);
    let page = ada.get(&settings(sales));
    for section in ["ring", "hours", "fallback"] {
        let form = form_of(&page, section);
        assert_eq!(world.unchanged(section, || send(&ada, &settings(sales), &form, &[])).status, 303, "{section}");
    }
    let version = world.group_row(&world.ada, sales).version.to_string();
    let same = world.unchanged("name", || ada.post(&home(sales), &[("name", " Sales "), ("version", &version)]));
    assert_eq!(same.status, 303);
    assert_eq!(world.unchanged("members", || ada.post(&format!("{}/members", home(sales)), &[("member_ids", world.dana.id.as_str())])).status, 303);
}
