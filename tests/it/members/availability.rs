use rollcall::{
    authz::SignedIn,
    members::{Availability, set_availability},
};

use super::*;

fn say(world: &World, person: &Person, availability: Availability) {
    let (by, now) = (world.proof::<SignedIn>(person), world.now());
    world.app.db.write_now(|tx| set_availability(tx, &by, availability, now)).unwrap();
}

#[test]
fn r42_everybody_says_for_themselves_whether_they_take_calls() {
    let world = World::new();
    for person in [&world.ada, &world.bruno, &world.chen, &world.dana] {
        assert_eq!(world.row(person).availability, Availability::Available);
        say(&world, person, Availability::Away);
        assert_eq!(world.row(person).availability, Availability::Away);
        let [event, actor, target, details] = world.events(person.account).pop().unwrap();
        let name = person.name.as_str();
        assert_eq!([event.as_str(), &actor, &target, &details], ["availability.changed", name, name, "away"]);
    }
    assert_eq!(world.row(&world.gus).availability, Availability::Available);
    say(&world, &world.dana, Availability::Available);
    assert_eq!(world.row(&world.dana).availability, Availability::Available);
}

#[test]
fn r57_saying_the_same_again_writes_nothing() {
    let world = World::new();
    world.unchanged("available again", || say(&world, &world.dana, Availability::Available));
    say(&world, &world.dana, Availability::Away);
    world.unchanged("away again", || say(&world, &world.dana, Availability::Away));
}

#[test]
fn r18_whoever_was_deactivated_meanwhile_says_nothing() {
    let world = World::new();
    let (by, now) = (world.proof::<SignedIn>(&world.dana), world.now());
    world.stand(&world.dana, Status::Deactivated);
    world.unchanged("away", || {
        assert!(world.app.db.write_now(|tx| set_availability(tx, &by, Availability::Away, now)).is_err());
    });
}
