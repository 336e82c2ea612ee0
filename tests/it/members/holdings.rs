use super::*;

#[test]
fn r48_the_list_shows_the_numbers_and_groups_of_everybody() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    number(&world, &world.ada, "+442079460958", "", Some(&world.dana));
    number(&world, &world.ada, "+14155552671", "Front desk", Some(&world.dana));
    number(&world, &world.ada, "+14155552672", "", Some(&world.chen));
    number(&world, &world.gus, "+14155552673", "", Some(&world.gwen));
    number(&world, &world.ada, "+14155552674", "", None);
    for name in ["Tier 2", "élan", "Sales West", "Zed"] {
        world.group(&world.ada, name, &[&world.dana]);
    }
    world.group(&world.ada, "Empty", &[]);
    world.group(&world.ada, "Pair", &[&world.chen, &world.bruno]);
    world.group(&world.gus, "Globex only", &[&world.gus]);
    let page = ada.get(LIST);
    let cells = |who: &str| row(&page, who)[3..5].to_vec();
    assert_eq!(cells("Ada"), ["—", "—"]);
    assert_eq!(cells("Bruno"), ["—", "Pair"]);
    assert_eq!(cells("Chen"), ["+1 415-555-2672", "Pair"]);
    assert_eq!(cells("Dana"), ["+1 415-555-2671 +1 more", "élan, Sales West +2 more"]);
    let heads: Vec<String> = page.body.split("<th scope=\"col\"").skip(1).map(|head| head.split("</th>").next().unwrap().to_owned()).collect();
    assert!(heads[4].ends_with("Number") && heads[5].ends_with("Groups"), "{heads:?}");
    let globex = world.sign_in(&world.gus).get(LIST);
    assert_eq!(row(&globex, "Gus")[3..5], ["—", "Globex only"]);
    assert_eq!(row(&globex, "Gwen")[3..5], ["+1 415-555-2673", "—"]);
    assert_eq!(ada.get(LIST).attribute("#f-q", "placeholder").as_deref(), Some("Name, email or number"));
}

fn found(browser: &Browser, q: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    shown(&browser.get(&format!("{LIST}?q={query}"))).iter().map(|cell| cell.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn r48_members_are_found_by_the_digits_of_their_numbers() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    number(&world, &world.ada, "+14155552671", "", Some(&world.dana));
    number(&world, &world.ada, "+442079460958", "", Some(&world.dana));
    number(&world, &world.ada, "+14155552672", "", Some(&world.chen));
    number(&world, &world.gus, "+14155552673", "", Some(&world.gwen));
    number(&world, &world.ada, "+14155552674", "", None);
    world.member(world.ada.account, "Eve 415", "eve@x.test", Role::Agent, Status::Active);
    for (q, who) in [
        ("5552671", &["Dana"][..]),
        ("267", &["Chen", "Dana"]),
        ("+14155552672", &["Chen"]),
        ("+1 415-555-2672", &["Chen"]),
        ("(415) 555 2671", &["Dana"]),
        ("415-555-2671", &["Dana"]),
        ("+1415555", &["Chen", "Dana"]),
        ("415", &["Chen", "Dana", "Eve"]),
        ("dana 7946", &["Dana"]),
        ("chen 7946", &[]),
        // With a plus it is the beginning; two digits are no number; other accounts have their own.
        ("+415", &[]),
        ("+1", &[]),
        ("26", &[]),
        ("2673", &[]),
        ("2674", &[]),
        ("415%", &[]),
        ("4_5", &[]),
    ] {
        assert_eq!(found(&ada, q), who, "{q:?}");
    }
    // Filters still narrow.
    assert_eq!(ada.get(&format!("{LIST}?q=267&role=agent")).rows().len(), 1);
}

#[test]
fn r48_a_number_that_many_hold_a_part_of_pages_on_in_order() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let people = crowd(&world, world.ada.account, 1200, |i| format!("Crowd {i:04}"));
    let new: Vec<NewNumber> =
        (0..people.len()).map(|i| NewNumber::new(PhoneNumber::parse(&format!("+1415666{i:04}")).unwrap(), Label::default(), world.now())).collect();
    world.app.db.write_now(|tx| numbers::insert_many(tx, world.ada.account, &new, world.now())).unwrap();
    world.write(|conn| {
        use schema::numbers::dsl as n;
        for (person, new) in people.iter().rev().zip(&new) {
            diesel::update(n::numbers.filter(n::id.eq(new.id))).set(n::member_id.eq(person)).execute(conn)?;
        }
        Ok(())
    });
    let first = ada.get(&format!("{LIST}?q=415666"));
    assert_eq!(first.caption(), "Showing 1–50 of more than 1,000 matching members, sorted by name (A to Z)");
    assert!(shown(&first)[0].starts_with("Crowd 0000"), "{:?}", shown(&first)[0]);
    let second = ada.get(&first.link("Next page").unwrap());
    assert!(shown(&second)[0].starts_with("Crowd 0050"), "{:?}", shown(&second)[0]);
    // The digits of few: names and addresses are found beside numbers.
    assert_eq!(found(&ada, "4156660123"), ["Crowd"]);
    let both = ["Crowd 0088 crowd88@many.test", "Crowd 1111 crowd1111@many.test"];
    assert_eq!(shown(&ada.get(&format!("{LIST}?q=1111"))), both, "whoever has it in the number, and whoever has it in the name");
}
