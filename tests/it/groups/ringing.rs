//! "Rings next": what a group's page says about its next call (R41, R42).

use diesel::prelude::*;
use rollcall::{
    authz::Role,
    clock::{At, Span},
    db::schema::{member_calls, members, ring_turns, user_groups},
    groups::RingStrategy,
    members::{Availability, Status},
    routing::Turn,
};

use super::*;

fn rings(world: &World, group: GroupId, strategy: RingStrategy) {
    world.write(|conn| diesel::update(user_groups::table.find(group)).set(user_groups::ring_strategy.eq(strategy)).execute(conn));
}

fn offered_last(world: &World, group: GroupId, place: i64) {
    let row = (ring_turns::account_id.eq(world.ada.account), ring_turns::group_id.eq(group), ring_turns::place.eq(place));
    world.write(|conn| {
        diesel::delete(ring_turns::table.find(group)).execute(conn)?;
        diesel::insert_into(ring_turns::table).values(row).execute(conn)
    });
}

fn called(world: &World, who: &Person, on_call: bool, last: At) {
    let row = (
        member_calls::account_id.eq(who.account),
        member_calls::member_id.eq(who.id),
        member_calls::on_call.eq(on_call),
        member_calls::last_call_at.eq(last),
    );
    world.write(|conn| {
        diesel::delete(member_calls::table.filter(member_calls::member_id.eq(who.id))).execute(conn)?;
        diesel::insert_into(member_calls::table).values(row).execute(conn)
    });
}

fn says(world: &World, who: &Person, availability: Availability) {
    world.write(|conn| diesel::update(members::table.filter(members::id.eq(who.id))).set(members::availability.eq(availability)).execute(conn));
}

/// What the page says, and who is reachable.
#[track_caller]
fn shown(browser: &Browser, group: GroupId) -> (String, String) {
    let text = browser.get(&home(group)).text();
    let (_, ringing) = text.split_once("Rings next ").expect("the heading");
    let (said, _) = ringing.split_once(" · ").expect("the strategy's sentence");
    let (next, reachable) = said.rsplit_once(". ").expect("a sentence");
    (format!("{next}."), reachable.to_owned())
}

/// The same in words of our own, from what routing would do.
fn of_routing(world: &World, id: GroupId) -> String {
    let group = world.group_row(&world.ada, id);
    let snapshot = world.app.db.read_now(|conn| groups::snapshot(conn, &group)).unwrap();
    let Turn::Ring(ring) = snapshot.turn(world.now()) else { return String::new() };
    let name = |wanted: &rollcall::db::MemberId| {
        let cast = [&world.ada, &world.bruno, &world.chen, &world.dana];
        cast.into_iter().find(|person| person.id == *wanted).unwrap().name.clone()
    };
    let names: Vec<String> = ring.members.iter().take(3).map(name).collect();
    let rest = match ring.members.len() {
        0..=3 => String::new(),
        n => format!(" and {} more", n - 3),
    };
    match (ring.members.len(), ring.at_once) {
        (1, _) => format!("{}.", names[0]),
        (_, true) => format!("{}{rest}, all at once.", names.join(", ")),
        (_, false) => format!("{}{rest}, one after another.", names.join(", then ")),
    }
}

#[test]
fn r41_simultaneous_names_everybody_in_the_order_of_joining() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.bruno]);
    assert_eq!(shown(&ada, sales), ("Dana Silva, Bruno Vargas, all at once.".into(), "2 of 2 reachable".into()));
    let everybody = crew(&world, "Everybody", &[&world.dana, &world.chen, &world.bruno, &world.ada]);
    assert_eq!(shown(&ada, everybody).0, "Dana Silva, Chen Wei, Bruno Vargas and 1 more, all at once.");
    let alone = crew(&world, "Alone", &[&world.dana]);
    assert_eq!(shown(&ada, alone), ("Dana Silva.".into(), "1 of 1 reachable".into()));
}

#[test]
fn r41_round_robin_begins_after_whoever_was_offered_last() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.bruno, &world.chen]);
    rings(&world, sales, RingStrategy::RoundRobin);
    let next = || shown(&ada, sales).0;
    assert_eq!(next(), "Dana Silva, then Bruno Vargas, then Chen Wei, one after another.");
    offered_last(&world, sales, 1);
    assert_eq!(next(), "Bruno Vargas, then Chen Wei, then Dana Silva, one after another.");
    offered_last(&world, sales, 3);
    assert_eq!(next(), "Dana Silva, then Bruno Vargas, then Chen Wei, one after another.");
    // It survives that the one offered last leaves, and comes back at the end.
    offered_last(&world, sales, 2);
    assert_eq!(ada.post(&format!("{}/members/{}/removal", home(sales), world.bruno.id), &[]).status, 303);
    assert_eq!(next(), "Chen Wei, then Dana Silva, one after another.");
    ada.post(&format!("{}/members", home(sales)), &[("member_ids", world.bruno.id.as_str())]);
    assert_eq!(next(), "Chen Wei, then Bruno Vargas, then Dana Silva, one after another.");
}

