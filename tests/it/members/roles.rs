use rollcall::{
    authz::{Can, ManageMembers, Role},
    billing::Plan,
    db::schema::invitations,
    failure::Failure,
    members::{InvitationState, Member, RoleChange, RoleRefusal, change_role, may_have_role},
    sign_in::links::Purpose,
};

use super::*;

fn at(person: &Person) -> String {
    format!("{LIST}/{}", person.id)
}

/// Saves the section "Role" of a member's page as it is now, with another role.
fn give(world: &World, browser: &Browser, person: &Person, role: &str) -> Page {
    let version = world.row(person).version.to_string();
    browser.post(&format!("{}/role", at(person)), &[("role", role), ("version", &version)])
}

fn pro(world: &World) -> &Plan {
    world.app.plans.find("pro").unwrap()
}

/// The ability itself, as bulk acts call it.
fn change(world: &World, by: &Can<ManageMembers>, person: &Person, role: Role) -> Result<RoleChange, RoleRefusal> {
    world.app.db.write_now(|tx| change_role(tx, by, person.id, role, None, &world.app.plans, world.now()))
}

#[test]
fn r18_a_role_given_on_the_profile_counts_from_the_next_click_and_ends_no_session() {
    let world = World::new();
    let (bruno, dana) = (world.sign_in(&world.bruno), world.sign_in(&world.dana));
    assert_eq!((dana.get(LIST).status, bruno.get(&at(&world.dana)).value_of("role").as_str()), (403, "agent"));
    let answer = give(&world, &bruno, &world.dana, "admin");
    assert_eq!((answer.status, answer.to()), (303, at(&world.dana).as_str()));
    let page = bruno.get(answer.to());
    assert_eq!((page.flash().as_str(), page.value_of("role").as_str()), ("Dana Silva is an Admin now.", "admin"));
    assert!(page.has("Role changed, from Agent to Admin, by Bruno Vargas"), "{}", page.text());
    assert_eq!((dana.get(LIST).status, world.row(&world.dana).role), (200, Role::Admin));
    assert_eq!(world.events(world.ada.account).pop().unwrap(), ["member.role_changed", "Bruno Vargas", "Dana Silva", "from Agent to Admin"]);
    let mails = world.deliver();
    assert_eq!(
        mails.iter().map(|mail| (mail.to[0].as_str(), mail.subject())).collect::<Vec<_>>(),
        [("dana@acme.test", "You are an Admin of Acme now".into())]
    );
    let text = mails[0].text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Bruno Vargas changed your role at Acme: you were an Agent, and are an Admin now."), "{text}");
    assert_eq!(give(&world, &bruno, &world.dana, "agent").status, 303);
    assert_eq!((dana.get(LIST).status, dana.get("/profile").status), (403, 200));
}

#[test]
fn r17_nobody_changes_their_own_role() {
    let world = World::new();
    for (person, said) in [(&world.bruno, "Nobody changes their own role."), (&world.ada, "Nobody changes their own role. Hand the account over")] {
        let browser = world.sign_in(person);
        let page = browser.get(&at(person));
        assert!(page.has(said), "{}", page.text());
        assert!(page.buttons("Save Role").is_empty(), "what cannot be saved has no button");
        assert_eq!(page.body.matches("name=\"role\"").count(), 4, "and stays visible");
        for role in ["agent", "supervisor", "admin", "owner"] {
            let page = world.unchanged(role, || give(&world, &browser, person, role));
            assert_eq!(page.status, 422, "{role}");
            assert!(page.error_of("role").contains("role"), "{role}: {:?}", page.error_of("role"));
        }
    }
}

#[test]
fn r17_the_owner_is_demoted_by_nobody_and_nobody_is_made_an_owner() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    for role in ["agent", "supervisor", "admin", "owner"] {
        let page = world.unchanged(role, || give(&world, &bruno, &world.ada, role));
        assert_eq!(
            (page.status, page.error_of("role")),
            (422, "Ada Okafor is the Owner. The Owner's role changes with Transfer Ownership only.".into())
        );
    }
    for browser in [&ada, &bruno] {
        let page = world.unchanged("owner", || give(&world, browser, &world.dana, "owner"));
        assert_eq!((page.status, page.error_of("role")), (422, "An Owner is made with Transfer Ownership only. Choose another role.".into()));
        assert!(page.has("Only with Transfer Ownership"), "the choice stays visible with the reason");
    }
    assert!(bruno.get(&at(&world.ada)).has("The Owner's role changes only when the Owner hands the account over with Transfer Ownership."));
}

