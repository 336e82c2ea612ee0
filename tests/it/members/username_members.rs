//! Users by username (R2, R32, R36, T1).

use rollcall::{accounts, clock::Span, members::Member};

use super::*;

const NEW: &str = "/settings/team/username-members/new";
const OTHER: &str = "velvet harbour ninety lanterns";

fn fields<'a>(typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [("username", "desk"), ("first_name", "Front"), ("last_name", "Desk"), ("role", "agent"), ("password", ""), ("number_id", "")];
    let kept = usual.into_iter().filter(|(name, _)| !typed.iter().any(|(field, _)| field == name));
    kept.chain(typed.iter().copied()).collect()
}

fn create(browser: &Browser, typed: &[(&str, &str)]) -> Page {
    browser.post("/settings/team/username-members", &fields(typed))
}

/// The user of Acme with this username.
#[track_caller]
fn user(world: &World, username: &str) -> (Person, Member) {
    use schema::members::dsl as m;
    let newest = m::members.filter(m::account_id.eq(world.ada.account)).filter(m::username.eq(username)).order(m::seq.desc());
    let row: Member = world.read(|conn| newest.select(Member::as_select()).first(conn));
    let person = Person { account: row.account_id, id: row.id, name: row.display_name(), email: format!("acme/{username}"), role: row.role };
    (person, row)
}

fn count(world: &World) -> i64 {
    world.app.db.read_now(|conn| accounts::get(conn, world.ada.account)).unwrap().active_members
}

fn login(world: &World, login: &str, password: &str) -> (Browser, Page) {
    world.advance(Span::secs(20));
    let browser = world.browser();
    let page = browser.post("/login", &[("login", login), ("password", password)]);
    (browser, page)
}

#[test]
fn r2_a_user_by_username_is_made_with_a_password_that_is_shown_once() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let page = create(&bruno, &[("username", " Front.Desk ")]);
    assert_eq!((page.status, page.h1().as_str()), (200, "Password of Front Desk"));
    assert_eq!(page.header("cache-control"), "no-store");
    let (name, password) = (page.attribute("#f-login", "value").unwrap(), page.attribute("#f-password", "value").unwrap());
    assert_eq!(name, "acme/front.desk");
    assert_eq!(page.all("input[readonly]", |_| ()).len(), 2);
    let (person, row) = user(&world, "front.desk");
    assert_eq!((row.status, row.role, row.email.as_deref(), row.must_change_password), (Status::Active, Role::Agent, None, true));
    assert_eq!(row.joined_at, world.now());
    assert_eq!(count(&world), 5, "a seat from now on (R32)");
    assert!(world.deliver().is_empty(), "there is nobody to mail");
    let home = format!("{LIST}/{}", person.id);
    for path in [home.as_str(), LIST, "/settings/audit-log", "/settings/team/members.csv", NEW] {
        assert!(!bruno.get(path).body.contains(&password), "{path} shows the password again");
    }
    assert_eq!(
        world.events(world.ada.account).pop().unwrap(),
        ["member.created", "Bruno Vargas", "Front Desk", "as Agent, username front.desk, charged $47.42 ($49.00 × 30 of 31 days)"]
    );

    let (browser, page) = login(&world, "acme/front.desk", &password);
    assert_eq!(page.status, 303);
    assert_eq!(browser.get("/profile").to(), "/profile/password");
    let page = browser.post("/profile/password", &[("current_password", &password), ("password", OTHER)]);
    assert_eq!((page.status, page.to()), (303, "/"));
    let page = browser.get("/profile");
    assert!(page.has("acme/front.desk") && page.has("none yet"), "{}", page.text());
    assert_eq!(login(&world, "acme/front.desk", &password).1.status, 422);
    assert_eq!(login(&world, "ACME/Front.Desk", OTHER).1.status, 303, "however it is written");
    let page = bruno.get(&home);
    assert!(page.has("User by username") && page.has("acme/front.desk"), "{}", page.text());
    assert!(bruno.get("/settings/team/members.csv").body.contains(",front.desk,Front,Desk,agent,active,"));
    assert_eq!(shown(&bruno.get("/settings/team/members?q=front.de")).len(), 1);
}

