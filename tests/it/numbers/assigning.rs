use super::*;

fn path(id: NumberId) -> String {
    format!("{LIST}/{id}/assignment")
}

#[test]
fn r48_a_number_is_assigned_from_its_own_page_to_a_user_or_a_group() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "Main");
    let sales = group(&world, "Sales West");
    let page = ada.get(&path(id));
    assert_eq!((page.value_of("assignee").as_str(), page.value_of("from").as_str()), ("none", "none"));
    assert!(page.has("Chen Wei") && page.has("Sales West") && page.has("chen@acme.test"));
    let chen = format!("member:{}", world.chen.id);
    let page = ada.submit(&path(id), &[("assignee", &chen), ("from", "none")]);
    assert_eq!(page.flash(), "+1 415-555-2671 is assigned to Chen Wei.");
    assert_eq!(newest(&world), event(["number.assigned", "Ada Okafor", "+1 415-555-2671", "to Chen Wei"]));
    let sales_word = format!("group:{sales}");
    let page = ada.submit(&path(id), &[("assignee", &sales_word), ("from", &chen)]);
    assert_eq!(page.flash(), "+1 415-555-2671 is assigned to Sales West.");
    assert_eq!(newest(&world)[3], "from Chen Wei to Sales West");
    let page = ada.submit(&path(id), &[("assignee", "none"), ("from", &sales_word)]);
    assert_eq!(page.flash(), "+1 415-555-2671 is assigned to nobody.");
    assert_eq!(newest(&world), event(["number.unassigned", "Ada Okafor", "+1 415-555-2671", "from Sales West"]));
    // What is so already is no change.
    assert_eq!(world.unchanged("again", || ada.post(&path(id), &[("assignee", "none"), ("from", "none")])).status, 303);
}

#[test]
fn r48_a_number_that_somebody_holds_names_the_holder_unless_the_form_knew_them() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    give(&world, id, Party::Member(world.chen.id));
    let dana = format!("member:{}", world.dana.id);
    let page = world.unchanged("a taken number", || ada.post(&path(id), &[("assignee", &dana)]));
    assert_eq!(page.status, 422);
    assert_eq!(page.error_of("assignee"), "That number is assigned to Chen Wei. Choose another one, or unassign it first.");
    assert_eq!(page.value_of("assignee"), dana, "what was chosen stays");
    let page = world.unchanged("a stale form", || ada.post(&path(id), &[("assignee", &dana), ("from", "none")]));
    assert_eq!((page.status, page.value_of("assignee")), (409, format!("member:{}", world.chen.id)));
    assert!(page.error_of("assignee").contains("changed this number meanwhile") && page.has("Assigned to Chen Wei now."));
    assert_eq!(ada.post(&path(id), &[("assignee", &dana), ("from", &page.value_of("from"))]).status, 303);
    assert_eq!(holder(&world, id).as_deref(), Some("Dana Silva"));
}

#[test]
fn r48_only_who_is_there_can_be_given_a_number() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    let eli = world.member(world.ada.account, "Eli Novak", "eli@acme.test", Role::Agent, Status::Active);
    world.stand(&eli, Status::Removed);
    let (late, _) = world.invite(&world.ada, "late@x.test", Role::Agent);
    world.advance(Span::days(7));
    let ada = {
        drop(ada);
        world.sign_in(&world.ada)
    };
    let foreign = group_of(&world, world.gus.account, "Globex Sales");
    for (word, sentence) in [
        (format!("member:{}", eli.id), "That person was removed from the account."),
        (format!("member:{}", late.id), "The invite of that person is over."),
        (format!("member:{}", world.gus.id), "Choose a user or a user group from the list."),
        (format!("group:{foreign}"), "Choose a user or a user group from the list."),
        ("voicemail".into(), "Choose who the number is assigned to."),
        ("member:x".into(), "Choose who the number is assigned to."),
        (String::new(), "Choose who the number is assigned to."),
    ] {
        let page = world.unchanged(&word, || ada.post(&path(id), &[("assignee", &word)]));
        assert_eq!(page.status, 422, "{word}");
        assert!(page.error_of("assignee").starts_with(sentence), "{word}: {}", page.error_of("assignee"));
    }
    let page = ada.get(&format!("{}?q=late", path(id)));
    assert!(page.has("The invite is over. Send it again first."), "{}", page.text());
    world.stand(&world.dana, Status::Deactivated);
    give(&world, id, Party::Member(world.dana.id));
    assert_eq!(holder(&world, id).as_deref(), Some("Dana Silva"), "R21: the deactivated keep numbers");
}

#[test]
fn r48_the_picker_finds_one_of_many_people_without_javascript() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    crate::members::crowd(&world, world.ada.account, 300, |i| format!("Crowd {i:04}"));
    for i in 0..60 {
        group(&world, &format!("Team {i:02}"));
    }
    let page = ada.get(&path(id));
    assert!(page.has("There are more than are shown here."));
    let page = ada.get(&format!("{}?q=crowd299", path(id)));
    assert!(page.has("Crowd 0299") && !page.has("Crowd 0298") && !page.has("Team 01"), "{}", page.text());
    assert_eq!(page.value_of("q"), "crowd299");
    let page = ada.get(&format!("{}?q=team%2059", path(id)));
    assert!(page.has("Team 59") && !page.has("Team 58"));
    assert!(ada.get(&format!("{}?q=zzzz", path(id))).has("Nobody and no user group fits this search."));
}

#[test]
fn r19_a_number_of_another_account_is_no_page() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number_of(&world, &world.gus, "+442079460958", "");
    for path in [format!("{LIST}/{id}"), path(id), format!("{LIST}/{id}/incoming"), format!("{LIST}/{id}/removal")] {
        assert_eq!(ada.get(&path).status, 404, "{path}");
        assert_eq!(
            world.unchanged(&path, || ada.post(&path, &[("assignee", "none"), ("incoming", "voicemail"), ("label", "x")])).status,
            404,
            "{path}"
        );
    }
    let mine = format!("{MEMBERS}/{}/numbers", world.dana.id);
    let page = world.unchanged("another account's number", || ada.post(&mine, &[("number_id", id.as_str())]));
    assert_eq!((page.status, page.problems()), (422, vec!["That number is not in the account any more. Choose another one.".to_owned()]));
}
