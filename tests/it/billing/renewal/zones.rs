//! A day begins where the account is.

use super::*;

/// Opens a company at `opened` and returns when its next cycles began, as the first second that found each due, and their days.
fn begun(zone: &str, opened: &str, until: &[&str]) -> Vec<(String, i64)> {
    let world = World::wish().empty().open();
    set_clock(&world, at(opened));
    let olga = company(&world, "acme", "team", zone);
    for due in until {
        set_clock(&world, at(due));
        world.advance(Span::secs(-1));
        world.unchanged(&format!("{zone}: a second before {due}"), || tick(&world.app, world.now()));
        world.advance(Span::secs(1));
        tick(&world.app, world.now());
    }
    check(&world, olga.account);
    lines(&world, olga.account).iter().skip(1).map(|line| (rollcall::billing::Day::from_number(line.day).iso(), line.days)).collect()
}

#[test]
fn r34_a_cycle_ends_at_midnight_of_the_accounts_zone_also_when_clocks_change() {
    for (zone, opened, until, days) in [
        // Clocks go forward on 8 March and back on 1 November 2026.
        (
            "America/New_York",
            "2026-02-08T15:00:00Z",
            &["2026-03-08T05:00:00Z", "2026-04-08T04:00:00Z"][..],
            &[("2026-03-08", 31), ("2026-04-08", 30)][..],
        ),
        ("America/New_York", "2026-10-01T15:00:00Z", &["2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"], &[("2026-11-01", 30), ("2026-12-01", 31)]),
        // Noon of one day is the day after already; clocks go back on 5 April 2026.
        ("Pacific/Auckland", "2026-03-04T20:00:00Z", &["2026-04-04T11:00:00Z", "2026-05-04T12:00:00Z"], &[("2026-04-05", 30), ("2026-05-05", 31)]),
        ("Asia/Kolkata", "2026-03-10T20:00:00Z", &["2026-04-10T18:30:00Z", "2026-05-10T18:30:00Z"], &[("2026-04-11", 30), ("2026-05-11", 31)]),
        // 6 September 2026 has no midnight there.
        ("America/Santiago", "2026-08-06T15:00:00Z", &["2026-09-06T04:00:00Z", "2026-10-06T03:00:00Z"], &[("2026-09-06", 30), ("2026-10-06", 31)]),
        // Nor was there any 30 December 2011 in Samoa: the cycle begins with what came instead.
        ("Pacific/Apia", "2011-11-30T12:00:00Z", &["2011-12-30T10:00:00Z", "2012-01-29T10:00:00Z"], &[("2011-12-30", 31), ("2012-01-30", 30)]),
    ] {
        let expected: Vec<(String, i64)> = days.iter().map(|(day, n)| ((*day).to_owned(), *n)).collect();
        assert_eq!(begun(zone, opened, until), expected, "{zone}");
    }
}

#[test]
fn r33_a_day_that_was_skipped_is_paid_for_and_no_line_is_negative() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2011-11-30T12:00:00Z"));
    let olga = company(&world, "acme", "team", "Pacific/Apia");
    create(&world.app, &world, &olga, "one").unwrap();
    for (i, when) in ["2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"].iter().enumerate() {
        set_clock(&world, at(when));
        create(&world.app, &world, &olga, &format!("user{i}")).unwrap();
    }
    let told: Vec<_> = lines(&world, olga.account).into_iter().map(|line| (line.step, line.left, line.days)).collect();
    // The last day of the one cycle is 29 December; the next is 31 December, the second day of the other.
    assert_eq!(told[2..], [(Step::Created, 0, 30), (Step::Renewed, 31, 31), (Step::Created, 29, 31)]);
}

#[test]
fn r34_who_joins_is_charged_for_the_days_of_the_accounts_zone() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T12:00:00Z"));
    let (west, east) = (company(&world, "west", "team", "Pacific/Honolulu"), company(&world, "east", "team", "Pacific/Kiritimati"));
    // 00:30 on 15 November UTC: the 14th in Hawaii; the 15th of a cycle that began on the 2nd in Kiritimati.
    set_clock(&world, at("2026-11-15T00:30:00Z"));
    for olga in [&west, &east] {
        create(&world.app, &world, olga, "one").unwrap();
        create(&world.app, &world, olga, "two").unwrap();
    }
    let left = |olga: &Person| lines(&world, olga.account).pop().map(|line| (line.left, line.days)).unwrap();
    assert_eq!((left(&west), left(&east)), ((16, 30), (16, 30)));
}

