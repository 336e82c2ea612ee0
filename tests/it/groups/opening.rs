//! "Open now, closes 17:00 (zone)", wherever a group is shown (R43).

use rollcall::clock::Span;

use super::*;

fn shown(world: &World, id: GroupId) -> [String; 3] {
    let ada = world.sign_in(&world.ada);
    let name = world.group_row(&world.ada, id).name;
    let row = ada.get(GROUPS).rows().into_iter().find(|row| row[0] == name).expect("its row");
    let head = |path: &str| {
        let text = ada.get(path).text();
        let (_, after) = text.split_once(&format!("User Groups {name}")).expect("its head");
        after.split(" Delete Group").next().unwrap().to_owned()
    };
    [row[3].clone(), head(&home(id)), head(&settings(id))]
}

#[test]
fn r43_the_list_and_the_pages_of_a_group_say_whether_it_is_open() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    assert_eq!(shown(&world, sales), ["Always open"; 3]);
    // The clock shows Monday 2 March 2026, 09:00 in London and 04:00 in New York.
    save(&world, &ada, sales, "hours", &[("time_zone", "Europe/London"), ("hours", "mon 09:00-17:00"), ("hours", "mon 22:00-02:00")]);
    assert_eq!(shown(&world, sales), ["Open now closes 17:00 (Europe/London)"; 3]);
    assert!(ada.get(&settings(sales)).has("Open now, closes 17:00 (Europe/London)"));
    world.advance(Span::hours(8));
    assert_eq!(shown(&world, sales), ["Closed now opens 22:00 (Europe/London)"; 3]);
    world.advance(Span::hours(5));
    assert_eq!(shown(&world, sales), ["Open now closes Tue 02:00 (Europe/London)"; 3]);
    world.advance(Span::hours(4));
    assert_eq!(shown(&world, sales), ["Closed now opens Mon 09:00 (Europe/London)"; 3]);
}

#[test]
fn r43_the_zone_of_the_group_counts_not_the_readers() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    save(&world, &ada, sales, "hours", &[("time_zone", "America/New_York"), ("hours", "mon 09:00-17:00")]);
    assert_eq!(shown(&world, sales), ["Closed now opens 09:00 (America/New_York)"; 3]);
    save(&world, &ada, sales, "hours", &[("time_zone", "Asia/Tokyo"), ("hours", "mon 09:00-17:00"), ("hours", "mon 18:00-23:00")]);
    assert_eq!(shown(&world, sales), ["Open now closes 23:00 (Asia/Tokyo)"; 3]);
}

#[test]
fn r43_closed_dates_close_and_dates_far_ahead_are_said_in_full() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    save(&world, &ada, sales, "hours", &[("time_zone", "UTC"), ("closed_on", "2026-03-02\n2026-03-03")]);
    assert_eq!(shown(&world, sales), ["Closed now opens Wed 00:00 (UTC)"; 3]);
    save(&world, &ada, sales, "hours", &[("time_zone", "UTC"), ("hours", "mon 08:00-10:00"), ("closed_on", "2026-03-02\n2026-03-09")]);
    let far = "Closed now, opens 16 Mar 2026, 08:00 (UTC)";
    assert!(ada.get(&settings(sales)).has(far));
    assert_eq!(shown(&world, sales), ["Closed now opens 16 Mar 2026, 08:00 (UTC)"; 3]);
}
