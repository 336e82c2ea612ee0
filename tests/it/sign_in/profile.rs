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
