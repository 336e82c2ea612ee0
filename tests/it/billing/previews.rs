//! A preview that is older than the day, or than a free seat, charges nothing (R35).

use rollcall::{authz::Role, clock::Span, members::Status};

use super::{
    close,
    money_first::{documents, invoiced, last_charge, person, shown},
};
use crate::{
    endings::{deactivate, page_of},
    support::PASSWORD,
};

const SELECTION: &str = "/settings/team/members/selection";
/// Amounts that no page ever showed.
const BAD: [&str; 6] = ["x", "1e30", "14,50", "79228162514264337593543950335", "-", "\u{661}4.50"];
const UNREADABLE: &str = "The amount that the page showed cannot be read. Nothing was done";

#[test]
fn r35_a_page_of_yesterday_says_both_amounts_and_charges_neither() {
    let (world, olga) = documents();
    let sven = person(&world, &olga, "Sven Lund");
    deactivate(&world, &olga, &sven);
    world.member(olga.account, "Tess Orr", "tess@initech.test", Role::Agent, Status::Active);
    let path = format!("{}/reactivation", page_of(&sven));
    assert_eq!(shown(&world.sign_in(&olga).get(&path)), "14.50");
    world.advance(Span::days(1));
    let browser = world.sign_in(&olga);
    let page = world.unchanged("the page of yesterday", || browser.post(&path, &[("shown", "14.50")]));
    assert_eq!((page.status, page.h1().as_str(), shown(&page).as_str()), (409, "Reactivate Sven Lund?", "13.53"));
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    let said = "The amount changed: the page showed $14.50, and it is $13.53 now ($29.00 × 14 of 30 days). Nothing was done and nothing was charged.";
    assert!(page.has(said), "{}", page.text());
    browser.submit(&path, &[("shown", &shown(&page))]);
    assert_eq!(last_charge(&world, olga.account), "13.53");
}

#[test]
fn r35_a_free_seat_that_somebody_took_meanwhile_is_not_charged_silently() {
    let (world, olga) = documents();
    let sven = person(&world, &olga, "Sven Lund");
    let browser = world.sign_in(&olga);
    let list = browser.submit(&format!("{}/deactivation", page_of(&sven)), &[]);
    let undo = list.buttons("Undo").remove(0);
    world.member(olga.account, "Tess Orr", "tess@initech.test", Role::Agent, Status::Active);
    let page = world.unchanged("Undo for nothing", || browser.post(&undo, &[("shown", "0.00")]));
    assert_eq!((page.status, shown(&page).as_str()), (409, "14.50"));
    assert!(page.has("the page showed $0.00, and it is $14.50 now"), "{}", page.text());
    // A form without an amount promised none: the door does what it says.
    browser.submit(&undo, &[]);
    assert_eq!(last_charge(&world, olga.account), "14.50");
}

#[test]
fn r35_an_amount_that_is_none_charges_nothing() {
    let (world, olga) = documents();
    let sven = person(&world, &olga, "Sven Lund");
    deactivate(&world, &olga, &sven);
    let browser = world.sign_in(&olga);
    for amount in BAD {
        let path = format!("{}/reactivation", page_of(&sven));
        let page = world.unchanged(amount, || browser.post(&path, &[("shown", amount)]));
        assert_eq!((page.status, shown(&page).as_str()), (422, "0.00"), "{amount}");
        let fields = [("act", "reactivate"), ("member_ids", sven.id.as_str()), ("shown", amount)];
        let page = world.unchanged(amount, || browser.post(SELECTION, &fields));
        assert_eq!((page.status, page.problems().len()), (422, 1), "{amount}: {}", page.text());
        let fields = [("username", "lobby"), ("first_name", "Lobby"), ("role", "agent"), ("shown", amount)];
        let page = world.unchanged(amount, || browser.post("/settings/team/username-members", &fields));
        assert!(page.status == 422 && page.has(UNREADABLE), "{amount}: {}", page.text());
        let fields = [("plan", "pro"), ("interval", "monthly"), ("shown", amount)];
        let page = world.unchanged(amount, || browser.post("/settings/billing/plan", &fields));
        assert!(page.status == 422 && page.has(UNREADABLE), "{amount}: {}", page.text());
    }
    close(&world, &olga);
    let browser = world.sign_in(&olga);
    for amount in BAD {
        let fields = [("current_password", PASSWORD), ("shown", amount)];
        let page = world.unchanged(amount, || browser.post("/settings/account/reopening", &fields));
        assert!(page.status == 422 && page.has(UNREADABLE), "{amount}: {}", page.text());
    }
}

#[test]
fn r35_of_several_each_amount_and_the_total_are_said_and_the_total_is_checked() {
    let (world, olga) = documents();
    let [sven, rosa, quin] = ["Sven Lund", "Rosa Field", "Pia Stone"].map(|name| person(&world, &olga, name));
    for out in [&sven, &rosa, &quin] {
        deactivate(&world, &olga, out);
    }
    // Of three vacant seats two are taken.
    for (name, email) in [("Tess Orr", "tess@initech.test"), ("Uwe Pohl", "uwe@initech.test")] {
        world.member(olga.account, name, email, Role::Agent, Status::Active);
    }
    let browser = world.sign_in(&olga);
    let ids = [&sven, &rosa, &quin].map(|out| ("member_ids", out.id.as_str()));
    let query: Vec<String> = ids.iter().map(|(name, id)| format!("{name}={id}")).collect();
    let page = world.unchanged("looking", || browser.get(&format!("{SELECTION}?act=reactivate&{}", query.join("&"))));
    let money: Vec<bool> = page.rows().iter().map(|row| row[1].ends_with("$14.50 today ($29.00 × 15 of 30 days).")).collect();
    assert_eq!(money, [false, true, true], "{:?}", page.rows());
    assert!(page.rows()[0][1].ends_with("No charge.") && page.has("$29.00 is charged today for 3 people together."), "{}", page.text());
    assert_eq!(shown(&page), "29.00");
    let fields = |amount: &'static str| [&[("act", "reactivate"), ("shown", amount)], &ids[..]].concat();
    let stale = world.unchanged("another total", || browser.post(SELECTION, &fields("14.50")));
    assert_eq!((stale.status, shown(&stale).as_str()), (409, "29.00"));
    assert!(stale.has("the page showed $14.50, and it is $29.00 now"), "{}", stale.text());
    let before = invoiced(&world, olga.account);
    let list = browser.submit(SELECTION, &fields("29.00"));
    assert_eq!(list.flash(), "3 people reactivated. $29.00 was charged.");
    assert_eq!(invoiced(&world, olga.account) - before, 2900);
}

#[test]
fn r35_a_closed_account_takes_nobody_in() {
    let (world, olga) = documents();
    let sven = person(&world, &olga, "Sven Lund");
    deactivate(&world, &olga, &sven);
    close(&world, &olga);
    let browser = world.sign_in(&olga);
    let path = format!("{}/reactivation", page_of(&sven));
    let answer = world.unchanged("a closed account", || browser.post(&path, &[("shown", "0.00")]));
    assert_eq!((answer.status, answer.to()), (303, "/settings/account/cancellation"));
}
