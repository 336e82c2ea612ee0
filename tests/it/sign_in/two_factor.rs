//! Turning two-factor sign-in on and off (T6, T7).

use diesel::prelude::*;
use rollcall::{
    clock::Span,
    db::{
        Digest32,
        schema::{members, recovery_codes, second_factors, sessions},
    },
};

use super::second_step::pass;
use crate::support::{authenticator::recovery_codes, *};

const HERE: &str = "/profile/two-factor";

#[test]
fn t7_setting_up_shows_a_picture_and_the_same_key_at_every_look() {
    let world = World::new();
    let (dana, elsewhere) = (world.sign_in(&world.dana), world.sign_in(&world.dana));
    let page = world.unchanged("looking", || dana.get(HERE));
    assert_eq!((page.status, page.h1().as_str()), (200, "Set up two-factor sign-in"));
    let key = page.attribute("#secret", "value").unwrap();
    assert_eq!(key.len(), 32, "{key}");
    assert!(page.attribute("#secret", "readonly").is_some());
    let picture = page.attribute("svg.qr path", "d").unwrap();
    assert!(picture.starts_with("M4 4h7v1h-7z"), "{picture}");
    assert!(!page.body.contains("style="), "the policy for styles (T14)");
    assert_eq!(dana.get(HERE).attribute("#secret", "value").unwrap(), key);
    assert_ne!(elsewhere.get(HERE).attribute("#secret", "value").unwrap(), key);
    assert_ne!(world.sign_in(&world.chen).get(HERE).attribute("#secret", "value").unwrap(), key);
}

#[test]
fn t6_setting_up_ends_the_other_sessions_gives_this_one_a_new_key_and_mails() {
    let world = World::new();
    let (acting, other, chen) = (world.sign_in(&world.dana), world.sign_in(&world.dana), world.sign_in(&world.chen));
    let old_key = acting.clone();
    let app = world.set_up_two_factor(&acting);
    assert!(acting.is_signed_in() && chen.is_signed_in());
    assert!(!old_key.is_signed_in() && !other.is_signed_in());
    assert_ne!(acting.cookies()["rollcall"], old_key.cookies()["rollcall"]);
    assert_eq!(app.recovery.len(), 10);
    assert!(acting.get("/profile").has("On since 2 Mar 2026"));
    let mails = world.deliver();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to[0].as_str(), mails[0].subject().as_str()), ("dana@acme.test", "Your two-factor sign-in changed"));
    assert!(mails[0].text().contains("Two-factor sign-in was just set up for your account at Acme."), "{}", mails[0].text());
    let event = world.events(world.dana.account).into_iter().find(|event| event[0] == "two_factor.set_up");
    assert_eq!(event.unwrap(), ["two_factor.set_up", "Dana Silva", "Dana Silva", ""]);
}

#[test]
fn t7_the_database_knows_neither_the_key_nor_the_recovery_codes() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let key = dana.get(HERE).attribute("#secret", "value").unwrap();
    let app = world.set_up_two_factor(&dana);
    let everything = format!("{:?}", world.everything()).to_lowercase();
    let bytes = totp_rs::Secret::try_from_base32(&key).unwrap().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(!everything.contains(&key.to_lowercase()) && !everything.contains(&bytes));
    for code in &app.recovery {
        assert!(!everything.contains(code.as_str()) && !everything.contains(&code.replace('-', "")));
    }
    let page = dana.get(HERE);
    assert_eq!(page.h1(), "Two-factor sign-in");
    assert!(page.has("10 of 10 are left") && recovery_codes(&page).is_empty() && !page.body.contains(&key));
}

