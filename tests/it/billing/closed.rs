//! A closed account: only its Owner signs in, to export or reopen (R38).

use rollcall::{
    authz::{ManageMembers, TransferOwnership},
    billing::{ReopenRefusal, reopen},
    db::schema::members,
    failure::Failure,
    members::{EmailAddress, bulk, transfer_by_operator},
    sign_in::links::Purpose,
    web::login_path,
};

use super::{
    cancellation::{HERE, post_reopen},
    *,
};

const LIST: &str = "/settings/team/members";

fn sign_in(browser: &Browser, login: &str, password: &str) -> Page {
    browser.post("/login", &[("login", login), ("password", password)])
}

#[test]
fn r38_at_the_cycles_end_everybody_but_the_owner_is_signed_out() {
    let world = World::new();
    cancel(&world, &world.ada);
    world.advance(Span::days(31) - Span::minutes(9 * 60 + 1));
    let [ada, bruno, dana] = [&world.ada, &world.bruno, &world.dana].map(|person| world.sign_in(person));
    let gus = world.sign_in(&world.gus);
    settle(&world, world.ada.account);
    assert!(bruno.is_signed_in(), "a minute before");
    world.deliver();
    world.advance(Span::minutes(1));
    let closed = settle(&world, world.ada.account);
    assert_eq!((closed.closed_at, closed.renews_at.is_never()), (Some(world.now()), true));
    for browser in [&bruno, &dana] {
        assert_eq!(browser.get(LIST).to(), login_path(LIST));
    }
    assert!(gus.is_signed_in(), "another account is another matter");
    assert_eq!(ada.get("/").to(), HERE);
    assert_eq!(
        world.deliver().iter().map(|mail| (mail.to[0].clone(), mail.subject())).collect::<Vec<_>>(),
        [("ada@acme.test".to_owned(), "Acme is closed".to_owned())]
    );
    // Nothing is renewed or charged any more.
    let before = (invoices(&world, world.ada.account), ledger(&world, world.ada.account));
    world.advance(Span::days(400));
    settle(&world, world.ada.account);
    assert_eq!((invoices(&world, world.ada.account), ledger(&world, world.ada.account)), before);
    // Those who were signed in are not, when the account is open again.
    let (by, now) = (world.proof::<CancelAccount>(&world.ada), world.now());
    world.app.db.write_now(|tx| reopen(tx, &by, None, &world.app.plans, now)).unwrap();
    assert!(!bruno.is_signed_in());
}

#[test]
fn r38_a_right_password_says_whom_to_ask_and_a_wrong_one_nothing() {
    let world = World::new();
    close(&world, &world.ada);
    for person in [&world.bruno, &world.chen, &world.dana] {
        let browser = world.browser();
        let page = sign_in(&browser, &person.email, PASSWORD);
        assert_eq!((page.status, page.problems()), (422, vec!["Acme has closed its account. Ask its Owner, Ada Okafor, to reopen it.".to_owned()]));
        assert!(browser.cookies().is_empty());
        world.advance(Span::secs(20));
        let page = sign_in(&browser, &person.email, "not it at all");
        assert_eq!((page.status, page.problems()), (422, vec!["Email or password is wrong.".to_owned()]));
        world.advance(Span::secs(20));
    }
    let browser = world.sign_in(&world.ada);
    assert_eq!(browser.get("/").to(), HERE);
}

#[test]
fn r38_the_owner_gets_the_closed_page_exports_billing_and_their_own_sign_in_only() {
    let world = World::new();
    close(&world, &world.ada);
    let browser = world.sign_in(&world.ada);
    let page = browser.get(HERE);
    assert_eq!((page.status, page.h1().as_str()), (200, "The account is closed"));
    assert!(page.has("$196.00 (4 × $49.00)") && page.has("closed on 2 Apr 2026"), "{}", page.text());
    for (path, status) in [
        ("/settings/team/members.csv", 200),
        ("/settings/numbers.csv", 200),
        ("/settings/audit-log.csv", 200),
        ("/profile/password", 200),
        ("/profile/two-factor", 200),
        ("/settings/billing/plan", 200),
    ] {
        assert_eq!(browser.get(path).status, status, "{path}");
    }
    for path in ["/", LIST, "/profile", "/settings/account", "/settings/numbers", "/settings/user-groups", "/settings/audit-log", "/profile/sessions"]
    {
        let page = world.unchanged(path, || browser.get(path));
        assert_eq!((page.status, page.to()), (303, HERE), "{path}");
    }
    let page = world.unchanged("an invitation", || browser.post(LIST, &[("emails", "x@y.test"), ("role", "agent")]));
    assert_eq!((page.status, page.to()), (303, HERE));
    assert_eq!(browser.get("/settings/billing/plan").h1(), "The account is closed");
    let page = world.unchanged("a plan", || browser.post("/settings/billing/plan", &[("plan", "team"), ("interval", "monthly")]));
    assert_eq!((page.status, page.h1().as_str()), (422, "The account is closed"));
    let page = browser.get(HERE);
    for path in page.all("nav a", |link| link.attr("href").unwrap_or_default().to_owned()) {
        assert!(["/", "/profile", "/profile/sessions", "/settings/billing"].contains(&path.as_str()), "{path} leads back here");
    }
    assert_eq!(browser.post("/logout", &[]).status, 303);
}