#[test]
fn r34_a_zone_that_changes_within_a_cycle_moves_its_end_and_not_its_days() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T12:00:00Z"));
    for (name, zone, due) in [("east", "Pacific/Auckland", "2026-11-30T11:00:00Z"), ("west", "America/New_York", "2026-12-01T05:00:00Z")] {
        set_clock(&world, at("2026-11-10T12:00:00Z"));
        world.advance(Span::days(-9));
        let olga = company(&world, name, "team", "UTC");
        world.advance(Span::days(9));
        move_to(&world, &olga, zone);
        set_clock(&world, at(due));
        world.advance(Span::secs(-1));
        world.unchanged("a second before", || renew(&world.app, olga.account, world.now()).unwrap());
        world.advance(Span::secs(1));
        renew(&world.app, olga.account, world.now()).unwrap();
        assert_eq!(bills(&world, olga.account), [("2026-11-01".to_owned(), 5800), ("2026-12-01".to_owned(), 5800)], "{name}");
        check(&world, olga.account);
    }
}

#[test]
fn r34_a_zone_that_changes_across_midnight_of_the_renewal_day_renews_once() {
    let world = World::wish().empty().open();
    // East: it is 1 December already where the account moves to.
    set_clock(&world, at("2026-11-01T15:00:00Z"));
    let east = company(&world, "east", "team", "America/New_York");
    let west = company(&world, "west", "team", "America/New_York");
    set_clock(&world, at("2026-11-30T20:00:00Z"));
    move_to(&world, &east, "Pacific/Auckland");
    create(&world.app, &world, &east, "one").unwrap();
    let steps: Vec<_> = told(&world, &east);
    assert_eq!(steps[1..], [(Step::Renewed, "2026-12-01".into(), 5800), (Step::Created, "2026-12-01".into(), 0)]);
    // West: the cycle began, and it is 30 November again.
    set_clock(&world, at("2026-12-01T05:00:00Z"));
    tick(&world.app, world.now());
    move_to(&world, &west, "Pacific/Honolulu");
    world.unchanged("the day before once more", || tick(&world.app, world.now()));
    for name in ["one", "two", "three"] {
        create(&world.app, &world, &west, name).unwrap();
    }
    // A day before the cycle counts as its first; the lines join the invoice of the day that was billed already.
    let told = lines(&world, west.account);
    let told: Vec<_> = told[2..].iter().map(|line| (line.left, line.days, line.cents)).collect();
    assert_eq!(told, [(30, 31, 0), (30, 31, 2806), (30, 31, 2806)]);
    set_clock(&world, at("2026-12-01T12:00:00Z"));
    create(&world.app, &world, &west, "four").unwrap();
    check(&world, west.account);
    check(&world, east.account);
    // And the end is where the account is now.
    for (olga, due) in [(&east, "2026-12-31T11:00:00Z"), (&west, "2027-01-01T10:00:00Z")] {
        set_clock(&world, at(due));
        world.advance(Span::secs(-1));
        world.unchanged("a second before", || renew(&world.app, olga.account, world.now()).unwrap());
        world.advance(Span::secs(1));
        renew(&world.app, olga.account, world.now()).unwrap();
        assert_eq!(entries(&world, olga.account).last().unwrap().happened_on.iso(), "2027-01-01");
    }
}

#[test]
fn r39_a_zone_in_the_west_does_not_prolong_a_cycle_that_is_over() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T12:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    set_clock(&world, at("2026-12-01T00:00:10Z"));
    move_to(&world, &olga, "Pacific/Honolulu");
    assert_eq!(told(&world, &olga)[1..], [(Step::Renewed, "2026-12-01".into(), 5800)]);
    check(&world, olga.account);
}
