use super::*;
use rollcall::{authz::Role, clock::Span, members::Status};

/// A world with somebody in every standing.
fn world(plan: &'static str) -> World {
    let world = World::wish().plan(plan).open();
    world.invite(&world.ada, "pia@x.test", Role::Agent);
    let acme = world.ada.account;
    for (name, email, status) in [("Dora Deer", "dora@x.test", Status::Deactivated), ("Remo Reed", "remo@x.test", Status::Removed)] {
        let person = world.member(acme, name, email, Role::Agent, Status::Active);
        world.stand(&person, status);
    }
    let (cara, _) = world.invite(&world.ada, "cara@x.test", Role::Agent);
    let ada = world.sign_in(&world.ada);
    assert_eq!(ada.post(&format!("{MEMBERS}/{}/invitation/cancellation", cara.id), &[]).status, 303);
    world
}

#[test]
fn r28_of_two_equal_addresses_the_first_wins_and_the_later_names_its_line() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (what, file, wanted) in [
        ("twice", "email,role\na@x.test,agent\na@x.test,admin\n", vec!["2 a@x.test Invite", "3 a@x.test Skip The same address as in line 2."]),
        (
            "in another case",
            "email,role\nA@X.test,agent\na@x.TEST,agent\n",
            vec!["2 a@x.test Invite", "3 a@x.test Skip The same address as in line 2."],
        ),
        (
            "with spaces",
            "email,role\na@x.test,agent\n\" a@x.test \",agent\n",
            vec!["2 a@x.test Invite", "3 a@x.test Skip The same address as in line 2."],
        ),
        (
            "three times",
            "email,role\na@x.test,agent\n\na@x.test,agent\na@x.test,agent\n",
            vec!["2 a@x.test Invite", "4 a@x.test Skip The same address as in line 2.", "5 a@x.test Skip The same address as in line 2."],
        ),
        (
            "and the first is wrong",
            "email,role\na@x.test,boss\na@x.test,agent\n",
            vec!["2 a@x.test Error Role “boss”: use admin, supervisor or agent.", "3 a@x.test Skip The same address as in line 2."],
        ),
    ] {
        assert_eq!(outcomes(&preview(&ada, file.as_bytes()).1), wanted, "{what}");
    }
}

#[test]
fn r28_what_becomes_of_a_row_depends_on_where_the_person_stands() {
    let world = world("pro");
    let ada = world.sign_in(&world.ada);
    for (what, row, wanted) in [
        ("active", "dana@acme.test,agent", "dana@acme.test Skip Active already."),
        ("active, in capitals, wrong otherwise", "DANA@ACME.TEST,boss", "dana@acme.test Skip Active already."),
        ("oneself", "ada@acme.test,agent", "ada@acme.test Skip Active already."),
        ("pending", "pia@x.test,admin", "pia@x.test Skip Invited already."),
        ("deactivated", "dora@x.test,agent", "dora@x.test Error Deactivated: reactivate them instead."),
        ("removed", "remo@x.test,agent", "remo@x.test Error Removed and not erased yet: restore them instead."),
        ("cancelled", "cara@x.test,agent", "cara@x.test Invite"),
        ("in another account", "gus@globex.test,agent", "gus@globex.test Invite"),
        ("no address", ",agent", "— Error There is no email address."),
        ("half an address", "bob@,agent", "bob@ Error “bob@” is not an email address, like ana@example.com."),
        ("a name beside it", "Ana <a@x.test>,agent", "Ana <a@x.test> Error “Ana <a@x.test>” is not an email address, like ana@example.com."),
        ("two in a cell", "a@x.test;b@x.test,agent", "a@x.test;b@x.test Error “a@x.test;b@x.test” is not an email address, like ana@example.com."),
    ] {
        let (_, page) = preview(&ada, format!("email,role\n{row}\n").as_bytes());
        assert_eq!(outcomes(&page), [format!("2 {wanted}")], "{what}");
    }
}

