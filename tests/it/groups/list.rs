//! The list of groups, and the list of a group's people.

use rollcall::db::MemberId;

use super::*;
use crate::members::{crowd, shown};

/// A group of Acme with many people in it.
fn many(world: &World, name: &str, people: &[MemberId]) -> GroupId {
    let group = world.group(&world.ada, name, &[]);
    let (by, now) = (world.proof::<ManageGroups>(&world.ada), world.now());
    assert_eq!(world.app.db.write_now(|tx| groups::add(tx, &by, group, people, now)).unwrap(), people.len());
    group
}

#[test]
fn r40_the_list_pages_through_60_groups_in_the_order_of_their_names() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    // Names that differ by case and accents only in what they are sorted by.
    let mut names: Vec<String> = (0..57).map(|i| format!("Team {:02}", i * 7 % 57)).collect();
    names.extend(["Élan", "elan 2", "~ZEBRA!"].map(str::to_owned));
    for name in &names {
        world.group(&world.ada, name, &[]);
    }
    world.group(&world.gus, "Globex Sales", &[]);
    let first = ada.get(GROUPS);
    assert_eq!(first.caption(), "Showing 1–50 of 60 groups, sorted by name (A to Z)");
    let second = ada.get(&first.link("Next page").unwrap());
    assert_eq!(second.caption(), "Showing 51–60 of 60 groups, sorted by name (A to Z)");
    assert_eq!((first.link("First page"), second.link("Next page"), second.link("First page")), (None, None, Some(GROUPS.into())));
    let seen: Vec<String> = [&first, &second].into_iter().flat_map(|page| page.rows()).map(|mut row| row.swap_remove(0)).collect();
    let mut sorted: Vec<String> = (0..57).map(|i| format!("Team {i:02}")).collect();
    sorted.splice(0..0, ["Élan", "elan 2"].map(str::to_owned));
    sorted.push("~ZEBRA!".into());
    assert_eq!(seen, sorted);
}

#[test]
fn r40_the_list_finds_groups_by_words_of_their_names() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for name in ["West Coast Sales", "East Coast Sales", "Équipe 50%", "Tier_2"] {
        world.group(&world.ada, name, &[]);
    }
    for i in 0..60 {
        world.group(&world.ada, &format!("Shift {i:02}"), &[]);
    }
    let found = |q: &str| {
        let page = ada.get(&format!("{GROUPS}?q={q}"));
        (page.rows().into_iter().map(|mut row| row.swap_remove(0)).collect::<Vec<_>>(), page)
    };
    assert_eq!(found("coast").0, ["East Coast Sales", "West Coast Sales"]);
    assert_eq!(found("SALES+west").0, ["West Coast Sales"]);
    assert_eq!(found("equipe").0, ["Équipe 50%"]);
    assert_eq!(found("0%25").0, ["Équipe 50%"]);
    assert_eq!(found("r_2").0, ["Tier_2"]);
    let (rows, page) = found("west");
    assert_eq!((rows.len(), page.caption().as_str()), (1, "Showing 1 of 1 matching groups, sorted by name (A to Z)"));
    assert_eq!(page.value_of("q"), "west");
    let (_, page) = found("shift");
    assert_eq!(page.caption(), "Showing 1–50 of 60 matching groups, sorted by name (A to Z)");
    let next = ada.get(&page.link("Next page").unwrap());
    assert_eq!((next.caption().as_str(), next.value_of("q").as_str()), ("Showing 51–60 of 60 matching groups, sorted by name (A to Z)", "shift"));
    let (_, nothing) = found("zebra");
    assert!(nothing.has("No groups match") && nothing.link("Clear filters").as_deref() == Some(GROUPS), "{}", nothing.text());
}

