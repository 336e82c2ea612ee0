//! Two admins with the same form (R59).

use super::*;

const SAID: &str = "Somebody else changed this group since you opened the page, so nothing was saved. This is how it is now.";

/// Two admins, each with the group's pages open.
fn two(world: &World) -> (Browser, Browser, GroupId) {
    (world.sign_in(&world.ada), world.sign_in(&world.bruno), world.group(&world.ada, "Sales", &[]))
}

#[test]
fn r59_the_later_rename_says_so_and_shows_the_present_name() {
    let world = World::new();
    let (ada, bruno, sales) = two(&world);
    let seen = bruno.get(&home(sales)).value_of("version");
    assert_eq!(ada.post(&home(sales), &[("name", "West Sales"), ("version", &seen)]).status, 303);
    for version in [seen.as_str(), "", "x", "99", "-1"] {
        let page = world.unchanged(version, || bruno.post(&home(sales), &[("name", "East Sales"), ("version", version)]));
        assert_eq!((page.status, page.h1().as_str(), page.value_of("name").as_str()), (409, "West Sales", "West Sales"));
        assert!(page.has(SAID), "{}", page.text());
        assert_eq!(page.value_of("version"), "2", "and the next try is about what is shown");
    }
}

#[test]
fn r59_the_later_of_two_equal_sections_says_so_and_shows_the_present_state() {
    type Fields = &'static [(&'static str, &'static str)];
    let sections: [(&str, Fields, Fields, &str); 3] = [
        (
            "ring",
            &[("ring_strategy", "round_robin"), ("ring_seconds", "45")],
            &[("ring_strategy", "simultaneous"), ("ring_seconds", "99")],
            "ring_seconds=45",
        ),
        (
            "hours",
            &[("time_zone", "Europe/Lisbon"), ("hours", "mon 09:00-17:00")],
            &[("time_zone", "Asia/Tokyo"), ("hours", "tue 10:00-11:00")],
            "time_zone=Europe/Lisbon",
        ),
        ("fallback", &[("fallback", "phone:+442079460958")], &[("fallback", "phone:+14155552671")], "fallback_phone=+442079460958"),
    ];
    for (section, first, later, present) in sections {
        let world = World::new();
        let (ada, bruno, sales) = two(&world);
        let open = form_of(&bruno.get(&settings(sales)), section);
        assert_eq!(save(&world, &ada, sales, section, first).status, 303);
        let version = &open.iter().find(|(name, _)| name == "version").unwrap().1;
        let fields = [&[("section", section), ("version", version.as_str())], later].concat();
        let page = world.unchanged(section, || bruno.post(&settings(sales), &fields));
        assert_eq!(page.status, 409, "{section}");
        assert!(page.has(SAID), "{section}: {}", page.text());
        let shown = form_of(&page, section);
        let (name, value) = present.split_once('=').unwrap();
        assert!(shown.contains(&(name.to_owned(), value.to_owned())), "{section}: {shown:?}");
        // Once more, and this time knowing.
        let version = &shown.iter().find(|(name, _)| name == "version").unwrap().1;
        let fields = [&[("section", section), ("version", version.as_str())], later].concat();
        assert_eq!(bruno.post(&settings(sales), &fields).status, 303, "{section}");
    }
}

#[test]
fn r59_a_form_that_was_shown_again_still_is_about_what_was_first_seen() {
    let world = World::new();
    let (ada, bruno, sales) = two(&world);
    let mut form = form_of(&bruno.get(&settings(sales)), "hours");
    assert_eq!(save(&world, &ada, sales, "hours", &[("time_zone", "Europe/Lisbon"), ("hours", "mon 09:00-17:00")]).status, 303);
    // Buttons of the editor, and a mistake.
    form = form_of(&send(&bruno, &settings(sales), &form, &[("op", "add:tue")]), "hours");
    type_in(&mut form, "opens", "10:00");
    let wrong = send(&bruno, &settings(sales), &form, &[]);
    assert_eq!(wrong.status, 422);
    form = form_of(&wrong, "hours");
    type_in(&mut form, "closes", "11:00");
    let page = world.unchanged("hours", || send(&bruno, &settings(sales), &form, &[]));
    assert_eq!(page.status, 409, "what Ada saved meanwhile is not overwritten");
    assert!(page.has("Open now, closes 17:00 (Europe/Lisbon)"), "{}", page.text());

    for (section, bad, good) in [
        ("ring", [("ring_strategy", "round_robin"), ("ring_seconds", "0")], [("ring_strategy", "round_robin"), ("ring_seconds", "45")]),
        ("fallback", [("fallback", "phone"), ("fallback_phone", "12")], [("fallback", "phone"), ("fallback_phone", "+14155552671")]),
    ] {
        let seen = world.group_row(&world.ada, sales).version.to_string();
        assert_eq!(ada.post(&home(sales), &[("name", &format!("Sales {section}")), ("version", &seen)]).status, 303);
        let post = |version: &str, fields: [(&str, &str); 2]| {
            bruno.post(&settings(sales), &[&[("section", section), ("version", version)], &fields[..]].concat())
        };
        let wrong = post(&seen, bad);
        let again = form_of(&wrong, section).into_iter().find(|(name, _)| name == "version").unwrap().1;
        assert_eq!((wrong.status, world.unchanged(section, || post(&again, good)).status), (422, 409), "{section}");
    }
    let seen = world.group_row(&world.ada, sales).version.to_string();
    assert_eq!(ada.post(&home(sales), &[("name", "West Sales"), ("version", &seen)]).status, 303);
    let wrong = bruno.post(&home(sales), &[("name", ""), ("version", &seen)]);
    let again = wrong.value_of("version");
    assert_eq!((wrong.status, bruno.post(&home(sales), &[("name", "East Sales"), ("version", &again)]).status), (422, 409));
}

#[test]
fn r59_members_come_and_go_without_outdating_the_settings() {
    let world = World::new();
    let (ada, bruno, sales) = two(&world);
    let form = form_of(&bruno.get(&settings(sales)), "ring");
    assert_eq!(ada.post(&format!("{}/members", home(sales)), &[("member_ids", world.dana.id.as_str())]).status, 303);
    assert_eq!(send(&bruno, &settings(sales), &form, &[]).status, 303);
}

#[test]
fn r18_whoever_is_no_admin_any_more_saves_nothing() {
    use rollcall::members::Status;
    let world = World::new();
    let (_, bruno, sales) = two(&world);
    let form = form_of(&bruno.get(&settings(sales)), "ring");
    world.stand(&world.bruno, Status::Deactivated);
    world.unchanged("settings", || assert_eq!(send(&bruno, &settings(sales), &form, &[("ring_seconds", "99")]).to(), "/login"));
}