#[test]
fn r15_a_supervisor_needs_a_plan_that_has_them() {
    let world = World::wish().plan("team").open();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(&at(&world.dana));
    assert_eq!(page.attribute("#f-role-supervisor", "disabled").as_deref(), Some(""));
    assert!(page.has("Pro and above"));
    let page = world.unchanged("supervisor", || give(&world, &ada, &world.dana, "supervisor"));
    assert_eq!((page.status, page.error_of("role")), (422, "The Team plan has no Supervisors (Pro and above). Choose another role.".into()));
    // Who is one already stays one, and can be made something else.
    assert_eq!(ada.get(&at(&world.chen)).value_of("role"), "supervisor");
    assert_eq!(give(&world, &ada, &world.chen, "supervisor").status, 303);
    assert_eq!(give(&world, &ada, &world.chen, "agent").status, 303);
}

#[test]
fn r17_the_invited_and_the_deactivated_get_roles_too_but_not_the_removed() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (ana, path) = world.invite(&world.ada, "ana@x.test", Role::Agent);
    world.stand(&world.dana, Status::Deactivated);
    for person in [&ana, &world.dana] {
        assert_eq!(give(&world, &ada, person, "admin").status, 303, "{}", person.name);
        assert_eq!(world.row(person).role, Role::Admin);
    }
    assert_eq!(world.deliver().len(), 0, "nobody is mailed who cannot look");
    assert!(world.browser().get(&path).has("Admin"), "the invitation stays good and says what they will be");
    assert_eq!(accept(&world.browser(), &path).status, 303);
    assert_eq!(world.row(&ana).role, Role::Admin);

    world.stand(&world.chen, Status::Removed);
    let page = ada.get(&at(&world.chen));
    assert_eq!((page.status, page.buttons("Save Role").len()), (200, 0));
    let page = world.unchanged("a removed member", || give(&world, &ada, &world.chen, "agent"));
    assert_eq!(page.status, 422);
    assert!(page.problems().iter().any(|said| said == "Chen Wei was removed. Restore them first."), "{:?}", page.problems());
}

#[test]
fn r57_a_role_they_have_already_writes_nothing_and_a_second_click_is_calm() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = world.unchanged("the same role", || give(&world, &ada, &world.dana, "agent"));
    assert_eq!((page.status, ada.get(page.to()).flash().as_str()), (303, "Dana Silva is an Agent already, so nothing was changed."));
    // The second of two clicks comes with the version that the first has outdated.
    let fields = [("role", "admin"), ("version", "1")];
    let there = format!("{}/role", at(&world.dana));
    assert_eq!((ada.post(&there, &fields).status, ada.post(&there, &fields).status), (303, 303));
    assert_eq!(world.events(world.ada.account).iter().filter(|[event, ..]| event == "member.role_changed").count(), 1);
}

#[test]
fn r59_a_role_chosen_on_an_older_page_is_refused_and_the_present_one_is_shown() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let seen = bruno.get(&at(&world.dana)).value_of("version");
    assert_eq!(give(&world, &ada, &world.dana, "supervisor").status, 303);
    let there = format!("{}/role", at(&world.dana));
    for version in [seen.as_str(), "", "x", "0", "99"] {
        let page = world.unchanged(version, || bruno.post(&there, &[("role", "admin"), ("version", version)]));
        assert_eq!((page.status, page.value_of("role").as_str()), (409, "supervisor"), "{version:?}");
        assert!(page.has("Somebody else changed this member since you opened the page, so nothing was saved. This is how it is now."));
        assert_ne!(page.value_of("version"), seen, "and the next try is about what is shown");
    }
    let fresh = bruno.get(&at(&world.dana)).value_of("version");
    assert_eq!(bruno.post(&there, &[("role", "admin"), ("version", &fresh)]).status, 303);
}