#[test]
fn r2_both_addresses_of_the_form_take_it() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(bruno.get(LIST).link("User by username").as_deref(), Some(NEW));
    let page = bruno.get("/settings/team/members/new");
    assert_eq!(page.link("User by username").as_deref(), Some(NEW));
    let page = bruno.get(NEW);
    assert_eq!((page.h1().as_str(), page.link("User by email").as_deref()), ("User by username", Some("/settings/team/members/new")));
    assert_eq!(bruno.post(NEW, &fields(&[("username", "one")])).status, 200);
    assert_eq!(create(&bruno, &[("username", "two")]).status, 200);
}

#[test]
fn t3_a_typed_password_is_held_to_the_same_rules_and_must_be_changed_too() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    for (password, says) in [
        ("short", "Use at least 12 characters."),
        ("passwordpassword", "This password is easy to guess. Use more words, or ones that do not belong together."),
        ("lobby-phone velvet ninety", "Leave your name, address and company out of the password."),
    ] {
        let page = world.unchanged(password, || create(&bruno, &[("username", "lobby-phone"), ("password", password)]));
        assert_eq!((page.status, page.error_of("password").as_str()), (422, says));
        assert!(!page.body.contains(password), "a password is never shown again (R58)");
        assert_eq!(page.value_of("username"), "lobby-phone");
    }
    let page = create(&bruno, &[("password", OTHER)]);
    let (person, row) = user(&world, "desk");
    assert_eq!((page.status, page.to()), (303, format!("{LIST}/{}", person.id).as_str()));
    assert!(row.must_change_password);
    let page = bruno.get(page.to());
    assert_eq!(
        page.flash(),
        "Front Desk can sign in as acme/desk with the password you typed, and chooses another one then. $47.42 was charged for 30 of 31 days."
    );
    assert!(!page.body.contains(OTHER));
    let (browser, page) = login(&world, "acme/desk", OTHER);
    assert_eq!((page.status, browser.get("/").to()), (303, "/profile/password"));
    let page = browser.post("/profile/password", &[("current_password", OTHER), ("password", OTHER)]);
    assert_eq!(page.error_of("password"), "This is your password already. Choose another one.");
}

#[test]
fn t1_a_plain_username_is_enough_only_where_the_server_has_one_account() {
    let world = World::new();
    assert_eq!(create(&world.sign_in(&world.ada), &[("password", OTHER)]).status, 303);
    assert_eq!(create(&world.sign_in(&world.gus), &[("password", PASSWORD)]).status, 303, "another account's username is its own");
    for name in ["desk", "globex/desk", "nowhere/desk", "acme/", "/desk"] {
        assert_eq!(login(&world, name, OTHER).1.status, 422, "{name}");
    }
    assert_eq!(login(&world, "acme/desk", OTHER).1.status, 303);

    let world = World::wish().empty().open();
    let owner = world.browser();
    let founder =
        [("company", "Solo"), ("name", "Sol O"), ("email", "sol@solo.test"), ("password", PASSWORD), ("plan", "team"), ("time_zone", "UTC")];
    assert_eq!(owner.post("/signup", &founder).status, 303);
    assert_eq!(create(&owner, &[("password", OTHER)]).status, 303);
    assert_eq!(login(&world, "desk", OTHER).1.status, 303);
}

