use super::*;

/// How many rows a page has, and how many statements it took.
fn asked(world: &World, browser: &Browser, path: &str) -> (usize, usize) {
    // The first look takes the flash along and lets idle connections be asked whether they live.
    browser.get(path);
    let before = world.asked();
    let page = browser.get(path);
    (page.rows().len(), world.asked() - before)
}

#[test]
fn a_page_of_the_list_asks_the_database_at_most_four_times() {
    questions::count();
    let world = World::new();
    let ids = list::crowd(&world, 120);
    let sales = group(&world, "Sales West");
    for (i, id) in ids.iter().enumerate().take(60) {
        give(&world, *id, if i % 2 == 0 { Party::Group(sales) } else { Party::Member(world.dana.id) });
    }
    let ada = world.sign_in(&world.ada);
    for path in ["", "?q=dana", "?q=200", "?assigned=yes&incoming=assignee", "?after=50~%2B14152000049"].map(|query| format!("{LIST}{query}")) {
        let (rows, questions) = asked(&world, &ada, &path);
        assert!(rows >= 30 && questions <= 4, "{path}: {questions} questions for {rows} rows");
    }
    for path in [format!("{LIST}/{}", ids[0]), format!("{LIST}/{}/incoming", ids[0]), format!("{MEMBERS}/{}/numbers?q=line", world.dana.id)] {
        let (_, questions) = asked(&world, &ada, &path);
        assert!(questions <= 5, "{path}: {questions} questions");
    }
}
