//! Another plan, or another length of the cycle (R37).

use rollcall::{
    authz::ManageBilling,
    billing::{Ahead, ChangeRefusal, Choice, Effect, Interval, change_plan},
};

use super::*;

const PLAN: &str = "/settings/billing/plan";

fn preview(browser: &Browser, plan: &str, interval: &str) -> Page {
    browser.get(&format!("{PLAN}?plan={plan}&interval={interval}"))
}

fn change(browser: &Browser, plan: &str, interval: &str, shown: &str) -> Page {
    browser.post(PLAN, &[("plan", plan), ("interval", interval), ("shown", shown)])
}

/// How each line of a preview is worked out, and its amount.
fn costs(page: &Page) -> Vec<Vec<String>> {
    page.rows().into_iter().map(|row| row[1..].to_vec()).collect()
}

/// The events about plans.
fn plan_events(world: &World, account: AccountId) -> Vec<(String, String)> {
    world.events(account).into_iter().filter(|[event, ..]| event.starts_with("plan.")).map(|[event, _, _, details]| (event, details)).collect()
}

#[test]
fn r37_an_upgrade_acts_at_once_and_charges_the_difference_for_the_paid_seats() {
    let world = World::new();
    let [nia, ..] = initech(&world, "team");
    let (browser, before) = (world.sign_in(&nia), invoices(&world, nia.account).len());
    let page = world.unchanged("looking", || preview(&browser, "pro", "monthly"));
    assert_eq!((page.status, page.h1().as_str()), (200, "Change to Pro, monthly?"));
    assert_eq!(
        costs(&page),
        [["5 × $20.00 × 15 of 30 days", "$50.00"], ["Charged at once", "$50.00"], ["5 × $49.00, if nobody comes or goes", "$245.00"],]
    );
    assert!(page.has("Pro instead of Team, for 5 paid seats") && page.has("Next invoice, on 1 May 2026"), "{}", page.text());
    let answer = change(&browser, "pro", "monthly", &page.value_of("shown"));
    assert_eq!((answer.status, answer.to()), (303, "/settings/billing"));
    assert_eq!(browser.get(PLAN).flash(), "You are on Pro now. $50.00 was charged.");
    let now = settle(&world, nia.account);
    assert_eq!((now.plan.word.as_str(), now.seats.price.cents(), now.seats.paid, &now.ahead), ("pro", 4900, 5, &Ahead::Renewal));
    assert_eq!(invoices(&world, nia.account)[before..], [(before as i64 + 1, 5000)]);
    assert_eq!(ledger(&world, nia.account).last().unwrap(), &("upgraded".to_owned(), 5, 15, 5000));
    let said = "from Team to Pro, charged $50.00 (5 × $20.00 × 15 of 30 days = $50.00)";
    assert_eq!(plan_events(&world, nia.account), [("plan.changed".to_owned(), said.to_owned())]);
    // From now on a seat costs what the new plan asks.
    assert_eq!(now.quote(1, world.now()).charge.amount.to_string(), "$24.50");
}

#[test]
fn r37_a_plan_that_asks_for_more_seats_charges_them_as_a_line_of_their_own_on_the_same_invoice() {
    let world = World::new();
    let [nia, ..] = initech(&world, "team");
    let browser = world.sign_in(&nia);
    let before = invoices(&world, nia.account).len();
    let page = preview(&browser, "business", "monthly");
    assert_eq!(costs(&page)[..2], [["5 × $70.00 × 15 of 30 days", "$175.00"], ["5 × $99.00 × 15 of 30 days", "$247.50"]]);
    assert!(page.has("Business has at least 10 seats: 5 more"), "{}", page.text());
    assert_eq!(page.value_of("shown"), "422.50");
    assert_eq!(change(&browser, "business", "monthly", "422.50").status, 303);
    assert_eq!(invoices(&world, nia.account)[before..], [(before as i64 + 1, 42_250)]);
    let now = settle(&world, nia.account);
    assert_eq!((now.seats.paid, now.seats.active), (10, 5));
    let kinds: Vec<String> = ledger(&world, nia.account).into_iter().map(|line| line.0).collect();
    assert_eq!(kinds[kinds.len() - 2..], ["upgraded", "minimum_raised"]);
}

