//! Who rings, against slow models and through random lives of groups (R41, R42, R43).

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    clock::{At, Span},
    db::MemberId,
    groups::{RingStrategy, hours::Hours},
    members::Availability,
    web::zone::Zone,
};

const NOW: At = At::from_micros(1_800_000_000_000_000);

fn seat(place: i64) -> Seat {
    let (availability, last_call_at) = (Availability::Available, At::NEVER);
    Seat { member: MemberId::fresh(NOW), place, is_active: true, availability, on_call: false, last_call_at }
}

fn group(strategy: RingStrategy, seats: Vec<Seat>) -> Snapshot {
    Snapshot { strategy, ring_secs: 30, hours: Hours::default(), zone: Zone::UTC, seats, last_offered: None }
}

/// The places that ring, in their order.
fn places(group: &Snapshot) -> Vec<i64> {
    let Turn::Ring(ring) = group.turn(NOW) else { return Vec::new() };
    ring.members.iter().map(|member| group.seats.iter().find(|seat| seat.member == *member).unwrap().place).collect()
}

/// Offers one call by turns, as routing does; the place that had it.
fn offer(group: &mut Snapshot) -> Option<i64> {
    let Turn::Ring(ring) = group.turn(NOW) else { return None };
    group.last_offered = ring.offered.or(group.last_offered);
    group.seats.iter().find(|seat| seat.member == ring.members[0]).map(|seat| seat.place)
}

fn any_seat() -> impl Strategy<Value = Seat> {
    (any::<bool>(), any::<bool>(), any::<bool>(), 0..4i64).prop_map(|(is_active, away, on_call, calls)| Seat {
        is_active,
        availability: if away { Availability::Away } else { Availability::Available },
        on_call,
        last_call_at: if calls == 0 { At::NEVER } else { NOW - Span::minutes(calls) },
        ..seat(0)
    })
}

/// Members in a random order, with places that have holes.
fn seats() -> impl Strategy<Value = Vec<Seat>> {
    let seated = prop::collection::btree_map(1..40i64, any_seat(), 0..9);
    seated.prop_map(|seats| seats.into_iter().map(|(place, seat)| Seat { place, ..seat }).collect::<Vec<_>>()).prop_shuffle()
}

fn strategy() -> impl Strategy<Value = RingStrategy> {
    prop::sample::select(RingStrategy::ALL)
}

#[test]
fn r41_round_robin_begins_after_whoever_was_offered_last_even_when_they_left() {
    let mut group = group(RingStrategy::RoundRobin, [5, 2, 9].map(seat).into());
    assert_eq!(places(&group), [2, 5, 9], "nobody was offered a call yet");
    for (last, order) in [(2, [5, 9, 2]), (5, [9, 2, 5]), (9, [2, 5, 9]), (1, [2, 5, 9]), (7, [9, 2, 5]), (40, [2, 5, 9])] {
        group.last_offered = Some(last);
        assert_eq!(places(&group), order, "after {last}");
    }
    let Turn::Ring(ring) = group.turn(NOW) else { panic!("somebody rings") };
    assert_eq!((ring.offered, ring.at_once, ring.secs), (Some(2), false, 30));
}

#[test]
fn r41_simultaneous_rings_everybody_and_moves_no_pointer() {
    let mut group = group(RingStrategy::Simultaneous, [5, 2, 9].map(seat).into());
    group.last_offered = Some(5);
    assert_eq!(places(&group), [2, 5, 9]);
    let Turn::Ring(ring) = group.turn(NOW) else { panic!("somebody rings") };
    assert_eq!((ring.offered, ring.at_once), (None, true));
}

#[test]
fn r42_all_busy_waits_and_nobody_reachable_does_not() {
    let busy = Seat { on_call: true, ..seat(1) };
    let away = Seat { availability: Availability::Away, ..seat(2) };
    let gone = Seat { is_active: false, ..seat(3) };
    for strategy in RingStrategy::ALL {
        let now = |seats: &[&Seat]| group(*strategy, seats.iter().map(|seat| (*seat).clone()).collect());
        assert_eq!(now(&[&busy, &away, &gone]).turn(NOW), Turn::AllBusy { wait_secs: 30 });
        assert_eq!(now(&[&busy, &away, &gone]).reachable_of_all(), "1 of 3 reachable");
        assert_eq!(now(&[&away, &gone]).turn(NOW), Turn::Nobody);
        assert_eq!(now(&[&Seat { on_call: true, ..away.clone() }]).turn(NOW), Turn::Nobody);
        assert_eq!(now(&[&away, &gone]).reachable_of_all(), "0 of 2 reachable");
        assert_eq!(now(&[]).turn(NOW), Turn::Nobody);
    }
}

