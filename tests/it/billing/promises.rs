//! What pages promise is what is charged: with people invited already, on a change that will be dropped, at sign-up, and on
//! plans that cost nothing (R34 to R38).

use rollcall::{authz::Role, clock::Span, members::Status};

use super::{
    BILLING, cancel, initech,
    money_first::{documents, last_charge, person},
    settle,
};
use crate::{
    endings::{deactivate, page_of},
    members::{LIST, accept},
    support::*,
};

const PLAN: &str = "/settings/billing/plan";

fn change(browser: &Browser, plan: &str, interval: &str) -> Page {
    browser.post(PLAN, &[("plan", plan), ("interval", interval)])
}

#[test]
fn r35_an_invite_counts_those_who_are_invited_already() {
    let (world, olga) = documents();
    deactivate(&world, &olga, &person(&world, &olga, "Sven Lund"));
    let browser = world.sign_in(&olga);
    let list = browser.submit(LIST, &[("emails", "a@x.test"), ("role", "agent")]);
    assert_eq!(list.flash(), "Invite sent to a@x.test. No charge when accepted today.");
    let first = world.mailed_path("a@x.test");
    let page = browser.get(&format!("{LIST}/new"));
    assert!(page.has("5 → 6 seats · Today: $14.50"), "{}", page.text());
    assert!(page.has("The vacant seat goes to whoever accepts first; 1 person is invited already."), "{}", page.text());
    let list = browser.submit(LIST, &[("emails", "b@x.test"), ("role", "agent")]);
    assert_eq!(list.flash(), "Invite sent to b@x.test. $14.50 when accepted today.");
    for (path, charged) in [(first, "0.00"), (world.mailed_path("b@x.test"), "14.50")] {
        assert_eq!(accept(&world.browser(), &path).status, 303);
        assert_eq!(last_charge(&world, olga.account), charged);
    }
}

#[test]
fn r27_a_file_counts_those_who_are_invited_already_but_not_its_own_twice() {
    let (world, olga) = documents();
    for name in ["Sven Lund", "Rosa Field"] {
        deactivate(&world, &olga, &person(&world, &olga, name));
    }
    let browser = world.sign_in(&olga);
    browser.submit(LIST, &[("emails", "a@x.test, b@x.test"), ("role", "agent")]);
    let path = crate::bulk_invites::kept(&world, &olga, "email,role\nc@x.test,agent\nd@x.test,agent\n");
    let page = browser.get(&path);
    assert!(page.has("Up to $29.00 if all accept today"), "{}", page.text());
    assert!(page.has("The 2 vacant seats go to whoever accepts first; 2 people are invited already."), "{}", page.text());
}

#[test]
fn r35_several_vacant_seats_are_free_of_charge_before_the_price_is_named() {
    let (world, olga) = documents();
    for name in ["Sven Lund", "Rosa Field"] {
        deactivate(&world, &olga, &person(&world, &olga, name));
    }
    let page = world.sign_in(&olga).get(&format!("{LIST}/new"));
    assert!(page.has("the first 2 take vacant seats, each further one: $14.50 today."), "{}", page.text());
    cancel(&world, &olga);
    world.advance(Span::days(14));
    let page = world.sign_in(&olga).get(&format!("{LIST}/new"));
    assert!(page.has("which leaves 1 day.") && !page.has("Next invoice"), "{}", page.text());
}

#[test]
fn r37_a_change_that_would_be_dropped_is_not_promised() {
    let world = World::new();
    let [nia, _, ned, _] = initech(&world, "pro");
    world.stand(&ned, Status::Deactivated);
    let browser = world.sign_in(&nia);
    assert_eq!(change(&browser, "essentials", "monthly").status, 303);
    let page = browser.get(BILLING);
    assert!(page.has("5 × $19.00 = $95.00") || page.has("4 × $19.00 = $76.00"), "{}", page.text());
    // The box of an invitation past the last place of the chosen plan says what the renewal would then cost.
    for n in 0..2 {
        world.member(nia.account, "New Agent", &format!("new{n}@initech.test"), Role::Agent, Status::Active);
    }
    let why = "is not possible now: Essentials has 5 places, and 1 person would have to go.";
    let page = browser.get(BILLING);
    assert!(page.has("6 × $49.00 = $294.00") && page.has(why), "{}", page.text());
    assert_eq!(page.link("See who"), Some(format!("{PLAN}?plan=essentials&interval=monthly")));
    assert!(browser.get(LIST).has(why));
    let page = browser.get(PLAN);
    assert!(page.has("Essentials, monthly, is chosen from 1 May 2026 on. That is not possible now: Essentials has 5 places"), "{}", page.text());
    assert!(browser.get(&format!("{LIST}/new")).has("Invoice of 1 May 2026: $343.00"));
    world.advance(Span::days(16));
    let renewed = settle(&world, nia.account);
    assert_eq!((renewed.plan.word.as_str(), super::invoices(&world, nia.account).last().unwrap().1), ("pro", 6 * 4900));
}

#[test]
fn r35_signing_up_says_what_is_charged_before_the_button_and_after_it() {
    let world = World::wish().empty().set("ROLLCALL_SIGNUP", "open").open();
    let browser = world.browser();
    let page = browser.get("/signup");
    assert!(page.has("Today: 10 × $99.00 = $990.00.") && page.has("no charge. Nothing is charged."), "{}", page.text());
    let fields = |plan: &'static str, email: &'static str| {
        [("company", "Acme"), ("name", "Ada Okafor"), ("email", email), ("password", PASSWORD), ("plan", plan), ("time_zone", "UTC")]
    };
    let list = browser.submit("/signup", &fields("business", "ada@acme.test"));
    assert!(list.flash().ends_with(" $990.00 was charged (10 × $99.00)."), "{}", list.flash());
    let list = world.browser().submit("/signup", &fields("free", "gus@globex.test"));
    assert!(list.flash().ends_with("confirms your address."), "{}", list.flash());
}