#[test]
fn r58_a_wrong_code_sets_nothing_up() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let app = Authenticator::of(&dana.get(HERE));
    let late = app.at(world.now() - Span::secs(90));
    for (code, sentence) in [
        ("", "Enter the 6-digit code from your app, or a recovery code."),
        ("000000", "This code is wrong, or it was used already. Enter the one that the app shows now."),
        (late.as_str(), "This code is wrong, or it was used already. Enter the one that the app shows now."),
        ("abcd-efgh-jkmn", "This code is wrong, or it was used already. Enter the one that the app shows now."),
    ] {
        let page = world.unchanged(code, || dana.post(HERE, &[("code", code)]));
        assert_eq!((page.status, page.error_of("code").as_str()), (422, sentence), "{code:?}");
        assert!(page.title().starts_with("Error: "));
        assert_eq!((page.value_of("code").as_str(), Authenticator::of(&page).code(&world)), ("", app.code(&world)), "the key stays");
    }
}

#[test]
fn t7_a_second_window_sets_nothing_up_twice() {
    let world = World::new();
    let (here, there) = (world.sign_in(&world.dana), world.sign_in(&world.dana));
    let code = Authenticator::of(&there.get(HERE)).code(&world);
    world.set_up_two_factor(&here);
    // The other window's session is over.
    assert_eq!(there.post(HERE, &[("code", &code)]).to(), "/login");
}

#[test]
fn t7_new_recovery_codes_end_the_old_and_cost_a_code_of_the_app() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let app = world.set_up_two_factor(&dana);
    assert!(dana.get(HERE).body.contains(r#"<input type="hidden" name="codes" value="new">"#));
    let used = dana.post(HERE, &[("codes", "new"), ("code", &app.code(&world))]);
    assert_eq!(used.status, 422, "each code once");
    world.advance(Span::secs(30));
    let page = dana.post(HERE, &[("codes", "new"), ("code", &app.code(&world))]);
    assert_eq!((page.status, page.h1().as_str()), (200, "Your new recovery codes"));
    let new = recovery_codes(&page);
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !app.recovery.contains(code)));
    assert_eq!(world.read(|conn| recovery_codes::table.count().get_result::<i64>(conn)), 10);
    let browser = world.first_step(&world.dana);
    assert_eq!(browser.post("/two-factor", &[("code", &app.recovery[0])]).status, 422, "an old one");
    world.advance(Span::secs(10));
    assert_eq!(browser.post("/two-factor", &[("code", &new[0])]).status, 303);
    assert!(browser.get(HERE).has("9 of 10 are left"));
}

#[test]
fn t7_a_form_for_how_it_stood_before_does_nothing() {
    const CHANGED: &str = "Two-factor sign-in was changed in another window meanwhile, so nothing was done. This is how it stands now.";
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for wish in [("codes", "new"), ("app", "another")] {
        let page = dana.submit(HERE, &[wish, ("code", "000000")]);
        assert_eq!((page.h1().as_str(), page.flash().as_str()), ("Set up two-factor sign-in", CHANGED), "{wish:?} of none");
    }
    let app = world.set_up_two_factor(&dana);
    world.advance(Span::secs(30));
    let before = world.read(|conn| recovery_codes::table.select(recovery_codes::digest).order(recovery_codes::digest).load::<Digest32>(conn));
    let page = dana.submit(HERE, &[("code", &app.code(&world))]);
    assert_eq!((page.h1().as_str(), page.flash().as_str()), ("Two-factor sign-in", CHANGED), "a first app where there is one");
    let after = world.read(|conn| recovery_codes::table.select(recovery_codes::digest).order(recovery_codes::digest).load::<Digest32>(conn));
    assert!(before == after, "the recovery codes stay");
    // Nor was the code taken.
    assert_eq!(dana.post(HERE, &[("codes", "new"), ("code", &app.code(&world))]).status, 200);
}

#[test]
fn t7_another_app_takes_the_place_of_the_first() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let old = world.set_up_two_factor(&dana);
    world.advance(Span::secs(30));
    let path = dana.get(HERE).link("Use another app").unwrap();
    let page = dana.get(&path);
    assert_eq!(page.h1(), "Use another app");
    let new = Authenticator::of(&page);
    assert_ne!(new.code(&world), old.code(&world));
    assert_eq!(dana.post(HERE, &[("app", "another"), ("code", &old.code(&world))]).status, 422, "the old app's code");
    let page = dana.post(HERE, &[("app", "another"), ("code", &new.code(&world))]);
    assert_eq!((page.status, recovery_codes(&page).len()), (200, 10));
    world.advance(Span::secs(30));
    let browser = world.first_step(&world.dana);
    assert_eq!(browser.post("/two-factor", &[("code", &old.code(&world))]).status, 422);
    world.advance(Span::secs(30));
    pass(&browser, &new.code(&world), "/");
}

