//! No fallback leads in a circle, from whichever side it is tried (R45).

use super::*;

/// The sentence when calls would go this way.
fn circle(path: &str) -> String {
    format!("Calls would go in a circle: {path}. Choose another one, or voicemail.")
}

#[track_caller]
fn refused(world: &World, browser: &Browser, id: GroupId, to: &Destination, path: &str) {
    let page = world.unchanged(path, || fall(world, browser, id, to));
    assert_eq!((page.status, page.error_of("fallback").as_str()), (422, circle(path).as_str()));
    assert_eq!(page.problems(), [circle(path)]);
    assert_eq!(page.value_of("fallback"), to.word().split(':').next().unwrap(), "what was chosen stays chosen");
}

/// The way that a number's command refuses to send calls.
#[track_caller]
fn way(result: Result<(), numbers::AssignRefusal>) -> String {
    match result {
        Err(numbers::AssignRefusal::Loop(names)) => rollcall::routing::in_words(&names),
        other => panic!("no loop: {other:?}"),
    }
}

#[test]
fn r45_groups_that_fall_back_in_a_circle_are_refused_with_the_path() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [a, b, c] = groups_of(&world, ["Sales", "Tier 2", "Tier 3"]);
    refused(&world, &ada, a, &Destination::Group(a), "Sales → Sales");
    assert_eq!(fall(&world, &ada, a, &Destination::Group(b)).status, 303);
    refused(&world, &ada, b, &Destination::Group(a), "Tier 2 → Sales → Tier 2");
    assert_eq!(fall(&world, &ada, b, &Destination::Group(c)).status, 303);
    refused(&world, &ada, c, &Destination::Group(a), "Tier 3 → Sales → Tier 2 → Tier 3");
    refused(&world, &ada, c, &Destination::Group(b), "Tier 3 → Tier 2 → Tier 3");
    // Two ways into one group are no circle.
    assert_eq!(fall(&world, &ada, a, &Destination::Group(c)).status, 303);
    assert_eq!(fall(&world, &ada, b, &Destination::Voicemail).status, 303);
    assert_eq!(fall(&world, &ada, c, &Destination::Group(b)).status, 303);
}

#[test]
fn r45_a_circle_through_a_number_is_refused_from_the_groups_form() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [a, b] = groups_of(&world, ["Sales", "Tier 2"]);
    for (digits, shown, by_incoming) in [("+14155552671", "+1 415-555-2671", false), ("+442079460958", "+44 20 7946 0958", true)] {
        let main = number(&world, &world.ada, digits);
        if by_incoming {
            assign(&world, main, Some(Party::Member(world.dana.id))).unwrap();
            direct(&world, main, Incoming::To(Party::Group(b))).unwrap();
        } else {
            assign(&world, main, Some(Party::Group(b))).unwrap();
        }
        refused(&world, &ada, b, &Destination::Number(main), &format!("Tier 2 → {shown} → Tier 2"));
        assert_eq!(fall(&world, &ada, b, &Destination::Group(a)).status, 303);
        refused(&world, &ada, a, &Destination::Number(main), &format!("Sales → {shown} → Tier 2 → Sales"));
        assert_eq!(fall(&world, &ada, b, &Destination::Voicemail).status, 303);
        assert_eq!(fall(&world, &ada, a, &Destination::Number(main)).status, 303);
        refused(&world, &ada, b, &Destination::Group(a), &format!("Tier 2 → Sales → {shown} → Tier 2"));
        // Calls of the number that go to voicemail end there.
        direct(&world, main, Incoming::Voicemail).unwrap();
        assert_eq!(fall(&world, &ada, b, &Destination::Group(a)).status, 303);
        assert_eq!(fall(&world, &ada, b, &Destination::Voicemail).status, 303);
        assert_eq!(fall(&world, &ada, a, &Destination::Voicemail).status, 303);
    }
}

