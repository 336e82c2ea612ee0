use super::*;

#[test]
fn r45_a_loop_through_a_number_is_refused_with_its_path_both_ways() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    let (sales, tier) = (group(&world, "Sales West"), group(&world, "Tier 2"));
    fall_back(&world, sales, &Destination::Group(tier));
    fall_back(&world, tier, &Destination::Number(id));
    let way = "Calls would go round in a circle: +1 415-555-2671 → Sales West → Tier 2 → +1 415-555-2671. Choose somebody else.";
    let word = format!("group:{sales}");
    for (form, field) in [("assignment", "assignee"), ("incoming", "incoming")] {
        let page = world.unchanged(form, || ada.post(&format!("{LIST}/{id}/{form}"), &[(field, &word)]));
        assert_eq!((page.status, page.error_of(field).as_str()), (422, way), "{form}");
        assert_eq!(page.value_of(field), word, "what was chosen stays");
    }
    give(&world, id, Party::Member(world.chen.id));
    let page = world.unchanged("held by somebody", || ada.post(&format!("{LIST}/{id}/incoming"), &[("incoming", &word)]));
    assert_eq!((page.status, page.error_of("incoming").as_str()), (422, way));
}

#[test]
fn r45_a_group_may_hold_a_number_that_it_falls_back_to_while_the_calls_go_elsewhere_but_not_longer() {
    let world = World::new();
    let id = number(&world, "+14155552671", "");
    let sales = group(&world, "Sales West");
    fall_back(&world, sales, &Destination::Number(id));
    direct(&world, id, Incoming::Voicemail).unwrap();
    give(&world, id, Party::Group(sales));
    let refused = direct(&world, id, Incoming::Assignee);
    assert!(matches!(&refused, Err(AssignRefusal::Loop(names)) if names == &["+1 415-555-2671", "Sales West", "+1 415-555-2671"]), "{refused:?}");
    assert_eq!(state(&world, id).number.incoming(), Incoming::Voicemail);
}
