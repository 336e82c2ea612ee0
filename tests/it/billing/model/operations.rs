//! Random histories of real accounts, by the product's own operations and in a real database, against the model.

use std::cell::Cell;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use rollcall::{clock::Span, db::MemberId, members::Status};

use super::{
    super::{acts::*, books::*},
    *,
};
use crate::support::*;

#[derive(Clone, Debug)]
enum Act {
    /// So many minutes pass.
    Wait(i64),
    /// A ticker comes round.
    Tick,
    /// A user by username.
    Create,
    /// An invitation is accepted.
    Accept,
    Deactivate(usize),
    Remove(usize),
    /// Reactivated, or restored.
    Return(usize),
    /// Another plan or length is chosen.
    Choose(usize, bool),
    /// The account shall close with its cycle.
    Cancel,
    /// It shall not, or it opens again.
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    const DAY: i64 = 24 * 60;
    prop_oneof![
        4 => prop_oneof![2 => 0..DAY, 5 => 0..12 * DAY, 3 => 12 * DAY..70 * DAY, 1 => 70 * DAY..420 * DAY].prop_map(Act::Wait),
        1 => Just(Act::Tick),
        2 => Just(Act::Create),
        2 => Just(Act::Accept),
        2 => (0usize..100).prop_map(Act::Deactivate),
        1 => (0usize..100).prop_map(Act::Remove),
        2 => (0usize..100).prop_map(Act::Return),
        2 => (0usize..4, prop::bool::weighted(0.25)).prop_map(|(plan, yearly)| Act::Choose(plan, yearly)),
        1 => Just(Act::Cancel),
        1 => Just(Act::Reopen),
    ]
}

const PLANS: [PlanRow; 4] = [
    ("solo", "Solo", "7.77", "", 1, None),
    ("team", "Team", "29.00", "", 2, None),
    ("odd", "Odd", "33.33", "333.33", 3, None),
    ("crew", "Crew", "99.99", "1000.01", 7, None),
];
/// The same in cents.
const CENTS: [(i64, i64); 4] = [(777, 9324), (2900, 34_800), (3333, 33_333), (9999, 100_001)];

/// Zones that have been the same distance from UTC for long, in minutes.
const ZONES: [(&str, i64); 4] = [("UTC", 0), ("Asia/Kolkata", 330), ("America/Phoenix", -420), ("Pacific/Kiritimati", 840)];

fn terms(i: usize) -> Terms {
    Terms { name: PLANS[i].1.into(), monthly: CENTS[i].0, yearly: CENTS[i].1, min: PLANS[i].4 as usize }
}

/// One account's life.
struct Life<'w> {
    world: &'w World,
    owner: Person,
    offset: i64,
    model: Model,
    /// Everybody but the Owner, who is number 0 of the model.
    people: Vec<(MemberId, Status)>,
}