#[test]
fn r37_a_downgrade_waits_for_the_renewal_and_can_be_withdrawn() {
    let world = World::new();
    let [nia, ..] = initech(&world, "pro_plus");
    let browser = world.sign_in(&nia);
    let page = preview(&browser, "pro", "monthly");
    assert!(page.has("From 1 May 2026 on, when the running cycle ends. Until then you stay on Pro Plus"), "{}", page.text());
    assert_eq!((page.value_of("shown").as_str(), costs(&page)[0].clone()), ("0.00", vec!["Nothing is charged".to_owned(), "$0.00".to_owned()]));
    let before = (invoices(&world, nia.account), ledger(&world, nia.account));
    assert_eq!(change(&browser, "pro", "monthly", "0.00").status, 303);
    assert_eq!((invoices(&world, nia.account), ledger(&world, nia.account)), before, "nothing is charged");
    let chosen = settle(&world, nia.account);
    assert_eq!((chosen.plan.word.as_str(), chosen.next_terms().0.word.as_str()), ("pro_plus", "pro"));
    let page = browser.get(PLAN);
    assert_eq!(page.flash(), "Pro, monthly, from 1 May 2026 on. Nothing was charged.");
    assert!(page.has("Pro, monthly, is chosen from 1 May 2026 on."), "{}", page.text());
    // Withdrawn, and chosen again.
    assert_eq!(preview(&browser, "pro_plus", "monthly").h1(), "Stay on Pro Plus, monthly?");
    assert_eq!(change(&browser, "pro_plus", "monthly", "0.00").status, 303);
    assert_eq!(settle(&world, nia.account).ahead, Ahead::Renewal);
    assert_eq!(change(&browser, "pro", "monthly", "0.00").status, 303);
    world.advance(Span::days(16));
    let renewed = settle(&world, nia.account);
    assert_eq!((renewed.plan.word.as_str(), renewed.seats.price.cents(), &renewed.ahead), ("pro", 4900, &Ahead::Renewal));
    assert_eq!(invoices(&world, nia.account).last().unwrap().1, 5 * 4900);
    let events: Vec<String> = plan_events(&world, nia.account).into_iter().map(|(event, _)| event).collect();
    assert_eq!(events, ["plan.change_chosen", "plan.change_withdrawn", "plan.change_chosen", "plan.changed"]);
}

#[test]
fn r37_another_interval_begins_at_renewal_and_an_upgrade_beside_it_at_once() {
    let world = World::new();
    let [nia, ..] = initech(&world, "team");
    let browser = world.sign_in(&nia);
    assert_eq!(preview(&browser, "team", "yearly").h1(), "Change to yearly invoices?");
    let page = preview(&browser, "pro", "yearly");
    assert!(page.has("Pro from now on; yearly invoices from 1 May 2026 on"), "{}", page.text());
    assert_eq!(page.value_of("shown"), "50.00");
    assert_eq!(costs(&page)[2], ["5 × $588.00, if nobody comes or goes", "$2,940.00"]);
    assert_eq!(change(&browser, "pro", "yearly", "50.00").status, 303);
    let now = settle(&world, nia.account);
    assert_eq!((now.plan.word.as_str(), now.seats.interval, now.next_terms().1), ("pro", Interval::Monthly, Interval::Yearly));
    world.advance(Span::days(16));
    let yearly = settle(&world, nia.account);
    assert_eq!((yearly.seats.interval, yearly.seats.cycle.days()), (Interval::Yearly, 365));
    assert_eq!(invoices(&world, nia.account).last().unwrap().1, 5 * 58_800);
}

