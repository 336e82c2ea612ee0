use super::*;

#[test]
fn r48_of_eight_clients_at_one_number_one_wins_and_the_others_are_told_who_has_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let people: Vec<Person> =
        (0..8).map(|i| world.member(world.ada.account, &format!("Racer {i}"), &format!("r{i}@x.test"), Role::Agent, Status::Active)).collect();
    let browsers: Vec<Browser> = (0..8).map(|_| ada.clone()).collect();
    for round in 0..5 {
        let id = number(&world, &format!("+1415555267{round}"), "");
        let answers = world.at_once(8, |i| {
            let word = format!("member:{}", people[i].id);
            match i % 3 {
                0 => browsers[i].post(&format!("{MEMBERS}/{}/numbers", people[i].id), &[("number_id", id.as_str())]),
                1 => browsers[i].post(&format!("{LIST}/{id}/assignment"), &[("assignee", &word)]),
                _ => browsers[i].post(&format!("{LIST}/{id}/assignment"), &[("assignee", &word), ("from", "none")]),
            }
        });
        let winner = holder(&world, id).expect("somebody has it");
        let won: Vec<usize> = (0..8).filter(|i| answers[*i].status == 303).collect();
        assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|page| page.status).collect::<Vec<_>>());
        assert_eq!(people[won[0]].name, winner);
        for (i, page) in answers.iter().enumerate().filter(|(i, _)| *i != won[0]) {
            let wanted = if i % 3 == 2 { 409 } else { 422 };
            assert_eq!(page.status, wanted, "{}", page.text());
            assert!(page.has(&winner), "{} does not name {winner}", page.text());
        }
        let given = world.events(world.ada.account).into_iter().filter(|[event, ..]| event == "number.assigned").count();
        assert_eq!(given, round + 1);
    }
}

#[test]
fn r47_of_two_accounts_that_add_one_number_at_once_one_has_it() {
    let world = World::new();
    let owners = [world.sign_in(&world.ada), world.sign_in(&world.gus)];
    let browsers: Vec<Browser> = (0..8).map(|i| owners[i % 2].clone()).collect();
    for round in 0..5 {
        let text = format!("+1415555267{round}");
        let statuses = world.at_once(8, |i| browsers[i].post(LIST, &[("number", &text)]).status);
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [303, 422].contains(status)), "{statuses:?}");
    }
    let all: i64 = world.read(|conn| schema::numbers::table.count().get_result(conn));
    assert_eq!(all, 5);
    for account in [world.ada.account, world.gus.account] {
        let counted = world.app.db.read_now(|conn| numbers::count(conn, account)).unwrap();
        assert_eq!(counted, world.app.db.read_now(|conn| numbers::recount(conn, account)).unwrap(), "the counter follows who won");
    }
}

#[test]
fn r45_at_once_no_two_edits_make_a_loop() {
    let world = World::new();
    for round in 0..6 {
        let id = number(&world, &format!("+1415555267{round}"), "");
        let sales = group(&world, &format!("Sales {round}"));
        let by = world.proof::<ManageNumbers>(&world.ada);
        world.at_once(2, |i| match i {
            0 => {
                let _ = world.app.db.write_now(|tx| numbers::assign(tx, &by, id, Some(Party::Group(sales)), &Present::Unknown, world.now()));
            }
            // What the group's own form does, behind the same lock.
            _ => {
                let _: Result<(), rollcall::failure::Failure> = world.app.db.write_now(|tx| {
                    by.hold(tx)?;
                    let to = Destination::Number(id);
                    if rollcall::routing::find_loop(tx, world.ada.account, rollcall::routing::Stop::Group(sales), &to)?.is_none() {
                        use schema::user_groups as g;
                        let row = g::table.filter(g::id.eq(sales));
                        diesel::update(row).set((g::fallback_kind.eq("number"), g::fallback_number_id.eq(id))).execute(&mut **tx)?;
                    }
                    Ok(())
                });
            }
        });
        let falls_back: Option<NumberId> = world.read(|conn| {
            schema::user_groups::table.filter(schema::user_groups::id.eq(sales)).select(schema::user_groups::fallback_number_id).first(conn)
        });
        assert!(falls_back.is_none() || holder(&world, id).is_none(), "a loop in round {round}");
    }
}