#[test]
fn r37_what_is_so_already_is_said_and_what_was_chosen_is_not_given_up_silently() {
    let world = World::new();
    let [nia, ..] = initech(&world, "pro_plus");
    let browser = world.sign_in(&nia);
    let preview = |plan: &str, interval: &str| browser.get(&format!("{PLAN}?plan={plan}&interval={interval}"));
    let page = preview("pro_plus", "monthly");
    assert_eq!((page.status, page.error_of("plan").as_str()), (422, "You have this plan and interval already. Choose another."));
    let page = preview("pro_plus", "yearly");
    assert!(!page.has("Everybody must fit") && page.link("Change nothing").is_some(), "{}", page.text());
    assert!(preview("pro", "monthly").has("Everybody must fit on the plan on that day"));
    change(&browser, "pro", "monthly");
    let page = preview("pro", "monthly");
    assert_eq!((page.status, page.error_of("plan").as_str()), (422, "This plan and interval are chosen already. Choose another."));
    let page = preview("business", "monthly");
    assert!(page.has("Pro, monthly, which was chosen for the renewal, is withdrawn."), "{}", page.text());
    assert_eq!(change(&browser, "business", "monthly").status, 303);
    assert!(browser.get(PLAN).flash().ends_with("Pro, monthly, which was chosen for the renewal, was withdrawn."));
    let events = world.events(nia.account);
    let [_, _, _, details] = events.iter().rfind(|[event, ..]| event == "plan.changed").unwrap();
    assert!(details.ends_with("; Pro, monthly, is withdrawn"), "{details}");
}

#[test]
fn r38_a_cancelled_account_is_kept_and_a_closed_one_is_reopened() {
    let world = World::new();
    let browser = world.sign_in(&world.ada);
    assert!(browser.get("/settings/account").link("Cancel the account").is_some());
    cancel(&world, &world.ada);
    let page = browser.get("/settings/account");
    assert!(page.has("It is cancelled and closes on 2 Apr 2026.") && page.link("Keep the account").is_some(), "{}", page.text());
    assert!(page.link("Cancel the account").is_none());
    let page = browser.get(BILLING);
    assert!(page.has("Keep it to change the plan.") && page.link("Keep the account").is_some() && !page.has("Reopen"), "{}", page.text());
}

#[test]
fn r31_a_plan_without_a_charge_speaks_of_no_money() {
    let world = World::wish().plan("free").open();
    let ada = world.sign_in(&world.ada);
    let meter = ada.get(LIST).texts(".meter p").remove(0);
    assert!(meter.contains("The Free plan charges nothing.") && !meter.contains('$') && !meter.contains("paid seat"), "{meter}");
    let page = ada.get(BILLING);
    assert!(!page.has("billed") && !page.has("Paid seats") && !page.has("vacant"), "{}", page.text());
    let page = ada.get("/settings/account/cancellation");
    assert!(page.has("Nothing is charged, now or on") && !page.has("Is it the price?") && !page.has("next invoice"), "{}", page.text());
    for out in [&world.dana, &world.chen, &world.bruno] {
        deactivate(&world, &world.ada, out);
    }
    let page = ada.get(&format!("{LIST}/selection?act=reactivate&member_ids={}", world.dana.id));
    assert!(page.has("The Free plan charges nothing.") && !page.has("$"), "{}", page.text());
}

#[test]
fn r37_leaving_before_a_change_to_a_free_plan_names_no_bill() {
    let world = World::new();
    let [nia, noa, ned, nan] = initech(&world, "team");
    for out in [&noa, &ned, &nan] {
        deactivate(&world, &nia, out);
    }
    let browser = world.sign_in(&nia);
    assert_eq!(change(&browser, "free", "monthly").status, 303);
    let nel = person(&world, &nia, "Nel Obi");
    let page = browser.get(&format!("{}/removal", page_of(&nel)));
    assert!(page.has("From 1 May 2026 on, the Free plan charges nothing."), "{}", page.text());
}

#[test]
fn r34_several_who_leave_at_once_free_their_seats_at_the_renewal() {
    let (world, olga) = documents();
    let browser = world.sign_in(&olga);
    let ids: Vec<String> = ["Sven Lund", "Rosa Field"].map(|name| format!("member_ids={}", person(&world, &olga, name).id)).into();
    for (act, whom) in [("deactivate", "deactivated"), ("remove", "removed")] {
        let page = browser.get(&format!("{LIST}/selection?act={act}&{}", ids.join("&")));
        let said =
            format!("Your seat count decreases by 2 at the next renewal. No mid-cycle refund for {whom} users. The next renewal is on 1 May 2026.");
        assert!(page.has(&said), "{}", page.text());
    }
}

#[test]
fn r36_a_refusal_names_the_plan_that_the_due_renewal_brings() {
    let world = World::new();
    let [nia, noa, ned, nan] = initech(&world, "pro");
    for out in [&noa, &ned, &nan] {
        deactivate(&world, &nia, out);
    }
    let browser = world.sign_in(&nia);
    assert_eq!(change(&browser, "free", "monthly").status, 303);
    world.advance(Span::days(17));
    let browser = world.sign_in(&nia);
    let page = browser.post(LIST, &[("emails", "a@x.test"), ("role", "agent")]);
    assert!(page.error_of("emails").starts_with("The Free plan has 2 places and none is free."), "{}", page.error_of("emails"));
    assert!(browser.get(PLAN).has("You have Free, monthly"), "{}", browser.get(PLAN).text());
}
