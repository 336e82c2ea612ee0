//! Who is in a group (R40).

use rollcall::{accounts, authz::Role, members::Status};

use super::*;

fn add(browser: &Browser, id: GroupId, members: &[&str]) -> Page {
    browser.post(&format!("{}/members", home(id)), &members.iter().map(|id| ("member_ids", *id)).collect::<Vec<_>>())
}

fn remove(browser: &Browser, id: GroupId, who: &Person) -> Page {
    browser.post(&format!("{}/members/{}/removal", home(id), who.id), &[])
}

#[test]
fn r40_members_are_added_once_and_join_at_the_end() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana]);
    let (bruno, chen, dana) = (world.bruno.id.as_str(), world.chen.id.as_str(), world.dana.id.as_str());
    let page = ada.get(add(&ada, sales, &[chen, dana, bruno, chen]).to());
    assert_eq!(page.flash(), "2 people added.");
    assert_eq!(crew_of(&world, sales), ["Dana Silva", "Bruno Vargas", "Chen Wei"]);
    assert_eq!(world.group_row(&world.ada, sales).members, 3);
    let again = world.unchanged("adding them again", || add(&ada, sales, &[chen, bruno]));
    assert_eq!(ada.get(again.to()).flash(), "They are in this group already.");
    // Whoever leaves and comes back is last.
    assert_eq!(remove(&ada, sales, &world.dana).status, 303);
    add(&ada, sales, &[dana]);
    assert_eq!(crew_of(&world, sales), ["Bruno Vargas", "Chen Wei", "Dana Silva"]);
}

#[test]
fn r40_nobody_ticked_or_somebody_who_is_not_here_is_refused_with_a_sentence() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let eli = world.member(world.ada.account, "Eli Novak", "eli@acme.test", Role::Agent, Status::Removed);
    let sales = crew(&world, "Sales", &[&world.dana]);
    let gone = "Somebody you chose is no longer a member. Choose again.";
    for (ids, sentence) in [
        (&[][..], "Tick at least one member."),
        (&[world.chen.id.as_str(), world.gwen.id.as_str()], gone),
        (&[world.chen.id.as_str(), eli.id.as_str()], gone),
        (&[world.chen.id.as_str(), "nonsense"], gone),
    ] {
        let page = world.unchanged(sentence, || add(&ada, sales, ids));
        assert_eq!((page.status, page.error_of("member_ids").as_str()), (422, sentence));
        assert_eq!(ticked(&page).len(), ids.len().min(1), "who can be added stays ticked");
        assert!(!page.has("Gwen") && !page.has("Eli"));
    }
}

#[test]
fn r40_the_search_offers_everybody_but_those_who_are_in_already() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.invite(&world.ada, "ivy@x.test", Role::Agent);
    world.member(world.ada.account, "Eli Novak", "eli@acme.test", Role::Agent, Status::Removed);
    let sales = crew(&world, "Sales", &[&world.dana]);
    let path = format!("{}/members", home(sales));
    let page = ada.get(&path);
    let names: Vec<String> = offered(&page).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Ada Okafor", "Bruno Vargas", "Chen Wei", "Dana Silva", "ivy@x.test"]);
    assert_eq!(page.body.matches("In this group already").count(), 1);
    assert!(page.attribute(&format!("input[value='{}']", world.dana.id), "disabled").is_some());
    let page = ada.get(&format!("{path}?q=chen&member_ids={}", world.bruno.id));
    assert_eq!(offered(&page), [("Bruno Vargas".to_owned(), true), ("Chen Wei".to_owned(), false)]);
    assert!(ada.get(&format!("{path}?q=gwen%40globex.test")).has("Nobody matches gwen@globex.test."));
}

#[test]
fn r40_somebody_is_removed_once_and_stays_a_member_of_the_account() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.chen]);
    let counts = || world.app.db.read_now(|conn| accounts::get(conn, world.ada.account)).map(|account| account.active_members).unwrap();
    let before = counts();
    let page = ada.get(remove(&ada, sales, &world.dana).to());
    assert_eq!(page.flash(), "Dana Silva is no longer in this group.");
    assert_eq!((crew_of(&world, sales), world.group_row(&world.ada, sales).members), (vec!["Chen Wei".to_owned()], 1));
    let again = world.unchanged("removing her again", || remove(&ada, sales, &world.dana));
    assert_eq!(ada.get(again.to()).flash(), "Dana Silva was not in this group any more.");
    assert_eq!((world.row(&world.dana).status, counts()), (Status::Active, before));
}

#[test]
fn r40_a_member_may_be_in_many_groups() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let ids = groups_of(&world, ["Sales", "Support", "Équipe"]);
    for id in ids {
        assert_eq!(add(&ada, id, &[world.dana.id.as_str()]).status, 303);
    }
    let of_dana = || world.app.db.read_now(|conn| groups::list_of_member(conn, world.ada.account, world.dana.id)).unwrap();
    assert_eq!(of_dana().into_iter().map(|(_, name)| name).collect::<Vec<_>>(), ["Équipe", "Sales", "Support"]);
    remove(&ada, ids[1], &world.dana);
    assert_eq!(of_dana().len(), 2);
}

#[test]
fn r40_of_twenty_who_add_the_same_people_at_once_everybody_joins_once() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[]);
    let browsers: Vec<Browser> = (0..20).map(|_| ada.clone()).collect();
    let people = [&world.bruno, &world.chen, &world.dana];
    let statuses = world.at_once(20, |i| add(&browsers[i], sales, &[people[i % 3].id.as_str(), people[(i + 1) % 3].id.as_str()]).status);
    assert!(statuses.iter().all(|status| [303, 503].contains(status)), "{statuses:?}");
    let mut names = crew_of(&world, sales);
    names.sort();
    assert_eq!(names, ["Bruno Vargas", "Chen Wei", "Dana Silva"]);
    assert_eq!(world.group_row(&world.ada, sales).members, 3);
    let joined = world.events(world.ada.account).into_iter().filter(|[event, ..]| event == "group.member_added").count();
    assert_eq!(joined, 3);
}

#[test]
fn r40_of_twenty_groups_of_one_name_at_once_one_is_created() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let browsers: Vec<Browser> = (0..20).map(|_| ada.clone()).collect();
    let names = ["Sales", "SALES", "sales"];
    let statuses = world.at_once(20, |i| browsers[i].post(GROUPS, &[("name", names[i % 3])]).status);
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 422, 503].contains(status)), "{statuses:?}");
    assert_eq!(ada.get(GROUPS).rows().len(), 1);
}
