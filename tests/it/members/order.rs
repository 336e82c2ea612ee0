use std::collections::BTreeSet;

use rollcall::{
    authz::Role,
    clock::{At, Span},
};

use super::*;

/// Every page from the first to the last.
fn pages(browser: &Browser, sort: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some(format!("{LIST}?sort={sort}"));
    while let Some(path) = next {
        let page = browser.get(&path);
        assert_eq!(page.status, 200, "{path}");
        all.extend(ids(&page));
        assert!(all.len() <= 200, "pages that never end");
        next = page.link("Next page");
    }
    all
}

/// What each order compares, from the database.
type Key = (String, String, String, At, At, String);

fn keys(world: &World) -> std::collections::BTreeMap<String, Key> {
    use schema::members::dsl as m;
    type Row = (MemberId, String, Role, Status, At, At);
    let live = m::members.filter(m::account_id.eq(world.ada.account)).filter(m::status.ne(Status::Removed));
    let rows: Vec<Row> = world.read(|conn| live.select((m::id, m::sort_name, m::role, m::status, m::last_active_at, m::joined_at)).load(conn));
    let key = |(id, name, role, status, active, joined): Row| {
        (id.to_string(), (name, role.word().to_owned(), status.word().to_owned(), active, joined, id.to_string()))
    };
    rows.into_iter().map(key).collect()
}

/// 130 more members: equal names, mixed case, accents, invited ones among them.
fn many(world: &World) {
    crowd(world, world.ada.account, 100, |i| match i % 10 {
        0 => "Sam Same".into(),
        1 => format!("Émile {i}"),
        2 => format!("emile {i}"),
        3 => format!("~Tilde! {i}"),
        _ => format!("Crowd {i}"),
    });
    world.advance(Span::minutes(5));
    let ada = world.sign_in(&world.ada);
    let emails: Vec<String> = (0..30).map(|i| format!("i{i}@x.test")).collect();
    assert_eq!(invite(&ada, &emails.join(","), "supervisor").status, 303);
}

#[test]
fn every_order_pages_through_every_member_exactly_once_both_ways() {
    let world = World::new();
    many(&world);
    let ada = world.sign_in(&world.ada);
    let keys = keys(&world);
    assert_eq!(keys.len(), 134);
    for sort in ["name", "role", "status", "last_active", "joined"] {
        let compare = |a: &Key, b: &Key| match sort {
            "name" => (&a.0, &a.5).cmp(&(&b.0, &b.5)),
            "role" => (&a.1, &a.0, &a.5).cmp(&(&b.1, &b.0, &b.5)),
            "status" => (&a.2, &a.0, &a.5).cmp(&(&b.2, &b.0, &b.5)),
            "last_active" => (a.3, &a.5).cmp(&(b.3, &b.5)),
            _ => (a.4, &a.5).cmp(&(b.4, &b.5)),
        };
        let mut right: Vec<&Key> = keys.values().collect();
        right.sort_by(|a, b| compare(a, b));
        let right: Vec<String> = right.into_iter().map(|key| key.5.clone()).collect();
        let up = pages(&ada, sort);
        assert_eq!(up, right, "{sort}");
        let down = pages(&ada, &format!("-{sort}"));
        assert_eq!(down, right.into_iter().rev().collect::<Vec<_>>(), "-{sort}");
    }
}

#[test]
fn paging_goes_on_steadily_while_members_are_added() {
    let world = World::new();
    many(&world);
    let ada = world.sign_in(&world.ada);
    let before: BTreeSet<String> = keys(&world).into_keys().collect();
    for sort in ["name", "-name", "role", "-joined"] {
        let first = ada.get(&format!("{LIST}?sort={sort}"));
        let mut seen = ids(&first);
        // One before everything shown, one after; no row may come twice or be jumped over for it.
        let n = world.read(|conn| schema::members::table.count().get_result::<i64>(conn));
        world.member(world.ada.account, "Aaa First", &format!("aaa{n}@x.test"), Role::Admin, Status::Active);
        world.member(world.ada.account, "Zzz Last", &format!("zzz{n}@x.test"), Role::Agent, Status::Active);
        let mut next = first.link("Next page");
        while let Some(path) = next {
            let page = ada.get(&path);
            seen.extend(ids(&page));
            next = page.link("Next page");
        }
        let unique: BTreeSet<String> = seen.iter().cloned().collect();
        assert_eq!(unique.len(), seen.len(), "{sort}: somebody came twice");
        assert!(before.is_subset(&unique), "{sort}: somebody was left out");
    }
}

#[test]
fn a_columns_head_leads_to_its_order_and_from_there_to_the_opposite() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(&format!("{LIST}?q=da&role=agent"));
    assert_eq!(page.attribute("th[aria-sort]", "aria-sort").as_deref(), Some("ascending"));
    assert_eq!(page.link("Role").unwrap(), format!("{LIST}?q=da&role=agent&sort=role"), "an order keeps the filters");
    let page = ada.get(&page.link("Last active").unwrap());
    assert_eq!(page.attribute("th[aria-sort]", "aria-sort").as_deref(), Some("descending"), "who was here last comes first");
    let page = ada.get(&page.link("Last active ▼").unwrap());
    assert_eq!(page.attribute("th[aria-sort]", "aria-sort").as_deref(), Some("ascending"));
    assert_eq!(page.caption(), "Showing 1 of 1 matching members, sorted by last active (longest ago first)");
}