#[test]
fn r28_roles() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (cell, wanted) in [
        ("agent", "Invite"),
        ("Admin", "Invite"),
        ("SUPERVISOR", "Invite"),
        ("", "Invite No role given: agent."),
        ("owner", "Error Nobody is invited as Owner: transfer the ownership instead."),
        ("Owner", "Error Nobody is invited as Owner: transfer the ownership instead."),
        ("Agnet", "Error Role “Agnet”: use admin, supervisor or agent."),
        ("agents", "Error Role “agents”: use admin, supervisor or agent."),
    ] {
        let (_, page) = preview(&ada, format!("email,role\na@x.test,{cell}\n").as_bytes());
        assert_eq!(outcomes(&page), [format!("2 a@x.test {wanted}")], "{cell:?}");
    }
}

#[test]
fn r12_a_supervisor_needs_a_plan_that_has_them() {
    let world = World::wish().plan("team").open();
    let ada = world.sign_in(&world.ada);
    let (_, page) = preview(&ada, b"email,role\na@x.test,supervisor\n");
    assert_eq!(outcomes(&page), ["2 a@x.test Error The Team plan has no Supervisors (Pro and above)."]);
    assert!(ada.get(&format!("{BULK}/new")).has("Supervisor: Pro and above."));
}

#[test]
fn r28_names_and_groups_are_checked_too() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.group(&world.ada, "Sales", &[]);
    world.group(&world.ada, "Tier 2", &[]);
    world.group(&world.gus, "Theirs", &[]);
    let (_, page) = preview(
        &ada,
        format!(
            "email,role,first_name,last_name,groups\na@x.test,agent,Ana,Silva,\nb@x.test,agent,{},,\nc@x.test,agent,See https://x.test,,\n\
             d@x.test,agent,,,Sales\ne@x.test,agent,,,sales; TIER  2;Sales\nf@x.test,agent,,,Marketing; Sales\ng@x.test,agent,,,Theirs\n\
             h@x.test,boss,,,Marketing\n",
            "x".repeat(61)
        )
        .as_bytes(),
    );
    assert_eq!(
        outcomes(&page),
        [
            "2 a@x.test Invite",
            "3 b@x.test Error A name has at most 60 characters.",
            "4 c@x.test Error A name has letters, spaces and the like; no links or brackets.",
            "5 d@x.test Invite",
            "6 e@x.test Invite",
            "7 f@x.test Error There is no user group named Marketing.",
            "8 g@x.test Error There is no user group named Theirs.",
            "9 h@x.test Error Role “boss”: use admin, supervisor or agent. There is no user group named Marketing.",
        ]
    );
}

#[test]
fn r28_people_who_are_invited_already_are_sent_another_invite_where_it_is_ticked() {
    let world = world("pro");
    let ada = world.sign_in(&world.ada);
    world.advance(Span::minutes(2));
    let file = b"email,role\npia@x.test,admin\na@x.test,agent\n";
    let answer = ada.upload(BULK, &[("resend_pending", "on")], "file", "team.csv", file);
    let path = answer.to().to_owned();
    let page = ada.get(&path);
    assert_eq!(outcomes(&page), ["2 pia@x.test Send again Invited already: sent another invite, role and number stay.", "3 a@x.test Invite"]);
    assert!(page.has("1 to invite") && page.has("1 to send again") && page.has("to 2 people"), "{}", page.text());
    let page = send(&world, &ada, &path);
    assert_eq!(outcomes(&page), ["2 pia@x.test Sent again Invited already: sent another invite, role and number stay.", "3 a@x.test Invited"]);
    let mut mailed: Vec<String> = world.deliver().into_iter().flat_map(|mail| mail.to).collect();
    mailed.sort();
    assert_eq!(mailed, ["a@x.test", "pia@x.test"]);
    // At once again: a person is mailed once a minute (R5).
    let answer = ada.upload(BULK, &[("resend_pending", "on")], "file", "team.csv", file);
    let page = send(&world, &ada, answer.to());
    assert_eq!(
        outcomes(&page),
        [
            "2 pia@x.test Skip Their invite was sent a moment ago. Another can be sent in 60 seconds.",
            "3 a@x.test Skip Their invite was sent a moment ago. Another can be sent in 60 seconds.",
        ]
    );
    assert!(world.deliver().is_empty());
}