#[test]
fn r2_a_username_that_somebody_has_names_them() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(create(&bruno, &[]).status, 200);
    let (person, _) = user(&world, "desk");
    let page = world.unchanged("a taken username", || create(&bruno, &[("username", "DESK"), ("first_name", "Other")]));
    assert_eq!((page.status, page.error_of("username").as_str()), (422, "desk is the username of Front Desk already."));
    assert_eq!(page.link("Open the profile of Front Desk"), Some(format!("{LIST}/{}", person.id)));
    world.stand(&person, Status::Deactivated);
    assert_eq!(create(&bruno, &[]).status, 422, "who is kept keeps it");
    world.stand(&person, Status::Removed);
    assert_eq!(create(&bruno, &[]).status, 200, "who was removed does not");
}

#[test]
fn r58_what_was_wrong_gets_a_sentence_and_nobody_is_made() {
    let world = World::wish().plan("team").open();
    let bruno = world.sign_in(&world.bruno);
    for (field, text, says) in [
        ("username", "ab", "A username has 3 to 32 of the characters a–z, 0–9, dot, underscore and hyphen."),
        ("username", "a/b/c", "A username has 3 to 32 of the characters a–z, 0–9, dot, underscore and hyphen."),
        ("username", "dana@acme.test", "A username has 3 to 32 of the characters a–z, 0–9, dot, underscore and hyphen."),
        ("first_name", " ", "Enter a first name."),
        ("role", "owner", "There is one Owner: transfer the ownership instead."),
        ("role", "king", "Choose a role."),
        ("role", "supervisor", "The Team plan has no Supervisors (Pro and above)."),
        ("number_id", "x", "Choose a number from the list."),
        ("group_ids", "01J0000000000000000000000Z", "Somebody deleted a group meanwhile, so nothing was saved. Look at the groups again."),
    ] {
        let page = world.unchanged(field, || create(&bruno, &[(field, text)]));
        assert_eq!(page.status, 422, "{field} {text:?}");
        if field != "group_ids" {
            assert_eq!(page.error_of(field), says, "{field} {text:?}");
        }
    }
}

#[test]
fn r36_a_user_by_username_takes_a_place() {
    let world = World::wish().plan("essentials").open();
    let bruno = world.sign_in(&world.bruno);
    assert!(bruno.get(NEW).has("1 of 5 places of the Essentials plan are free."));
    let made = world.at_once(8, |i| create(&bruno, &[("username", &format!("desk{i}")), ("password", OTHER)]).status);
    assert_eq!(made.iter().filter(|status| **status == 303).count(), 1, "{made:?}");
    assert!(made.iter().all(|status| [303, 422, 503].contains(status)), "{made:?}");
    assert_eq!(count(&world), 5);
    let page = world.unchanged("no place", || create(&bruno, &[("username", "late")]));
    assert_eq!(
        page.error_of("username"),
        "The Essentials plan has 5 places and none is free. Cancel an invitation, or ask Ada Okafor for a larger plan."
    );
}

#[test]
fn r2_of_many_who_make_one_username_at_once_one_does() {
    let world = World::new();
    let browsers = [world.sign_in(&world.ada), world.sign_in(&world.bruno)];
    for round in 0..5 {
        let name = format!("desk{round}");
        let made = world.at_once(6, |i| create(&browsers[i % 2], &[("username", &name), ("password", OTHER)]));
        assert_eq!(made.iter().filter(|page| page.status == 303).count(), 1, "round {round}");
        let told = |page: &&Page| page.error_of("username") == format!("{name} is the username of Front Desk already.");
        assert!(made.iter().filter(|page| page.status == 422).all(|page| told(&page)));
    }
    assert_eq!(count(&world), 9);
}

