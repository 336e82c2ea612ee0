//! The end of a cycle (R34, R37 to R39).

use rollcall::{
    billing::{self, Ahead, Step},
    clock::Span,
    members::CreateRefusal,
};

use super::{acts::*, books::*, model::Date};
use crate::support::*;

mod clocks;
mod zones;

/// The account's lines as step, day and cents.
fn told(world: &World, owner: &Person) -> Vec<(Step, String, i64)> {
    entries(world, owner.account).iter().map(|entry| (entry.step, entry.happened_on.iso(), entry.amount.cents())).collect()
}

#[test]
fn r39_a_cycle_is_renewed_once_and_several_that_were_missed_in_order() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2027-01-31T10:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    set_clock(&world, at("2027-05-01T09:00:00Z"));
    tick(&world.app, world.now());
    let months = [("2027-01-31", 5800), ("2027-02-28", 5800), ("2027-03-31", 5800), ("2027-04-30", 5800)].map(|(day, cents)| (day.to_owned(), cents));
    assert_eq!(bills(&world, olga.account), months);
    let steps = [Step::Opened, Step::Renewed, Step::Renewed, Step::Renewed];
    assert!(told(&world, &olga).iter().map(|(step, ..)| *step).eq(steps));
    let events: Vec<_> = world.events(olga.account).into_iter().filter(|[event, ..]| event == "billing.cycle_renewed").collect();
    assert_eq!(
        events.iter().map(|[_, actor, _, details]| (actor.as_str(), details.as_str())).collect::<Vec<_>>(),
        [("Rollcall", "Team from 28 Feb 2027, $58.00"), ("Rollcall", "Team from 31 Mar 2027, $58.00"), ("Rollcall", "Team from 30 Apr 2027, $58.00"),]
    );
    world.unchanged("a second round", || tick(&world.app, world.now()));
    world.unchanged("another process's round", || tick(&world.neighbour().app, world.now()));
    check(&world, olga.account);
}

#[test]
fn r34_cycles_of_every_anchor_begin_where_the_walked_calendar_says_over_a_leap_year() {
    let world = World::wish().empty().open();
    let mut companies = Vec::new();
    for (first, day) in [("2027-01-28", 28), ("2027-01-29", 29), ("2027-01-30", 30), ("2027-01-31", 31), ("2027-02-28", 28)] {
        set_clock(&world, at(&format!("{first}T00:00:00Z")));
        companies.push((company(&world, &format!("c{}", companies.len()), "team", "UTC"), day));
    }
    set_clock(&world, at("2029-03-31T12:00:00Z"));
    tick(&world.app, world.now());
    for (olga, anchor) in companies {
        let lines = lines(&world, olga.account);
        assert!(lines.len() >= 25, "{} cycles", lines.len());
        for pair in lines.windows(2) {
            let mut next = Date::of(pair[0].day).tomorrow();
            while !next.is_anchored(anchor) {
                next = next.tomorrow();
            }
            assert_eq!((pair[1].day, pair[0].days), (next.number, next.number - pair[0].day));
            assert!((28..=31).contains(&pair[0].days));
        }
        check(&world, olga.account);
    }
}

#[test]
fn r38_a_year_is_renewed_after_a_year_and_the_29th_of_february_comes_back() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2028-02-29T10:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    ahead(&world, olga.account, Some(("team", "yearly")), false);
    set_clock(&world, at("2033-03-29T00:00:00Z"));
    tick(&world.app, world.now());
    let days: Vec<String> = invoices(&world, olga.account).iter().map(|invoice| invoice.issued_on.iso()).collect();
    assert_eq!(days, ["2028-02-29", "2028-03-29", "2029-03-29", "2030-03-29", "2031-03-29", "2032-03-29", "2033-03-29"]);
    let lengths: Vec<i64> = lines(&world, olga.account).iter().map(|line| line.days).collect();
    assert_eq!(lengths, [29, 365, 365, 365, 366, 365, 365]);
    assert_eq!(invoices(&world, olga.account)[1].total.plain(), "696.00");
}

#[test]
fn r39_who_joins_a_second_after_the_cycle_ended_joins_the_next_one_before_any_ticker() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    for name in ["one", "two", "three"] {
        create(&world.app, &world, &olga, name).unwrap();
    }
    let before = invoices(&world, olga.account);
    assert_eq!(before.len(), 1, "lines of one day are on one invoice (R35)");
    set_clock(&world, at("2026-12-01T00:00:01Z"));
    create(&world.app, &world, &olga, "four").unwrap();
    let told = told(&world, &olga);
    // Four seats of 31 days, then 30 of 31 days of a fifth.
    assert_eq!(told[4..], [(Step::Renewed, "2026-12-01".into(), 4 * 2900), (Step::Created, "2026-12-01".into(), 2806)]);
    assert_eq!(bills(&world, olga.account)[1..], [("2026-12-01".into(), 4 * 2900 + 2806)]);
    world.unchanged("the ticker that comes later", || tick(&world.app, world.now()));
    check(&world, olga.account);
}

