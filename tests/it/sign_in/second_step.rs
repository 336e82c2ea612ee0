//! Signing in with a second step (T4, T5, T7).

use diesel::prelude::*;
use rollcall::{
    clock::Span,
    db::{SessionId, schema::sessions},
    sign_in::{
        Pending, SecondStep,
        second_factor::{self, Typed},
    },
};

use crate::support::*;

/// Takes the second step with a code that is right.
#[track_caller]
pub fn pass(browser: &Browser, code: &str, next: &str) {
    let page = browser.post("/two-factor", &[("code", code)]);
    assert_eq!((page.status, page.to()), (303, next), "{}", page.text());
    assert!(browser.is_signed_in());
}

/// Dana with an app, one step of time after she set it up.
fn with_app(world: &World) -> Authenticator {
    let app = world.set_up_two_factor(&world.sign_in(&world.dana));
    world.advance(Span::secs(30));
    app
}

fn started(world: &World) -> usize {
    world.events(world.dana.account).iter().filter(|event| event[0] == "session.started" && event[1] == "Dana Silva").count()
}

#[test]
fn t7_until_the_second_step_the_session_opens_nothing() {
    let world = World::new();
    let app = with_app(&world);
    let before = started(&world);
    let browser = world.browser();
    let page = browser.post("/login", &[("login", &world.dana.email), ("password", PASSWORD), ("next", "/profile/email")]);
    assert_eq!((page.status, page.to()), (303, "/two-factor"));
    assert_eq!(page.set_cookies().len(), 1, "a session's, and no device's yet: {:?}", page.set_cookies());
    assert_eq!(started(&world), before, "nobody signed in yet");
    let pending = browser.clone();
    for path in ["/profile", "/profile/two-factor", "/profile/sessions", "/password/confirmation", "/settings/team/members", "/settings/account"] {
        assert_eq!(browser.get(path).to(), rollcall::web::login_path(path), "{path}");
    }
    assert_eq!(browser.get("/").to(), "/login");
    assert_eq!(browser.get("/login").status, 200);
    assert_eq!(browser.post("/profile/availability", &[("availability", "away")]).to(), "/login");
    let page = browser.get("/two-factor");
    assert_eq!((page.status, page.h1().as_str()), (200, "Two-factor sign-in"));
    pass(&browser, &app.code(&world), "/profile/email");
    assert_eq!(started(&world), before + 1);
    assert_ne!(browser.cookies()["rollcall"], pending.cookies()["rollcall"], "a new key (T5)");
    assert!(browser.cookies().contains_key("rollcall_device"));
    assert!(!pending.is_signed_in());
    assert_eq!(pending.get("/two-factor").to(), "/login", "the first step is spent");
}

#[test]
fn t7_the_list_of_sessions_has_none_that_waits() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    world.set_up_two_factor(&dana);
    world.first_step(&world.dana);
    assert_eq!(world.read(|conn| sessions::table.count().get_result::<i64>(conn)), 2);
    assert_eq!(dana.get("/profile/sessions").caption(), "1 session, times in UTC");
}

#[test]
fn t7_each_code_opens_once() {
    let world = World::new();
    let app = with_app(&world);
    let code = app.code(&world);
    pass(&world.first_step(&world.dana), &code, "/");
    let again = world.first_step(&world.dana);
    let page = again.post("/two-factor", &[("code", &code)]);
    assert_eq!(page.status, 422);
    assert_eq!(page.error_of("code"), "This code is wrong, or it was used already. Wait for the next one, or use a recovery code.");
    assert!(!again.is_signed_in() && !page.body.contains(&code));
    world.advance(Span::secs(1));
    // The code before it is a used-up one as well, though a clock that lags may show it.
    assert_eq!(again.post("/two-factor", &[("code", &app.at(world.now() - Span::secs(31)))]).status, 422);
    world.advance(Span::secs(30));
    pass(&again, &app.code(&world), "/");
    // A clock that is set back revives none (T33).
    world.advance(Span::secs(0) - Span::secs(31));
    assert_eq!(world.first_step(&world.dana).post("/two-factor", &[("code", &app.code(&world))]).status, 422);
}