#[test]
fn r48_a_user_by_username_has_the_number_and_the_groups_at_once() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let free = number(&world, &world.ada, "+14155550101", "Lobby", None);
    let taken = number(&world, &world.ada, "+14155550102", "Dana's", Some(&world.dana));
    let sales = world.group(&world.ada, "Sales", &[]);
    let page = world.unchanged("a taken number", || create(&bruno, &[("number_id", taken.as_str()), ("group_ids", sales.as_str())]));
    assert_eq!(page.status, 422);
    assert!(page.error_of("number_id").starts_with("That number is assigned to Dana Silva"), "{}", page.error_of("number_id"));
    assert_eq!(create(&bruno, &[("number_id", free.as_str()), ("group_ids", sales.as_str())]).status, 200);
    let row = row(&bruno.get(LIST), "Front Desk");
    assert!(row.iter().any(|cell| cell.contains("+1 415-555-0101")) && row.iter().any(|cell| cell == "Sales"), "{row:?}");
}

fn give(browser: &Browser, person: &Person, password: &str) -> Page {
    browser.post(&format!("{LIST}/{}/password", person.id), &[("password", password)])
}

#[test]
fn r2_a_lost_password_is_replaced_by_an_admin() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(create(&bruno, &[("password", OTHER)]).status, 303);
    let (desk, _) = user(&world, "desk");
    let (open, _) = login(&world, "acme/desk", OTHER);
    assert_eq!(open.post("/profile/password", &[("current_password", OTHER), ("password", PASSWORD)]).status, 303);
    assert_eq!(open.get("/profile").status, 200);
    // Somebody guessed at it until it was slow.
    for _ in 0..4 {
        world.browser().post("/login", &[("login", "acme/desk"), ("password", "guess guess guess")]);
    }
    let page = give(&bruno, &desk, "");
    assert_eq!((page.status, page.h1().as_str()), (200, "Password of Front Desk"));
    let password = page.attribute("#f-password", "value").unwrap();
    assert_eq!(open.get("/profile").to(), rollcall::web::login_path("/profile"), "every session ended");
    let browser = world.browser();
    assert_eq!(browser.post("/login", &[("login", "acme/desk"), ("password", &password)]).status, 303, "at once (T4)");
    assert_eq!(browser.get("/profile").to(), "/profile/password");
    assert_eq!(login(&world, "acme/desk", PASSWORD).1.status, 422);
    assert_eq!(world.events(world.ada.account).iter().filter(|[event, ..]| event == "password.given").count(), 1);
    assert!(bruno.get(&format!("{LIST}/{}", desk.id)).has("They have not chosen a password of their own yet."));
    let page = give(&bruno, &desk, "short");
    assert_eq!((page.status, page.error_of("password").as_str()), (422, "Use at least 12 characters."));
    let page = give(&bruno, &desk, OTHER);
    assert_eq!((page.status, page.to()), (303, format!("{LIST}/{}", desk.id).as_str()));
    assert_eq!(login(&world, "acme/desk", OTHER).1.status, 303);
    // T8: only soon after the Admin gave their own.
    world.advance(rollcall::clock::Span::minutes(15));
    let page = world.unchanged("an old password", || give(&bruno, &desk, ""));
    assert!(page.status == 303 && page.to().starts_with("/password/confirmation?next="), "{} {}", page.status, page.to());
}

#[test]
fn t9_users_by_email_set_their_own_password_and_nobody_gives_the_owner_one() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    for (person, status, says) in [
        (
            &world.dana,
            422,
            "Dana Silva is a user by email and sets their own password: they choose “Forgot password?” on the sign-in page and get a link.",
        ),
        (&world.ada, 403, "Nobody gives the Owner a password, so nothing was changed."),
        (&world.bruno, 422, "Change your own password on your profile."),
    ] {
        let page = world.unchanged(&person.name, || give(&bruno, person, ""));
        assert_eq!((page.status, page.problems()), (status, vec![says.to_owned()]));
        assert!(page.attribute("#f-password", "value").is_none());
        assert!(bruno.get(&format!("{LIST}/{}", person.id)).buttons("Reset Password").is_empty());
    }
    assert_eq!(create(&bruno, &[]).status, 200);
    let (desk, _) = user(&world, "desk");
    world.stand(&desk, Status::Removed);
    let page = world.unchanged("somebody removed", || give(&bruno, &desk, ""));
    assert_eq!(page.status, 409);
}

