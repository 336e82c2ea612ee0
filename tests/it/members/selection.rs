use rollcall::{clock::Span, members::selection::MOST};

use super::*;

const SELECTION: &str = "/settings/team/members/selection";

/// What the list sends for those who are ticked.
fn ticked<'a>(act: &'a str, people: &[&'a str], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let people = people.iter().map(|id| ("member_ids", *id));
    [("act", act)].into_iter().chain(people).chain(more.iter().copied()).collect()
}

fn look(browser: &Browser, fields: &[(&str, &str)]) -> Page {
    let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    browser.get(&format!("{SELECTION}?{}", query.join("&")))
}

/// The invited person of an address, by id.
fn id_of(world: &World, email: &str) -> String {
    find(world, world.ada.account, email).0.to_string()
}

#[test]
fn the_list_offers_a_box_for_each_and_what_can_be_done() {
    let world = World::new();
    let page = world.sign_in(&world.bruno).get(&format!("{LIST}?role=agent&sort=-name"));
    let boxes = page.all("tbody input[name='member_ids'][form='selection']", |tick| tick.attr("aria-label").unwrap().to_owned());
    assert_eq!(boxes, ["Select Dana Silva"]);
    let acts = page.all("#selection select[name='act'] option", |option| option.attr("value").unwrap().to_owned());
    assert_eq!(acts[0], "", "nothing is chosen beforehand");
    assert!(acts.contains(&"resend".to_owned()) && acts.contains(&"group".to_owned()));
    assert_eq!(page.attribute("#selection input[name='next']", "value").unwrap(), format!("{LIST}?role=agent&sort=-name"));
}

#[test]
fn r5_several_invites_are_sent_again_and_each_outcome_is_told_before() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test, bob@x.test", "agent");
    world.deliver();
    world.advance(Span::days(8));
    let ada = world.sign_in(&world.ada);
    invite(&ada, "cy@x.test", "agent");
    world.deliver();
    let [ana, bob, cy] = ["ana@x.test", "bob@x.test", "cy@x.test"].map(|email| id_of(&world, email));
    let fields = ticked("resend", &[&ana, &bob, &cy, world.dana.id.as_str(), &ana], &[]);
    let page = world.unchanged("looking", || look(&ada, &fields));
    assert_eq!((page.status, page.h1().as_str()), (200, "Send the invite to 2 people again?"));
    let rows = page.rows();
    assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["ana@x.test", "bob@x.test", "cy@x.test", "Dana Silva"]);
    assert!(rows[0][1].starts_with("Gets a new link") && rows[1][1] == rows[0][1], "{rows:?}");
    assert!(rows[2][1].starts_with("Stays as they are: Was sent an invite a moment ago."), "{rows:?}");
    assert_eq!(rows[3][1], "Stays as they are: Is not invited, so there is no invite to send.");
    assert!(world.deliver().is_empty(), "looking sends nothing");
    let before = world.events(world.ada.account).len();
    let page = ada.submit(SELECTION, &fields);
    assert!(page.flash().starts_with("Invite sent to 2 people again. cy@x.test: Was sent an invite a moment ago."), "{}", page.flash());
    assert_eq!(world.deliver().len(), 2);
    let events: Vec<String> = world.events(world.ada.account).split_off(before).into_iter().map(|[event, ..]| event).collect();
    assert_eq!(events, ["invitation.resent", "invitation.resent"]);
    // The second click finds nobody to send to.
    let page = world.unchanged("twice", || ada.submit(SELECTION, &fields));
    assert!(page.flash().starts_with("Nothing was changed. ana@x.test: Was sent an invite a moment ago."), "{}", page.flash());
}

#[test]
fn r40_several_people_are_added_to_a_group() {
    let world = World::new();
    let (bruno, sales) = (world.sign_in(&world.bruno), world.group(&world.ada, "Sales", &[&world.dana]));
    let people = [world.dana.id.as_str(), world.chen.id.as_str(), world.ada.id.as_str()];
    let page = world.unchanged("asking", || look(&bruno, &ticked("group", &people, &[])));
    assert_eq!((page.status, page.h1().as_str()), (200, "Add to group?"));
    assert_eq!(page.all("select[name='group_id'] option", |option| option.attr("value").unwrap().to_owned()), [sales.to_string()]);
    let chosen = [("group_id", sales.as_str()), ("next", "/settings/team/members?sort=-name")];
    let fields = ticked("group", &people, &chosen);
    let page = world.unchanged("looking", || look(&bruno, &ticked("group", &people, &chosen[..1])));
    assert_eq!(page.h1(), "Add 2 people to the group?");
    assert_eq!(page.rows()[0][1], "Stays as they are: Is in the group already.");
    let answer = bruno.post(SELECTION, &fields);
    assert_eq!((answer.status, answer.to()), (303, "/settings/team/members?sort=-name"));
    assert_eq!(world.group_row(&world.ada, sales).members, 3);
}

