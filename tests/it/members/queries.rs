use super::*;

/// A page's cost must not grow with its rows.
#[test]
fn a_page_of_the_list_asks_the_database_at_most_four_times() {
    questions::count();
    let world = World::new();
    crowd(&world, world.ada.account, 120, |i| format!("Crowd {i:04}"));
    let ada = world.sign_in(&world.ada);
    let sales = world.group(&world.ada, "Sales", &[&world.chen, &world.dana]);
    number(&world, &world.ada, "+14155552671", "", Some(&world.dana));
    let emails: Vec<String> = (0..30).map(|i| format!("i{i}@x.test")).collect();
    assert_eq!(invite(&ada, &emails.join(","), "agent").status, 303);
    ada.get(LIST);
    let asked = |path: &str| {
        // The first look takes the flash along and lets idle connections be asked whether they live.
        ada.get(path);
        let before = world.asked();
        let page = ada.get(path);
        (page.rows().len(), world.asked() - before)
    };
    let of_group = format!("?group={sales}&sort=-joined");
    for query in ["", "?sort=-status", "?status=invited", "?role=agent&sort=joined", "?status=expired", &of_group] {
        let (rows, asked) = asked(&format!("{LIST}{query}"));
        assert!((1..=4).contains(&asked), "{query:?}: {asked} questions for {rows} rows");
    }
    // A search asks first how common its words are, for the rows and for their number.
    for query in ["?q=many.test", "?q=cr", "?q=crowd1"] {
        let (rows, asked) = asked(&format!("{LIST}{query}"));
        assert!(rows > 30 && asked <= 7, "{query:?}: {asked} questions for {rows} rows");
    }
}