#[test]
fn r2_a_user_by_username_may_get_an_address_later_and_lose_it_again() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(create(&bruno, &[("password", OTHER)]).status, 303);
    let (desk, _) = user(&world, "desk");
    let home = format!("{LIST}/{}", desk.id);
    let page = bruno.post(&home, &[("email", "desk@acme.test"), ("version", "1")]);
    assert_eq!(page.status, 303, "{}", page.text());
    let mails = world.deliver();
    assert_eq!(mails.iter().map(|mail| mail.to.concat()).collect::<Vec<_>>(), ["desk@acme.test"]);
    assert_eq!(user(&world, "desk").1.email_verified_at, None);
    for name in ["acme/desk", "desk@acme.test"] {
        assert_eq!(login(&world, name, OTHER).1.status, 303, "{name}");
    }
    // Now they can set a forgotten password themselves.
    world.browser().post("/password/new", &[("login", "acme/desk")]);
    let path = world.mailed_path("desk@acme.test");
    assert_eq!(world.browser().post(&path, &[("password", PASSWORD)]).status, 303);
    let row = user(&world, "desk").1;
    assert!(!row.must_change_password && row.email_verified_at.is_some());
    world.deliver();
    let page = give(&bruno, &desk, OTHER);
    assert_eq!(page.status, 303);
    assert_eq!(world.deliver().remove(0).subject(), "Your password was changed", "who has an address is told");
    let page = bruno.post(&home, &[("email", ""), ("version", "2")]);
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(world.deliver().remove(0).text().contains("was removed by Bruno Vargas. You now sign in with your username"));
    assert_eq!(login(&world, "desk@acme.test", OTHER).1.status, 422);
    assert_eq!(login(&world, "acme/desk", OTHER).1.status, 303);
    assert_eq!(user(&world, "desk").1.email, None);
}

#[test]
fn r2_another_username_acts_at_once() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    for name in ["desk", "lobby"] {
        assert_eq!(create(&bruno, &[("username", name), ("first_name", name), ("role", "admin"), ("password", OTHER)]).status, 303);
    }
    let (desk, _) = user(&world, "desk");
    let home = format!("{LIST}/{}", desk.id);
    let (open, _) = login(&world, "acme/desk", OTHER);
    assert_eq!(open.post("/profile/password", &[("current_password", OTHER), ("password", PASSWORD)]).status, 303);
    let page = world.unchanged("own", || open.post(&home, &[("username", "mine"), ("version", "1")]));
    assert_eq!((page.status, page.error_of("username").len(), page.problems().len()), (422, 0, 1), "{}", page.text());
    let page = world.unchanged("taken", || bruno.post(&home, &[("username", "lobby"), ("version", "1")]));
    assert_eq!((page.status, page.error_of("username").as_str()), (422, "lobby is the username of lobby Desk already."));
    let page = world.unchanged("none", || bruno.post(&home, &[("username", ""), ("version", "1")]));
    assert_eq!((page.status, page.error_of("username").as_str()), (422, "A user by username needs a username."));
    let page = bruno.post(&home, &[("username", "Reception"), ("version", "1")]);
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(open.get("/profile").to(), rollcall::web::login_path("/profile"), "signed out");
    assert_eq!(login(&world, "acme/desk", PASSWORD).1.status, 422);
    assert_eq!(login(&world, "acme/reception", PASSWORD).1.status, 303);
    let events = world.events(world.ada.account);
    assert!(events.iter().any(|[event, _, _, details]| event == "member.details_changed" && details == "username to reception"));
}

#[test]
fn t19_a_username_or_a_name_is_shown_as_text() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let page = create(&bruno, &[("username", "<script>"), ("first_name", "\"><script>alert(1)</script>")]);
    assert_eq!(page.status, 422);
    assert!(!page.body.contains("<script>alert"), "escaped");
}