#[test]
fn r38_a_password_to_choose_comes_before_reopening() {
    let world = World::new();
    close(&world, &world.ada);
    let row = members::table.filter(members::id.eq(world.ada.id));
    world.write(|conn| diesel::update(row).set(members::must_change_password.eq(true)).execute(conn));
    let browser = world.sign_in(&world.ada);
    assert_eq!(browser.get(HERE).to(), "/profile/password");
    let fields = [("current_password", PASSWORD), ("password", "velvet harbour ninety lanterns")];
    assert_eq!(browser.post("/profile/password", &fields).status, 303);
    assert_eq!(browser.get("/").to(), HERE);
}

#[test]
fn r38_reopening_begins_a_cycle_today_and_charges_what_the_page_said() {
    let world = World::new();
    close(&world, &world.ada);
    world.stand(&world.dana, Status::Deactivated);
    world.advance(Span::days(10));
    let browser = world.sign_in(&world.ada);
    let page = browser.get(HERE);
    assert_eq!(page.value_of("shown"), "147.00");
    let before = invoices(&world, world.ada.account).len();
    let stale = world.unchanged("another amount", || post_reopen(&browser, PASSWORD, "196.00"));
    assert_eq!(stale.status, 409);
    assert!(stale.has("the page showed $196.00, and it is $147.00 now (3 × $49.00)"), "{}", stale.text());
    let answer = post_reopen(&browser, PASSWORD, "147.00");
    assert_eq!((answer.status, answer.to()), (303, "/settings/billing"));
    let page = browser.get("/profile");
    assert_eq!((page.status, page.flash().as_str()), (200, "The account is open again. $147.00 was charged (3 × $49.00)."));
    let open = settle(&world, world.ada.account);
    assert_eq!((open.closed_at, open.seats.paid, open.seats.cycle.ends_on.iso().as_str()), (None, 3, "2026-05-12"));
    assert_eq!(invoices(&world, world.ada.account)[before..], [(before as i64 + 1, 14_700)]);
    assert_eq!(ledger(&world, world.ada.account).last().unwrap().0, "reopened");
    assert!(world.sign_in(&world.bruno).is_signed_in(), "members sign in again");
    // The second click.
    let page = world.unchanged("the second click", || post_reopen(&browser, PASSWORD, "147.00"));
    assert_eq!(page.status, 303);
}

#[test]
fn r38_whoever_keeps_an_account_that_has_closed_meanwhile_is_not_charged_unasked() {
    let world = World::new();
    cancel(&world, &world.ada);
    world.advance(Span::days(31));
    // The ticker is late; the click closes the account first.
    let browser = world.sign_in(&world.ada);
    let page = post_reopen(&browser, PASSWORD, "0.00");
    assert_eq!(page.status, 409, "{}", page.text());
    assert!(page.has("the page showed $0.00, and it is $196.00 now"), "{}", page.text());
    let (by, now) = (world.proof::<CancelAccount>(&world.ada), world.now());
    settle(&world, world.ada.account);
    let done = world.at_once(16, |_| world.app.db.write_now(|tx| reopen(tx, &by, None, &world.app.plans, now)));
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
    assert!(done.iter().all(|done| matches!(done, Ok(_) | Err(ReopenRefusal::Open))), "{done:?}");
}

#[test]
fn r38_reset_links_open_nothing_and_none_is_mailed_but_to_the_owner() {
    let world = World::new();
    let before = world.link(&world.bruno, Purpose::PasswordReset, &world.bruno.email);
    close_now(&world, world.ada.account);
    for person in [&world.ada, &world.bruno] {
        assert_eq!(world.browser().post("/password/new", &[("login", &person.email)]).status, 200);
    }
    let mails: Vec<String> = world.deliver().iter().map(|mail| mail.to[0].clone()).collect();
    assert_eq!(mails, ["ada@acme.test"]);
    assert_eq!(world.browser().get(&before).status, 410);
    let page = world.unchanged("a link from before", || world.browser().post(&before, &[("password", "velvet harbour ninety lanterns")]));
    assert_eq!(page.status, 410);
    let own = world.link(&world.ada, Purpose::PasswordReset, &world.ada.email);
    assert_eq!(world.browser().post(&own, &[("password", "velvet harbour ninety lanterns")]).status, 303);
}

