//! Whatever is edited in whatever order, no calls go in a circle and no number has two holders (R45, R46, R48).

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::prelude::*;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use rollcall::{
    authz::Can,
    db::{AccountId, schema},
};

use super::{loops::endless, *};

/// One edit of groups and numbers, by their place in the lists below.
#[derive(Clone, Copy, Debug)]
enum Edit {
    /// This group falls back to that group, or to that number.
    Fall(usize, Place),
    /// This number is assigned to that group, or to nobody.
    Assign(usize, Option<usize>),
    /// The calls of this number go to that group, to the assignee, or to voicemail.
    Direct(usize, Option<usize>, bool),
    /// This group is deleted, and that takes its place.
    Delete(usize, Place),
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Voicemail,
    Group(usize),
    Number(usize),
}

const GROUPS: usize = 5;
const NUMBERS: usize = 4;

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![1 => Just(Place::Voicemail), 5 => (0..GROUPS).prop_map(Place::Group), 3 => (0..NUMBERS).prop_map(Place::Number)]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        6 => (0..GROUPS, place()).prop_map(|(group, to)| Edit::Fall(group, to)),
        3 => (0..NUMBERS, prop::option::weighted(0.8, 0..GROUPS)).prop_map(|(number, to)| Edit::Assign(number, to)),
        3 => (0..NUMBERS, prop::option::weighted(0.6, 0..GROUPS), any::<bool>()).prop_map(|(number, to, lost)| Edit::Direct(number, to, lost)),
        1 => (0..GROUPS, place()).prop_map(|(group, to)| Edit::Delete(group, to)),
    ]
}

/// An account with groups and numbers of its own.
struct Field<'w> {
    world: &'w World,
    groups: Vec<GroupId>,
    numbers: Vec<NumberId>,
    by: Can<ManageGroups>,
    by_numbers: Can<ManageNumbers>,
}

impl<'w> Field<'w> {
    fn of(world: &'w World, owner: &Person) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(14_155_550_000);
        let digits = || format!("+{}", NEXT.fetch_add(1, Ordering::SeqCst));
        Field {
            world,
            groups: (0..GROUPS).map(|n| world.group(owner, &format!("Team {n}"), &[])).collect(),
            numbers: (0..NUMBERS).map(|_| number(world, owner, &digits())).collect(),
            by: world.proof(owner),
            by_numbers: world.proof(owner),
        }
    }

    fn destination(&self, place: Place) -> Destination {
        match place {
            Place::Voicemail => Destination::Voicemail,
            Place::Group(n) => Destination::Group(self.groups[n]),
            Place::Number(n) => Destination::Number(self.numbers[n]),
        }
    }

    /// Tries an edit; refusals are as good as changes.
    fn make(&self, edit: Edit) -> bool {
        let (db, now, account) = (&self.world.app.db, self.world.now(), self.by.account());
        match edit {
            Edit::Fall(group, to) => {
                let (id, to) = (self.groups[group], self.destination(to));
                db.write_now(|tx| {
                    let version = groups::get(tx, account, id)?.version;
                    groups::direct(tx, &self.by, id, version, &to, now)
                })
                .is_ok()
            }
            Edit::Assign(number, to) => {
                let (id, to) = (self.numbers[number], to.map(|group| Party::Group(self.groups[group])));
                db.write_now(|tx| {
                    let present = Present::Was(numbers::row_of(tx, account, id, now)?.holder_word());
                    numbers::assign(tx, &self.by_numbers, id, to, &present, now)
                })
                .is_ok()
            }
            Edit::Direct(number, to, to_voicemail) => {
                let to = match (to, to_voicemail) {
                    (Some(group), _) => Incoming::To(Party::Group(self.groups[group])),
                    (None, true) => Incoming::Voicemail,
                    (None, false) => Incoming::Assignee,
                };
                db.write_now(|tx| numbers::direct(tx, &self.by_numbers, self.numbers[number], to, &Present::Unknown, now)).is_ok()
            }
            Edit::Delete(group, to) => db.write_now(|tx| groups::delete(tx, &self.by, self.groups[group], &self.destination(to), now)).is_ok(),
        }
    }

    /// What is wrong with the tables of this account.
    fn wrong(&self) -> Vec<String> {
        let mut wrong = endless(self.world, self.by.account());
        wrong.extend(strange_numbers(self.world, self.by.account()));
        wrong
    }
}

