use super::*;

#[test]
fn r47_a_number_is_added_with_a_label_and_shown_internationally() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(LIST);
    assert!(page.has("No numbers yet") && page.link("Import CSV").is_some(), "{}", page.text());
    let page = ada.submit(LIST, &[("number", " +1 (415) 555-2671 "), ("label", " Main  line ")]);
    assert_eq!(page.flash(), "+1 415-555-2671 was added. Nobody gets its calls yet. Assign");
    assert_eq!(page.rows()[0][..4], ["+1 415-555-2671 US", "Main line", "—", "! nobody Assign incoming calls of +1 415-555-2671"]);
    assert_eq!(newest(&world), event(["number.added", "Ada Okafor", "+1 415-555-2671", "as Main line"]));
    let id = numbers::find_by_e164;
    let found = world.app.db.read_now(|conn| id(conn, world.ada.account, &PhoneNumber::parse("+14155552671").unwrap())).unwrap();
    assert_eq!(state(&world, found.unwrap()).number.e164, "+14155552671");
    assert_eq!(page.caption(), "Showing 1 of 1 numbers, in their order");
}

#[test]
fn r47_what_is_no_number_gets_its_sentence_and_what_was_typed_stays() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (typed, sentence) in [
        ("", "Enter a telephone number with its country code"),
        ("4.4E+11", "4.4E+11 was rounded by a spreadsheet"),
        ("415 555 2671", "lacks its country code"),
        ("+1 415", "is not a telephone number"),
        ("<b>+1</b>", "lacks its country code"),
    ] {
        let page = world.unchanged(typed, || ada.post(LIST, &[("number", typed), ("label", "Main")]));
        assert_eq!(page.status, 422, "{typed}");
        assert!(page.error_of("number").contains(sentence), "{typed}: {}", page.error_of("number"));
        assert!(page.title().starts_with("Error: "));
        assert_eq!((page.value_of("number"), page.value_of("label")), (typed.to_owned(), "Main".to_owned()));
    }
    let page = world.unchanged("a long label", || ada.post(LIST, &[("number", "+14155552671"), ("label", &"x".repeat(81))]));
    assert_eq!(page.error_of("label"), "A label has at most 80 characters.");
}

#[test]
fn r47_a_number_taken_here_is_refused_with_a_link_and_one_taken_elsewhere_without_saying_by_whom() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let here = number(&world, "+14155552671", "Main");
    number_of(&world, &world.gus, "+442079460958", "Globex London");
    let page = world.unchanged("a number of ours", || ada.post(LIST, &[("number", "+1 415 555 2671")]));
    assert_eq!((page.status, page.error_of("number").as_str()), (422, "+1 415-555-2671 · Main is in this account already."));
    assert_eq!(page.link("Open +1 415-555-2671").unwrap(), format!("{LIST}/{here}"));
    let page = world.unchanged("a number of theirs", || ada.post(LIST, &[("number", "+44 20 7946 0958")]));
    assert_eq!((page.status, page.error_of("number").as_str()), (422, "This number is in use already on this server."));
    assert!(!page.body.contains("Globex") && !page.body.contains("London"));
}

#[test]
fn r59_a_label_is_not_saved_over_somebody_elses() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let path = format!("{LIST}/{}", number(&world, "+14155552671", "Main"));
    let (first, second) = (ada.get(&path).value_of("version"), bruno.get(&path).value_of("version"));
    let page = ada.submit(&path, &[("label", "Sales"), ("version", &first)]);
    assert_eq!((page.flash().as_str(), page.value_of("label").as_str()), ("The label is saved.", "Sales"));
    assert_eq!(newest(&world), event(["number.labelled", "Ada Okafor", "+1 415-555-2671", "from “Main” to “Sales”"]));
    assert!(page.has("Number labelled, from “Main” to “Sales”, by Ada Okafor"));
    let page = world.unchanged("a stale label", || bruno.post(&path, &[("label", "Support"), ("version", &second)]));
    assert_eq!((page.status, page.value_of("label").as_str()), (409, "Sales"));
    assert!(page.error_of("label").ends_with("The label is “Sales” now. You typed “Support”."), "{}", page.error_of("label"));
    let version = page.value_of("version");
    assert_eq!(bruno.submit(&path, &[("label", "Support"), ("version", &version)]).value_of("label"), "Support");
    assert_eq!(world.unchanged("no version", || bruno.post(&path, &[("label", "X")])).status, 409);
    assert_eq!(world.unchanged("long", || bruno.post(&path, &[("label", &"x".repeat(81)), ("version", "3")])).status, 422);
}
