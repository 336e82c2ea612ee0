//! The mail that brings the Owner an invoice (R34, R39).

use rollcall::{clock::Span, ticker};

use super::ticker::invoices;
use crate::support::*;

fn renew(world: &World) {
    world.block_on(ticker::renew(&world.app, &mut Vec::new(), world.now())).unwrap();
}

#[test]
fn r34_the_owner_gets_the_invoice_of_a_renewal_by_mail() {
    let world = World::new();
    world.advance(Span::days(31));
    renew(&world);
    let mails = world.deliver();
    let mut to: Vec<&str> = mails.iter().map(|mail| mail.to[0].as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [world.ada.email.as_str(), world.gus.email.as_str()], "the Owners, and nobody else");
    let mail = mails.iter().find(|mail| mail.to[0] == world.ada.email).unwrap();
    let invoice = invoices(&world, world.ada.account).pop().unwrap();
    assert_eq!(mail.subject(), format!("Invoice {} of Acme: $196.00", invoice.name()));
    let text = mail.text();
    for said in [
        "Hello Ada Okafor,",
        "A billing cycle of Acme began on 2 Apr 2026.",
        "- Pro renewed, 2 Apr 2026 to 2 May 2026: 4 × $49.00 = $196.00",
        "Total: $196.00",
        &format!("/settings/billing/invoices/{}", invoice.id),
        "You get this mail because you are the Owner of Acme.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(mail.html().contains("<td style=\"padding:4px 0;text-align:right;white-space:nowrap\">$196.00</td>"), "{}", mail.html());
    renew(&world);
    assert!(world.deliver().is_empty(), "once");
}

#[test]
fn r39_cycles_that_are_late_bring_a_mail_each_in_order() {
    let world = World::new();
    world.advance(Span::days(95));
    renew(&world);
    let mails = world.deliver();
    let mut subjects: Vec<String> = mails.iter().filter(|mail| mail.to[0] == world.ada.email).map(|mail| mail.subject()).collect();
    subjects.sort_unstable();
    let billed = invoices(&world, world.ada.account);
    let expected: Vec<String> = billed.iter().rev().take(3).rev().map(|invoice| format!("Invoice {} of Acme: $196.00", invoice.name())).collect();
    assert_eq!(subjects, expected);
}

#[test]
fn r34_a_renewal_that_a_click_makes_is_mailed_too() {
    let world = World::new();
    world.advance(Span::days(31));
    let ada = world.sign_in(&world.ada);
    ada.submit(&format!("/settings/team/members/{}/deactivation", world.dana.id), &[]);
    let mut to: Vec<String> = world.deliver().iter().map(|mail| mail.to[0].clone()).collect();
    to.sort_unstable();
    assert_eq!(to, [world.ada.email.clone(), world.dana.email.clone()]);
}

#[test]
fn r34_nothing_is_mailed_where_nothing_is_billed() {
    let world = World::wish().empty().open();
    let [owner, ..] = world.account("Initech", "pro", ["Ina Berg", "Ivo Lund", "Iris Sato", "Igor Kaya"]);
    world.write(|conn| {
        use diesel::prelude::*;
        use rollcall::db::schema::{accounts, subscriptions};
        diesel::update(accounts::table.find(owner.account)).set(accounts::plan.eq("free")).execute(conn)?;
        diesel::update(subscriptions::table.find(owner.account)).set(subscriptions::price_cents.eq(rollcall::billing::Money::ZERO)).execute(conn)
    });
    let before = invoices(&world, owner.account).len();
    world.advance(Span::days(31));
    renew(&world);
    assert_eq!(invoices(&world, owner.account).len(), before);
    assert!(world.deliver().is_empty());
}

#[test]
fn r34_the_mail_goes_to_whoever_owns_the_account_then() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    ada.submit(&format!("/settings/team/members/{}/ownership", world.bruno.id), &[("current_password", PASSWORD)]);
    world.deliver();
    world.advance(Span::days(31));
    renew(&world);
    let mails = world.deliver();
    let mail = mails.iter().find(|mail| mail.subject().contains("Acme")).unwrap();
    assert_eq!(mail.to, [world.bruno.email.as_str()]);
    assert!(mail.text().contains("Hello Bruno Vargas,"), "{}", mail.text());
}