#[test]
fn r40_a_list_without_groups_says_what_a_group_is_for() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(GROUPS);
    assert!(page.has("Create your first group") && page.rows().is_empty(), "{}", page.text());
    assert_eq!(page.link("Create Group"), Some(format!("{GROUPS}/new")));
    world.group(&world.ada, "Sales", &[]);
    for after in ["rubbish", "50~zzz", "50~zzz~zzz"] {
        let page = ada.get(&format!("{GROUPS}?after={after}"));
        assert!(page.status == 200 && !page.has("Create your first group"), "{after}: {}", page.text());
    }
}

#[test]
fn r40_a_row_says_all_that_matters_of_a_group() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.chen]);
    let page = ada.get(GROUPS);
    assert_eq!(page.rows(), [["Sales", "2", "Simultaneous", "Always open", "Voicemail"]]);
    assert_eq!(page.link("Sales"), Some(home(sales)));
}

#[test]
fn r40_the_people_of_a_group_page_in_the_order_of_joining() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let mut people = crowd(&world, world.ada.account, 120, |i| format!("Crowd {:04}", 119 - i));
    let sales = many(&world, "Sales", &people[..70]);
    let (by, now) = (world.proof::<ManageGroups>(&world.ada), world.now());
    world.app.db.write_now(|tx| groups::add(tx, &by, sales, &people[70..], now)).unwrap();
    // One of them leaves, and so leaves a hole in the places.
    let left = people.remove(30);
    assert_eq!(ada.post(&format!("{}/members/{left}/removal", home(sales)), &[]).status, 303);
    let (mut path, mut seen, mut captions) = (home(sales), Vec::new(), Vec::new());
    loop {
        let page = ada.get(&path);
        seen.extend(shown(&page));
        captions.push(page.caption());
        match page.link("Next page") {
            Some(next) => path = next,
            None => break,
        }
    }
    let range = |range: &str| format!("Showing {range} of 119 members, sorted by when they joined");
    assert_eq!(captions, ["1–50", "51–100", "101–119"].map(range));
    assert_eq!(ada.get(&path).link("First page"), Some(home(sales)));
    // Those who join together join in the order of their names.
    let name = |i: usize| format!("Crowd {:04} crowd{i}@many.test", 119 - i);
    let mut joined: Vec<String> = (0..70).rev().filter(|i| *i != 30).map(name).collect();
    joined.extend((70..120).rev().map(name));
    assert_eq!(seen, joined);
}

#[test]
fn the_pages_of_groups_ask_the_database_a_few_times_however_many_rows_there_are() {
    questions::count();
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let people = crowd(&world, world.ada.account, 120, |i| format!("Crowd {i:04}"));
    let [small, empty] = [crew(&world, "Small", &[&world.dana]), crew(&world, "Empty", &[])];
    let large = many(&world, "Large", &people);
    let asked = |path: &str| {
        // The first look takes the flash along and lets idle connections be asked whether they live.
        ada.get(path);
        let before = world.asked();
        assert_eq!(ada.get(path).status, 200);
        world.asked() - before
    };
    let few = asked(GROUPS);
    for i in 0..60 {
        let group = world.group(&world.ada, &format!("Team {i:02}"), &[&world.dana]);
        fall(&world, &ada, group, &Destination::Group(large));
    }
    let many = [asked(GROUPS), asked(&format!("{GROUPS}?q=team"))];
    assert!(few <= 4 && many.iter().all(|asked| (1..=4).contains(asked)), "{few}, then {many:?} questions");
    let pages = [empty, small, large].map(|id| asked(&home(id)));
    // Three names at most are looked up.
    assert!(pages.iter().all(|asked| (4..=9).contains(asked)) && pages[2] <= pages[1] + 2, "{pages:?} questions");
    let settings = [empty, large].map(|id| asked(&settings(id)));
    assert!(settings[0] == settings[1] && settings[0] <= 6, "{settings:?} questions");
    let adding = [empty, large].map(|id| asked(&format!("{}/members", home(id))));
    assert!(adding[0] == adding[1] && adding[0] <= 8, "{adding:?} questions");
}
