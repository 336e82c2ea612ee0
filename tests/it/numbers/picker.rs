use super::*;

fn path(person: &Person) -> String {
    format!("{MEMBERS}/{}/numbers", person.id)
}

#[test]
fn r48_a_member_is_given_one_of_the_available_numbers_and_loses_it_again() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    assert!(ada.get(&path(&world.dana)).has("No available numbers"));
    let id = number(&world, "+14155552671", "Main");
    let taken = number(&world, "+14155552672", "Chen");
    give(&world, taken, Party::Member(world.chen.id));
    let page = ada.get(&path(&world.dana));
    assert!(page.has("Available numbers") && page.has("+1 415-555-2671 · Main") && !page.has("+1 415-555-2672"), "{}", page.text());
    let answer = ada.post(&path(&world.dana), &[("number_id", id.as_str())]);
    assert_eq!(answer.to(), format!("{MEMBERS}/{}", world.dana.id));
    assert_eq!(ada.get(answer.to()).flash(), "+1 415-555-2671 is assigned to Dana Silva.");
    assert_eq!(holder(&world, id).as_deref(), Some("Dana Silva"));
    assert_eq!(newest(&world), event(["number.assigned", "Ada Okafor", "+1 415-555-2671", "to Dana Silva"]));
    let away = format!("{}/{id}/removal", path(&world.dana));
    assert_eq!(ada.submit(&away, &[]).flash(), "+1 415-555-2671 is no longer assigned to Dana Silva.");
    assert_eq!(holder(&world, id), None);
    assert_eq!(world.unchanged("twice", || ada.submit(&away, &[])).flash(), "That number was not theirs any more, so nothing was changed.");
    assert_eq!(world.unchanged("malformed", || ada.post(&format!("{}/x/removal", path(&world.dana)), &[])).status, 404);
}

#[test]
fn r48_taken_numbers_name_their_holder_and_cannot_be_chosen() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "Main");
    give(&world, id, Party::Group(group(&world, "Sales West")));
    let page = ada.get(&format!("{}?q=415%20555", path(&world.dana)));
    assert!(page.has("Assigned to Sales West"), "{}", page.text());
    assert_eq!(page.attribute(&format!("input[value='{id}']"), "disabled").as_deref(), Some(""));
    let page = world.unchanged("a taken number", || ada.post(&path(&world.dana), &[("number_id", id.as_str()), ("q", "415")]));
    assert_eq!(page.status, 422);
    assert_eq!(page.error_of("number_id"), "That number is assigned to Sales West. Choose another one, or unassign it first.");
    assert_eq!(page.value_of("q"), "415", "the search stays");
    assert!(ada.get(&format!("{}?q=zzz", path(&world.dana))).has("No numbers match"));
    let said = |page: Page| (page.status, page.error_of("number_id"), page.problems());
    let sentence = "Choose a number.".to_owned();
    for word in ["", "x"] {
        let page = world.unchanged(word, || ada.post(&path(&world.dana), &[("number_id", word)]));
        assert_eq!(said(page), (422, String::new(), vec![sentence.clone()]), "no number is free");
    }
    number(&world, "+14155552672", "");
    let page = world.unchanged("nothing chosen", || ada.post(&path(&world.dana), &[]));
    assert_eq!(said(page), (422, sentence.clone(), vec![sentence]));
}

#[test]
fn r48_the_picker_offers_fifty_and_search_finds_the_rest() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for i in 0..60 {
        number(&world, &format!("+141555{:05}", 50_000 + i), &format!("Line {i}"));
    }
    let page = ada.get(&path(&world.dana));
    assert_eq!(page.body.matches("name=\"number_id\"").count(), 50);
    assert!(page.has("There are more than are shown here."));
    let page = ada.get(&format!("{}?q=line%2059", path(&world.dana)));
    assert_eq!(page.body.matches("name=\"number_id\"").count(), 1);
}