impl Life<'_> {
    fn today(&self) -> i64 {
        (self.world.now().micros() / 60_000_000 + self.offset).div_euclid(24 * 60)
    }

    /// The `pick`th of those who stand there, and their number in the model.
    fn pick(&self, pick: usize, is: impl Fn(Status) -> bool) -> Option<(usize, MemberId, Status)> {
        let some: Vec<_> = self.people.iter().enumerate().filter(|(_, (_, status))| is(*status)).collect();
        some.get(pick.checked_rem(some.len())?).map(|(i, (id, status))| (*i, *id, *status))
    }

    fn joined(&mut self, member: MemberId, step: Step) {
        self.people.push((member, Status::Active));
        self.model.join(&[self.people.len()], step);
    }

    fn act(&mut self, act: &Act) {
        let (world, owner) = (self.world, self.owner.clone());
        match *act {
            Act::Wait(minutes) => world.advance(Span::minutes(minutes)),
            Act::Tick => tick(&world.app, world.now()),
            _ => {}
        }
        self.model.walk_to(self.today());
        if self.model.closed && !matches!(act, Act::Reopen) {
            // Nobody but the Owner gets in, and the Owner only to reopen or export; other tests are about that.
            return;
        }
        match *act {
            Act::Wait(_) | Act::Tick => {}
            Act::Create => {
                let user = create(&world.app, world, &owner, &format!("user{}", self.people.len())).expect("a user");
                self.joined(user, Step::Created);
            }
            Act::Accept => {
                let (_, token) = invited(world, &owner, &format!("p{}@x.test", self.people.len()));
                let member = accept(&world.app, world, &token).expect("an open invitation");
                self.joined(member, Step::Accepted);
            }
            Act::Deactivate(pick) => {
                let Some((i, id, _)) = self.pick(pick, |status| status == Status::Active) else { return };
                deactivate(world, &owner, id);
                self.people[i].1 = Status::Deactivated;
                self.model.leave(i + 1, Step::Deactivated);
            }
            Act::Remove(pick) => {
                let Some((i, id, was)) = self.pick(pick, |status| status != Status::Removed) else { return };
                remove(world, &owner, id);
                self.people[i].1 = Status::Removed;
                if was == Status::Active {
                    self.model.leave(i + 1, Step::Removed);
                }
            }
            Act::Return(pick) => {
                let Some((i, id, was)) = self.pick(pick, |status| status != Status::Active) else { return };
                let step = if was == Status::Removed {
                    restore(world, &owner, id).expect("somebody removed");
                    Step::Restored
                } else {
                    reactivate(&world.app, world, &owner, id).expect("somebody deactivated");
                    Step::Reactivated
                };
                self.people[i].1 = Status::Active;
                self.model.join(&[i + 1], step);
            }
            Act::Choose(wish, yearly) => {
                let chosen = choose(world, &owner, PLANS[wish].0, yearly);
                assert_eq!(chosen.is_ok(), !matches!(self.model.next, Next::Close), "{chosen:?}");
                if chosen.is_ok() {
                    self.choose(terms(wish), yearly);
                }
            }
            Act::Cancel => {
                assert_eq!(cancel(world, &owner).is_ok(), !matches!(self.model.next, Next::Close));
                self.model.next = Next::Close;
            }
            Act::Reopen => {
                let kept = reopen(world, &owner);
                match (self.model.closed, &self.model.next) {
                    (true, _) => self.model.reopen(),
                    (false, Next::Close) => self.model.next = Next::Same,
                    (false, _) => return assert!(kept.is_err(), "nothing was cancelled"),
                }
                kept.expect("an account that is kept");
            }
        }
    }

    /// Dearer for the length that runs, or the same price: now. All else with the next cycle.
    fn choose(&mut self, wish: Terms, yearly: bool) {
        let model = &mut self.model;
        let is_other = wish.name != model.terms.name;
        if is_other && wish.price(model.yearly) >= model.price {
            model.upgrade(wish.clone());
        }
        model.next = Next::Change(wish, yearly);
    }
}

/// With PROPTEST_CASES in the environment as many more as it is above 256.
#[test]
fn r33_any_history_of_a_real_account_costs_what_the_model_says_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::wish().empty().set("ROLLCALL_PLANS", &plans_file(folder.path(), &PLANS)).open();
    let known = Cell::new(0);
    let start =
        prop_oneof![Just("2026-12-29T"), Just("2027-01-30T"), Just("2027-10-31T"), Just("2028-01-31T"), Just("2028-02-29T"), Just("2026-04-12T")];
    let histories = (start, 0u32..24, 0usize..4, 0usize..4, prop::collection::vec(act(), 1..32));
    let mut runner =
        TestRunner::new(Config { cases: Config::default().cases / 12, max_shrink_iters: 60, failure_persistence: None, ..Config::default() });
    let verdict = runner.run(&histories, |(start, hour, zone, plan, acts)| {
        known.set(known.get() + 1);
        set_clock(&world, at(&format!("{start}{hour:02}:17:00Z")));
        let (zone, offset) = ZONES[zone];
        let owner = company(&world, &format!("c{}", known.get()), PLANS[plan].0, zone);
        let today = (world.now().micros() / 60_000_000 + offset).div_euclid(24 * 60);
        let model = Model::open(today, terms(plan), false, &[0]);
        let account = owner.account;
        let mut life = Life { world: &world, owner, offset, model, people: Vec::new() };
        for act in &acts {
            life.act(act);
        }
        renew(&world.app, account, world.now()).expect("a renewal");
        let lines = lines(&world, account);
        prop_assert_eq!(lines.iter().map(|line| line.cents).sum::<i64>(), life.model.lines.iter().map(|line| line.cents).sum::<i64>());
        prop_assert_eq!(&lines, &life.model.lines);
        prop_assert_eq!(replay(&lines, &world.app.plans), lines);
        check(&world, account);
        Ok(())
    });
    verdict.unwrap();
}
