use rollcall::clock::Span;

use crate::support::*;

fn from(world: &World, agent: &str) -> Browser {
    let browser = world.browser();
    let form = [("login", world.dana.email.as_str()), ("password", PASSWORD)];
    let request = browser.request(reqwest::Method::POST, "/login").header("Sec-Fetch-Site", "same-origin").header("User-Agent", agent);
    assert_eq!(browser.send(request.form(&form)).status, 303);
    browser
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";

#[test]
fn t6_the_list_says_where_one_is_signed_in_and_ends_one() {
    let world = World::new();
    let home = from(&world, FIREFOX);
    world.advance(Span::minutes(5));
    let (work, odd) = (from(&world, EDGE), from(&world, "curl <script>"));
    let page = home.get("/profile/sessions");
    assert_eq!(page.caption(), "3 sessions, times in UTC");
    let mut devices: Vec<(String, bool)> = page.rows().iter().map(|row| (row[0].clone(), row[4] == "This session")).collect();
    devices.sort();
    assert_eq!(devices, [("Edge on Windows".into(), false), ("Firefox on Linux".into(), true), ("curl <script>".into(), false)]);
    assert!(page.rows().iter().all(|row| row[1] == "127.0.0.1"));
    let label = "End session: Edge on Windows, 127.0.0.1";
    let end = page.buttons(label);
    assert_eq!(end.len(), 1, "{}", page.text());
    let page = home.submit(&end[0], &[]);
    assert_eq!((page.flash().as_str(), page.rows().len()), ("That session is ended.", 2));
    assert!(!work.is_signed_in() && home.is_signed_in() && odd.is_signed_in());
    // Nothing is left to end.
    assert_eq!(world.unchanged("ending it again", || home.post(&end[0], &[])).status, 404);
}

#[test]
fn t6_all_others_end_at_once() {
    let world = World::new();
    let home = world.sign_in(&world.dana);
    assert_eq!(home.get("/profile/sessions").buttons("End all others"), Vec::<String>::new());
    let others = [world.sign_in(&world.dana), world.sign_in(&world.dana)];
    let chen = world.sign_in(&world.chen);
    let end = home.get("/profile/sessions").buttons("End all others");
    let page = home.submit(&end[0], &[]);
    assert_eq!((page.flash().as_str(), page.rows().len()), ("All other sessions are ended.", 1));
    assert!(others.iter().all(|other| !other.is_signed_in()));
    assert!(chen.is_signed_in(), "somebody else's session is not one's own");
    let event = world.events(world.dana.account).into_iter().find(|event| event[0] == "session.others_ended").unwrap();
    assert_eq!(event[3], "2 others");
}

#[test]
fn t23_nobody_ends_the_session_of_another() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    world.sign_in(&world.dana);
    let path = dana.get("/profile/sessions").attribute("td form[action^='/profile/sessions/']", "action").unwrap();
    for person in [&world.ada, &world.chen, &world.gus] {
        let browser = world.sign_in(person);
        assert_eq!(world.unchanged(&person.name, || browser.post(&path, &[])).status, 404, "{}", person.name);
    }
    assert_eq!(dana.post(&path, &[]).status, 303);
}
