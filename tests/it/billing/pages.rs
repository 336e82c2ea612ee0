//! The billing page.

use support::questions;

use super::*;
use crate::support;

/// The rows of the page's table with this caption's beginning.
fn table(page: &Page, head: &str) -> Vec<Vec<String>> {
    // The ledger's rows have six cells, the invoices' five.
    let cells = if head == "ledger" { 6 } else { 5 };
    page.rows().into_iter().filter(|row| row.len() == cells).collect()
}

fn captions(page: &Page) -> Vec<String> {
    page.texts("caption")
}

#[test]
fn r33_r34_the_documents_example_is_on_the_page() {
    let world = april();
    world.advance(Span::days(14));
    let dana = accept(&world, "fay@acme.test", "Fay", "Noor");
    let ada = world.sign_in(&world.ada);
    let page = ada.get(BILLING);
    assert_eq!((page.status, page.h1().as_str(), page.title().as_str()), (200, "Billing", "Billing · Settings · Acme"));
    for text in [
        "Team plan · $29.00 per seat and month · renews 2 May 2026",
        "2 Apr 2026 to 2 May 2026 · 15 of 30 days used",
        "6, a seat each",
        "0, no seat until they accept",
        "6, of which 0 vacant",
        "At least 2 seats billed, any number of places",
        "6 × $29.00 = $174.00 on 2 May 2026 (estimate)",
        "6 active members now; each is a seat.",
    ] {
        assert!(page.has(text), "{text}: {}", page.text());
    }
    let ledger = table(&page, "ledger");
    assert_eq!(ledger[0], ["16 Apr 2026", "Fay Noor accepted", "+1 6 active, 6 paid", "$29.00 × 15 of 30 days", "$14.50", "INV-0003"]);
    assert_eq!(ledger[1], ["2 Apr 2026", "Team renewed", "5 active, 5 paid", "5 × $29.00", "$145.00", "INV-0002"]);
    assert_eq!((ledger.len(), page.link("Fay Noor")), (2, Some(format!("/settings/team/members/{}", dana.id))));
    let invoices = table(&page, "invoices");
    assert_eq!(invoices[0][..4], ["16 Apr 2026", "INV-0003", "$14.50", "Open"]);
    assert_eq!(invoices[1][..4], ["2 Apr 2026", "INV-0002", "$145.00", "Open"]);
    assert_eq!(captions(&page), ["Showing 1–2 of 2 steps, newest first", "Showing 1–3 of 3 invoices, newest first"]);
    assert_eq!(
        (page.link("Change plan"), page.link("Cancel account")),
        (Some(format!("{BILLING}/plan")), Some("/settings/account/cancellation".into()))
    );
}

#[test]
fn r32_the_invited_and_the_deactivated_are_counted_and_cost_nothing() {
    let world = april();
    for email in ["x@acme.test", "y@acme.test"] {
        world.invite(&world.ada, email, Role::Agent);
    }
    let ada = world.sign_in(&world.ada);
    assert_eq!(ada.post(&format!("/settings/team/members/{}/deactivation", world.dana.id), &[]).status, 303);
    let page = ada.get(BILLING);
    for text in ["4, a seat each", "2, no seat until they accept", "1, free of charge", "5, of which 1 vacant", "4 × $29.00 = $116.00"] {
        assert!(page.has(text), "{text}: {}", page.text());
    }
    let first = &table(&page, "ledger")[0];
    assert_eq!(first[1..], ["Dana Silva was deactivated", "−1 4 active, 5 paid", "Their seat stays paid until the cycle ends", "$0.00", "—"]);
    accept(&world, "z@acme.test", "Zed", "Zola");
    let page = ada.get(BILLING);
    assert_eq!(table(&page, "ledger")[0][1..], ["Zed Zola accepted", "+1 5 active, 5 paid", "A paid seat was free", "$0.00", "—"]);
    let meter = |browser: &Browser| browser.get("/settings/team/members").texts(".meter p")[0].clone();
    assert!(meter(&ada).starts_with("5 active · 2 invited · 5 paid seats"), "{}", meter(&ada));
    world.advance(Span::days(8));
    let ada = world.sign_in(&world.ada);
    assert!(ada.get(BILLING).has("0, no seat until they accept"), "an invitation that ran out counts no more");
    // Both pages count alike, on a plan without a maximum of places too.
    assert!(meter(&ada).starts_with("5 active · 0 invited · 5 paid seats"), "{}", meter(&ada));
}

#[test]
fn r34_the_minimum_is_explained_where_it_counts() {
    let world = World::wish().plan("team").empty().open();
    let [ada, bruno, chen, dana] = world.account("Initech", "team", ["Ada Okafor", "Bruno Vargas", "Chen Wei", "Dana Silva"]);
    let browser = world.sign_in(&ada);
    for person in [bruno, chen, dana] {
        assert_eq!(browser.post(&format!("/settings/team/members/{}/deactivation", person.id), &[]).status, 303);
    }
    let page = browser.get(BILLING);
    for text in ["2 × $29.00 = $58.00", "1 active member now; each is a seat.", "Team is billed for at least 2 seats."] {
        assert!(page.has(text), "{text}: {}", page.text());
    }
}

#[test]
fn r31_a_free_plan_says_that_it_has_no_invoices() {
    let world = World::wish().set("ROLLCALL_SIGNUP", "open").open();
    let fields = [("company", "Hooli"), ("name", "Hal Hall"), ("email", "hal@hooli.test"), ("password", PASSWORD), ("plan", "free")];
    let hal = world.browser();
    assert_eq!(hal.post("/signup", &[&fields[..], &[("time_zone", "UTC")]].concat()).status, 303);
    let page = hal.get(BILLING);
    assert!(page.has("A free plan has no invoices.") && page.has("There is none: Free has no charge."), "{}", page.text());
    assert!(page.has("Account opened on Free") && page.link("Export CSV").is_none(), "{}", page.text());
    assert_eq!(hal.get(&format!("{BILLING}/invoices.csv")).body, "number,date,total,status\n");
}