#[test]
fn r37_a_plan_without_room_is_refused_with_who_must_go_or_change_role() {
    let world = World::new();
    let [nia, noa, ned, _] = initech(&world, "pro");
    world.invite(&nia, "soon@x.test", Role::Agent);
    let browser = world.sign_in(&nia);
    let page = browser.get(PLAN);
    assert!(page.has("Essentials has 5 places, and 1 person would have to go. Essentials has no Supervisors, and there is 1."), "{}", page.text());
    assert!(page.body.contains("value=\"essentials\" id=\"f-plan-essentials\" disabled"), "{}", page.body);
    let seen = preview(&browser, "essentials", "monthly");
    let refused = world.unchanged("refused", || change(&browser, "essentials", "monthly", "0.00"));
    for (page, status) in [(&seen, 200), (&refused, 422)] {
        assert_eq!((page.status, page.h1().as_str()), (status, "Essentials has no room for everybody"));
        assert_eq!(page.link("Ned Obi"), Some(format!("/settings/team/members/{}", ned.id)));
        assert_eq!(page.link("Noa Obi"), Some(format!("/settings/team/members/{}", noa.id)));
        assert_eq!(page.link("Nia Obi"), None, "the Owner stays");
        assert!(page.has("1 person must go") && page.link("soon@x.test").is_some(), "{}", page.text());
    }
}

#[test]
fn r37_who_fits_is_looked_at_again_at_the_renewal_and_the_owner_is_told() {
    let world = World::new();
    let [nia, _, ned, _] = initech(&world, "pro");
    world.stand(&ned, Status::Deactivated);
    let browser = world.sign_in(&nia);
    assert_eq!(change(&browser, "essentials", "monthly", "0.00").status, 303);
    for n in 0..2 {
        world.member(nia.account, "New Agent", &format!("new{n}@initech.test"), Role::Agent, Status::Active);
    }
    world.deliver();
    world.advance(Span::days(16));
    let now = settle(&world, nia.account);
    assert_eq!((now.plan.word.as_str(), &now.ahead), ("pro", &Ahead::Renewal));
    let mail = world.deliver().into_iter().find(|mail| mail.subject() == "Initech stays on Pro").expect("a mail");
    assert_eq!(mail.to, ["nia@initech.test"]);
    let why = "Essentials has 5 places, and 1 person would have to go.";
    assert!(mail.text().split_whitespace().collect::<Vec<_>>().join(" ").contains(why), "{}", mail.text());
    let events = plan_events(&world, nia.account);
    assert_eq!(events.last().unwrap(), &("plan.change_dropped".to_owned(), format!("to Essentials: {why}")));
}

#[test]
fn r35_an_amount_that_changed_says_both_and_does_nothing() {
    let world = World::new();
    let [nia, ..] = initech(&world, "team");
    let shown = preview(&world.sign_in(&nia), "pro", "monthly").value_of("shown");
    world.advance(Span::days(1));
    let browser = world.sign_in(&nia);
    let page = world.unchanged("a day later", || change(&browser, "pro", "monthly", &shown));
    assert_eq!(page.status, 409);
    assert!(page.has("The amount changed: the page showed $50.00, and it is $46.67 now."), "{}", page.text());
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    assert_eq!(page.value_of("shown"), "46.67");
    // Somebody joins.
    world.member(nia.account, "New Agent", "new@initech.test", Role::Agent, Status::Active);
    let page = world.unchanged("somebody joined", || change(&browser, "pro", "monthly", "46.67"));
    assert_eq!((page.status, page.value_of("shown").as_str()), (409, "56.00"));
    assert_eq!(change(&browser, "pro", "monthly", "56.00").status, 303);
    let page = world.unchanged("the second click", || change(&browser, "pro", "monthly", "56.00"));
    assert_eq!((page.status, page.to()), (303, "/settings/billing"));
    assert_eq!(browser.get(PLAN).flash(), "It is so already. Nothing was changed and nothing charged.");
}

