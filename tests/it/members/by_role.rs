//! What each role finds (R13–R16).

use rollcall::db::schema::members;

use super::*;

/// The labels of the links in a navigation.
fn labels(page: &Page, navigation: &str) -> Vec<String> {
    use scraper::{Html, Selector};
    let links = Selector::parse(&format!("nav[aria-label='{navigation}'] a")).unwrap();
    Html::parse_document(&page.body).select(&links).map(|link| link.text().collect::<String>().trim().to_owned()).collect()
}

#[test]
fn r16_everybody_starts_where_they_may_and_sees_no_link_they_may_not_follow() {
    let world = World::new();
    let admin = ["Members", "User Groups", "Numbers", "Audit log", "Profile", "Sessions"];
    for (person, start, side) in [
        (&world.ada, LIST, ("Settings", &admin[..])),
        (&world.bruno, LIST, ("Settings", &admin[..])),
        (&world.chen, "/profile", ("You", &["Profile", "Sessions"][..])),
        (&world.dana, "/profile", ("You", &["Profile", "Sessions"][..])),
    ] {
        let browser = world.sign_in(person);
        assert_eq!(browser.get("/").to(), start, "{}", person.name);
        let page = browser.get(start);
        let found = labels(&page, side.0);
        assert!(side.1.iter().all(|label| found.iter().any(|it| it == label)), "{}: {found:?}", person.name);
        if person.role == Role::Supervisor || person.role == Role::Agent {
            assert_eq!(found, side.1, "{}", person.name);
            assert!(!labels(&page, "Main").iter().any(|label| label == "Settings"));
            assert!(!page.body.contains("href=\"/settings"), "{} is shown a way into the settings", person.name);
        }
        // Whatever a navigation offers opens.
        for href in page
            .body
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|href| href.starts_with('/') && !href.starts_with("/static"))
        {
            let status = browser.get(&href.replace("&amp;", "&").replace("&#38;", "&")).status;
            assert!([200, 303].contains(&status), "{} follows {href} to {status}", person.name);
        }
    }
}

#[test]
fn r16_a_closed_page_names_the_people_who_can_open_it() {
    let world = World::new();
    for person in [&world.chen, &world.dana] {
        let browser = world.sign_in(person);
        for path in [LIST, "/settings/user-groups", "/settings/numbers", "/settings/audit-log", "/settings/team/members.csv"] {
            let page = browser.get(path);
            assert_eq!((page.status, page.h1().as_str()), (403, "You may not do that"), "{path}");
            assert!(page.has("Only the Owner or an Admin can open this page. Ask Ada Okafor or Bruno Vargas."), "{path}: {}", page.text());
        }
    }
    // An Admin lacks what is the Owner's alone, and is sent to nobody else.
    let page = world.sign_in(&world.bruno).get(&format!("{LIST}/{}/ownership", world.dana.id));
    assert!(page.has("Only the Owner can open this page. Ask Ada Okafor."), "{}", page.text());
    // Nobody who cannot help: deactivated Admins, and those of other accounts.
    for n in 0..4 {
        world.member(world.ada.account, &format!("Bo Admin{n}"), &format!("bo{n}@acme.test"), Role::Admin, Status::Active);
    }
    world.stand(&world.bruno, Status::Deactivated);
    let page = world.sign_in(&world.dana).get(LIST);
    assert!(page.has("Ask Ada Okafor, Bo Admin0 or Bo Admin1."), "{}", page.text());
    assert_eq!(world.browser().get(LIST).status, 303, "a stranger learns nobody's name");
}

#[test]
fn r16_an_agents_profile_shows_role_numbers_and_groups_and_says_who_changes_them() {
    let world = World::new();
    number(&world, &world.ada, "+14155552671", "Dana's desk", Some(&world.dana));
    world.group(&world.ada, "Sales West", &[&world.dana]);
    for (person, role) in [(&world.dana, "Agent. Make and receive calls"), (&world.chen, "Supervisor. Agent permissions plus call monitoring")] {
        let page = world.sign_in(person).get("/profile");
        assert!(page.has(role), "{}", page.text());
        assert!(page.has("The Owner and Admins give these; you cannot change them here."));
        assert_eq!(page.attribute("[name='role'], [name='group_ids'], [name='number_id']", "name"), None);
    }
    let page = world.sign_in(&world.dana).get("/profile");
    assert!(page.has("+1 415-555-2671 · Dana's desk") && page.has("Sales West"), "{}", page.text());
}

#[test]
fn t16_the_own_profile_sets_no_role_status_or_account() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let fields = [
        ("first_name", "Dana"),
        ("last_name", "Silva"),
        ("job_title", "Queen"),
        ("time_zone", ""),
        ("theme", "dark"),
        ("role", "owner"),
        ("status", "active"),
        ("account_id", world.gus.account.as_str()),
        ("email", "boss@acme.test"),
        ("username", "boss"),
        ("session_epoch", "9"),
    ];
    assert_eq!(dana.post("/profile", &fields).status, 303);
    let row = world.row(&world.dana);
    assert_eq!((row.role, row.account_id, row.email.as_deref(), row.username), (Role::Agent, world.ada.account, Some("dana@acme.test"), None));
    assert_eq!(row.job_title, "Queen");
}

#[test]
fn r18_whoever_loses_the_right_finds_the_open_page_closed() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let page = bruno.get(&format!("{LIST}/{}", world.dana.id));
    let version = page.value_of("version");
    world.write(|conn| diesel::update(members::table.filter(members::id.eq(world.bruno.id))).set(members::role.eq(Role::Agent)).execute(conn));
    let page = world.unchanged("a role", || bruno.post(&format!("{LIST}/{}/role", world.dana.id), &[("role", "admin"), ("version", &version)]));
    assert_eq!(page.status, 403);
    assert!(page.has("Ask Ada Okafor."), "{}", page.text());
    assert_eq!(bruno.get("/").to(), "/profile");
}