#[test]
fn r43_outside_business_hours_nobody_rings() {
    // NOW is a Friday, 08:00 UTC.
    let closed = Snapshot { hours: Hours::from_columns("fri 09:00-17:00", ""), ..group(RingStrategy::Simultaneous, vec![seat(1)]) };
    assert_eq!(closed.turn(NOW), Turn::Closed);
    assert_eq!(closed.turn(NOW + Span::hours(9) - Span::secs(1)), closed.turn_when_open());
    assert_eq!(Snapshot { zone: "Europe/Berlin".parse().unwrap(), ..closed.clone() }.turn(NOW), closed.turn_when_open());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r42_only_free_members_ring_and_all_of_them(seats in seats(), strategy in strategy(), last in prop::option::of(0..42i64)) {
        let group = Snapshot { last_offered: last, ..group(strategy, seats) };
        let could = |busy: bool| {
            let reachable = group.seats.iter().filter(|seat| seat.is_active && seat.availability == Availability::Available);
            let mut places: Vec<i64> = reachable.filter(|seat| seat.on_call == busy).map(|seat| seat.place).collect();
            places.sort();
            places
        };
        let (free, busy) = (could(false), could(true));
        prop_assert_eq!(group.reachable(), free.len() + busy.len());
        match group.turn(NOW) {
            Turn::Ring(_) => {
                let mut rings = places(&group);
                rings.sort();
                prop_assert!(!rings.is_empty());
                prop_assert_eq!(rings, free);
            }
            Turn::AllBusy { .. } => prop_assert!(free.is_empty() && !busy.is_empty()),
            Turn::Nobody => prop_assert!(free.is_empty() && busy.is_empty()),
            Turn::Closed => prop_assert!(false, "it has no hours, so it is always open"),
        }
    }

    #[test]
    fn r41_least_recently_used_takes_the_longest_idle_each_time(seats in seats()) {
        let group = group(RingStrategy::LeastRecentlyUsed, seats);
        let mut waiting: Vec<&Seat> = group.seats.iter().filter(|seat| seat.is_free()).collect();
        let mut order = Vec::new();
        while !waiting.is_empty() {
            // Slowly: nobody else was without a call longer, and among equals nobody joined before.
            let before = |a: &Seat, b: &Seat| match (a.last_call_at.is_never(), b.last_call_at.is_never()) {
                (true, false) => true,
                (false, true) => false,
                _ => a.last_call_at < b.last_call_at || (a.last_call_at == b.last_call_at && a.place < b.place),
            };
            let next = waiting.iter().position(|a| !waiting.iter().any(|b| before(b, a))).unwrap();
            order.push(waiting.remove(next).place);
        }
        prop_assert_eq!(places(&group), order);
    }

    #[test]
    fn r41_round_robin_is_fair_while_nobody_comes_or_goes(seats in seats(), start in prop::option::of(0..42i64), calls in 0..60usize) {
        let mut group = Snapshot { last_offered: start, ..group(RingStrategy::RoundRobin, seats) };
        let mut had: BTreeMap<i64, usize> = group.seats.iter().filter(|seat| seat.is_free()).map(|seat| (seat.place, 0)).collect();
        for _ in 0..calls {
            if let Some(place) = offer(&mut group) {
                *had.get_mut(&place).unwrap() += 1;
            }
            let (most, least) = (had.values().max().unwrap_or(&0), had.values().min().unwrap_or(&0));
            prop_assert!(most - least <= 1, "{had:?}");
        }
        prop_assert!(had.is_empty() || had.values().sum::<usize>() == calls);
    }

    #[test]
    fn r41_round_robin_skips_nobody_twice_through_joins_leaves_and_availability(
        seats in seats(),
        life in prop::collection::vec((0..8u8, any::<prop::sample::Index>()), 0..120),
    ) {
        let mut group = group(RingStrategy::RoundRobin, seats);
        let mut joins = 40;
        // For everybody free without a break: whom else calls were offered to since their own last.
        let mut since: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (event, who) in life {
            let at = (!group.seats.is_empty()).then(|| who.index(group.seats.len()));
            match (event, at) {
                (0, _) => {
                    joins += 1;
                    group.seats.push(seat(joins));
                }
                (1, Some(at)) => drop(group.seats.swap_remove(at)),
                (2, Some(at)) => group.seats[at].on_call ^= true,
                (3, Some(at)) => group.seats[at].availability = Availability::Away,
                (4, Some(at)) => group.seats[at].availability = Availability::Available,
                _ => {
                    let offered = offer(&mut group);
                    for (place, others) in &mut since {
                        match offered {
                            Some(offered) if offered == *place => others.clear(),
                            Some(offered) => {
                                prop_assert!(!others.contains(&offered), "{offered} had two calls while {place} had none");
                                others.push(offered);
                            }
                            None => prop_assert!(false, "{place} is free and nobody rang"),
                        }
                    }
                }
            }
            let free: Vec<i64> = group.seats.iter().filter(|seat| seat.is_free()).map(|seat| seat.place).collect();
            since.retain(|place, _| free.contains(place));
            for place in free {
                since.entry(place).or_default();
            }
        }
    }
}