#[test]
fn r38_closing_ends_links_that_were_mailed_before() {
    let world = World::new();
    cancel(&world, &world.ada);
    world.advance(Span::days(31) - Span::minutes(9 * 60 + 10));
    let links = [&world.ada, &world.bruno].map(|person| world.link(person, Purpose::PasswordReset, &person.email));
    world.advance(Span::minutes(11));
    settle(&world, world.ada.account);
    let (by, now) = (world.proof::<CancelAccount>(&world.ada), world.now());
    world.app.db.write_now(|tx| reopen(tx, &by, None, &world.app.plans, now)).unwrap();
    assert_eq!(links.map(|link| world.browser().get(&link).status), [200, 410]);
}

#[test]
fn r38_an_invitation_says_that_the_account_is_closed_and_works_again_after_reopening() {
    let world = World::new();
    let (_, path) = world.invite(&world.ada, "soon@x.test", Role::Agent);
    close_now(&world, world.ada.account);
    let fields = [("first_name", "Ana"), ("last_name", "Roy"), ("password", "velvet harbour ninety lanterns")];
    let browser = world.browser();
    for page in [browser.get(&path), world.unchanged("joining", || browser.post(&path, &fields))] {
        assert_eq!((page.status, page.h1().as_str()), (410, "Acme has closed its account"));
    }
    let (by, now) = (world.proof::<CancelAccount>(&world.ada), world.now() + Span::days(3));
    world.advance(Span::days(3));
    // Its cycle was not over: what closed it here was the test.
    let reopened = world.app.db.write_now(|tx| reopen(tx, &by, None, &world.app.plans, now));
    assert!(reopened.is_ok(), "{reopened:?}");
    assert_eq!(browser.post(&path, &fields).status, 303);
}

#[test]
fn t23_an_admin_between_the_door_and_the_write_changes_nothing_in_a_closed_account() {
    let world = World::new();
    let by = world.proof::<ManageMembers>(&world.bruno);
    let owner = world.proof::<TransferOwnership>(&world.ada);
    cancel(&world, &world.ada);
    world.advance(Span::days(31));
    // The write itself finds that the cycle is over.
    let late = world.app.db.write_now(|tx| billing::hold(tx, &by, &world.app.plans, world.now()).map(|_| ()));
    assert!(matches!(late, Err(Failure::SignedOut { .. })), "{late:?}");
    settle(&world, world.ada.account);
    let held = world.app.db.write_now(|tx| by.hold(tx));
    assert!(matches!(held, Err(Failure::SignedOut { .. })), "{held:?}");
    let held = world.app.db.write_now(|tx| owner.hold(tx));
    assert!(matches!(held, Err(Failure::Errand(_))), "{held:?}");
}

#[test]
fn r38_a_file_of_people_is_sent_no_further_in_a_closed_account() {
    let world = World::new();
    let here = crate::bulk_invites::kept(&world, &world.ada, "email,role\nnew@x.test,agent\n");
    let browser = world.sign_in(&world.ada);
    assert_eq!(browser.post(&format!("{here}/sending"), &[]).status, 303);
    let id = here.rsplit('/').next().unwrap().parse().unwrap();
    cancel(&world, &world.ada);
    world.advance(Span::days(31));
    let now = world.now();
    let pace = world.app.db.write_now(|tx| bulk::send_some(tx, &world.app.plans, world.ada.account, id, now)).unwrap();
    assert_eq!(pace, bulk::Pace::Over);
    let invited = members::table.filter(members::email.eq("new@x.test"));
    assert_eq!(world.read(|conn| invited.count().get_result::<i64>(conn)), 0);
}

#[test]
fn r38_the_operator_hands_a_closed_account_to_somebody_who_can_reopen_it() {
    let world = World::new();
    close(&world, &world.ada);
    let (to, now) = (EmailAddress::parse(&world.bruno.email).unwrap(), world.now());
    world.app.db.write_now(|tx| transfer_by_operator(tx, world.ada.account, &to, "the tests", now)).unwrap();
    let browser = world.sign_in(&world.bruno);
    assert_eq!(browser.get("/").to(), HERE);
    assert_eq!(post_reopen(&browser, PASSWORD, "196.00").status, 303);
    assert_eq!(sign_in(&world.browser(), &world.ada.email, PASSWORD).status, 303);
}

#[test]
fn t1_an_address_in_an_open_and_a_closed_account_signs_in_to_the_open_one() {
    let world = World::new();
    let row = members::table.filter(members::id.eq(world.gwen.id));
    world.write(|conn| diesel::update(row).set(members::email.eq("dana@acme.test")).execute(conn));
    close_now(&world, world.ada.account);
    let browser = world.browser();
    assert_eq!(sign_in(&browser, "dana@acme.test", PASSWORD).status, 303);
    assert!(browser.get("/profile").has("Globex"));
    close_now(&world, world.gus.account);
    let page = sign_in(&world.browser(), "dana@acme.test", PASSWORD);
    assert_eq!(page.problems().len(), 2, "{}", page.text());
}
