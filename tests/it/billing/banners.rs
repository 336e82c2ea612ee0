//! The seat meter, what stands above it, and the way to more places (R36 to R38).

use rollcall::{authz::Role, members::Status};

use super::{cancel, money_first::documents};
use crate::{
    endings::{deactivate, page_of},
    members::{LIST, invite},
    support::*,
};

const PLANS: &str = "/settings/billing/plan";

/// The sentences above the list.
fn banners(page: &Page) -> Vec<String> {
    page.texts("main > .alert:not([role])")
}

#[test]
fn the_meter_says_the_seats_to_everybody_and_the_price_to_the_owner() {
    let (world, olga) = documents();
    let page = world.sign_in(&olga).get(LIST);
    let said = "5 active · 0 invited · 5 paid seats until 1 May 2026 · $29.00/seat, renews 1 May 2026";
    assert!(page.texts(".meter p")[0].starts_with(said), "{:?}", page.texts(".meter p"));
    assert_eq!(page.attribute(".meter a", "href").as_deref(), Some("/settings/billing"));
    assert!(banners(&page).is_empty(), "{:?}", banners(&page));
    let admin = world.member(olga.account, "Tess Orr", "tess@initech.test", Role::Admin, Status::Active);
    let page = world.sign_in(&admin).get(LIST);
    assert_eq!(page.texts(".meter p"), ["6 active · 0 invited · 6 paid seats until 1 May 2026"]);
    assert_eq!(page.attribute(".meter a", "href"), None);
    let sven = super::money_first::person(&world, &olga, "Sven Lund");
    deactivate(&world, &olga, &sven);
    let page = world.sign_in(&admin).get(LIST);
    assert_eq!(page.texts(".meter p"), ["5 active · 0 invited · 6 paid seats until 1 May 2026, one of them vacant"]);
}

#[test]
fn r36_a_plan_that_is_nearly_full_says_so_with_the_way_to_more() {
    let world = World::wish().plan("essentials").open();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let page = ada.get(LIST);
    assert_eq!(banners(&page), ["4 of 5 places of the Essentials plan are taken, and one is free. See the plans"]);
    assert_eq!(page.link("See the plans").as_deref(), Some(PLANS));
    invite(&ada, "ana@x.test", "agent");
    assert!(ada.get(LIST).texts(".meter p")[0].starts_with("4 active · 1 invited · 0 free · 4 paid seats"));
    let said = ["5 of 5 places of the Essentials plan are taken, and none is free. Ask Ada Okafor for a larger plan."];
    let page = bruno.get(LIST);
    assert_eq!((banners(&page), page.link("See the plans")), (said.map(str::to_owned).into(), None));
    // Where there is no place, the Owner is led to the plans and an Admin is told whom to ask.
    let page = world.unchanged("no place", || invite(&ada, "bob@x.test", "agent"));
    assert_eq!(page.error_of("emails"), "The Essentials plan has 5 places and none is free. Cancel an invitation, or choose a larger plan.");
    assert_eq!(page.link("See the plans").as_deref(), Some(PLANS));
    let page = world.unchanged("no place", || invite(&bruno, "bob@x.test", "agent"));
    assert!(page.error_of("emails").ends_with("or ask Ada Okafor for a larger plan."), "{}", page.error_of("emails"));
    assert_eq!(page.link("See the plans"), None);
    deactivate(&world, &world.ada, &world.dana);
    invite(&ada, "bob@x.test", "agent");
    let path = format!("{}/reactivation", page_of(&world.dana));
    let page = ada.get(&path);
    assert!(page.has("none is free") && page.buttons("Reactivate").is_empty(), "{}", page.text());
    assert_eq!(page.link("See the plans").as_deref(), Some(PLANS));
    assert_eq!(ada.submit(&path, &[]).link("See the plans").as_deref(), Some(PLANS));
    let list = ada.get(&format!("/settings/team/members/selection?act=reactivate&member_ids={}", world.dana.id));
    assert_eq!(list.link("See the plans").as_deref(), Some(PLANS));
}

