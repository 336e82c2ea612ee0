//! What Delete Group shows before it deletes (R46).

use super::*;

#[test]
fn r46_the_page_lists_everything_that_points_at_the_group_with_links() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales, night, day] = groups_of(&world, ["Sales", "Night", "Day"]);
    let held = number(&world, &world.ada, "+14155552671");
    let sent = number(&world, &world.ada, "+442079460958");
    let both = number(&world, &world.ada, "+4930901820");
    for id in [night, day] {
        assert_eq!(fall(&world, &ada, id, &Destination::Group(sales)).status, 303);
    }
    // One is theirs and its calls go elsewhere, one is somebody's and its calls come here, one is theirs with all of it.
    assign(&world, held, Some(Party::Group(sales))).unwrap();
    direct(&world, held, Incoming::Voicemail).unwrap();
    assign(&world, sent, Some(Party::Member(world.dana.id))).unwrap();
    direct(&world, sent, Incoming::To(Party::Group(sales))).unwrap();
    assign(&world, both, Some(Party::Group(sales))).unwrap();
    // What points elsewhere is not on it.
    let other = number(&world, &world.ada, "+14155552672");
    assign(&world, other, Some(Party::Group(night))).unwrap();

    let page = world.unchanged("looking", || ada.get(&format!("{}/removal", home(sales))));
    assert_eq!((page.h1().as_str(), page.caption().as_str()), ("Delete Sales?", "What points at this group"));
    let happens = |name: &str| {
        let of = page.rows().into_iter().filter(|row| row[1] == name).map(|mut row| row.swap_remove(2));
        of.collect::<Vec<_>>().join(" ")
    };
    for (name, unassigned, replaced) in [
        ("+1 415-555-2671", true, false),
        ("+44 20 7946 0958", false, true),
        ("+49 30 901820", true, true),
        ("Day", false, true),
        ("Night", false, true),
    ] {
        let says = happens(name);
        assert_eq!((says.contains("becomes unassigned"), says.contains("replacement")), (unassigned, replaced), "{name}: {says}");
    }
    assert_eq!(happens("+1 415-555-2672"), "");
    assert_eq!(page.link("Day"), Some(settings(day)));
    assert_eq!(page.link("+44 20 7946 0958"), Some(format!("/settings/numbers/{sent}")));
    assert_eq!(page.value_of("replacement"), "voicemail");
    assert!(page.has("Keep Sales") && !page.body.contains(&format!("<option value=\"{sales}\"")), "itself is no replacement");
}

#[test]
fn r46_a_group_that_nothing_points_at_says_so_and_how_many_lose_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (name, people, says) in [
        ("Sales", &[&world.dana, &world.chen][..], "2 people lose this group and stay members of the account."),
        ("Alone", &[&world.dana], "1 person loses this group and stays a member of the account."),
        ("Empty", &[], "Nobody is in it."),
    ] {
        let id = crew(&world, name, people);
        let page = ada.get(&format!("{}/removal", home(id)));
        assert!(page.has(says) && page.has("No number and no other group points at it."), "{}", page.text());
        assert_eq!(page.rows().len(), 0);
        let gone = ada.submit(&format!("{}/removal", home(id)), &[("replacement", &page.value_of("replacement"))]);
        assert_eq!(gone.flash(), format!("{name} is deleted. Nobody was deactivated."));
    }
    assert!(ada.get(GROUPS).has("Create your first group"));
}