#[test]
fn t7_a_recovery_code_opens_once_however_it_is_typed() {
    let world = World::new();
    let app = with_app(&world);
    pass(&world.first_step(&world.dana), &app.recovery[3].to_uppercase().replace('-', " "), "/");
    let again = world.first_step(&world.dana);
    assert_eq!(again.post("/two-factor", &[("code", &app.recovery[3])]).status, 422);
    world.advance(Span::secs(1));
    pass(&again, &app.recovery[4], "/");
    let details: Vec<String> =
        world.events(world.dana.account).into_iter().filter(|event| event[0] == "session.started").map(|event| event[3].clone()).collect();
    assert_eq!(details[details.len() - 2..], ["with a recovery code", "with a recovery code"]);
}

#[test]
fn t7_somebody_elses_codes_open_nothing() {
    let world = World::new();
    let danas = with_app(&world);
    let chens = world.set_up_two_factor(&world.sign_in(&world.chen));
    world.advance(Span::secs(30));
    let browser = world.first_step(&world.chen);
    for code in [danas.code(&world), danas.recovery[0].clone()] {
        assert_eq!(browser.post("/two-factor", &[("code", &code)]).status, 422);
        world.advance(Span::secs(1));
    }
    pass(&browser, &chens.code(&world), "/");
}

#[test]
fn t7_tries_are_limited_whoever_makes_them_and_a_success_forgets_them() {
    let world = World::new();
    let app = with_app(&world);
    let (one, two) = (world.first_step(&world.dana), world.first_step(&world.dana));
    assert_eq!(one.post("/two-factor", &[("code", "")]).status, 422, "nothing typed is no try");
    assert_eq!(one.post("/two-factor", &[("code", "000000")]).status, 422);
    let page = two.post("/two-factor", &[("code", &app.code(&world))]);
    assert_eq!((page.status, page.header("retry-after")), (429, "1"));
    world.advance(Span::secs(1));
    pass(&two, &app.code(&world), "/");
    world.advance(Span::secs(30));
    pass(&one, &app.code(&world), "/");
}

#[test]
fn t7_the_second_step_must_be_taken_within_ten_minutes() {
    let world = World::new();
    let app = with_app(&world);
    let browser = world.first_step(&world.dana);
    world.advance(Span::minutes(10) - Span::secs(1));
    assert_eq!(browser.get("/two-factor").status, 200);
    world.advance(Span::secs(1));
    let page = browser.post("/two-factor", &[("code", &app.code(&world))]);
    assert_eq!((page.status, page.to()), (303, "/login"));
    // A clock that is set back does not revive it (T33).
    world.advance(Span::secs(0) - Span::minutes(5));
    assert_eq!(browser.get("/two-factor").to(), "/login");
}

#[test]
fn t7_the_page_says_who_can_help() {
    let world = World::new();
    for (person, sentence) in [
        (&world.dana, "Ask an Admin of Acme to reset your two-factor sign-in."),
        (&world.ada, "ask whoever runs this server: rollcall reset-two-factor ada@acme.test resets"),
    ] {
        world.set_up_two_factor(&world.sign_in(person));
        let page = world.first_step(person).get("/two-factor");
        assert!(page.has(sentence), "{}", page.text());
    }
}

#[test]
fn t7_start_over_signs_out_of_the_first_step() {
    let world = World::new();
    with_app(&world);
    let browser = world.first_step(&world.dana);
    assert_eq!(browser.get("/two-factor").buttons("Start over"), ["/logout"]);
    assert_eq!(browser.post("/logout", &[]).to(), "/login?done=out");
    assert_eq!(browser.get("/two-factor").to(), "/login");
}

#[test]
fn t6_a_deactivated_person_takes_no_second_step() {
    let world = World::new();
    let app = with_app(&world);
    let browser = world.first_step(&world.dana);
    world.stand(&world.dana, rollcall::members::Status::Deactivated);
    assert_eq!(browser.post("/two-factor", &[("code", &app.code(&world))]).to(), "/login");
    assert!(!browser.is_signed_in());
}