#[test]
fn r37_of_sixteen_upgrades_at_once_one_is_charged() {
    let world = World::new();
    let [nia, ..] = initech(&world, "team");
    let (by, now, plans) = (world.proof::<ManageBilling>(&nia), world.now(), &world.app.plans);
    let choice = Choice { plan: "pro".into(), interval: Interval::Monthly };
    let before = ledger(&world, nia.account).len();
    let done = world.at_once(16, |_| world.app.db.write_now(|tx| change_plan(tx, &by, &choice, None, None, plans, now)).map(|change| change.effect));
    assert_eq!(done.iter().filter(|done| matches!(done, Ok(Effect::Now))).count(), 1, "{done:?}");
    assert!(done.iter().all(|done| matches!(done, Ok(Effect::Now | Effect::Nothing))), "{done:?}");
    assert_eq!(ledger(&world, nia.account).len(), before + 1);
}

#[test]
fn r58_a_choice_that_is_none_comes_back_with_a_sentence() {
    let world = World::new();
    let browser = world.sign_in(&world.ada);
    for (plan, interval, field, said) in [
        ("", "monthly", "plan", "Choose a plan."),
        ("platinum", "monthly", "plan", "There is no such plan to choose. Choose one of these."),
        ("pro_plus", "weekly", "interval", "Choose monthly or yearly."),
    ] {
        for page in [world.unchanged(said, || change(&browser, plan, interval, "0.00")), preview(&browser, plan, interval)] {
            assert_eq!((page.status, page.error_of(field).as_str()), (422, said), "{plan} {interval}");
        }
    }
    let page = world.unchanged("no amount", || change(&browser, "pro_plus", "monthly", "a lot"));
    assert_eq!(page.status, 422);
    assert!(page.has("The amount that the page showed cannot be read."), "{}", page.text());
}

#[test]
fn r31_a_plan_that_left_the_file_can_be_stayed_on_but_not_chosen() {
    let world = World::new();
    let account = schema::accounts::table.find(world.ada.account);
    world.write(|conn| diesel::update(account).set(schema::accounts::plan.eq("legacy")).execute(conn));
    let browser = world.sign_in(&world.ada);
    assert!(browser.get(PLAN).has("Not sold any more; you can stay on it."));
    let page = world.unchanged("another interval of it", || change(&browser, "legacy", "yearly", "0.00"));
    assert_eq!((page.status, page.error_of("plan").as_str()), (422, "There is no such plan to choose. Choose one of these."));
    assert_eq!(change(&browser, "pro_plus", "monthly", "").status, 303);
}

#[test]
fn r37_a_cancelled_account_changes_no_plan_until_it_is_kept() {
    let world = World::new();
    cancel(&world, &world.ada);
    let browser = world.sign_in(&world.ada);
    for page in [browser.get(PLAN), preview(&browser, "pro_plus", "monthly")] {
        assert_eq!((page.status, page.h1().as_str()), (200, "The account is cancelled"));
        assert_eq!(page.link("Keep the account"), Some("/settings/account/cancellation".into()));
    }
    let page = world.unchanged("a change", || change(&browser, "pro_plus", "monthly", "154.84"));
    assert_eq!((page.status, page.h1().as_str()), (422, "The account is cancelled"));
    let (by, now, plans) = (world.proof::<ManageBilling>(&world.ada), world.now(), &world.app.plans);
    let choice = Choice { plan: "pro_plus".into(), interval: Interval::Monthly };
    let refusal = world.app.db.write_now(|tx| change_plan(tx, &by, &choice, None, None, plans, now)).unwrap_err();
    assert!(matches!(refusal, ChangeRefusal::Cancelled), "{refusal}");
}

#[test]
fn r14_an_admin_changes_no_plan_and_reads_whom_to_ask() {
    let world = World::new();
    let browser = world.sign_in(&world.bruno);
    for page in [browser.get(PLAN), world.unchanged("an Admin", || change(&browser, "pro_plus", "monthly", "154.84"))] {
        assert_eq!(page.status, 403);
        assert!(page.has("Ask Ada Okafor."), "{}", page.text());
    }
}
