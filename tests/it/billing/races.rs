//! Everybody at once, on as many processes as there are (R36, R39, T25, T30).

use actix_web::web::Data;
use diesel::prelude::*;
use rollcall::{
    app::App,
    authz::{Can, ManageMembers},
    billing::{Day, Step},
    clock::Span,
    db::{MemberId, schema::accounts},
    web::zone::Zone,
};

use super::{acts::*, books::*};
use crate::support::*;

/// What each of so many processes holds: this world's own program, and neighbours with connections of their own.
fn processes(world: &World, n: usize) -> (Vec<crate::support::world::Neighbour>, Vec<Data<App>>) {
    let others: Vec<_> = (1..n).map(|_| world.neighbour()).collect();
    let apps = std::iter::once(world.app.clone()).chain(others.iter().map(|other| other.app.clone())).collect();
    (others, apps)
}

#[test]
fn r39_the_tickers_of_eight_processes_renew_each_of_24_cycles_once() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-10-31T08:00:00Z"));
    let companies: Vec<Person> =
        ["UTC", "America/New_York", "Asia/Kolkata"].iter().enumerate().map(|(i, zone)| company(&world, &format!("c{i}"), "team", zone)).collect();
    let (_others, apps) = processes(&world, 8);
    // Two years of last days of a month; in some rounds three cycles were missed.
    for days in [31, 30, 95, 28, 31, 31, 92, 31, 31, 31, 88, 31, 31, 31, 33, 31, 31, 31] {
        world.advance(Span::days(days));
        world.at_once(8, |i| tick(&apps[i], world.now()));
        // An account that was held too long for everybody is left for the next round.
        tick(&apps[0], world.now());
    }
    for olga in &companies {
        let lines = lines(&world, olga.account);
        assert!(lines[1..].iter().all(|line| line.step == Step::Renewed));
        assert!(lines.len() > 24, "{} cycles", lines.len());
        for pair in lines.windows(2) {
            assert_eq!((pair[1].cycle, pair[1].day), (pair[0].cycle + pair[0].days, pair[1].cycle), "in order, and none left out");
        }
        let invoices = invoices(&world, olga.account);
        assert_eq!(invoices.len(), lines.len(), "one invoice a cycle");
        let renewals = world.events(olga.account).iter().filter(|[event, ..]| event == "billing.cycle_renewed").count();
        assert_eq!(renewals, lines.len() - 1);
        assert_eq!(replay(&lines, &world.app.plans), lines);
        check(&world, olga.account);
    }
}

#[test]
fn r39_who_joins_at_the_very_instant_of_a_renewal_is_charged_in_the_new_cycle_once() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    let (_others, apps) = processes(&world, 4);
    let by: Can<ManageMembers> = world.proof(&olga);
    let hash = world.hash();
    let mut active = 1;
    for month in ["2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07"] {
        set_clock(&world, at(&format!("{month}-01T00:00:00Z")));
        let made = world.at_once(12, |i| match i % 3 {
            0 => create_at(&apps[i % 4], &by, &hash, &format!("user-{month}-{i}"), world.now()).is_ok(),
            _ => {
                tick(&apps[i % 4], world.now());
                false
            }
        });
        let made = made.iter().filter(|made| **made).count() as i64;
        assert_eq!(made, 4, "in {month}");
        let own: Vec<Line> = lines(&world, olga.account).into_iter().filter(|line| line.day == number(Day::of(world.now(), Zone::UTC))).collect();
        let steps: Vec<Step> = own.iter().map(|line| line.step).collect();
        assert_eq!(steps, [Step::Renewed, Step::Created, Step::Created, Step::Created, Step::Created]);
        assert_eq!(own[0].seats, active.max(2), "the new cycle begins with who was there before it");
        active += made;
        assert_eq!((own[4].active, own[4].paid), (active, active));
        assert_eq!(bills(&world, olga.account).iter().filter(|(day, _)| day.starts_with(month)).count(), 1);
    }
    check(&world, olga.account);
}

/// Essentials with four active, as many paid seats and one place left; and people who could come back.
fn crowded(world: &World, olga: &Person, back: usize) -> Vec<MemberId> {
    let gone = (0..back)
        .map(|i| {
            let member = create(&world.app, world, olga, &format!("back{i}")).unwrap();
            deactivate(world, olga, member);
            member
        })
        .collect();
    for i in 0..3 {
        create(&world.app, world, olga, &format!("stay{i}")).unwrap();
    }
    gone
}