#[test]
fn r13_nobody_but_the_owner_sees_billing_and_the_page_names_them() {
    let world = World::new();
    let id = invoice_ids(&world, world.ada.account)[0];
    for path in [BILLING.to_owned(), format!("{BILLING}/invoices.csv"), format!("{BILLING}/invoices/{id}"), format!("{BILLING}/invoices/{id}.pdf")] {
        for person in [&world.bruno, &world.chen, &world.dana] {
            let page = world.sign_in(person).get(&path);
            assert_eq!(page.status, 403, "{path}");
            assert!(page.has("Ada Okafor"), "{path}: {}", page.text());
        }
    }
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    assert_eq!(ada.get("/profile").link("Billing").as_deref(), Some(BILLING));
    assert_eq!(bruno.get("/settings/team/members").link("Billing"), None);
}

#[test]
fn r23_who_is_erased_is_a_former_member_in_the_ledger_and_on_invoices() {
    let world = april();
    world.advance(Span::days(14));
    let fay = accept(&world, "fay@acme.test", "Fay", "Noor");
    let ada = world.sign_in(&world.ada);
    let profile = format!("/settings/team/members/{}", fay.id);
    assert_eq!(ada.post(&format!("{profile}/removal"), &[]).status, 303);
    assert_eq!(ada.post(&format!("{profile}/erasure"), &[("current_password", PASSWORD)]).status, 303);
    let page = ada.get(BILLING);
    assert_eq!(table(&page, "ledger")[0][1], "Former member was removed");
    assert_eq!(table(&page, "ledger")[1][1], "Former member accepted");
    assert_eq!(page.link("Former member"), None);
    let invoice = ada.get(&page.link("INV-0003").unwrap());
    assert!(invoice.has("Former member accepted") && !invoice.has("Fay"), "{}", invoice.text());
}

#[test]
fn r37_r38_what_is_ahead_is_said() {
    let world = april();
    let ada = world.sign_in(&world.ada);
    let plan = format!("{BILLING}/plan");
    assert_eq!(ada.post(&plan, &[("plan", "team"), ("interval", "yearly"), ("shown", "0.00")]).status, 303);
    let page = ada.get(BILLING);
    for text in [
        "Billing becomes yearly on 2 May 2026. Change it",
        "5 × $348.00 = $1,740.00 on 2 May 2026",
        "$348.00 per seat and year, from 2 May 2026 to 2 May 2027.",
    ] {
        assert!(page.has(text), "{text}: {}", page.text());
    }
    assert!(page.link("Change plan").is_some(), "{}", page.text());
    cancel(&world, &world.ada);
    let page = ada.get(BILLING);
    assert!(page.has("closes 2 May 2026") && page.has("There is none: the account closes on 2 May 2026."), "{}", page.text());
    assert!(page.link("Change plan").is_none() && page.has("Keep it to change the plan.") && page.link("Keep the account").is_some());
}

#[test]
fn r39_a_renewal_that_is_late_shows_the_new_cycle_with_an_empty_ledger() {
    let world = april();
    world.advance(Span::days(40));
    let ada = world.sign_in(&world.ada);
    let page = world.unchanged("looking", || ada.get(BILLING));
    assert!(page.has("2 May 2026 to 2 Jun 2026 · 11 of 31 days used") && page.has("renews 2 Jun 2026"), "{}", page.text());
    // Nothing of the cycle is written yet, and what is written is not of this cycle.
    assert!(page.has("This cycle has just begun") && table(&page, "ledger").is_empty(), "{}", page.text());
    settle(&world, world.ada.account);
    let page = ada.get(BILLING);
    assert_eq!(captions(&page)[0], "Showing 1 of 1 step, newest first");
    assert_eq!(table(&page, "ledger")[0][..2], ["2 May 2026", "Team renewed"]);
}

#[test]
fn r35_a_ledger_of_many_lines_is_paged_and_stays_in_its_cycle() {
    questions::count();
    let world = april();
    to_and_fro(&world, 60);
    let ada = world.sign_in(&world.ada);
    let first = ada.get(BILLING);
    assert_eq!(captions(&first)[0], "Showing 1–50 of 121 steps, newest first");
    let second = ada.get(&first.link("Next page").unwrap());
    let third = ada.get(&second.link("Next page").unwrap());
    assert_eq!(
        (captions(&second)[0].as_str(), captions(&third)[0].as_str()),
        ("Showing 51–100 of 121 steps, newest first", "Showing 101–121 of 121 steps, newest first")
    );
    let ledger = table(&third, "ledger");
    assert_eq!((ledger.len(), ledger[20][1].as_str(), third.link("Next page")), (21, "Team renewed", None));
    assert_eq!(ledger[0][2], "+1 5 active, 5 paid");
    assert_eq!(second.link("First page").as_deref(), Some(BILLING));
    for odd in ["?after=x", "?after=-1", "?after=99999999999999999999", "?after=1", "?invoices_after=0", "?invoices_after=%00"] {
        assert_eq!(ada.get(&format!("{BILLING}{odd}")).status, 200, "{odd}");
    }
    let before = world.asked();
    ada.get(BILLING);
    let asked = world.asked() - before;
    assert!((1..=9).contains(&asked), "{asked} questions");
}