/// Numbers with two holders, and numbers that are there twice.
fn strange_numbers(world: &World, account: AccountId) -> Vec<String> {
    use schema::numbers;
    let own = numbers::table.filter(numbers::account_id.eq(account)).order(numbers::number);
    let mut rows: Vec<(String, Option<String>, Option<String>)> =
        world.read(|conn| own.select((numbers::number, numbers::member_id, numbers::group_id)).load(conn));
    let twice: Vec<String> = rows.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0.clone()).collect();
    rows.retain(|(_, member, group)| member.is_some() && group.is_some());
    rows.into_iter().map(|(number, ..)| number).chain(twice).collect()
}

#[test]
fn r45_no_sequence_of_edits_makes_a_circle_or_a_number_with_two_holders() {
    let world = World::new();
    let accounts = AtomicU64::new(0);
    let config = Config { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
    let done = AtomicU64::new(0);
    TestRunner::new(config)
        .run(&prop::collection::vec(edit(), 1..40), |edits| {
            let n = accounts.fetch_add(1, Ordering::SeqCst);
            let [owner, ..] = world.account(&format!("Case{n}"), "pro", ["Ada Okafor", "Bruno Vargas", "Chen Wei", "Dana Silva"]);
            let field = Field::of(&world, &owner);
            for edit in edits {
                if field.make(edit) {
                    done.fetch_add(1, Ordering::SeqCst);
                }
                let wrong = field.wrong();
                prop_assert!(wrong.is_empty(), "after {edit:?}: {wrong:?}");
            }
            Ok(())
        })
        .unwrap();
    assert!(done.load(Ordering::SeqCst) > 50, "hardly any edit was made");
}

/// A small generator, so that each client goes its own way and the same way each time.
fn dice(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |sides| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % sides
    }
}

#[test]
fn r45_eight_clients_at_once_make_no_circle_and_no_number_with_two_holders() {
    let world = World::new();
    let field = Field::of(&world, &world.ada);
    let ada = world.sign_in(&world.ada);
    let browsers: Vec<Browser> = (0..8).map(|_| ada.clone()).collect();
    let made: usize = world
        .at_once(8, |client| {
            let mut roll = dice(client as u64 + 1);
            (0..30)
                .filter(|_| {
                    let place = match roll(9) {
                        0 => Place::Voicemail,
                        1..=5 => Place::Group(roll(GROUPS)),
                        _ => Place::Number(roll(NUMBERS)),
                    };
                    match roll(12) {
                        // Through the form, with whatever version it has at that moment.
                        0..=5 => {
                            let id = field.groups[roll(GROUPS)];
                            let version = browsers[client].get(&settings(id)).value_of("version");
                            let fields = [("section", "fallback"), ("version", version.as_str()), ("fallback", &field.destination(place).word())];
                            let status = browsers[client].post(&settings(id), &fields).status;
                            assert!([303, 409, 422, 404, 503].contains(&status), "{status}");
                            status == 303
                        }
                        6..=8 => field.make(Edit::Assign(roll(NUMBERS), Some(roll(GROUPS)))),
                        9 | 10 => field.make(Edit::Direct(roll(NUMBERS), Some(roll(GROUPS)), false)),
                        // The last two groups stay.
                        _ => roll(4) == 0 && field.make(Edit::Delete(roll(GROUPS - 2), place)),
                    }
                })
                .count()
        })
        .into_iter()
        .sum();
    assert!(made > 8, "only {made} edits were made");
    assert_eq!(field.wrong(), [""; 0]);
}

#[test]
fn r48_of_eight_who_assign_one_free_number_at_once_one_wins() {
    let world = World::new();
    let field = Field::of(&world, &world.ada);
    let (id, now) = (field.numbers[0], world.now());
    let to = |client: usize| if client < GROUPS { Party::Group(field.groups[client]) } else { Party::Member(world.dana.id) };
    let won = world.at_once(8, |client| {
        world.app.db.write_now(|tx| numbers::assign(tx, &field.by_numbers, id, Some(to(client)), &Present::Unknown, now)).is_ok()
    });
    // Those who ask for the same person all get what they want.
    let winners: Vec<usize> = won.iter().enumerate().filter(|(_, won)| **won).map(|(client, _)| client).collect();
    assert!(winners.len() == 1 || winners.iter().all(|client| *client >= GROUPS), "{won:?}");
    assert_eq!(number_row(&world, id).assignee(), Some(to(winners[0])));
    let assigned = world.events(world.ada.account).into_iter().filter(|[event, ..]| event == "number.assigned").count();
    assert_eq!(assigned, 1);
}
