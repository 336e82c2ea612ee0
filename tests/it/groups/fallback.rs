//! Where the calls of a group go when nobody takes them (R45).

use super::*;

#[test]
fn r45_a_fallback_is_voicemail_a_group_a_number_or_an_outside_number() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales, tier2] = groups_of(&world, ["Sales", "Tier 2"]);
    let main = number(&world, &world.ada, "+14155552671");
    let phone = PhoneNumber::parse("+442079460958").unwrap();
    let row = || ada.get(GROUPS).rows().into_iter().find(|row| row[0] == "Sales").unwrap();
    for (to, name) in [
        (Destination::Group(tier2), "Tier 2"),
        (Destination::Number(main), "+1 415-555-2671"),
        (Destination::Phone(phone), "+44 20 7946 0958"),
        (Destination::Voicemail, "Voicemail"),
    ] {
        let answer = fall(&world, &ada, sales, &to);
        assert_eq!(answer.to(), settings(sales), "{}", answer.text());
        assert_eq!(world.group_row(&world.ada, sales).fallback(), to);
        let page = ada.get(answer.to());
        assert_eq!(page.flash(), "The fallback is saved.");
        assert_eq!(row()[4], name);
        // The page's own fields say the same, so that saving them changes nothing.
        let form = form_of(&page, "fallback");
        let kind = (String::from("fallback"), to.word().split(':').next().unwrap().to_owned());
        assert!(form.contains(&kind), "{form:?}");
        let same = world.unchanged(name, || send(&ada, &settings(sales), &form, &[]));
        assert_eq!(same.status, 303, "{}", same.text());
    }
}

#[test]
fn r45_the_fields_of_the_page_choose_the_kind_and_what_stands_beside_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales, tier2, tier3] = groups_of(&world, ["Sales", "Tier 2", "Tier 3"]);
    let main = number(&world, &world.ada, "+14155552671");
    let beside = [("fallback_group", tier3.to_string()), ("fallback_number", main.to_string()), ("fallback_phone", "+44 20 7946 0958".into())];
    for (kind, word) in [
        ("group", format!("group:{tier3}")),
        ("number", format!("number:{main}")),
        ("phone", "phone:+442079460958".into()),
        ("voicemail", "voicemail".into()),
    ] {
        let fields: Vec<(&str, &str)> =
            std::iter::once(("fallback", kind)).chain(beside.iter().map(|(name, value)| (*name, value.as_str()))).collect();
        assert_eq!(save(&world, &ada, sales, "fallback", &fields).status, 303);
        assert_eq!(world.group_row(&world.ada, sales).fallback().word(), word);
    }
    let page = ada.get(&settings(sales));
    assert!(page.body.contains(tier2.as_str()) && !page.body.contains(&format!("value=\"{sales}\"")), "itself is not offered");
}

#[test]
fn r45_what_is_no_fallback_gets_a_sentence_and_stays_typed() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales, _] = groups_of(&world, ["Sales", "Tier 2"]);
    for (typed, sentence) in [
        ("", "Enter a telephone number with its country code, like +14155552671."),
        ("415 555 2671", "415 555 2671 lacks its country code. Start with a plus, like +14155552671."),
        ("+1 415", "+1 415 is not a telephone number. Check its digits; it looks like +14155552671."),
        ("4.4E+11", "4.4E+11 was rounded by a spreadsheet, so digits are missing. Format the column as text and enter the number again."),
    ] {
        let word = format!("phone:{typed}");
        for fields in [&[("fallback", "phone"), ("fallback_phone", typed)][..], &[("fallback", word.as_str())]] {
            let page = world.unchanged(typed, || save(&world, &ada, sales, "fallback", fields));
            assert_eq!((page.status, page.error_of("fallback").as_str()), (422, sentence));
            assert_eq!((page.value_of("fallback").as_str(), page.value_of("fallback_phone").as_str()), ("phone", typed));
        }
    }
    for (word, sentence) in [
        ("", "Choose where calls go."),
        ("pigeon", "Choose where calls go."),
        ("group:x", "Choose where calls go."),
        ("group", "Choose the group to fall back to."),
        ("number", "Choose the number to fall back to."),
    ] {
        let page = world.unchanged(word, || save(&world, &ada, sales, "fallback", &[("fallback", word)]));
        assert_eq!((page.status, page.error_of("fallback").as_str()), (422, sentence), "{word}");
    }
    let member = Destination::Member(world.dana.id);
    let page = world.unchanged("a member", || fall(&world, &ada, sales, &member));
    assert_eq!((page.status, page.error_of("fallback").as_str()), (422, "Choose another group, a number or voicemail."));
}

#[test]
fn r19_a_group_or_number_of_another_account_is_no_fallback() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    let theirs = [
        Destination::Group(world.group(&world.gus, "Globex Sales", &[])),
        Destination::Number(number(&world, &world.gus, "+442079460958")),
        Destination::Group("01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()),
    ];
    for to in theirs {
        let page = world.unchanged(&to.word(), || fall(&world, &ada, sales, &to));
        assert_eq!((page.status, page.error_of("fallback").as_str()), (422, "What you chose was deleted meanwhile. Choose again."));
        assert!(!page.has("Globex") && !page.has("7946"));
    }
}
