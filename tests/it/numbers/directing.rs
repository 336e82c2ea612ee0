use super::*;

fn path(id: NumberId) -> String {
    format!("{LIST}/{id}/incoming")
}

#[test]
fn r48_choosing_a_user_for_the_calls_of_a_number_that_nobody_holds_assigns_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    let page = ada.get(&path(id));
    assert_eq!((page.h1().as_str(), page.value_of("incoming").as_str()), ("Assign incoming calls for +1 415-555-2671", "assignee"));
    assert!(page.has("Nobody holds it, so it is assigned to them."));
    let chen = format!("member:{}", world.chen.id);
    let page = ada.submit(&path(id), &[("incoming", &chen), ("from", &page.value_of("from"))]);
    assert_eq!(page.flash(), "Incoming calls of +1 415-555-2671 go to Chen Wei.");
    let row = state(&world, id);
    assert_eq!((row.holder.unwrap().name.as_str(), row.number.incoming()), ("Chen Wei", Incoming::Assignee));
    assert_eq!(newest(&world), event(["number.assigned", "Ada Okafor", "+1 415-555-2671", "to Chen Wei"]));
}

#[test]
fn r48_the_calls_of_a_number_that_somebody_holds_go_elsewhere_and_they_keep_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    give(&world, id, Party::Member(world.chen.id));
    let sales = group(&world, "Sales West");
    assert!(ada.get(&path(id)).has("Chen Wei holds it, and calls and texts from it as before."));
    let page = ada.submit(&path(id), &[("incoming", &format!("group:{sales}"))]);
    assert_eq!(page.flash(), "Incoming calls of +1 415-555-2671 go to Sales West.");
    assert_eq!(newest(&world), event(["number.incoming_changed", "Ada Okafor", "+1 415-555-2671", "to Sales West"]));
    let row = state(&world, id);
    assert_eq!((row.holder.unwrap().name.as_str(), row.number.incoming()), ("Chen Wei", Incoming::To(Party::Group(sales))));
    assert_eq!(ada.submit(&path(id), &[("incoming", "voicemail")]).flash(), "Incoming calls of +1 415-555-2671 go to voicemail.");
    assert_eq!(state(&world, id).number.incoming(), Incoming::Voicemail);
    // Calls to the one who holds it are calls to the assignee.
    ada.submit(&path(id), &[("incoming", &format!("member:{}", world.chen.id))]);
    assert_eq!(state(&world, id).number.incoming(), Incoming::Assignee);
    assert_eq!(world.unchanged("again", || ada.post(&path(id), &[("incoming", "assignee")])).status, 303);
}

#[test]
fn r59_calls_are_not_sent_elsewhere_by_a_form_that_is_out_of_date() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    let from = ada.get(&path(id)).value_of("from");
    give(&world, id, Party::Member(world.chen.id));
    let dana = format!("member:{}", world.dana.id);
    let page = world.unchanged("a stale form", || ada.post(&path(id), &[("incoming", &dana), ("from", &from)]));
    assert_eq!((page.status, page.value_of("incoming").as_str()), (409, "assignee"));
    assert!(page.has("Chen Wei holds it"));
    for word in ["", "flow:x", "member:x", "phone:+14155552671", "number:01KJPWD6M0HP369VVMAF702TEB"] {
        let page = world.unchanged(word, || ada.post(&path(id), &[("incoming", word)]));
        assert_eq!((page.status, page.error_of("incoming").as_str()), (422, "Choose where incoming calls go."), "{word}");
    }
}