#[test]
fn r45_a_circle_through_a_number_is_refused_from_the_numbers_side() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [a, b] = groups_of(&world, ["Sales", "Tier 2"]);
    let main = number(&world, &world.ada, "+14155552671");
    assert_eq!(fall(&world, &ada, b, &Destination::Group(a)).status, 303);
    assert_eq!(fall(&world, &ada, a, &Destination::Number(main)).status, 303);
    let (group_a, group_b) = (Party::Group(a), Party::Group(b));
    let by_a = "+1 415-555-2671 → Sales → +1 415-555-2671";
    let by_b = "+1 415-555-2671 → Tier 2 → Sales → +1 415-555-2671";
    for _ in 0..2 {
        // With a holder and without one.
        world.unchanged("circles", || {
            assert_eq!(way(direct(&world, main, Incoming::To(group_a))), by_a);
            assert_eq!(way(direct(&world, main, Incoming::To(group_b))), by_b);
            assert_eq!(way(assign(&world, main, Some(group_a))), by_a);
            assert_eq!(way(assign(&world, main, Some(group_b))), by_b);
        });
        assign(&world, main, Some(Party::Member(world.dana.id))).unwrap();
    }
    // While its calls go to voicemail, a group may hold it; but not get its calls again.
    direct(&world, main, Incoming::Voicemail).unwrap();
    assign(&world, main, Some(group_b)).unwrap();
    world.unchanged("to the assignee", || assert_eq!(way(direct(&world, main, Incoming::Assignee)), by_b));
}

/// The groups and numbers of an account from which calls go on and on, by a walk of our own over the tables.
pub fn endless(world: &World, account: rollcall::db::AccountId) -> Vec<String> {
    use diesel::prelude::*;
    use rollcall::db::schema::{numbers, user_groups};
    type Row = (String, Option<String>, Option<String>);
    let from_groups: Vec<Row> = world.read(|conn| {
        let own = user_groups::table.filter(user_groups::account_id.eq(account));
        own.select((user_groups::id, user_groups::fallback_group_id, user_groups::fallback_number_id)).load(conn)
    });
    let from_numbers: Vec<(String, String, Option<String>, Option<String>)> = world.read(|conn| {
        let own = numbers::table.filter(numbers::account_id.eq(account));
        own.select((numbers::id, numbers::incoming_kind, numbers::group_id, numbers::incoming_group_id)).load(conn)
    });
    let mut next: std::collections::HashMap<String, String> =
        from_groups.into_iter().filter_map(|(id, group, number)| Some((id, group.or(number)?))).collect();
    next.extend(from_numbers.into_iter().filter_map(|(id, kind, assignee, incoming)| {
        let on = if kind == "assignee" { assignee } else { incoming };
        Some((id, on?))
    }));
    let ends = |start: &String| {
        let mut at = start;
        for _ in 0..=next.len() {
            match next.get(at) {
                Some(on) => at = on,
                None => return true,
            }
        }
        false
    };
    next.keys().filter(|start| !ends(start)).cloned().collect()
}

#[test]
fn r45_a_circle_that_somehow_is_there_holds_nobody_up_and_can_be_opened() {
    use diesel::prelude::*;
    use rollcall::db::schema::user_groups;
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [a, b, c] = groups_of(&world, ["Sales", "Tier 2", "Tier 3"]);
    for (from, to) in [(a, b), (b, a)] {
        let columns = (user_groups::fallback_kind.eq("group"), user_groups::fallback_group_id.eq(to));
        world.write(|conn| diesel::update(user_groups::table.find(from)).set(columns).execute(conn));
    }
    assert_eq!(fall(&world, &ada, c, &Destination::Group(a)).status, 303);
    assert_eq!(ada.get(&home(a)).status, 200);
    assert_eq!(fall(&world, &ada, a, &Destination::Voicemail).status, 303);
    assert_eq!(endless(&world, world.ada.account), [""; 0]);
}

#[test]
fn r45_of_eight_who_close_a_circle_at_once_one_is_refused() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let groups = groups_of(&world, ["A", "B", "C", "D", "E", "F", "G", "H"]);
    let browsers: Vec<Browser> = (0..8).map(|_| ada.clone()).collect();
    let next = groups.map(|group| format!("group:{}", groups[(groups.iter().position(|other| *other == group).unwrap() + 1) % 8]));
    let statuses =
        world.at_once(8, |i| browsers[i].post(&settings(groups[i]), &[("section", "fallback"), ("version", "1"), ("fallback", &next[i])]).status);
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 7, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 1, "{statuses:?}");
    assert_eq!(endless(&world, world.ada.account), [""; 0]);
}

#[test]
fn r45_of_a_group_and_a_number_turned_to_each_other_at_once_one_is_refused() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for round in 0..8 {
        let group = world.group(&world.ada, &format!("Team {round}"), &[]);
        let main = number(&world, &world.ada, &format!("+1415555267{round}"));
        let won = world.at_once(2, |i| match i {
            0 => fall(&world, &ada, group, &Destination::Number(main)).status == 303,
            _ => assign(&world, main, Some(Party::Group(group))).is_ok(),
        });
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "round {round}");
        assert_eq!(endless(&world, world.ada.account), [""; 0]);
    }
}
