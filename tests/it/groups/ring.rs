//! The section of the settings that says how a group rings (R41, R42).

use rollcall::groups::RingStrategy;

use super::*;

#[test]
fn r41_a_group_rings_as_chosen_and_the_page_says_what_that_means() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana]);
    let page = ada.get(&settings(sales));
    assert_eq!((page.value_of("ring_strategy").as_str(), page.value_of("ring_seconds").as_str()), ("simultaneous", "30"));
    for strategy in RingStrategy::ALL {
        assert!(page.has(strategy.name()) && page.has(strategy.sentence()), "{}", page.text());
    }
    for (strategy, secs) in [(RingStrategy::RoundRobin, 5), (RingStrategy::LeastRecentlyUsed, 600), (RingStrategy::Simultaneous, 45)] {
        let answer = save(&world, &ada, sales, "ring", &[("ring_strategy", strategy.word()), ("ring_seconds", &format!(" {secs} "))]);
        assert_eq!(answer.to(), settings(sales), "{}", answer.text());
        let group = world.group_row(&world.ada, sales);
        assert_eq!((group.ring_strategy, group.ring_secs), (strategy, secs));
        assert_eq!(ada.get(answer.to()).flash(), "How the group rings is saved.");
        assert!(ada.get(&home(sales)).has(strategy.sentence()));
        assert_eq!(ada.get(GROUPS).rows()[0][2], strategy.name());
    }
}

#[test]
fn r42_the_ring_limit_has_5_to_600_seconds() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    for secs in ["", "4", "601", "-5", "x", "1e2", "30.5", "99999999999999999999"] {
        let page = world.unchanged(secs, || save(&world, &ada, sales, "ring", &[("ring_strategy", "round_robin"), ("ring_seconds", secs)]));
        assert_eq!((page.status, page.error_of("ring_seconds").as_str()), (422, "Enter a number of seconds from 5 to 600."), "{secs}");
        assert_eq!((page.value_of("ring_seconds").as_str(), page.value_of("ring_strategy").as_str()), (secs, "round_robin"));
        assert!(page.title().starts_with("Error: "));
    }
    let page = world.unchanged("no strategy", || save(&world, &ada, sales, "ring", &[("ring_strategy", "loudest"), ("ring_seconds", "30")]));
    assert_eq!((page.status, page.error_of("ring_strategy").as_str()), (422, "Choose how the group rings."));
}

#[test]
fn each_section_changes_no_other() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales, tier2] = groups_of(&world, ["Sales", "Tier 2"]);
    let all = [
        ("ring_strategy", "round_robin"),
        ("ring_seconds", "99"),
        ("time_zone", "Europe/Lisbon"),
        ("hours", "mon 09:00-17:00"),
        ("closed_on", "2026-12-25"),
        ("fallback", &format!("group:{tier2}")),
        ("name", "Renamed"),
    ];
    let state = || {
        let group = world.group_row(&world.ada, sales);
        let (spans, closed) = group.opening().to_columns();
        let ring = format!("{} {}", group.ring_strategy.word(), group.ring_secs);
        [group.name.clone(), ring, format!("{} {spans} {closed}", group.time_zone), group.fallback().word()]
    };
    let mut seen = state();
    for (n, section) in [(1, "ring"), (2, "hours"), (3, "fallback")] {
        assert_eq!(save(&world, &ada, sales, section, &all).status, 303, "{section}");
        let now = state();
        for part in 0..4 {
            assert_eq!(now[part] != seen[part], part == n, "{section} and part {part}: {now:?}");
        }
        seen = now;
    }
    for section in ["", "name", "Ring"] {
        let answer = world.unchanged(section, || save(&world, &ada, sales, section, &all));
        assert_eq!(answer.status, 400, "{section}");
    }
}