#[test]
fn r36_rows_past_the_plans_maximum_are_errors_in_the_files_order() {
    let world = World::wish().plan("essentials").open();
    let ada = world.sign_in(&world.ada);
    let full = "Error The Essentials plan has 5 places, and none is left for this row.";
    let (path, page) = preview(&ada, b"email,role\nbad,agent\na@x.test,agent\nb@x.test,agent\ndana@acme.test,agent\nc@x.test,boss\n");
    assert_eq!(
        outcomes(&page)[1..],
        [
            "3 a@x.test Invite".to_owned(),
            format!("4 b@x.test {full}"),
            "5 dana@acme.test Skip Active already.".into(),
            "6 c@x.test Error Role “boss”: use admin, supervisor or agent.".into(),
        ]
    );
    assert!(page.has("1 of 5 places of the Essentials plan are free."), "{}", page.text());
    // The last place goes while the preview is open.
    world.invite(&world.ada, "quick@x.test", Role::Agent);
    let page = send(&world, &ada, &path);
    assert_eq!(outcomes(&page)[1], format!("3 a@x.test {full}"));
    assert!(world.deliver().is_empty());
    // An invitation that ran out needs a place again.
    world.advance(Span::days(8));
    world.invite(&world.ada, "later@x.test", Role::Agent);
    let ada = world.sign_in(&world.ada);
    let answer = ada.upload(BULK, &[("resend_pending", "on")], "file", "team.csv", b"email,role\nquick@x.test,agent\nlater@x.test,agent\n");
    let page = ada.get(answer.to());
    assert_eq!(
        outcomes(&page),
        [format!("2 quick@x.test {full}"), "3 later@x.test Send again Invited already: sent another invite, role and number stay.".into()]
    );
}

#[test]
fn r28_of_an_invite_that_is_over_the_row_says_so_and_one_that_was_cancelled_meanwhile_is_new() {
    let world = World::new();
    world.invite(&world.ada, "late@x.test", Role::Agent);
    world.advance(Span::days(8));
    let (pia, _) = world.invite(&world.ada, "pia@x.test", Role::Agent);
    world.advance(Span::minutes(2));
    world.deliver();
    let ada = world.sign_in(&world.ada);
    let file = b"email,role\nlate@x.test,agent\npia@x.test,agent\n";
    let over = "Invited already, but that invite is over";
    let (_, page) = preview(&ada, file);
    assert_eq!(outcomes(&page)[0], format!("2 late@x.test Skip {over}. To send another, tick “Send pending invites again”."));
    let answer = ada.upload(BULK, &[("resend_pending", "on")], "file", "team.csv", file);
    let path = answer.to().to_owned();
    let resent = format!("{over}: sent another. The role stays; a number that was kept is free again.");
    assert_eq!(outcomes(&ada.get(&path))[0], format!("2 late@x.test Send again {resent}"));
    ada.submit(&format!("{MEMBERS}/{}/invitation/cancellation", pia.id), &[]);
    let page = send(&world, &ada, &path);
    assert_eq!(outcomes(&page), [format!("2 late@x.test Sent again {resent}"), "3 pia@x.test Invited".into()]);
}

#[test]
fn r26_rows_that_are_too_many_to_paste_are_refused_on_the_form() {
    let world = World::wish().set("ROLLCALL_BULK_MAX_ROWS", "50").open();
    let ada = world.sign_in(&world.ada);
    assert!(ada.get(BULK).has("A file of up to 50 people"), "the setting is said");
    let large = format!("email,role\n{}", "x".repeat(70 * 1024));
    let page = world.unchanged("a large paste", || ada.upload(BULK, &[("pasted", &large)], "file", "", b""));
    assert_eq!(page.status, 422);
    assert_eq!(page.error_of("pasted"), "The rows are larger than 64 KiB, so nothing was taken. Upload them as a file.");
    assert!(page.has("At most 64 KiB"));
}

#[test]
fn r6_names_of_a_file_stand_in_the_form_of_whoever_joins() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let path = kept(&world, &world.ada, "email,role,first_name,last_name\nana@x.test,agent,Ana,Ruiz\ncher@x.test,agent,Cher,\n");
    send(&world, &ada, &path);
    let page = world.browser().get(&world.mailed_path("ana@x.test"));
    assert_eq!(["first_name", "last_name"].map(|field| page.value_of(field)), ["Ana", "Ruiz"]);
    assert_eq!(page.attribute("#f-last_name", "required"), None);
}
