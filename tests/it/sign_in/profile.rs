use rollcall::authz::Role;

use crate::support::*;

const NAMES: [&str; 5] = ["first_name", "last_name", "job_title", "time_zone", "theme"];
const FORM: [&str; 5] = ["  Dana   Maria ", "Souza", "Night desk", "Asia/Tokyo", "dark"];

fn form(values: [&str; 5]) -> Vec<(&str, &str)> {
    NAMES.into_iter().zip(values).collect()
}

#[test]
fn r16_members_edit_their_own_details() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let page = dana.get("/profile");
    assert_eq!(NAMES.map(|name| page.value_of(name)), ["Dana", "Silva", "", "", "system"]);
    assert_eq!(page.attribute("html", "data-theme"), None);
    let page = dana.submit("/profile", &form(FORM));
    assert_eq!(page.flash(), "Your changes are saved.");
    assert_eq!(NAMES.map(|name| page.value_of(name)), ["Dana Maria", "Souza", "Night desk", "Asia/Tokyo", "dark"]);
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    // 09:00 UTC is 18:00 in Tokyo.
    let sessions = dana.get("/profile/sessions");
    assert!(sessions.caption().ends_with("times in Asia/Tokyo"), "{}", sessions.caption());
    assert!(sessions.rows()[0][2].contains("18:00"), "{:?}", sessions.rows());
    assert_eq!(sessions.flash(), "", "a flash is shown once");
    let event = world.events(world.dana.account).pop().unwrap();
    assert_eq!(event, ["profile.changed", "Dana Silva", "Dana Maria Souza", "name, job title, time zone, theme"]);
    assert_eq!(world.row(&world.dana).version, 2);
    // Others see the new name, and find it.
    let found = world.sign_in(&world.ada).get("/settings/team/members?q=maria+souza");
    assert_eq!(found.rows().len(), 1);
}

#[test]
fn r57_saving_what_is_there_writes_nothing() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let answer = world.unchanged("an unchanged form", || dana.post("/profile", &form(["Dana", "Silva", "", "", "system"])));
    assert_eq!(answer.status, 303);
}

#[test]
fn r58_bad_details_come_back_with_a_sentence_each() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let long = "x".repeat(81);
    for (at, value, sentence) in [
        (0, " ", "Enter a first name."),
        (0, "http://evil.test", "no links or brackets"),
        (1, "<b>Silva</b>", "no links or brackets"),
        (1, &long[..61], "at most 60"),
        (2, &long, "at most 80"),
        (3, "Mars/Olympus", "Choose a time zone"),
        (4, "plaid", "Choose a theme."),
    ] {
        let mut values = FORM;
        values[at] = value;
        let page = world.unchanged(value, || dana.post("/profile", &form(values)));
        assert_eq!(page.status, 422, "{value}");
        assert!(page.error_of(NAMES[at]).contains(sentence), "{value}: {:?}", page.error_of(NAMES[at]));
        assert_eq!(page.value_of(NAMES[0]), values[0]);
        assert_eq!(page.problems().len(), 1);
        assert!(!page.body.contains("<b>Silva"), "typed markup is not escaped");
    }
    // A last name may be missing.
    assert_eq!(dana.post("/profile", &form(["Dana", "", "", "", "light"])).status, 303);
}

#[test]
fn t16_no_form_sets_what_belongs_to_another_door() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let before = world.row(&world.dana);
    let ada = world.ada.id.to_string();
    let extra =
        [("role", "owner"), ("status", "removed"), ("email", "x@y.test"), ("account_id", "x"), ("member_id", &ada), ("id", &ada), ("version", "99")];
    assert_eq!(dana.post("/profile", &[&form(FORM)[..], &extra[..]].concat()).status, 303);
    let after = world.row(&world.dana);
    assert_eq!((after.role, after.status, &after.email, after.id), (Role::Agent, before.status, &before.email, before.id));
    assert_eq!((after.first_name.as_str(), after.password_hash), ("Dana Maria", before.password_hash));
    assert_eq!(world.row(&world.ada).first_name, "Ada");
}

#[test]
fn r42_members_say_on_their_profile_whether_they_take_calls() {
    let world = World::new();
    for person in [&world.ada, &world.dana] {
        let browser = world.sign_in(person);
        let page = browser.get("/profile");
        assert_eq!(page.value_of("availability"), "available");
        assert!(page.has("While you are away, your groups do not ring you."));
        let page = browser.submit("/profile/availability", &[("availability", "away")]);
        assert_eq!((page.flash().as_str(), page.value_of("availability").as_str()), ("You are away: your groups do not ring you.", "away"));
        let event = world.events(person.account).pop().unwrap();
        assert_eq!(event, ["availability.changed", &person.name, &person.name, "away"]);
        world.unchanged("the same again", || browser.post("/profile/availability", &[("availability", "away")]));
        let page = browser.submit("/profile/availability", &[("availability", "available")]);
        assert_eq!(page.value_of("availability"), "available");
    }
}

#[test]
fn r58_a_wrong_availability_is_refused_and_the_rest_of_the_page_stands() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for word in ["", "busy", "Away", "on_call"] {
        let page = world.unchanged(word, || dana.post("/profile/availability", &[("availability", word), ("first_name", "Evil"), ("theme", "dark")]));
        assert_eq!((page.status, page.error_of("availability").as_str()), (422, "Choose whether you take calls."), "{word}");
        assert_eq!((page.value_of("first_name"), page.value_of("availability")), ("Dana".to_owned(), "available".to_owned()));
        assert!(page.title().starts_with("Error: "));
        assert_eq!(page.problems().len(), 1);
    }
}

#[test]
fn r16_an_agent_sees_own_numbers_and_groups_and_no_form_for_them() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let page = dana.get("/profile");
    assert!(page.has("Telephone numbersnone yet Groupsnone yet"), "{}", page.text());
    crate::members::number(&world, &world.ada, "+14155552671", "Front desk", Some(&world.dana));
    crate::members::number(&world, &world.ada, "+14155552672", "", Some(&world.chen));
    world.group(&world.ada, "Sales", &[&world.dana]);
    world.group(&world.ada, "Tier 2", &[&world.chen]);
    let page = dana.get("/profile");
    assert!(page.has("Telephone numbers+1 415-555-2671 · Front desk GroupsSales"), "{}", page.text());
    assert!(!page.has("2672") && !page.has("Tier 2"));
    assert!(page.value_of("group_ids").is_empty() && page.attribute("input[name='group_ids'], input[name='number_id']", "name").is_none());
    let actions: Vec<&str> = page.body.split("action=\"").skip(1).map(|action| action.split('"').next().unwrap()).collect();
    assert!(actions.iter().all(|action| ["/profile", "/profile/availability", "/logout"].contains(action)), "{actions:?}");
    for (path, field) in
        [(format!("/settings/team/members/{}/groups", world.dana.id), "group_ids"), (format!("/settings/team/members/{}", world.dana.id), "")]
    {
        let answer = world.unchanged(&path, || if field.is_empty() { dana.get(&path) } else { dana.post(&path, &[]) });
        assert_eq!(answer.status, 403, "{path}");
    }
}
