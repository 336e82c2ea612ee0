use super::*;

#[test]
fn r40_the_group_filter_shows_that_groups_members_with_every_order_and_filter() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = world.group(&world.ada, "Sales", &[&world.chen, &world.dana, &world.bruno]);
    world.group(&world.ada, "Tier 2", &[&world.ada, &world.dana]);
    let names = |query: &str| -> Vec<String> {
        shown(&ada.get(&format!("{LIST}?group={sales}{query}"))).iter().map(|cell| cell.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names(""), ["Bruno", "Chen", "Dana"]);
    assert_eq!(names("&sort=-name"), ["Dana", "Chen", "Bruno"]);
    for sort in ["role", "-role", "status", "-status", "last_active", "-last_active", "joined", "-joined"] {
        let mut all = names(&format!("&sort={sort}"));
        all.sort();
        assert_eq!(all, ["Bruno", "Chen", "Dana"], "{sort}");
    }
    assert_eq!(names("&role=agent"), ["Dana"]);
    assert_eq!(names("&status=active&q=chen"), ["Chen"]);
    assert_eq!(names("&q=ada"), Vec::<String>::new());
    let page = ada.get(&format!("{LIST}?group={sales}"));
    assert_eq!((page.value_of("group"), page.caption()), (sales.to_string(), "Showing 1–3 of 3 matching members, sorted by name (A to Z)".into()));
    assert_eq!(page.link("Export CSV").unwrap(), format!("{LIST}.csv?group={sales}"));
    let csv = ada.get(&format!("{LIST}.csv?group={sales}&sort=-name"));
    assert_eq!(csv.body.lines().skip(1).map(|line| line.split('@').next().unwrap()).collect::<Vec<_>>(), ["dana", "chen", "bruno"]);
}

#[test]
fn r40_a_group_of_many_pages_on_with_all_its_members_once_in_every_order() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let people = crowd(&world, world.ada.account, 1300, |i| if i % 3 == 0 { "Sam Same".into() } else { format!("Crowd {i:05}") });
    let join = |name: &str, n: usize| {
        let (id, by, now) = (world.group(&world.ada, name, &[]), world.proof::<rollcall::authz::ManageGroups>(&world.ada), world.now());
        world.app.db.write_now(|tx| rollcall::groups::add(tx, &by, id, &people[..n], now)).unwrap();
        (id, n)
    };
    for ((id, n), many) in [(join("Small", 120), "120"), (join("Large", 1200), "more than 1,000")] {
        assert_eq!(world.group_row(&world.ada, id).members, n as i64);
        for sort in ["", "&sort=-last_active", "&sort=role"] {
            let mut next = Some(format!("{LIST}?group={id}{sort}"));
            let mut seen = Vec::new();
            while let Some(path) = next {
                let page = ada.get(&path);
                assert!(
                    seen.len() >= 1000 || page.caption().contains(&format!("of {many} matching")) || page.rows().len() < 50,
                    "{}",
                    page.caption()
                );
                seen.extend(ids(&page));
                next = page.link("Next page");
            }
            let mut wanted: Vec<String> = people[..n].iter().map(ToString::to_string).collect();
            assert_eq!(seen.len(), n, "{sort}");
            seen.sort();
            wanted.sort();
            assert_eq!(seen, wanted, "{sort}");
        }
        assert!(ada.get(&format!("{LIST}?group={id}&role=agent")).caption().contains("Showing 1–50 of"));
    }
}

#[test]
fn r19_a_group_of_another_account_or_none_has_no_members_here() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let theirs = world.group(&world.gus, "Globex only", &[&world.gus]);
    for id in [theirs.as_str(), "01ARZ3NDEKTSV4RRFFQ69G5FAV"] {
        let page = ada.get(&format!("{LIST}?group={id}"));
        assert_eq!((page.status, page.rows().len(), page.has("No members match")), (200, 0, true), "{id}");
        assert!(!page.has("Globex"));
    }
    // What is no id at all is no filter.
    for id in ["x", "", "%27%3B+DROP+TABLE+members%3B--"] {
        assert_eq!(ada.get(&format!("{LIST}?group={id}")).rows().len(), 4, "{id}");
    }
}