#[test]
fn r41_least_recently_used_begins_with_the_longest_idle() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.bruno, &world.chen]);
    rings(&world, sales, RingStrategy::LeastRecentlyUsed);
    assert_eq!(shown(&ada, sales).0, "Dana Silva, then Bruno Vargas, then Chen Wei, one after another.");
    called(&world, &world.dana, false, world.now() - Span::minutes(5));
    called(&world, &world.bruno, false, world.now() - Span::hours(1));
    assert_eq!(shown(&ada, sales).0, "Chen Wei, then Bruno Vargas, then Dana Silva, one after another.");
    called(&world, &world.chen, false, world.now() - Span::hours(1));
    assert_eq!(shown(&ada, sales).0, "Bruno Vargas, then Chen Wei, then Dana Silva, one after another.", "ties by joining");
}

#[test]
fn r42_only_who_is_available_and_not_on_a_call_rings() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let eli = world.member(world.ada.account, "Eli Novak", "eli@acme.test", Role::Agent, Status::Active);
    let (ivy, _) = world.invite(&world.ada, "ivy@x.test", Role::Agent);
    let sales = crew(&world, "Sales", &[&world.dana, &world.bruno, &world.chen, &eli, &ivy]);
    world.stand(&eli, Status::Deactivated);
    says(&world, &world.bruno, Availability::Away);
    called(&world, &world.chen, true, world.now());
    for strategy in RingStrategy::ALL {
        rings(&world, sales, *strategy);
        assert_eq!(shown(&ada, sales), ("Dana Silva.".into(), "2 of 5 reachable".into()), "{strategy:?}");
    }
    let page = ada.get(&home(sales));
    let reach: Vec<String> = page.rows().into_iter().map(|row| format!("{}, {}", row[2], row[3])).collect();
    assert_eq!(reach, ["Active, Available", "Active, Away", "Active, On a call", "Deactivated, No", "Invited, No"]);

    says(&world, &world.dana, Availability::Away);
    let busy = "Everybody reachable is on a call: callers wait up to 30 seconds, then go to the fallback.";
    assert_eq!(shown(&ada, sales), (busy.into(), "1 of 5 reachable".into()));
    says(&world, &world.chen, Availability::Away);
    let nobody = "Nobody can ring: calls go to the fallback at once.";
    assert_eq!(shown(&ada, sales), (nobody.into(), "0 of 5 reachable".into()));
    let [empty] = groups_of(&world, ["Empty"]);
    assert_eq!(shown(&ada, empty), (nobody.into(), "0 of 0 reachable".into()));
}

#[test]
fn r42_three_who_are_away_are_0_of_3_reachable() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.bruno, &world.chen]);
    for person in [&world.dana, &world.bruno, &world.chen] {
        world.sign_in(person);
        says(&world, person, Availability::Away);
    }
    assert_eq!(shown(&ada, sales).1, "0 of 3 reachable");
}

#[test]
fn r43_while_the_group_is_closed_the_page_says_who_rings_when_it_opens() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = crew(&world, "Sales", &[&world.dana, &world.bruno]);
    save(&world, &ada, sales, "hours", &[("time_zone", "UTC"), ("hours", "tue 09:00-17:00")]);
    assert_eq!(shown(&ada, sales).0, "It is outside business hours. When the group opens: Dana Silva, Bruno Vargas, all at once.");
    world.advance(Span::days(1));
    assert_eq!(shown(&world.sign_in(&world.ada), sales).0, "Dana Silva, Bruno Vargas, all at once.");
}

#[test]
fn r41_the_page_says_what_routing_does() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let people = [&world.dana, &world.bruno, &world.chen, &world.ada];
    let sales = crew(&world, "Sales", &people);
    for (round, strategy) in (0..24).flat_map(|round| RingStrategy::ALL.iter().map(move |strategy| (round, *strategy))) {
        // Every round another mix of who is away, on a call, and called when.
        rings(&world, sales, strategy);
        offered_last(&world, sales, round % 6);
        for (n, person) in people.iter().enumerate() {
            let n = n as i64;
            says(&world, person, if (round + n) % 5 == 0 { Availability::Away } else { Availability::Available });
            called(&world, person, (round * 3 + n) % 4 == 0, world.now() - Span::minutes((round * 7 + n * 5) % 9));
        }
        let said = of_routing(&world, sales);
        if !said.is_empty() {
            assert_eq!(shown(&ada, sales).0, said, "{strategy:?}, round {round}");
        }
    }
}
