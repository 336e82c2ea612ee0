//! Cancelling an account, and keeping it after all (R38).

use rollcall::billing::{Ahead, Choice, Interval, change_plan};

use super::*;

pub const HERE: &str = "/settings/account/cancellation";

fn post_cancel(browser: &Browser, password: &str) -> Page {
    browser.post(HERE, &[("current_password", password)])
}

pub fn post_reopen(browser: &Browser, password: &str, shown: &str) -> Page {
    browser.post("/settings/account/reopening", &[("current_password", password), ("shown", shown)])
}

fn account_events(world: &World) -> Vec<(String, String)> {
    let wanted = ["account.cancelled", "account.reopened", "account.closed"];
    world
        .events(world.ada.account)
        .into_iter()
        .filter(|[event, ..]| wanted.contains(&event.as_str()))
        .map(|[event, _, _, details]| (event, details))
        .collect()
}

#[test]
fn r38_cancelling_says_what_happens_asks_the_password_and_acts_at_the_cycles_end() {
    let world = World::new();
    world.invite(&world.ada, "soon@x.test", Role::Agent);
    let browser = world.sign_in(&world.ada);
    let page = world.unchanged("looking", || browser.get(HERE));
    assert_eq!((page.status, page.h1().as_str()), (200, "Cancel the account?"));
    for said in ["on 2 Apr 2026", "3 people are signed out", "1 invitation running now", "Nothing is refunded", "Change the plan instead"] {
        assert!(page.has(said), "{said}: {}", page.text());
    }
    let before = invoices(&world, world.ada.account);
    let answer = post_cancel(&browser, PASSWORD);
    assert_eq!((answer.status, answer.to()), (303, HERE));
    let page = browser.get(HERE);
    assert_eq!(page.flash(), "The account is cancelled. It closes on 2 Apr 2026; until then everything works.");
    assert_eq!(page.h1(), "Keep the account?");
    assert_eq!(settle(&world, world.ada.account).ahead, Ahead::Closing);
    assert_eq!(invoices(&world, world.ada.account), before);
    assert!(world.sign_in(&world.dana).is_signed_in(), "everything works until then");
    let mails: Vec<_> = world.deliver().iter().map(|mail| (mail.to[0].clone(), mail.subject())).collect();
    assert_eq!(mails, [("ada@acme.test".to_owned(), "Acme closes on 2 Apr 2026".to_owned())]);
    assert_eq!(account_events(&world), [("account.cancelled".to_owned(), "closes on 2 Apr 2026".to_owned())]);
    // The second click.
    let page = world.unchanged("the second click", || post_cancel(&browser, PASSWORD));
    assert_eq!(page.status, 303);
    assert!(browser.get(HERE).flash().starts_with("The account is cancelled already"));
}

#[test]
fn r38_a_cancellation_is_taken_back_for_nothing() {
    let world = World::new();
    cancel(&world, &world.ada);
    let browser = world.sign_in(&world.ada);
    let page = browser.get(HERE);
    assert_eq!(page.value_of("shown"), "0.00");
    assert_eq!(page.buttons("Keep the account"), ["/settings/account/reopening"]);
    let before = (invoices(&world, world.ada.account), ledger(&world, world.ada.account));
    let answer = post_reopen(&browser, PASSWORD, "0.00");
    assert_eq!((answer.status, answer.to()), (303, "/settings/billing"));
    assert_eq!(browser.get("/profile").flash(), "The account stays open. Nothing was charged.");
    assert_eq!((invoices(&world, world.ada.account), ledger(&world, world.ada.account)), before);
    assert_eq!(settle(&world, world.ada.account).ahead, Ahead::Renewal);
    assert_eq!(account_events(&world)[1..], [("account.reopened".to_owned(), "before it closed".to_owned())]);
    let page = world.unchanged("the second click", || post_reopen(&browser, PASSWORD, "0.00"));
    assert_eq!(page.status, 303);
    assert!(browser.get("/profile").flash().starts_with("The account is open already."));
}

#[test]
fn r38_a_chosen_plan_is_withdrawn_with_the_cancellation_and_does_not_come_back() {
    let world = World::new();
    let (by, now, plans) = (world.proof(&world.ada), world.now(), &world.app.plans);
    let yearly = Choice { plan: "pro".into(), interval: Interval::Yearly };
    world.app.db.write_now(|tx| change_plan(tx, &by, &yearly, None, None, plans, now)).unwrap();
    let browser = world.sign_in(&world.ada);
    assert!(browser.get(HERE).has("The change to Pro is withdrawn."));
    assert_eq!(post_cancel(&browser, PASSWORD).status, 303);
    assert_eq!(post_reopen(&browser, PASSWORD, "0.00").status, 303);
    assert_eq!(settle(&world, world.ada.account).ahead, Ahead::Renewal);
}

#[test]
fn r38_five_wrong_passwords_lock_cancelling_and_reopening_for_15_minutes() {
    let world = World::new();
    let browser = world.sign_in(&world.ada);
    let page = world.unchanged("no password", || post_cancel(&browser, ""));
    assert_eq!((page.status, page.error_of("current_password").as_str()), (422, "Enter your current password."));
    for _ in 0..5 {
        let page = post_cancel(&browser, "not it at all");
        assert_eq!((page.status, page.h1().as_str()), (422, "Cancel the account?"));
        assert_eq!(page.error_of("current_password"), "This is not your current password. Five wrong ones lock this for 15 minutes.");
        assert!(!page.body.contains("not it at all"));
    }
    for page in [post_cancel(&browser, PASSWORD), post_reopen(&browser, PASSWORD, "")] {
        assert_eq!((page.status, page.header("retry-after")), (429, "900"));
        assert!(page.error_of("current_password").contains("Wait 15 minutes"), "{}", page.text());
    }
    assert_eq!(settle(&world, world.ada.account).ahead, Ahead::Renewal);
    world.advance(Span::minutes(15));
    assert_eq!(post_cancel(&browser, PASSWORD).status, 303);
}

#[test]
fn r38_an_admin_cancels_nothing() {
    let world = World::new();
    let browser = world.sign_in(&world.bruno);
    assert!(browser.get("/settings/account").link("Cancel the account").is_none());
    assert!(world.sign_in(&world.ada).get("/settings/account").link("Cancel the account").is_some());
    for page in [browser.get(HERE), world.unchanged("an Admin", || post_cancel(&browser, PASSWORD)), post_reopen(&browser, PASSWORD, "")] {
        assert_eq!(page.status, 403);
        assert!(page.has("Ask Ada Okafor."), "{}", page.text());
    }
}

#[test]
fn r38_of_sixteen_cancellations_at_once_one_is_made() {
    let world = World::new();
    let (by, now, plans) = (world.proof::<CancelAccount>(&world.ada), world.now(), &world.app.plans);
    let done = world.at_once(16, |_| world.app.db.write_now(|tx| billing::cancel(tx, &by, None, plans, now)).is_ok());
    assert_eq!(done.iter().filter(|done| **done).count(), 1);
    assert_eq!(account_events(&world).len(), 1);
}
