//! Clocks that go back (T33).

use super::*;

#[test]
fn t33_a_clock_that_goes_back_renews_nothing_twice_and_dates_no_invoice_earlier() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    create(&world.app, &world, &olga, "one").unwrap();
    set_clock(&world, at("2026-12-01T00:00:05Z"));
    tick(&world.app, world.now());
    // Three days back, into the cycle that is over.
    set_clock(&world, at("2026-11-28T00:00:00Z"));
    world.unchanged("a round in the past", || tick(&world.app, world.now()));
    create(&world.app, &world, &olga, "two").unwrap();
    let last = lines(&world, olga.account).pop().unwrap();
    assert_eq!((last.left, last.days, last.cents), (30, 31, 2806), "the running cycle's first day is the nearest");
    set_clock(&world, at("2026-12-01T00:00:06Z"));
    world.unchanged("a round after it", || tick(&world.app, world.now()));
    create(&world.app, &world, &olga, "three").unwrap();
    assert_eq!(bills(&world, olga.account), [("2026-11-01".to_owned(), 5800), ("2026-12-01".to_owned(), 5800 + 2 * 2806)]);
    check(&world, olga.account);
}

#[test]
fn t33_a_clock_that_went_far_ahead_has_paid_for_cycles_that_are_not_paid_again() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    set_clock(&world, at("2027-02-10T00:00:00Z"));
    tick(&world.app, world.now());
    set_clock(&world, at("2026-11-20T00:00:00Z"));
    for _ in 0..24 {
        world.advance(Span::days(4));
        tick(&world.app, world.now());
    }
    assert_eq!(invoices(&world, olga.account).len(), 4);
    set_clock(&world, at("2027-03-01T00:00:00Z"));
    tick(&world.app, world.now());
    assert_eq!(invoices(&world, olga.account).len(), 5);
    check(&world, olga.account);
}