#[test]
fn r58_nothing_chosen_is_a_sentence_and_strangers_are_left_out() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let group = world.group(&world.ada, "Sales", &[]);
    let theirs = world.group(&world.gus, "Globex only", &[]);
    let dana = world.dana.id.as_str();
    let many = vec![dana; MOST + 1];
    for (fields, sentence) in [
        (ticked("", &[dana], &[]), "Choose what to do with those you tick."),
        (ticked("dance", &[dana], &[]), "Choose what to do with those you tick."),
        (ticked("resend", &[], &[]), "Tick at least one person."),
        (ticked("resend", &["x"], &[]), "Tick people on the list."),
        (ticked("resend", &many, &[]), "Tick at most 200 people at once."),
    ] {
        for page in [world.unchanged(sentence, || ada.post(SELECTION, &fields)), look(&ada, &fields)] {
            assert_eq!((page.status, page.problems()), (422, vec![sentence.to_owned()]));
            assert!(page.title().starts_with("Error: "));
        }
    }
    // Another account's people are nobody, and its groups are not there.
    let strangers = ticked("group", &[world.gwen.id.as_str()], &[("group_id", group.as_str())]);
    assert_eq!(look(&ada, &strangers).h1(), "Nothing to do");
    world.unchanged("strangers", || ada.post(SELECTION, &strangers));
    let page = world.unchanged("a stranger's group", || ada.post(SELECTION, &ticked("group", &[dana], &[("group_id", theirs.as_str())])));
    assert_eq!((page.status, page.problems()), (422, vec!["A group you chose was deleted meanwhile. Choose again.".to_owned()]));
    let looked = look(&ada, &ticked("group", &[dana], &[("group_id", theirs.as_str())]));
    assert_eq!((looked.status, looked.h1().as_str()), (422, "Add to group?"));
    // Nowhere else can the way back lead.
    for next in ["https://evil.test/", "//evil.test", "/settings/team/members?x=1%0d%0aLocation:y", "/logout"] {
        let answer = ada.post(SELECTION, &ticked("group", &[dana], &[("group_id", group.as_str()), ("next", next)]));
        assert!(answer.to().starts_with(LIST), "{next}: {}", answer.to());
    }
}

/// Looks, posts, and says how many of the people changed.
fn do_it(world: &World, browser: &Browser, fields: &[(&str, &str)], question: &str) -> String {
    let page = world.unchanged(question, || look(browser, fields));
    assert_eq!((page.status, page.h1().as_str()), (200, question));
    browser.submit(SELECTION, fields).flash()
}

fn standing(world: &World, person: &Person) -> (Status, Role) {
    let row = world.row(person);
    (row.status, row.role)
}

#[test]
fn r21_several_are_deactivated_and_reactivated_but_never_oneself_or_the_owner() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let chen = world.sign_in(&world.chen);
    let people = [&world.ada, &world.bruno, &world.chen, &world.dana].map(|person| person.id.as_str());
    let flash = do_it(&world, &bruno, &ticked("deactivate", &people, &[]), "Deactivate 2 people?");
    assert!(flash.starts_with("2 people deactivated. Ada Okafor: The Owner cannot be deactivated"), "{flash}");
    assert!(flash.contains("Bruno Vargas: Nobody deactivates or removes themselves."), "{flash}");
    assert_eq!([&world.chen, &world.dana].map(|person| standing(&world, person).0), [Status::Deactivated; 2]);
    assert_eq!(chen.get("/profile").status, 303, "T6: what was open is closed");
    let flash = do_it(&world, &bruno, &ticked("reactivate", &people, &[]), "Reactivate 2 people?");
    assert!(flash.starts_with("2 people reactivated."), "{flash}");
    assert_eq!([&world.chen, &world.dana].map(|person| standing(&world, person).0), [Status::Active; 2]);
}

