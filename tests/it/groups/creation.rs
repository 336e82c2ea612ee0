//! Create Group, and another name for it (R40).

use super::*;

fn create(browser: &Browser, name: &str, members: &[&str]) -> Page {
    let members = members.iter().map(|id| ("member_ids", *id));
    browser.post(GROUPS, &std::iter::once(("name", name)).chain(members).collect::<Vec<_>>())
}

fn rename(browser: &Browser, id: GroupId, name: &str, version: &str) -> Page {
    browser.post(&home(id), &[("name", name), ("version", version)])
}

const TAKEN: &str = "Another group has this name already. Choose another, or open that one from the list.";

#[test]
fn r40_a_group_is_created_with_members_or_without() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = ada.submit(GROUPS, &[("name", "  West  Coast Sales ")]);
    assert_eq!((page.status, page.h1().as_str()), (200, "West Coast Sales"));
    assert_eq!(page.flash(), "West Coast Sales is created. Choose how it rings in its settings.");
    assert!(page.has("Nobody is in this group") && page.has("0 of 0 reachable"), "{}", page.text());

    let made = create(&ada, "Tier 2 Support", &[world.dana.id.as_str(), world.bruno.id.as_str(), world.dana.id.as_str()]);
    let page = ada.get(made.to());
    assert_eq!(page.caption(), "Showing 1–2 of 2 members, sorted by when they joined");
    let names: Vec<&str> = page.body.match_indices("<th scope=\"row\">").map(|(at, _)| &page.body[at..]).map(name_in).collect();
    assert_eq!(names, ["Bruno Vargas", "Dana Silva"], "ticked twice is in it once");
    let id: GroupId = made.to().rsplit('/').next().unwrap().parse().unwrap();
    let group = world.group_row(&world.ada, id);
    assert_eq!((group.members, group.ring_secs, group.time_zone.as_str(), group.fallback()), (2, 30, "UTC", Destination::Voicemail));
}

fn name_in(row: &str) -> &str {
    row.split("\">").nth(2).unwrap().split('<').next().unwrap()
}

#[test]
fn r40_enter_saves_the_group_and_enter_in_the_search_searches() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(&format!("{GROUPS}/new?name=Sales&q=dana"));
    let first = page.attribute("main form button", "value");
    assert_eq!((first.as_deref(), page.value_of("searched").as_str()), (Some("enter"), "dana"), "the button for Enter comes first");
    let enter = |q: &str, searched: &str| ada.post(GROUPS, &[("name", "Sales"), ("q", q), ("searched", searched), ("op", "enter")]);
    let page = world.unchanged("a search", || enter("chen", "dana"));
    assert_eq!((page.status, page.value_of("name").as_str(), page.value_of("searched").as_str()), (200, "Sales", "chen"));
    assert!(page.has("Chen Wei") && !page.has("Dana Silva"));
    assert_eq!(enter("chen", "chen").status, 303);
    assert_eq!(ada.post(GROUPS, &[("name", "Support"), ("q", "chen"), ("searched", "")]).status, 303, "the button itself saves whatever was typed");
}

#[test]
fn r40_a_name_has_1_to_80_characters_and_what_was_chosen_stays() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (name, sentence) in [
        ("", "Enter a name for the group, like West Coast Sales."),
        (" \t ", "Enter a name for the group, like West Coast Sales."),
        (&"x".repeat(81), "A group's name has at most 80 characters."),
        ("a\u{202e}b", "A group's name has letters, digits and signs only."),
    ] {
        let page = world.unchanged(name, || create(&ada, name, &[world.dana.id.as_str()]));
        assert_eq!((page.status, page.error_of("name").as_str(), page.value_of("name").as_str()), (422, sentence, name));
        assert_eq!(page.problems(), [sentence]);
        assert!(page.title().starts_with("Error: "), "{}", page.title());
        assert_eq!(ticked(&page), ["Dana Silva"], "{name:?}");
    }
    assert_eq!(create(&ada, &"é".repeat(80), &[]).status, 303);
    let hostile = ada.submit(GROUPS, &[("name", "<b>Sales</b> & \"Co\"")]);
    assert_eq!(hostile.h1(), "<b>Sales</b> & \"Co\"");
}

#[test]
fn r40_a_name_is_unique_in_its_account_ignoring_case() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for name in ["Sales", "ÉQUIPE"] {
        assert_eq!(create(&ada, name, &[]).status, 303);
    }
    for name in ["Sales", "SALES", " sales ", "équipe", "Équipe", "e\u{301}quipe"] {
        let page = world.unchanged(name, || create(&ada, name, &[world.dana.id.as_str()]));
        assert_eq!((page.status, page.error_of("name").as_str()), (422, TAKEN), "{name}");
        assert_eq!(ticked(&page), ["Dana Silva"]);
    }
    assert_eq!(create(&ada, "Equipe", &[]).status, 303, "an accent makes another name");
    let gus = world.sign_in(&world.gus);
    assert_eq!(create(&gus, "Sales", &[]).status, 303, "another account has names of its own");
    assert_eq!(gus.get(GROUPS).rows().len(), 1);
}

