//! Money before the button (R35): what a page says an act costs is what is charged for it on the same day.

use diesel::prelude::*;
use rollcall::{
    authz::Role,
    billing::Money,
    clock::Span,
    db::{AccountId, schema},
    members::Status,
};

use crate::{
    endings::{deactivate, page_of, remove},
    members::{LIST, accept, invite},
    support::*,
};

/// What the last line of the ledger charged.
pub fn last_charge(world: &World, account: AccountId) -> String {
    use schema::ledger_entries::dsl as l;
    let newest = l::ledger_entries.filter(l::account_id.eq(account)).order(l::number.desc());
    world.read(|conn| newest.select(l::amount_cents).first::<Money>(conn)).plain()
}

/// What all invoices of an account ask for together.
pub fn invoiced(world: &World, account: AccountId) -> i64 {
    use schema::invoices::dsl as i;
    let all = i::invoices.filter(i::account_id.eq(account)).select(i::total_cents);
    world.read(|conn| all.load::<Money>(conn)).into_iter().sum::<Money>().cents()
}

/// The documents' company: on Team, five people, a cycle of 30 days that began on 1 April, and today is its 15th day.
pub fn documents() -> (World, Person) {
    let world = World::wish().empty().set("ROLLCALL_SIGNUP", "open").open();
    world.advance(Span::days(30));
    let [olga, ..] = world.account("Initech", "team", ["Olga Marsh", "Pia Stone", "Quin Hale", "Rosa Field"]);
    world.member(olga.account, "Sven Lund", "sven@initech.test", Role::Agent, Status::Active);
    world.advance(Span::days(14));
    (world, olga)
}

/// The amount that a form promises.
pub fn shown(page: &Page) -> String {
    page.attribute("input[name='shown']", "value").unwrap_or_else(|| panic!("no amount in {}", page.text()))
}

#[test]
fn r35_the_documents_example_is_said_before_the_invite_and_charged_on_acceptance() {
    let (world, olga) = documents();
    let browser = world.sign_in(&olga);
    let page = world.unchanged("looking", || browser.get(&format!("{LIST}/new")));
    for said in [
        "5 → 6 seats · Today: $14.50 ($29.00 × 15 of 30 days) · Invoice of 1 May 2026: $174.00 · Nothing if the invite expires",
        "Each is charged on acceptance",
        "each further one: $14.50 today.",
        "Today is day 15 of 30, which leaves 15 days.",
        "Next invoice: 6 × $29.00 = $174.00.",
    ] {
        assert!(page.has(said), "{said}: {}", page.text());
    }
    let before = invoiced(&world, olga.account);
    let list = browser.submit(LIST, &[("emails", "tess@initech.test"), ("role", "agent")]);
    assert_eq!(list.flash(), "Invite sent to tess@initech.test. $14.50 when accepted today.");
    assert_eq!(invoiced(&world, olga.account), before, "an invitation costs nothing");
    let path = world.mailed_path("tess@initech.test");
    let joining = world.browser().get(&path);
    assert!(!joining.has("$") && !joining.has("seat"), "the invited read nothing of money: {}", joining.text());
    assert_eq!(accept(&world.browser(), &path).status, 303);
    assert_eq!((last_charge(&world, olga.account).as_str(), invoiced(&world, olga.account) - before), ("14.50", 1450));
    // Several addresses that could not be invited are counted.
    let page = browser.post(LIST, &[("emails", "u@x.test, v@x.test, w@"), ("role", "agent")]);
    assert_eq!(page.status, 422);
    assert!(page.has("6 → 9 seats · Today: $43.50 (3 × $14.50, each $29.00 × 15 of 30 days)"), "{}", page.text());
    let list = browser.submit(LIST, &[("emails", "u@x.test, v@x.test"), ("role", "agent")]);
    assert_eq!(list.flash(), "2 invites sent. Up to $29.00 if all accept today.");
}