#[test]
fn r37_r38_what_the_end_of_the_cycle_brings_stands_above_the_list() {
    let world = World::wish().plan("pro_plus").open();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let above = |browser: &Browser| banners(&browser.get(LIST));
    let choose = |plan: &str, interval: &str| {
        let page = ada.post(PLANS, &[("plan", plan), ("interval", interval), ("shown", "0.00")]);
        assert_eq!(page.status, 303, "{}", page.text());
        // What is said of it stands above the next page once.
        ada.get(PLANS);
    };
    assert!(above(&ada).is_empty());
    choose("pro", "monthly");
    assert_eq!(above(&ada), ["The plan changes from Pro Plus to Pro on 2 Apr 2026. Keep the Pro Plus plan"]);
    assert_eq!(ada.get(LIST).link("Keep the Pro Plus plan").as_deref(), Some(PLANS));
    assert_eq!(above(&bruno), ["The plan changes from Pro Plus to Pro on 2 Apr 2026. Ask Ada Okafor to keep the Pro Plus plan."]);
    choose("pro_plus", "yearly");
    assert_eq!(above(&ada), ["Billing becomes yearly on 2 Apr 2026. Change it"]);
    assert_eq!(above(&bruno), ["Billing becomes yearly on 2 Apr 2026."]);
    cancel(&world, &world.ada);
    assert_eq!(above(&ada), ["The account is cancelled and closes on 2 Apr 2026. Until then everything works. Keep the account"]);
    assert_eq!(ada.get(LIST).link("Keep the account").as_deref(), Some("/settings/account/cancellation"));
    assert_eq!(above(&bruno), ["The account is cancelled and closes on 2 Apr 2026. Until then everything works. Ask Ada Okafor to keep it."]);
    let page = ada.get(&format!("{LIST}/new"));
    assert!(page.has("The account closes on 2 Apr 2026, without another invoice"), "{}", page.text());
    let page = ada.get(&format!("{}/removal", page_of(&world.dana)));
    assert!(page.has("The seat is paid until 2 Apr 2026, when the account closes. No mid-cycle refund for removed users."), "{}", page.text());
}

#[test]
fn r34_a_removal_says_when_the_seat_is_freed() {
    let (world, olga) = documents();
    let sven = super::money_first::person(&world, &olga, "Sven Lund");
    let browser = world.sign_in(&olga);
    for (noun, whom) in [("removal", "removed"), ("deactivation", "deactivated")] {
        let page = browser.get(&format!("{}/{noun}", page_of(&sven)));
        let said =
            format!("Your seat count decreases by one at the next renewal. No mid-cycle refund for {whom} users. The next renewal is on 1 May 2026.");
        assert!(page.has(&said), "{}", page.text());
    }
    for name in ["Sven Lund", "Rosa Field", "Quin Hale"] {
        deactivate(&world, &olga, &super::money_first::person(&world, &olga, name));
    }
    let pia = super::money_first::person(&world, &olga, "Pia Stone");
    let page = browser.get(&format!("{}/removal", page_of(&pia)));
    assert!(page.has("The renewal on 1 May 2026 bills the Team plan's minimum of 2 seats."), "{}", page.text());
}

#[test]
fn the_list_asks_the_database_at_most_four_times_with_a_maximum_of_places_and_without() {
    questions::count();
    for (plan, said) in [("essentials", 1), ("team", 0)] {
        let world = World::wish().plan(plan).open();
        for person in [&world.ada, &world.bruno] {
            let browser = world.sign_in(person);
            browser.get(LIST);
            browser.get(LIST);
            let before = world.asked();
            assert_eq!(banners(&browser.get(LIST)).len(), said);
            let asked = world.asked() - before;
            assert!((1..=4).contains(&asked), "{plan}, {}: {asked} questions", person.name);
        }
    }
}