#[test]
fn r40_the_search_of_the_form_keeps_the_name_and_the_ticks() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let new = format!("{GROUPS}/new");
    let everybody = ["Ada Okafor", "Bruno Vargas", "Chen Wei", "Dana Silva"].map(|name| (name.to_owned(), false));
    assert_eq!(offered(&ada.get(&new)), everybody);
    let search = |q: &str, ids: &[&str]| {
        let ids = ids.iter().map(|id| ("member_ids", *id));
        world.unchanged(q, || ada.post(&new, &[("name", "Sales"), ("q", q)].into_iter().chain(ids).collect::<Vec<_>>()))
    };
    let shown = |page: &Page| offered(page).into_iter().map(|(name, ticked)| format!("{name} {ticked}")).collect::<Vec<_>>();
    let dana = world.dana.id.as_str();
    let page = search("bruno", &[dana]);
    assert_eq!((page.status, page.value_of("name").as_str(), page.value_of("q").as_str()), (200, "Sales", "bruno"));
    assert_eq!(shown(&page), ["Dana Silva true", "Bruno Vargas false"], "by name");
    assert_eq!(shown(&search("CHEN@ACME.TEST", &[dana])), ["Dana Silva true", "Chen Wei false"], "by address");
    assert_eq!(shown(&search("dana", &[dana])), ["Dana Silva true"], "whoever is ticked is there once");
    assert_eq!(shown(&search("", &[dana])), ["Dana Silva true", "Ada Okafor false", "Bruno Vargas false", "Chen Wei false"]);
    let nobody = search("zebra%", &[]);
    assert!(nobody.has("Nobody matches zebra%."), "{}", nobody.text());
    assert_eq!(nobody.value_of("name"), "Sales");
    assert_eq!(shown(&search("gwen", &[world.gwen.id.as_str(), "x"])), [""; 0], "nobody of another account");
    assert_eq!(shown(&ada.get(&format!("{new}?q=wei&name=Sales&member_ids={dana}"))), ["Dana Silva true", "Chen Wei false"]);
}

#[test]
fn r19_somebody_of_another_account_is_refused_and_nothing_is_created() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let nobody = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    for id in [world.gwen.id.as_str(), nobody, "x", ""] {
        let page = world.unchanged(id, || create(&ada, "Sales", &[world.dana.id.as_str(), id]));
        assert_eq!((page.status, page.error_of("member_ids").as_str()), (422, "Somebody you chose is no longer a member. Choose again."), "{id}");
        assert_eq!((page.value_of("name").as_str(), ticked(&page).as_slice()), ("Sales", &["Dana Silva".to_owned()][..]));
        assert!(!page.has("Gwen"));
    }
}

#[test]
fn r40_a_group_can_be_renamed_also_in_case_only() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales, _] = groups_of(&world, ["Sales", "Support"]);
    let page = ada.submit(&home(sales), &[("name", "SALES"), ("version", "1")]);
    assert_eq!((page.h1().as_str(), page.flash().as_str()), ("SALES", "The group is called SALES now."));
    assert_eq!(page.value_of("version"), "2");
    let page = ada.submit(&home(sales), &[("name", "Accounts"), ("version", "2")]);
    assert_eq!(page.h1(), "Accounts");
    assert_eq!(create(&ada, "sales", &[]).status, 303, "its old name is free");
    for (name, sentence) in [("suPPort", TAKEN), ("", "Enter a name for the group, like West Coast Sales.")] {
        let page = world.unchanged(name, || rename(&ada, sales, name, "3"));
        assert_eq!((page.status, page.error_of("name").as_str(), page.value_of("name").as_str()), (422, sentence, name));
        assert_eq!((page.h1().as_str(), page.value_of("version").as_str()), ("Accounts", "3"));
    }
}

#[test]
fn r40_a_group_that_is_not_there_is_no_page() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let foreign = world.group(&world.gus, "Globex Sales", &[&world.gwen]);
    let gone: GroupId = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
    for id in [foreign, gone] {
        for below in ["", "/members", "/settings", "/removal"] {
            assert_eq!(ada.get(&format!("{}{below}", home(id))).status, 404, "{below}");
        }
        world.unchanged("a group that is not there", || {
            assert_eq!(rename(&ada, id, "Mine", "1").status, 404);
            assert_eq!(ada.post(&format!("{}/members", home(id)), &[("member_ids", world.dana.id.as_str())]).status, 404);
            assert_eq!(ada.post(&format!("{}/members/{}/removal", home(id), world.gwen.id), &[]).status, 404);
            for section in ["ring", "hours", "fallback"] {
                assert_eq!(ada.post(&settings(id), &[("section", section), ("version", "1")]).status, 404, "{section}");
            }
            assert_eq!(ada.post(&format!("{}/removal", home(id)), &[("replacement", "voicemail")]).status, 404);
        });
    }
}
