//! Every door, tried as everybody (T21). A new door without an example in `examples.rs` fails here.

use std::fmt::Write;

use diesel::prelude::*;
use rollcall::{
    accounts::TwoFactorPolicy,
    authz::{Errand, Role},
    clock::Span,
    db::schema::{accounts, members},
    doors::{DOORS, Door},
    members::Status,
    web::login_path,
};

use crate::support::{database::difference, *};

mod declared;
mod examples;
mod methods;
mod stale;

use examples::{Good, example};

/// The four people of an account that only this door uses.
fn household(world: &World, n: usize) -> [Person; 4] {
    world.account(&format!("Door{n}"), "pro", ["Ada Okafor", "Bruno Vargas", "Chen Wei", "Dana Silva"])
}

/// Acme's four people.
fn acme(world: &World) -> [Person; 4] {
    [&world.ada, &world.bruno, &world.chen, &world.dana].map(Person::clone)
}

fn try_door(browser: &Browser, door: &Door, good: &Good) -> Page {
    let fields: Vec<(&str, &str)> = good.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match &good.file {
        Some((field, called, content)) => browser.upload(&good.path, &fields, field, called, content),
        None if door.method == "GET" => browser.get(&good.path),
        None => browser.post(&good.path, &fields),
    }
}

/// The next page of a 303, or nothing.
fn leads_to(page: &Page) -> String {
    if page.status == 303 { page.to().to_owned() } else { String::new() }
}