#[test]
fn r12_whoever_may_no_longer_invite_leaves_invitations_to_be_sent_again() {
    let world = World::new();
    let (_, path) = world.invite(&world.bruno, "ana@x.test", Role::Agent);
    world.invite(&world.bruno, "bob@x.test", Role::Agent);
    let ada = world.sign_in(&world.ada);
    let answer = give(&world, &ada, &world.bruno, "supervisor");
    let said = "Bruno Vargas is a Supervisor now. The 2 invitations that they sent are void: send them again.";
    assert_eq!(ada.get(answer.to()).flash(), said);
    let states: Vec<InvitationState> = world.read(|conn| invitations::table.select(invitations::state).load(conn));
    assert_eq!(states, [InvitationState::Void; 2]);
    assert_eq!(row(&ada.get(LIST), "ana@x.test")[2], "Send again");
    assert_eq!(world.browser().get(&path).status, 410);
    // Back again, they stay void: the links are dead for good.
    assert_eq!(give(&world, &ada, &world.bruno, "admin").status, 303);
    assert_eq!(world.browser().get(&path).status, 410);
}

#[test]
fn t9_a_role_change_ends_the_links_that_were_mailed_to_them() {
    let world = World::new();
    let paths =
        [(Purpose::PasswordReset, "dana@acme.test"), (Purpose::EmailChange, "new@x.test")].map(|(purpose, to)| world.link(&world.dana, purpose, to));
    let others = world.link(&world.chen, Purpose::PasswordReset, "chen@acme.test");
    assert!(paths.iter().all(|path| world.browser().get(path).status == 200));
    give(&world, &world.sign_in(&world.ada), &world.dana, "admin");
    assert_eq!(paths.map(|path| world.browser().get(&path).status), [410, 410]);
    assert_eq!(world.browser().get(&others).status, 200);
}

#[test]
fn r58_a_word_that_is_no_role_is_refused_beside_the_field() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for word in ["", "boss", "Agent", "admin ", "agent\0x"] {
        let page = world.unchanged(word, || give(&world, &ada, &world.dana, word));
        assert_eq!((page.status, page.error_of("role").as_str()), (422, "Choose a role."), "{word:?}");
        assert!(page.title().starts_with("Error: "));
    }
}

#[test]
fn t23_rights_lost_between_the_door_and_the_write_change_no_role() {
    for lost in ["role", "epoch", "status"] {
        let world = World::new();
        let by = world.proof::<ManageMembers>(&world.bruno);
        match lost {
            "role" => drop(change(&world, &world.proof(&world.ada), &world.bruno, Role::Agent)),
            "epoch" => drop(world.app.db.write_now(|tx| rollcall::sign_in::end_all(tx, world.bruno.account, world.bruno.id))),
            _ => world.stand(&world.bruno, Status::Deactivated),
        }
        let refusal = world.unchanged(lost, || change(&world, &by, &world.dana, Role::Admin)).unwrap_err();
        match lost {
            "role" => assert!(matches!(refusal, RoleRefusal::Failure(Failure::Denied(_))), "{refusal}"),
            _ => assert!(matches!(refusal, RoleRefusal::Failure(Failure::SignedOut { .. })), "{lost}: {refusal}"),
        }
    }
}

#[test]
fn t23_no_role_above_ones_own_whoever_asks() {
    let world = World::new();
    let rank = |role: Role| Role::ALL.iter().position(|at| *at == role);
    for own in Role::ALL {
        for was in Role::ALL {
            for role in Role::ALL {
                let person = Member { role: *was, ..world.row(&world.dana) };
                let may = may_have_role(world.ada.id, *own, &person, *role, pro(&world)).is_ok();
                let should = *was != Role::Owner && *role != Role::Owner && rank(*role) >= rank(*own);
                assert_eq!(may, should, "{own:?} makes {was:?} {role:?}");
            }
        }
    }
}

#[test]
fn r17_many_roles_in_one_transaction_each_with_its_answer() {
    let world = World::new();
    let by = world.proof::<ManageMembers>(&world.bruno);
    let people = [&world.ada, &world.bruno, &world.chen, &world.dana].map(|person| person.id);
    let done: Result<Vec<String>, Failure> = world.app.db.write_now(|tx| {
        let answers = people.map(|id| match change_role(tx, &by, id, Role::Admin, None, &world.app.plans, world.now()) {
            Ok(change) => format!("{} was {}", change.person.display_name(), change.person.role.name()),
            Err(refusal) => refusal.to_string(),
        });
        Ok(answers.into())
    });
    assert_eq!(done.unwrap(), ["the Owner's role", "one's own role", "Chen Wei was Supervisor", "Dana Silva was Agent"]);
    assert_eq!((world.row(&world.chen).role, world.row(&world.dana).role), (Role::Admin, Role::Admin));
}