#[test]
fn r35_what_reactivating_costs_is_said_on_its_page_and_charged() {
    let (world, olga) = documents();
    let sven = person(&world, &olga, "Sven Lund");
    deactivate(&world, &olga, &sven);
    // The seat that is paid is taken by somebody else, so that coming back costs one more.
    world.member(olga.account, "Tess Orr", "tess@initech.test", Role::Agent, Status::Active);
    let browser = world.sign_in(&olga);
    let list = browser.get(&format!("{LIST}?status=deactivated"));
    assert!(list.buttons("Reactivate").is_empty(), "no button of the list charges");
    let path = list.link("Reactivate").expect("the menu leads to the page");
    assert_eq!(browser.get(&page_of(&sven)).link("Reactivate").as_deref(), Some(path.as_str()));
    let page = world.unchanged("looking", || browser.get(&path));
    assert_eq!((page.status, page.h1().as_str()), (200, "Reactivate Sven Lund?"));
    assert!(page.has("5 → 6 seats · Today: $14.50 ($29.00 × 15 of 30 days) · Invoice of 1 May 2026: $174.00"), "{}", page.text());
    assert_eq!((page.buttons("Reactivate"), shown(&page).as_str()), (vec![path.clone()], "14.50"));
    let profile = browser.submit(&path, &[("shown", "14.50")]);
    let said = "Sven Lund is active again, with role, groups and numbers as before. $14.50 was charged for 15 of 30 days.";
    assert_eq!((profile.flash().as_str(), last_charge(&world, olga.account).as_str()), (said, "14.50"));
    // A second click finds them back, and so does the page.
    let again = world.unchanged("a second click", || browser.submit(&path, &[("shown", "14.50")]));
    assert!(again.flash().starts_with("Sven Lund is active already"), "{}", again.flash());
    let page = browser.get(&path);
    assert!(page.has("Sven Lund is active already") && page.buttons("Reactivate").is_empty(), "{}", page.text());
}

#[test]
fn r33_a_vacant_seat_costs_nothing_and_comes_back_with_one_press() {
    let (world, olga) = documents();
    let sven = person(&world, &olga, "Sven Lund");
    let browser = world.sign_in(&olga);
    let list = browser.submit(&format!("{}/deactivation", page_of(&sven)), &[]);
    assert_eq!(list.buttons("Undo"), [format!("{}/reactivation", page_of(&sven))]);
    assert_eq!(shown(&list), "0.00", "undoing promises to cost nothing");
    let page = browser.get(&format!("{}/reactivation", page_of(&sven)));
    assert!(page.has("No charge: one of 5 paid seats is vacant until 1 May 2026."), "{}", page.text());
    assert_eq!(shown(&page), "0.00");
    let list = browser.get(&format!("{LIST}?status=deactivated"));
    assert_eq!((list.buttons("Reactivate").len(), shown(&list).as_str()), (1, "0.00"));
    let before = invoiced(&world, olga.account);
    let profile = browser.submit(&format!("{}/reactivation", page_of(&sven)), &[("shown", "0.00")]);
    assert_eq!(profile.flash(), "Sven Lund is active again, with role, groups and numbers as before.");
    assert_eq!(invoiced(&world, olga.account), before);
}

#[test]
fn r35_what_restoring_costs_is_said_on_its_page_and_charged() {
    let (world, olga) = documents();
    let sven = person(&world, &olga, "Sven Lund");
    remove(&world, &olga, &sven);
    world.member(olga.account, "Tess Orr", "tess@initech.test", Role::Agent, Status::Active);
    let browser = world.sign_in(&olga);
    let path = format!("{}/restoration", page_of(&sven));
    assert_eq!(browser.get(&page_of(&sven)).link("Restore"), Some(path.clone()));
    let page = world.unchanged("looking", || browser.get(&path));
    assert_eq!((page.h1().as_str(), shown(&page).as_str(), page.buttons("Restore").len()), ("Restore Sven Lund?", "14.50", 1));
    let stale = world.unchanged("another amount", || browser.post(&path, &[("shown", "14.00")]));
    assert_eq!((stale.status, shown(&stale).as_str()), (409, "14.50"));
    let profile = browser.submit(&path, &[("shown", "14.50")]);
    assert_eq!(profile.flash(), "Sven Lund is restored and active, with 0 groups and 0 numbers. $14.50 was charged for 15 of 30 days.");
    assert_eq!(last_charge(&world, olga.account), "14.50");
}