#[test]
fn t7_turning_off_costs_the_password_and_ends_the_other_sessions() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let app = world.set_up_two_factor(&dana);
    world.deliver();
    world.advance(Span::secs(30));
    let other = world.first_step(&world.dana);
    pass(&other, &app.code(&world), "/");
    for (password, sentence) in [("", "Enter your current password."), ("not it", "This is not your current password.")] {
        let page = world.unchanged(password, || dana.post(&format!("{HERE}/removal"), &[("current_password", password)]));
        assert_eq!((page.status, page.error_of("current_password").as_str()), (422, sentence));
    }
    world.advance(Span::secs(5));
    let old_key = dana.clone();
    let page = dana.submit(&format!("{HERE}/removal"), &[("current_password", PASSWORD)]);
    assert_eq!(page.flash(), "Two-factor sign-in is off. You are signed out everywhere else.");
    assert!(!old_key.is_signed_in() && !other.is_signed_in() && dana.is_signed_in());
    assert!(!world.row(&world.dana).has_second_factor());
    assert_eq!(world.read(|conn| second_factors::table.count().get_result::<i64>(conn)), 0);
    assert_eq!(world.read(|conn| recovery_codes::table.count().get_result::<i64>(conn)), 0);
    assert!(world.deliver()[0].text().contains("was just turned off"));
    // Signing in is one step again, and the second click says so.
    assert_eq!(world.sign_in(&world.dana).get("/profile").status, 200);
    let page = dana.submit(&format!("{HERE}/removal"), &[("current_password", PASSWORD)]);
    assert_eq!(page.flash(), "Two-factor sign-in is off already.");
}

#[test]
fn t6_a_sign_in_under_way_ends_with_the_change() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let app = world.set_up_two_factor(&dana);
    world.advance(Span::secs(30));
    let under_way = world.first_step(&world.dana);
    dana.post(&format!("{HERE}/removal"), &[("current_password", PASSWORD)]);
    let page = under_way.post("/two-factor", &[("code", &app.code(&world))]);
    assert_eq!((page.status, page.to()), (303, "/login"));
    assert!(!under_way.is_signed_in());
    assert_eq!(world.read(|conn| sessions::table.count().get_result::<i64>(conn)), 1);
}

#[test]
fn t7_a_reset_password_leaves_the_second_step() {
    use rollcall::sign_in::links::Purpose;
    let world = World::new();
    let app = world.set_up_two_factor(&world.sign_in(&world.dana));
    let link = world.link(&world.dana, Purpose::PasswordReset, &world.dana.email);
    let (browser, new) = (world.browser(), "velvet harbour ninety lanterns");
    assert_eq!(browser.post(&link, &[("password", new)]).status, 303);
    assert_eq!(browser.post("/login", &[("login", &world.dana.email), ("password", new)]).to(), "/two-factor");
    assert!(!browser.is_signed_in());
    world.advance(Span::secs(30));
    pass(&browser, &app.code(&world), "/");
}

#[test]
fn t22_a_second_factor_is_its_accounts() {
    let world = World::new();
    world.set_up_two_factor(&world.sign_in(&world.dana));
    let moved = world.app.db.write_now(|tx| {
        let row = diesel::update(second_factors::table).set(second_factors::account_id.eq(world.gus.account));
        Ok::<_, rollcall::failure::Failure>(row.execute(&mut **tx).is_err())
    });
    // PostgreSQL refuses to commit after it.
    assert!(moved.unwrap_or(true));
    let at: rollcall::clock::At =
        world.read(|conn| members::table.filter(members::id.eq(world.dana.id)).select(members::second_factor_at).first(conn));
    assert!(!at.is_never());
}
