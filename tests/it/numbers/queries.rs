use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::*;

/// Statements by the database they were sent to.
static ASKED: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// Counts what goes over one connection.
#[derive(Default)]
struct Counter(String);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.0 = url.to_owned(),
            InstrumentationEvent::StartQuery { .. } => {
                *ASKED.lock().unwrap_or_else(PoisonError::into_inner).entry(self.0.clone()).or_default() += 1;
            }
            _ => {}
        }
    }
}

/// How many rows a page has, and how many statements it took.
fn asked(world: &World, browser: &Browser, path: &str) -> (usize, usize) {
    let url = world.database.url.trim_start_matches("sqlite://").to_owned();
    let so_far = || ASKED.lock().unwrap().get(&url).copied().unwrap_or_default();
    // The first look takes the flash along and lets idle connections be asked whether they live.
    browser.get(path);
    let before = so_far();
    let page = browser.get(path);
    (page.rows().len(), so_far() - before)
}

#[test]
fn a_page_of_the_list_asks_the_database_at_most_four_times() {
    set_default_instrumentation(|| Some(Box::<Counter>::default())).unwrap();
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