#[test]
fn r36_who_is_reactivated_last_finds_no_place() {
    let world = World::wish().plan("essentials").open();
    let out: Vec<Person> = (0..3)
        .map(|i| world.member(world.ada.account, &format!("Eli Novak{i}"), &format!("eli{i}@acme.test"), Role::Agent, Status::Active))
        .collect();
    for person in &out {
        world.stand(person, Status::Deactivated);
    }
    // Chen's role is not in this plan, so a place is free: five, and three of them taken.
    world.stand(&world.chen, Status::Deactivated);
    let people: Vec<&str> = out.iter().map(|person| person.id.as_str()).collect();
    let ada = world.sign_in(&world.ada);
    let page = look(&ada, &ticked("reactivate", &people, &[]));
    assert_eq!(page.h1(), "Reactivate 2 people?");
    assert!(page.rows()[2][1].contains("Essentials plan has 5 places and none is free"), "{:?}", page.rows());
    ada.submit(SELECTION, &ticked("reactivate", &people, &[]));
    assert_eq!(out.iter().map(|person| standing(&world, person).0).collect::<Vec<_>>(), [Status::Active, Status::Active, Status::Deactivated]);
}

#[test]
fn r22_several_are_removed_after_what_each_loses() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.group(&world.ada, "Sales", &[&world.dana, &world.chen]);
    number(&world, &world.ada, "+14155552671", "", Some(&world.dana));
    world.sign_in(&world.dana);
    let fields = ticked("remove", &[world.chen.id.as_str(), world.dana.id.as_str(), world.ada.id.as_str()], &[]);
    let page = look(&ada, &fields);
    assert_eq!(page.rows().iter().map(|row| row[1].as_str()).collect::<Vec<_>>()[..2], ["Loses 1 group.", "Loses 1 number, 1 group and 1 session."]);
    let milder = page.link("Deactivate instead").unwrap();
    assert_eq!(ada.get(&milder).h1(), "Deactivate 2 people?");
    let flash = do_it(&world, &ada, &fields, "Remove 2 people?");
    assert!(flash.starts_with("2 people removed. Ada Okafor: The Owner cannot be deactivated or removed"), "{flash}");
    assert_eq!([&world.chen, &world.dana].map(|person| standing(&world, person).0), [Status::Removed; 2]);
}

#[test]
fn r17_several_get_another_role_but_never_oneself_or_the_owner() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let people = [&world.ada, &world.bruno, &world.chen, &world.dana].map(|person| person.id.as_str());
    let page = look(&bruno, &ticked("role", &people, &[]));
    assert_eq!((page.status, page.h1().as_str()), (200, "Change role?"));
    assert_eq!(page.all("input[name='role']", |radio| radio.attr("value").unwrap().to_owned()), ["agent", "supervisor", "admin"]);
    let flash = do_it(&world, &bruno, &ticked("role", &people, &[("role", "agent")]), "Change the role of 1 person to Agent?");
    assert!(flash.starts_with("The role of 1 person is Agent now. Ada Okafor: ") && flash.contains("Dana Silva: Has that role already."), "{flash}");
    assert_eq!([&world.ada, &world.bruno, &world.chen].map(|person| standing(&world, person).1), [Role::Owner, Role::Admin, Role::Agent]);
    let page = look(&bruno, &ticked("role", &people, &[("role", "owner")]));
    assert_eq!(page.h1(), "Nothing to do");
    assert_eq!(look(&bruno, &ticked("role", &people, &[("role", "queen")])).status, 422);
}

#[test]
fn r23_whoever_is_erased_is_left_out_of_a_selection() {
    let world = World::new();
    crate::endings::remove(&world, &world.ada, &world.dana);
    world.advance(Span::days(28));
    crate::endings::tick(&world);
    let ada = world.sign_in(&world.ada);
    for act in ["resend", "deactivate", "reactivate", "remove"] {
        let fields = ticked(act, &[world.dana.id.as_str()], &[]);
        let page = look(&ada, &fields);
        assert_eq!((page.status, page.h1().as_str(), page.rows().len()), (200, "Nothing to do", 0), "{act}");
        assert_eq!(world.unchanged(act, || ada.submit(SELECTION, &fields)).flash(), "Nothing was changed.");
    }
}