#[test]
fn t25_of_sixty_at_the_last_place_one_gets_it_and_one_seat_is_charged() {
    const BACK: usize = 25;
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "essentials", "UTC");
    let gone = crowded(&world, &olga, BACK);
    let (_others, apps) = processes(&world, 2);
    let hash = world.hash();
    for round in 0u32..24 {
        // A new cycle, which pays for the four.
        world.advance(Span::days(31));
        renew(&world.app, olga.account, world.now()).unwrap();
        let before = lines(&world, olga.account).pop().unwrap();
        assert_eq!((before.active, before.paid), (4, 4), "round {round}");
        let by: Can<ManageMembers> = world.proof(&olga);
        // In every other round the place is kept for somebody invited, whose link is followed again and again.
        let token = round.is_multiple_of(2).then(|| invited(&world, &olga, &format!("p{round}@x.test")).1);
        let was = (lines(&world, olga.account).len(), invoices(&world, olga.account).iter().map(|invoice| invoice.total.cents()).sum::<i64>());
        let won = world.at_once(60, |i| match (i, &token) {
            (0..BACK, _) => reactivate_by(&apps[i % 2], &by, gone[i], world.now()).ok().map(|()| gone[i]),
            (BACK..40, Some(token)) => accept(&apps[i % 2], &world, token),
            _ => create_at(&apps[i % 2], &by, &hash, &format!("new-{round}-{i}"), world.now()).ok(),
        });
        let won: Vec<MemberId> = won.into_iter().flatten().collect();
        assert_eq!(won.len(), 1, "round {round}");
        let lines = lines(&world, olga.account);
        assert_eq!(lines.len(), was.0 + 1, "one line");
        let last = lines.last().unwrap();
        assert_eq!((last.seats, last.active, last.paid), (1, 5, 5));
        assert_eq!(last.step == Step::Accepted, token.is_some(), "a place that is kept is nobody else's");
        let total: i64 = invoices(&world, olga.account).iter().map(|invoice| invoice.total.cents()).sum();
        assert_eq!(total, was.1 + last.cents, "one seat is charged");
        check(&world, olga.account);
        deactivate(&world, &olga, won[0]);
    }
}

#[test]
fn r35_sixteen_at_once_on_sixteen_days_leave_no_gap_and_no_second_invoice_of_a_day() {
    let world = World::wish().empty().open();
    set_clock(&world, at("2026-11-01T08:00:00Z"));
    let olga = company(&world, "acme", "team", "UTC");
    let others: Vec<Person> = (0..16).map(|i| company(&world, &format!("c{i}"), "team", "UTC")).collect();
    let (_neighbours, apps) = processes(&world, 2);
    let hash = world.hash();
    let proofs: Vec<[Can<ManageMembers>; 2]> = others.iter().map(|other| [world.proof(&olga), world.proof(other)]).collect();
    for round in 0..4 {
        let made = world.at_once(16, |i| {
            // Clocks that differ by days: whoever comes first decides, and nothing is dated before it.
            let (app, now) = (&apps[i % 2], world.now() + Span::days((i as i64 * 7 + round) % 16));
            let ours = create_at(app, &proofs[i][0], &hash, &format!("user-{round}-{i}"), now).is_ok();
            let theirs = create_at(app, &proofs[i][1], &hash, &format!("user-{round}-{i}"), now).is_ok();
            usize::from(ours) + usize::from(theirs)
        });
        assert_eq!(made.iter().sum::<usize>(), 32, "round {round}");
    }
    for one in others.iter().chain([&olga]) {
        check(&world, one.account);
        assert_eq!(invoices(&world, one.account)[0].name(), "INV-0001");
    }
    assert_eq!(lines(&world, olga.account).len(), 1 + 4 * 16);
}

#[test]
fn r33_the_database_itself_refuses_more_active_members_than_paid_seats() {
    let world = World::wish().empty().open();
    let olga = company(&world, "acme", "team", "UTC");
    let row = accounts::table.filter(accounts::id.eq(olga.account));
    let try_to = |active: i64, paid: i64| {
        let set = (accounts::active_members.eq(active), accounts::paid_seats.eq(paid));
        world.app.db.write_now(|tx| diesel::update(row).set(set).execute(&mut **tx).map(drop).map_err(rollcall::failure::Failure::from)).is_ok()
    };
    assert_eq!([try_to(3, 2), try_to(1, 0), try_to(2, 2), try_to(2, 3), try_to(1, 2)], [false, false, true, true, true]);
}
