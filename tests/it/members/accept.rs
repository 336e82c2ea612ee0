use rollcall::{authz::Role, db::schema::members};

use super::*;

#[test]
fn t11_opening_a_link_changes_nothing_however_often() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "admin");
    world.unchanged("opening a link", || {
        for _ in 0..3 {
            let page = world.browser().get(&path);
            assert_eq!((page.status, page.h1().as_str()), (200, "Join Acme"));
            assert!(page.has("Ada Okafor invited you to Acme as Admin.") && page.has("9 Mar 2026, 09:00 UTC"), "{}", page.text());
            assert_eq!(page.attribute("#f-email", "value").as_deref(), Some("ana@x.test"));
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert!(page.set_cookies().is_empty(), "a mail scanner gets no cookie");
            assert_eq!(world.browser().head(&path).status, 200);
        }
    });
}

#[test]
fn r6_accepting_spends_the_link_and_signs_in_with_the_role_that_was_given() {
    let world = World::new();
    for (email, role) in [("ana@x.test", Role::Agent), ("sue@x.test", Role::Supervisor), ("max@x.test", Role::Admin)] {
        let path = invited(&world, email, role.word());
        let browser = world.browser();
        let answer = accept(&browser, &path);
        assert_eq!((answer.status, answer.to()), (303, "/"));
        assert!(browser.is_signed_in());
        let (id, status) = find(&world, world.ada.account, email);
        assert_eq!(status, Status::Active);
        let row: (Role, String, Option<At>, At) = world.read(|conn| {
            let m = members::table.filter(members::id.eq(id));
            m.select((members::role, members::first_name, members::email_verified_at, members::joined_at)).first(conn)
        });
        assert_eq!(row, (role, "Ana".into(), Some(world.now()), world.now()));
        assert_eq!(browser.get(LIST).status, if role == Role::Admin { 200 } else { 403 });
        let event = world.events(world.ada.account).pop().unwrap();
        let said = format!("as {}, charged $47.42 ($49.00 × 30 of 31 days)", role.name());
        assert_eq!(event, ["member.joined", "Ana Ruiz", "Ana Ruiz", &said]);
        let again = world.unchanged("the second time", || accept(&world.browser(), &path));
        assert_eq!((again.status, again.h1().as_str()), (410, "This invitation was accepted"));
        // The password is theirs.
        let again = world.browser();
        assert_eq!(again.post("/login", &[("login", email), ("password", PASSWORD)]).status, 303);
    }
    let ada = world.sign_in(&world.ada);
    assert_eq!(row(&ada.get(LIST), "Ana Ruiz ana@x.test")[2], "Active");
}

#[test]
fn r58_a_wrong_form_spends_nothing_and_keeps_all_but_the_password() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    for (first, password, field) in [
        ("", PASSWORD, "first_name"),
        ("Ana", "short", "password"),
        ("Ana", "", "password"),
        ("Ana", "ana@x.test ana@x.test", "password"),
        ("Ana", "aaaaaaaaaaaaaaaa", "password"),
    ] {
        let fields = [("first_name", first), ("last_name", "Ruiz"), ("password", password)];
        let page = world.unchanged(password, || world.browser().post(&path, &fields));
        assert_eq!(page.status, 422, "{password}");
        assert!(!page.error_of(field).is_empty(), "{field} {password}");
        assert_eq!((page.value_of("first_name").as_str(), page.value_of("last_name").as_str()), (first, "Ruiz"));
        assert!(password.is_empty() || password == "ana@x.test ana@x.test" || !page.body.contains(password), "{password}");
        assert!(page.title().starts_with("Error: "));
    }
    assert_eq!(accept(&world.browser(), &path).status, 303);
}

#[test]
fn t16_nobody_chooses_their_own_role_or_address() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    let extra = [("role", "owner"), ("email", "ada@acme.test"), ("status", "removed"), ("account_id", world.gus.account.as_str())];
    let mut fields = vec![("first_name", "Ana"), ("last_name", ""), ("password", PASSWORD)];
    fields.extend(extra);
    assert_eq!(world.browser().post(&path, &fields).status, 303);
    let (id, status) = find(&world, world.ada.account, "ana@x.test");
    let role: Role = world.read(|conn| members::table.filter(members::id.eq(id)).select(members::role).first(conn));
    assert_eq!((role, status), (Role::Agent, Status::Active));
}

#[test]
fn r8_whoever_is_signed_in_as_somebody_else_is_told_whose_it_is() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    for (person, me) in [(&world.gus, "Gus Hart of Globex"), (&world.dana, "Dana Silva of Acme")] {
        let browser = world.sign_in(person);
        let page = browser.get(&path);
        assert_eq!((page.status, page.h1().as_str()), (200, "This invitation is for ana@x.test"));
        assert!(page.has(&format!("It invites ana@x.test to Acme. You are signed in as {me}.")), "{}", page.text());
        let joining = world.unchanged("joining as somebody else", || accept(&browser, &path));
        assert_eq!((joining.status, joining.h1().as_str()), (409, "This invitation is for ana@x.test"));
        assert_eq!(page.buttons("Sign out and continue"), ["/logout"]);
        assert_eq!(page.value_of("next"), path);
    }
    let browser = world.sign_in(&world.gus);
    let continued = browser.submit("/logout", &[("next", &path)]);
    assert_eq!(continued.h1(), "Join Acme");
    assert_eq!(accept(&browser, &path).status, 303);
    assert!(browser.get("/profile").has("ana@x.test"));
}