#[test]
fn t21_every_door_lets_in_whom_it_should() {
    let world = World::wish().set("ROLLCALL_SIGNUP", "open").open();
    let cast = acme(&world).map(|person| (person.clone(), world.sign_in(&person)));
    let mut wrong = String::new();
    for (n, door) in DOORS.iter().enumerate() {
        // Looking changes nobody, so the cast does for it.
        let home = if door.method == "GET" { acme(&world) } else { household(&world, n) };
        let mut visitors: Vec<Option<&Person>> = home.iter().filter(|who| door.least.is_none_or(|least| least.held_by(who.role))).map(Some).collect();
        if door.least.is_none() {
            visitors.push(None);
        }
        assert!(!visitors.is_empty(), "nobody may use {} {}", door.method, door.path);
        for who in visitors {
            let signed_in = cast.iter().find(|(person, _)| door.method == "GET" && who.is_some_and(|who| who.id == person.id));
            let browser = match (signed_in, who) {
                (Some((_, browser)), _) => browser.clone(),
                (None, Some(who)) => world.sign_in(who),
                (None, None) => world.browser(),
            };
            let good = example(&world, door, &browser, who, &home);
            let before = world.everything();
            let page = try_door(&browser, door, &good);
            let changed = before != world.everything();
            // Which id a new object gets, nobody can know before.
            let new = |next: String| {
                if good.to.ends_with("{id}") { next.rsplit_once('/').map_or(next.clone(), |(path, _)| format!("{path}/{{id}}")) } else { next }
            };
            let got = (page.status, new(leads_to(&page)), changed);
            let wanted = (good.status, good.to.clone(), good.changes);
            if got != wanted {
                let who = who.map_or("anonymous", |who| who.role.name());
                let _ =
                    writeln!(wrong, "{} {} as {who}: (answer, next, changed) is {got:?}, not {wanted:?}: {}", door.method, good.path, page.text());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Somebody who comes to Acme's doors.
struct Visitor {
    who: &'static str,
    browser: Browser,
    /// Nobody as far as the server is concerned.
    role: Option<Role>,
    of_acme: bool,
    /// What comes before all else for them.
    errand: Option<Errand>,
}

fn visitors(world: &World) -> Vec<Visitor> {
    let mut visitors = vec![Visitor { who: "anonymous", browser: world.browser(), role: None, of_acme: false, errand: None }];
    for (who, status) in [("deactivated", Status::Deactivated), ("removed", Status::Removed)] {
        let person = world.member(world.ada.account, "Eli Novak", &format!("{who}@acme.test"), Role::Admin, Status::Active);
        visitors.push(Visitor { who, browser: world.sign_in(&person), role: None, of_acme: true, errand: None });
        world.stand(&person, status);
    }
    for role in [Role::Admin, Role::Agent] {
        let person = world.member(world.ada.account, "Eli Novak", &format!("given-{}@acme.test", role.word()), role, Status::Active);
        let row = members::table.filter(members::id.eq(person.id));
        world.write(|conn| diesel::update(row).set(members::must_change_password.eq(true)).execute(conn));
        let who = "must change the password";
        visitors.push(Visitor { who, browser: world.sign_in(&person), role: Some(role), of_acme: true, errand: Some(Errand::ChangePassword) });
    }
    let pending = world.member(world.ada.account, "Eli Novak", "pending@acme.test", Role::Admin, Status::Active);
    world.set_up_two_factor(&world.sign_in(&pending));
    visitors.push(Visitor { who: "second factor pending", browser: world.first_step(&pending), role: None, of_acme: true, errand: None });
    // An account that asks a second factor of everybody.
    let [nia, ..] = world.account("Initech", "pro", ["Nia Obi", "Noa Obi", "Ned Obi", "Nan Obi"]);
    let account = accounts::table.find(nia.account);
    world.write(|conn| diesel::update(account).set(accounts::require_two_factor.eq(TwoFactorPolicy::Everyone)).execute(conn));
    let (who, errand) = ("must set up a second factor", Some(Errand::SetUpSecondFactor));
    visitors.push(Visitor { who, browser: world.sign_in(&nia), role: Some(nia.role), of_acme: false, errand });
    // A closed account (R38).
    let [hal, hank, ..] = world.account("Hooli", "pro", ["Hal Ito", "Hank Ito", "Hope Ito", "Hugo Ito"]);
    let signed_in = [&hal, &hank].map(|person| world.sign_in(person));
    crate::billing::close_now(world, hal.account);
    for (browser, role, errand) in signed_in.into_iter().zip([(Some(hal.role), Some(Errand::Reopen)), (None, None)]).map(|(b, (r, e))| (b, r, e)) {
        visitors.push(Visitor { who: "of a closed account", browser, role, of_acme: false, errand });
    }
    let cast = [&world.ada, &world.bruno, &world.chen, &world.dana, &world.gus, &world.greta, &world.gil, &world.gwen];
    for person in cast {
        let of_acme = person.account == world.ada.account;
        let who = if of_acme { person.role.name() } else { "another account's member" };
        visitors.push(Visitor { who, browser: world.sign_in(person), role: Some(person.role), of_acme, errand: None });
    }
    visitors
}

/// What a door must say to a visitor whom it does not let in; `None` where it does.
fn refusal(door: &Door, path: &str, visitor: &Visitor) -> Option<(u16, String)> {
    let least = door.least?;
    if let Some(errand) = visitor.errand.filter(|errand| !least.survives(*errand)) {
        return Some((303, errand.path().to_owned()));
    }
    match visitor.role {
        None => Some((303, if door.method == "GET" { login_path(path) } else { "/login".into() })),
        Some(role) if !least.held_by(role) => Some((403, String::new())),
        Some(_) if !visitor.of_acme && path_varies(door) => Some((404, String::new())),
        Some(_) => None,
    }
}

fn path_varies(door: &Door) -> bool {
    door.path.contains("{id}")
}

/// Each path like `good`, an example of the door's, with `id` in one of the places where the path varies.
fn with_id(door: &Door, good: &str, id: &str) -> Vec<String> {
    let segments: Vec<&str> = good.split('/').collect();
    let places = door.path.split('/').enumerate().filter(|(_, segment)| segment.starts_with('{')).map(|(place, _)| place);
    places.map(|place| segments.iter().enumerate().map(|(n, segment)| if n == place { id } else { *segment }).collect::<Vec<_>>().join("/")).collect()
}

#[test]
fn t21_every_door_turns_away_whom_it_should_and_nothing_changes() {
    let world = World::new();
    let visitors = visitors(&world);
    let home = acme(&world);
    let (mut wrong, mut tried) = (String::new(), 0);
    for door in DOORS.iter().filter(|door| door.least.is_some()) {
        let ada = world.sign_in(&world.ada);
        let good = example(&world, door, &ada, Some(&world.ada), &home);
        let before = world.everything();
        for visitor in &visitors {
            let Some(wanted) = refusal(door, &good.path, visitor) else { continue };
            let page = try_door(&visitor.browser, door, &good);
            tried += 1;
            let got = (page.status, leads_to(&page));
            if got != wanted {
                let _ = writeln!(wrong, "{} {} as {} ({:?}): {got:?}, not {wanted:?}", door.method, good.path, visitor.who, visitor.role);
            }
        }
        let changed = difference(&before, &world.everything());
        if !changed.is_empty() {
            let _ = writeln!(wrong, "{} {} changed, though refused: {changed:#?}", door.method, good.path);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(tried > 100, "only {tried} refusals were tried");
}

#[test]
fn t21_the_invited_have_no_session_and_get_none() {
    let world = World::new();
    let (invited, _) = world.invite(&world.ada, "new@acme.test", Role::Agent);
    let browser = world.browser();
    for password in [PASSWORD, "", "x"] {
        world.advance(Span::secs(10));
        assert_eq!(browser.post("/login", &[("login", &invited.email), ("password", password)]).status, 422);
    }
    assert!(browser.cookies().is_empty());
}

#[test]
fn r19_a_malformed_or_missing_id_is_no_page() {
    let world = World::new();
    let owner = world.sign_in(&world.ada);
    // Ids of objects that another account has, and of none.
    let elsewhere = world.member(world.gus.account, "Zed Zed", "zed@globex.test", Role::Agent, Status::Active);
    let (member, group) = (elsewhere.id.to_string(), world.group(&world.gus, "Globex Sales", &[&elsewhere]).to_string());
    let ids = [
        &member,
        &group,
        "x",
        "1",
        "..",
        "01arz3ndektsv4rrffq69g5fav",
        "01ARZ3NDEKTSV4RRFFQ69G5FAU",
        "%00",
        "01ARZ3NDEKTSV4RRFFQ69G5F%27%27",
        "%F0%9F%92%A9",
    ];
    let home = acme(&world);
    for door in DOORS.iter().filter(|door| path_varies(door)) {
        let good = example(&world, door, &owner, Some(&world.ada), &home);
        let places = with_id(door, &good.path, "x").len();
        for id in ids {
            // The client itself resolves `..`, so that path is another door, or none.
            if id == ".." && places > 1 {
                continue;
            }
            for path in with_id(door, &good.path, id) {
                let good = Good { path: path.clone(), ..good.clone() };
                let page = world.unchanged(&path, || try_door(&owner, door, &good));
                assert!(page.status == 404 || (id == ".." && [404, 405, 200].contains(&page.status)), "{} {path}: {}", door.method, page.status);
            }
        }
    }
}

#[test]
fn r7_a_malformed_token_opens_nothing_and_names_nobody() {
    let world = World::new();
    let browser = world.browser();
    let unknown = "A".repeat(43);
    for door in DOORS.iter().filter(|door| door.path.contains("{token}")) {
        for token in [unknown.as_str(), "x", "%00", "%27%20OR%201=1", &"A".repeat(4000)] {
            let path = door.path.replace("{token}", token);
            let fields = [("password", PASSWORD), ("first_name", "X"), ("last_name", "Y")];
            let page = world.unchanged(&path, || if door.method == "GET" { browser.get(&path) } else { browser.post(&path, &fields) });
            assert!([404, 410].contains(&page.status), "{} {path}: {}", door.method, page.status);
            assert!(!page.body.contains("Acme") && !page.body.contains("Ada"), "{path} names somebody");
        }
    }
}

#[test]
fn t11_looking_changes_nothing() {
    let world = World::wish().set("ROLLCALL_SIGNUP", "open").open();
    let home = acme(&world);
    for door in DOORS.iter().filter(|door| door.method == "GET") {
        for who in [Some(&world.ada), None] {
            let browser = who.map_or_else(|| world.browser(), |who| world.sign_in(who));
            let good = example(&world, door, &browser, who, &home);
            let (seen, head) = world.unchanged(&good.path, || (browser.get(&good.path), browser.head(&good.path)));
            assert_eq!((head.status, leads_to(&head)), (seen.status, leads_to(&seen)), "HEAD {}", good.path);
            assert_eq!(head.header("content-type"), seen.header("content-type"), "HEAD {}", good.path);
            assert_eq!(head.body, "", "HEAD {}", good.path);
        }
    }
}