#[test]
fn r34_every_write_about_seats_renews_first_what_is_due() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    let someone = create(&world.app, &world, &olga, "someone").unwrap();
    let (_, token) = invited(&world, &olga, "late@x.test");
    let renewals = || told(&world, &olga).iter().filter(|(step, ..)| *step == Step::Renewed).count();
    let acts: [(&str, &dyn Fn()); 6] = [
        ("2026-12-01T00:00:00Z", &|| deactivate(&world, &olga, someone)),
        ("2027-01-01T00:00:00Z", &|| reactivate(&world.app, &world, &olga, someone).unwrap()),
        ("2027-02-01T00:00:00Z", &|| remove(&world, &olga, someone)),
        ("2027-03-01T00:00:00Z", &|| restore(&world, &olga, someone).unwrap()),
        ("2027-04-01T00:00:00Z", &|| drop(invited(&world, &olga, "again@x.test"))),
        ("2027-05-01T00:00:00Z", &|| assert!(create(&world.app, &world, &olga, "another").is_ok())),
    ];
    for (i, (when, act)) in acts.iter().enumerate() {
        set_clock(&world, at(when));
        act();
        assert_eq!(renewals(), i + 1, "after {when}");
    }
    // Seven days have passed since the first invitation: it is no way in.
    assert!(accept(&world.app, &world, &token).is_none());
    check(&world, olga.account);
}

#[test]
fn r34_a_free_plan_has_cycles_and_no_invoices() {
    let world = World::wish().empty().open();
    let olga = company(&world, "acme", "free", "UTC");
    create(&world.app, &world, &olga, "second").unwrap();
    world.advance(Span::days(100));
    tick(&world.app, world.now());
    assert_eq!(told(&world, &olga).len(), 5);
    assert!(invoices(&world, olga.account).is_empty());
    check(&world, olga.account);
}

#[test]
fn r37_a_change_that_fits_comes_with_the_cycle_and_one_that_does_not_leaves_all_as_it_was() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let (small, large) = (company(&world, "small", "team", "UTC"), company(&world, "large", "team", "UTC"));
    for i in 0..6 {
        create(&world.app, &world, &large, &format!("user{i}")).unwrap();
    }
    for olga in [&small, &large] {
        ahead(&world, olga.account, Some(("essentials", "yearly")), false);
    }
    set_clock(&world, at("2026-12-01T00:00:00Z"));
    tick(&world.app, world.now());
    let last = |olga: &Person| lines(&world, olga.account).pop().unwrap();
    let (a, b) = (last(&small), last(&large));
    assert_eq!((a.plan.as_str(), a.yearly, a.cents), ("Essentials", true, 2 * 12 * 1900));
    // The year was wished for on the cheaper plan: nobody is charged a year of the dearer one.
    assert_eq!((b.plan.as_str(), b.yearly, b.cents), ("Team", false, 7 * 2900));
    let events = |olga: &Person| {
        world.events(olga.account).into_iter().map(|[event, ..]| event).filter(|event| event.starts_with("plan.")).collect::<Vec<_>>()
    };
    assert_eq!((events(&small).len(), events(&large).len()), (1, 1), "{:?} {:?}", events(&small), events(&large));
    // Once only: the cycle after it is an ordinary one.
    set_clock(&world, at("2027-01-01T00:00:00Z"));
    tick(&world.app, world.now());
    assert_eq!((last(&large).cents, events(&large).len()), (7 * 2900, 1));
    check(&world, small.account);
    check(&world, large.account);
}

#[test]
fn r38_a_cancelled_account_closes_with_its_cycle_and_costs_nothing_more() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    let user = create(&world.app, &world, &olga, "user").unwrap();
    deactivate(&world, &olga, user);
    ahead(&world, olga.account, None, true);
    set_clock(&world, at("2027-06-15T00:00:00Z"));
    tick(&world.app, world.now());
    assert_eq!(told(&world, &olga).last(), Some(&(Step::Closed, "2026-12-01".into(), 0)));
    assert_eq!(invoices(&world, olga.account).len(), 1);
    let now = world.app.db.read_now(|conn| billing::find(conn, olga.account, &world.app.plans)).unwrap();
    assert_eq!((now.closed_at, now.ahead), (Some(at("2026-12-01T00:00:00Z")), Ahead::Renewal));
    let refused = create(&world.app, &world, &olga, "another");
    assert!(is_closed(&refused) || matches!(refused, Err(CreateRefusal::Failure(_))), "{refused:?}");
    assert!(reactivate(&world.app, &world, &olga, user).is_err());
    world.unchanged("later rounds", || tick(&world.app, world.now()));
    check(&world, olga.account);
}
