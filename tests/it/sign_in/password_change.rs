use std::sync::atomic::{AtomicBool, Ordering};

use rollcall::{clock::Span, sign_in::links::Purpose};

use crate::support::*;

const NEW: &str = "velvet harbour ninety lanterns";

fn change(browser: &Browser, current: &str, new: &str) -> Page {
    browser.post("/profile/password", &[("current_password", current), ("password", new)])
}

#[test]
fn t6_a_new_password_keeps_the_acting_session_under_a_new_key_and_ends_the_others() {
    let world = World::new();
    let (acting, other, chen) = (world.sign_in(&world.dana), world.sign_in(&world.dana), world.sign_in(&world.chen));
    let old_key = acting.clone();
    let reset = world.link(&world.dana, Purpose::PasswordReset, &world.dana.email);
    let answer = change(&acting, PASSWORD, NEW);
    assert_eq!((answer.status, answer.to()), (303, "/profile"));
    let page = acting.get("/profile");
    assert_eq!((page.status, page.flash().as_str()), (200, "Your password is changed. You are signed out everywhere else."));
    assert_ne!(acting.cookies()["rollcall"], old_key.cookies()["rollcall"]);
    assert!(!old_key.is_signed_in() && !other.is_signed_in());
    assert!(chen.is_signed_in());
    assert_eq!(world.browser().get(&reset).status, 410, "an open reset link dies (T9)");
    let login = |password: &str| {
        world.advance(Span::secs(1));
        world.browser().post("/login", &[("login", &world.dana.email), ("password", password)]).status
    };
    assert_eq!((login(PASSWORD), login(NEW)), (422, 303));
    let mails = world.deliver();
    assert_eq!(
        mails.iter().map(|mail| (mail.to[0].as_str(), mail.subject())).collect::<Vec<_>>(),
        [("dana@acme.test", "Your password was changed".into())]
    );
    assert!(!mails[0].text().contains(NEW));
    let event = world.events(world.dana.account).into_iter().find(|event| event[0] == "password.changed");
    assert_eq!(event.unwrap(), ["password.changed", "Dana Silva", "Dana Silva", ""]);
}

#[test]
fn r58_a_refused_password_changes_nothing() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    for (current, new, field, sentence) in [
        ("not it", NEW, "current_password", "This is not your current password."),
        ("", NEW, "current_password", "Enter your current password."),
        (PASSWORD, "short", "password", "at least 12"),
        (PASSWORD, "my name is silva okay", "password", "Leave your name"),
        (PASSWORD, "qwertyuiop123", "password", "easy to guess"),
    ] {
        world.advance(Span::secs(3));
        let page = world.unchanged(field, || change(&dana, current, new));
        assert_eq!(page.status, 422, "{current:?} {new:?}");
        assert!(page.error_of(field).contains(sentence), "{:?}", page.error_of(field));
        assert!(!page.body.contains(NEW) && !page.body.contains(PASSWORD));
    }
    world.advance(Span::secs(3));
    world.sign_in(&world.dana);
}

#[test]
fn t4_guessing_the_current_password_is_slowed_down() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    assert_eq!(change(&dana, "not it", NEW).status, 422);
    let refused = change(&dana, PASSWORD, NEW);
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"));
    // Her sign-in elsewhere is not slowed down by it.
    world.sign_in(&world.dana);
}

#[test]
fn t6_nobody_gets_in_at_another_process_after_the_answer() {
    let world = World::new();
    let neighbour = world.neighbour();
    let acting = world.sign_in(&world.dana);
    let thief = neighbour.browser.clone();
    assert_eq!(thief.post("/login", &[("login", &world.dana.email), ("password", PASSWORD)]).status, 303);
    let (answered, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let (mut before, mut after) = (0, Vec::new());
    std::thread::scope(|scope| {
        let hammering = scope.spawn(|| {
            let (mut before, mut after) = (0, Vec::new());
            while !stop.load(Ordering::SeqCst) {
                let late = answered.load(Ordering::SeqCst);
                match (thief.clone().get("/profile").status, late) {
                    (200, false) => before += 1,
                    (status, true) => after.push(status),
                    _ => {}
                }
            }
            (before, after)
        });
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert_eq!(change(&acting, PASSWORD, NEW).status, 303);
        answered.store(true, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(150));
        stop.store(true, Ordering::SeqCst);
        (before, after) = hammering.join().unwrap();
    });
    assert!(before > 3 && after.len() > 3, "{before} before, {} after", after.len());
    assert!(after.iter().all(|status| *status == 303), "{after:?}");
}
