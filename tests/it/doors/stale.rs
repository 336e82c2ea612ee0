//! Every form with a version refuses one that is not the present one, and shows what is (R59).

use super::*;

#[test]
fn r59_every_form_with_a_version_says_that_it_is_outdated_and_shows_the_present_state() {
    let world = World::new();
    let (home, ada) = (acme(&world), world.sign_in(&world.ada));
    let mut tried = Vec::new();
    for door in DOORS.iter().filter(|door| door.fields.contains(&"version")) {
        assert_eq!(door.method, "POST", "{} changes nothing", door.path);
        let good = example(&world, door, &ada, Some(&world.ada), &home);
        let present =
            good.fields.iter().find(|(name, _)| *name == "version").unwrap_or_else(|| panic!("{} is tried without its version", door.path)).1.clone();
        let newer = (present.parse::<i64>().unwrap() + 1).to_string();
        for version in ["0", "-1", "", "x", "1.0", newer.as_str(), "99999999999999999999"] {
            let with = |(name, value): &(&'static str, String)| (*name, if *name == "version" { version.to_owned() } else { value.clone() });
            let outdated = Good { fields: good.fields.iter().map(with).collect(), ..good.clone() };
            let page = world.unchanged(door.path, || try_door(&ada, door, &outdated));
            assert_eq!(page.status, 409, "{} with the version {version:?}: {}", door.path, page.text());
            assert!(page.has("nothing was saved"), "{}: {}", door.path, page.text());
            assert!(page.title().starts_with("Error: "), "{}: {}", door.path, page.title());
            assert!(page.body.contains(&format!("name=\"version\" value=\"{present}\"")), "{}: the next try is about what is shown", door.path);
        }
        assert_eq!(try_door(&ada, door, &good).status, 303, "{}: with the present version it is taken", door.path);
        tried.push(door.path);
    }
    assert!(tried.len() >= 4, "{tried:?}");
}
