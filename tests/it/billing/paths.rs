//! Every way to a seat and from one, through the doors, as people go through them (R33 to R35).

use diesel::prelude::*;
use rollcall::{
    authz::Role,
    billing::{Entry, Step},
    db::schema,
    members::{Member, Status},
};

use super::{acts::*, books::*};
use crate::support::*;

const LIST: &str = "/settings/team/members";

/// The member with this email or username.
fn find(world: &World, name: &str) -> Member {
    use schema::members::dsl as m;
    world.read(|conn| m::members.filter(m::email.eq(name).or(m::username.eq(name))).order(m::seq.desc()).select(Member::as_select()).first(conn))
}

/// A company on Team that signed up on 1 October by the form, and whose Owner made four users: five are active.
fn signed_up() -> (World, Person) {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-10-01T09:00:00Z"));
    let form =
        [("company", "Acme"), ("name", "Olga Owner"), ("email", "olga@acme.test"), ("password", PASSWORD), ("plan", "team"), ("time_zone", "UTC")];
    assert_eq!(world.browser().post("/signup", &form).status, 303);
    let row = find(&world, "olga@acme.test");
    let olga = Person { account: row.account_id, id: row.id, name: "Olga Owner".into(), email: "olga@acme.test".into(), role: Role::Owner };
    let browser = world.sign_in(&olga);
    for name in ["one", "two", "three", "four"] {
        make(&browser, name);
    }
    (world, olga)
}

fn make(browser: &Browser, username: &str) {
    let form = [
        ("username", username),
        ("first_name", "Una"),
        ("last_name", "User"),
        ("role", "agent"),
        ("password", "velvet harbour ninety lanterns"),
        ("number_id", ""),
    ];
    let page = browser.post("/settings/team/username-members", &form);
    assert_eq!(page.status, 303, "{}", page.text());
}

/// What `act` wrote: exactly one line.
#[track_caller]
fn line(world: &World, olga: &Person, act: impl FnOnce()) -> Entry {
    let before = entries(world, olga.account).len();
    act();
    let mut after = entries(world, olga.account);
    assert_eq!(after.len(), before + 1, "one line");
    after.pop().unwrap()
}

#[test]
fn r33_the_documents_example_through_the_doors_is_14_50_now_and_174_00_next() {
    let (world, olga) = signed_up();
    assert_eq!(bills(&world, olga.account), [("2026-10-01".to_owned(), 5800 + 3 * 2806)], "sign-up and three more seats, one day, one invoice");
    set_clock(&world, at("2026-11-15T11:00:00Z"));
    tick(&world.app, world.now());
    let browser = world.sign_in(&olga);
    assert_eq!(browser.post(LIST, &[("emails", "ana@acme.test"), ("role", "agent")]).status, 303);
    assert_eq!(bills(&world, olga.account).len(), 2, "an invitation costs nothing");
    let path = world.mailed_path("ana@acme.test");
    let joined = line(&world, &olga, || {
        let page = world.browser().post(&path, &[("first_name", "Ana"), ("last_name", "Ruiz"), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{}", page.text());
    });
    assert_eq!(
        (joined.step, joined.amount.plain().as_str(), joined.charge().formula().as_str()),
        (Step::Accepted, "14.50", "$29.00 × 15 of 30 days")
    );
    assert_eq!((joined.active_seats, joined.paid_seats), (6, 6));
    set_clock(&world, at("2026-12-01T00:00:00Z"));
    tick(&world.app, world.now());
    let told: Vec<_> = bills(&world, olga.account)[1..].iter().map(|(day, cents)| (day.clone(), *cents)).collect();
    assert_eq!(told, [("2026-11-01".into(), 14_500), ("2026-11-15".into(), 1450), ("2026-12-01".into(), 17_400)]);
    check(&world, olga.account);
}

#[test]
fn r32_four_ways_to_a_seat_and_two_from_one_write_one_line_each() {
    let (world, olga) = signed_up();
    set_clock(&world, at("2026-11-15T11:00:00Z"));
    tick(&world.app, world.now());
    let browser = world.sign_in(&olga);
    let page_of = |name: &str| format!("{LIST}/{}", find(&world, name).id);
    let press = |name: &str, noun: &str| {
        let page = browser.post(&format!("{}/{noun}", page_of(name)), &[]);
        assert_eq!(page.status, 303, "{noun}: {}", page.text());
    };
    let told = |entry: Entry| (entry.step, entry.seats, entry.amount.cents(), entry.active_seats, entry.paid_seats);
    // Away, and the seat stays paid; back, and it costs nothing.
    assert_eq!(told(line(&world, &olga, || press("one", "deactivation"))), (Step::Deactivated, 0, 0, 4, 5));
    let back = line(&world, &olga, || press("one", "reactivation"));
    assert_eq!((back.member_id, told(back)), (Some(find(&world, "one").id), (Step::Reactivated, 0, 0, 5, 5)));
    assert_eq!(told(line(&world, &olga, || press("two", "removal"))), (Step::Removed, 0, 0, 4, 5));
    assert_eq!(told(line(&world, &olga, || press("two", "restoration"))), (Step::Restored, 0, 0, 5, 5));
    // With no vacant seat left each way costs the same.
    assert_eq!(told(line(&world, &olga, || make(&browser, "five"))), (Step::Created, 1, 1450, 6, 6));
    press("one", "deactivation");
    press("two", "removal");
    make(&browser, "six");
    make(&browser, "seven");
    assert_eq!(told(line(&world, &olga, || press("one", "reactivation"))), (Step::Reactivated, 1, 1450, 7, 7));
    assert_eq!(told(line(&world, &olga, || press("two", "restoration"))), (Step::Restored, 1, 1450, 8, 8));
    assert_eq!(browser.post(LIST, &[("emails", "ana@acme.test"), ("role", "agent")]).status, 303);
    let path = world.mailed_path("ana@acme.test");
    let accept = || drop(world.browser().post(&path, &[("first_name", "Ana"), ("last_name", "Ruiz"), ("password", PASSWORD)]));
    assert_eq!(told(line(&world, &olga, accept)), (Step::Accepted, 1, 1450, 9, 9));
    assert_eq!(bills(&world, olga.account).last(), Some(&("2026-11-15".to_owned(), 4 * 1450)), "one day, one invoice");
    // Who is deactivated has no seat to leave, and an invitation none to give back.
    press("three", "deactivation");
    let before = entries(&world, olga.account).len();
    press("three", "removal");
    assert_eq!(browser.post(LIST, &[("emails", "bob@acme.test"), ("role", "agent")]).status, 303);
    press("bob@acme.test", "invitation/cancellation");
    assert_eq!((find(&world, "three").status, entries(&world, olga.account).len()), (Status::Removed, before));
    // The next invoice is for who is there.
    set_clock(&world, at("2026-12-01T00:00:00Z"));
    tick(&world.app, world.now());
    assert_eq!(bills(&world, olga.account).last(), Some(&("2026-12-01".to_owned(), 8 * 2900)));
    check(&world, olga.account);
}