#[test]
fn r35_a_user_by_username_costs_what_the_page_says() {
    let (world, olga) = documents();
    let browser = world.sign_in(&olga);
    let path = "/settings/team/username-members/new";
    let page = browser.get(path);
    assert!(page.has("5 → 6 seats · Today: $14.50 ($29.00 × 15 of 30 days)"), "{}", page.text());
    let fields = |amount: &'static str, username: &'static str| {
        [("username", username), ("first_name", "Una"), ("last_name", "Voss"), ("role", "agent"), ("password", PASSWORD), ("shown", amount)]
    };
    let stale = world.unchanged("another amount", || browser.post(path, &fields("0.00", "una")));
    assert_eq!((stale.status, shown(&stale).as_str(), stale.value_of("username").as_str()), (409, "14.50", "una"));
    assert!(stale.has("the page showed $0.00, and it is $14.50 now ($29.00 × 15 of 30 days)"), "{}", stale.text());
    let made = browser.submit(path, &fields("14.50", "una"));
    assert!(made.flash().ends_with(" $14.50 was charged for 15 of 30 days."), "{}", made.flash());
    assert_eq!(last_charge(&world, olga.account), "14.50");
    // With a generated password the page that shows it says so too.
    let made = browser.post(path, &[("username", "vic"), ("first_name", "Vic"), ("role", "agent"), ("shown", "14.50")]);
    assert!(made.status == 200 && made.has("$14.50 was charged for 15 of 30 days."), "{}", made.text());
}

#[test]
fn r35_a_free_plan_charges_nothing_and_says_so() {
    let world = World::wish().plan("free").open();
    deactivate(&world, &world.ada, &world.dana);
    deactivate(&world, &world.ada, &world.chen);
    deactivate(&world, &world.ada, &world.bruno);
    let ada = world.sign_in(&world.ada);
    for path in [format!("{LIST}/new"), "/settings/team/username-members/new".into(), format!("{}/reactivation", page_of(&world.dana))] {
        let page = ada.get(&path);
        assert!(page.has("The Free plan charges nothing.") && !page.has("$"), "{path}: {}", page.text());
    }
    let list = ada.submit(LIST, &[("emails", "ana@x.test"), ("role", "agent")]);
    assert_eq!(list.flash(), "Invite sent to ana@x.test.");
}

#[test]
fn r33_on_the_last_day_of_a_cycle_a_seat_costs_nothing_today() {
    let (world, olga) = documents();
    world.advance(Span::days(15));
    let page = world.sign_in(&olga).get(&format!("{LIST}/new"));
    assert!(page.has("5 → 6 seats · $0.00 today, the last day of the cycle · Invoice of 1 May 2026: $174.00"), "{}", page.text());
    // The next day the cycle is over: nobody has renewed it yet, and the page says what will be charged all the same.
    world.advance(Span::days(1));
    let browser = world.sign_in(&olga);
    let page = browser.get(&format!("{LIST}/new"));
    assert!(page.has("Today: $28.06 ($29.00 × 30 of 31 days) · Invoice of 1 Jun 2026: $174.00"), "{}", page.text());
    invite(&browser, "tess@initech.test", "agent");
    assert_eq!(accept(&world.browser(), &world.mailed_path("tess@initech.test")).status, 303);
    assert_eq!(last_charge(&world, olga.account), "28.06");
}

#[test]
fn r27_a_file_says_the_most_it_can_cost() {
    let (world, olga) = documents();
    let rows: String = (0..38).map(|i| format!("p{i}@new.test,agent\n")).collect();
    let path = crate::bulk_invites::kept(&world, &olga, &format!("email,role\n{rows}"));
    let page = world.sign_in(&olga).get(&path);
    assert!(page.has("Up to $551.00 if all accept today; each is charged on acceptance: $14.50 today ($29.00 × 15 of 30 days)."), "{}", page.text());
    // Two seats that are paid and free are taken first.
    for name in ["Sven Lund", "Rosa Field"] {
        deactivate(&world, &olga, &person(&world, &olga, name));
    }
    let page = world.sign_in(&olga).get(&path);
    assert!(page.has("Up to $522.00 if all accept today") && page.has("2 of 5 paid seats are vacant until 1 May 2026."), "{}", page.text());
}

/// Somebody of the documents' company, by name.
pub fn person(world: &World, owner: &Person, name: &str) -> Person {
    use schema::members::dsl as m;
    let (first, last) = name.split_once(' ').unwrap();
    let own = m::members.filter(m::account_id.eq(owner.account)).filter(m::first_name.eq(first)).filter(m::last_name.eq(last));
    let (id, email) = world.read(|conn| own.select((m::id, m::email)).first::<(_, Option<String>)>(conn));
    Person { account: owner.account, id, name: name.into(), email: email.unwrap_or_default(), role: Role::Agent }
}