#[test]
fn t1_the_chosen_account_asks_its_own_second_step() {
    use rollcall::{authz::Role, members::Status};
    let world = World::new();
    let app = with_app(&world);
    let twin = world.member(world.gus.account, "Dana Twin", &world.dana.email, Role::Agent, Status::Active);
    let enter = |person: &Person| {
        let browser = world.browser();
        assert_eq!(browser.post("/login", &[("login", &world.dana.email), ("password", PASSWORD)]).status, 200);
        let to = browser.post("/login/account", &[("account_id", person.account.as_str())]).to().to_owned();
        (browser, to)
    };
    let (browser, to) = enter(&world.dana);
    assert_eq!(to, "/two-factor");
    assert!(!browser.is_signed_in());
    pass(&browser, &app.code(&world), "/");
    let (browser, to) = enter(&twin);
    assert_eq!((browser.is_signed_in(), to.as_str()), (true, "/"));
}

/// Dana between the steps, as a request of hers would bring it.
fn pending(world: &World) -> Pending {
    Pending {
        account: world.dana.account,
        member: world.dana.id,
        session: SessionId::fresh(world.now()),
        epoch: world.row(&world.dana).session_epoch,
        name: world.dana.name.clone(),
        role: world.dana.role,
        company: "Acme".into(),
        password_at: world.now(),
        step: SecondStep { login: world.dana.email.clone(), next: "/".into() },
    }
}

#[test]
fn r38_no_second_step_leads_into_an_account_that_closed_after_the_first() {
    let world = World::new();
    let app = with_app(&world);
    let (who, typed) = (pending(&world), Typed::parse(&app.code(&world)).unwrap());
    crate::billing::close_now(&world, world.ada.account);
    let passed = world.app.db.write_now(|tx| second_factor::pass(tx, &who, &typed, world.now()));
    assert!(matches!(passed, Err(rollcall::failure::Failure::SignedOut { .. })), "{passed:?}");
}

#[test]
fn t25_one_code_by_sixteen_at_once_is_taken_once() {
    let world = World::new();
    let app = with_app(&world);
    for round in 0..10 {
        let code = if round % 2 == 0 { app.code(&world) } else { app.recovery[round / 2].clone() };
        let who = pending(&world);
        let taken = world.at_once(16, |_| {
            let typed = Typed::parse(&code).unwrap();
            world.app.db.write_now(|tx| second_factor::pass(tx, &who, &typed, world.now())).unwrap()
        });
        assert_eq!(taken.iter().filter(|how| how.is_some()).count(), 1, "round {round}: {taken:?}");
        world.advance(Span::secs(60));
    }
}

#[test]
fn t25_one_code_by_sixteen_at_once_opens_one_session() {
    let world = World::new();
    let app = with_app(&world);
    for round in 0..4 {
        let code = if round % 2 == 0 { app.code(&world) } else { app.recovery[round].clone() };
        let browsers: Vec<Browser> = (0..16).map(|_| world.first_step(&world.dana)).collect();
        let answers = world.at_once(16, |i| (browsers[i].post("/two-factor", &[("code", &code)]).status, browsers[i].is_signed_in()));
        let opened = answers.iter().filter(|answer| **answer == (303, true)).count();
        assert_eq!(opened, 1, "round {round}: {answers:?}");
        assert!(answers.iter().all(|(status, open)| [303, 422, 429].contains(status) && (*open == (*status == 303))), "{answers:?}");
        world.advance(Span::secs(60));
    }
}

#[test]
fn t25_one_first_step_by_sixteen_at_once_opens_one_session() {
    let world = World::new();
    let app = with_app(&world);
    let before: i64 = world.read(|conn| sessions::table.count().get_result(conn));
    let browser = world.first_step(&world.dana);
    let code = app.code(&world);
    let answers = world.at_once(16, |_| browser.clone().post("/two-factor", &[("code", &code)]).status);
    let opened: i64 = world.read(|conn| sessions::table.filter(sessions::second_step.is_null()).count().get_result(conn));
    assert_eq!(opened, before + 1, "{answers:?}");
}
