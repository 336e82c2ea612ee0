//! Random histories of the pure arithmetic against the model: no database.

use proptest::prelude::*;
use rollcall::billing::{Cycle, Day, Interval, Money, Plans, Seats, Step};

use super::{super::books::replay, *};

/// Something that happens to an account.
#[derive(Clone, Debug)]
enum Act {
    /// So many days pass.
    Wait(i64),
    /// So many become active at once.
    Join(usize),
    /// One of the active goes.
    Leave(usize),
    /// One of those who went comes back.
    Return(usize),
    /// Another plan or length is chosen.
    Choose(usize, bool),
    /// The account shall close with its cycle.
    Cancel,
    /// It shall not, or it opens again.
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => prop_oneof![6 => 0i64..12, 3 => 10i64..70, 1 => 70i64..800].prop_map(Act::Wait),
        4 => (1usize..4).prop_map(Act::Join),
        3 => (0usize..100).prop_map(Act::Leave),
        2 => (0usize..100).prop_map(Act::Return),
        2 => (0usize..4, prop::bool::weighted(0.2)).prop_map(|(plan, yearly)| Act::Choose(plan, yearly)),
        1 => Just(Act::Cancel),
        2 => Just(Act::Reopen),
    ]
}

/// Four plans at random prices: what a plans file may say.
fn plans() -> impl Strategy<Value = Vec<Terms>> {
    let price = prop_oneof![1 => Just(0i64), 1 => 1i64..50, 6 => 50i64..30_000];
    let terms = (price.clone(), prop::option::of(0i64..300_000), 1usize..12);
    prop::collection::vec(terms, 4).prop_map(|all| {
        let named = |(i, (monthly, yearly, min)): (usize, (i64, Option<i64>, usize))| Terms {
            name: format!("Plan {i}"),
            monthly,
            yearly: yearly.unwrap_or(12 * monthly),
            min,
        };
        all.into_iter().enumerate().map(named).collect()
    })
}

/// The same plans as a plans file.
fn file(terms: &[Terms]) -> Plans {
    let dollars = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let plan = |(i, plan): (usize, &Terms)| {
        let (monthly, yearly) = (dollars(plan.monthly), dollars(plan.yearly));
        format!("[[plan]]\nword = \"p{i}\"\nname = \"{}\"\nprice = \"{monthly}\"\nyearly_price = \"{yearly}\"\nseats_min = {}\n", plan.name, plan.min)
    };
    Plans::parse(&terms.iter().enumerate().map(plan).collect::<String>()).expect("plans that a file may say")
}

/// A first day: often late in a month, for the cycles that begin on days which some months lack.
fn first_day() -> impl Strategy<Value = i64> {
    let late = (0i64..400).prop_map(|months| {
        let mut date = Date::of(16_000 + months * 30);
        while date.day < 29 {
            date = date.tomorrow();
        }
        date.number + months % 3
    });
    prop_oneof![1 => 16_000i64..28_000, 2 => late]
}

/// The product's side: its pure functions, put together as a subscription puts them together.
struct Product {
    plans: Plans,
    plan: usize,
    seats: Seats,
    anchor: u32,
    next: Option<(usize, Interval)>,
    closing: bool,
    closed: bool,
    lines: Vec<Line>,
}

const fn interval(yearly: bool) -> Interval {
    if yearly { Interval::Yearly } else { Interval::Monthly }
}

impl Product {
    fn open(plans: Plans, today: Day, plan: usize, length: Interval) -> Self {
        let anchor = chrono::Datelike::day(&today.date());
        let cycle = Cycle::beginning(today, anchor, length);
        let seats = Seats { cycle, interval: length, price: Money::ZERO, active: 1, paid: 1 };
        let mut product = Product { plans, plan, seats, anchor, next: None, closing: false, closed: false, lines: Vec::new() };
        product.begin(Step::Opened, cycle, length);
        product
    }

    fn begin(&mut self, step: Step, cycle: Cycle, length: Interval) {
        let plan = &self.plans.all()[self.plan];
        let (seats, charge) = Seats::begin(cycle, length, plan.price_of(length), i64::from(plan.seats_min), self.seats.active);
        self.seats = seats;
        self.note(step, cycle.starts_on, charge);
    }

    fn note(&mut self, step: Step, on: Day, charge: rollcall::billing::Charge) {
        let plan = &self.plans.all()[self.plan].name;
        self.lines.push(Line::of(step, on, plan, &self.seats, &charge));
    }

    fn settle(&mut self, today: Day) {
        while !self.closed && self.seats.cycle.ends_on <= today {
            let on = self.seats.cycle.ends_on;
            if self.closing {
                (self.closing, self.closed) = (false, true);
                let charge = self.seats.join(0, on);
                return self.note(Step::Closed, on, charge);
            }
            let (plan, length) = self.next.take().unwrap_or((self.plan, self.seats.interval));
            self.plan = plan;
            self.begin(Step::Renewed, Cycle::beginning(on, self.anchor, length), length);
        }
    }

    fn reopen(&mut self, today: Day) {
        self.closed = false;
        self.anchor = chrono::Datelike::day(&today.date());
        let length = self.seats.interval;
        self.begin(Step::Reopened, Cycle::beginning(today, self.anchor, length), length);
    }

    fn upgrade(&mut self, plan: usize, today: Day) {
        let terms = self.plans.all()[plan].clone();
        self.plan = plan;
        let charge = self.seats.upgrade(terms.price_of(self.seats.interval), today);
        self.note(Step::Upgraded, today, charge);
        if self.seats.paid < i64::from(terms.seats_min) {
            let charge = self.seats.reach(i64::from(terms.seats_min), today);
            self.note(Step::MinimumRaised, today, charge);
        }
    }
}

/// Both sides live through the same acts.
fn live(first: i64, terms: Vec<Terms>, yearly: bool, acts: &[Act]) -> (Product, Model) {
    let mut today = first;
    let mut product = Product::open(file(&terms), Day::from_number(today), 0, interval(yearly));
    let mut model = Model::open(today, terms[0].clone(), yearly, &[0]);
    let (mut there, mut gone, mut known) = (vec![0], Vec::new(), 1);
    for act in acts {
        if let Act::Wait(days) = act {
            today += days;
        }
        let day = Day::from_number(today);
        product.settle(day);
        model.walk_to(today);
        match *act {
            Act::Join(n) if !model.closed => {
                let new: Vec<usize> = (known..known + n).collect();
                (known, there) = (known + n, [there, new.clone()].concat());
                let charge = product.seats.join(n as i64, day);
                product.note(Step::Accepted, day, charge);
                model.join(&new, Step::Accepted);
            }
            Act::Leave(pick) if !there.is_empty() => {
                let person = there.swap_remove(pick % there.len());
                gone.push(person);
                product.seats.leave(1);
                let charge = product.seats.join(0, day);
                product.note(Step::Removed, day, charge);
                model.leave(person, Step::Removed);
            }
            Act::Return(pick) if !gone.is_empty() && !model.closed => {
                let person = gone.swap_remove(pick % gone.len());
                there.push(person);
                let charge = product.seats.join(1, day);
                product.note(Step::Restored, day, charge);
                model.join(&[person], Step::Restored);
            }
            Act::Choose(plan, yearly) if !model.closed && !product.closing => {
                let wish = (plan, interval(yearly));
                let dearer = terms[plan].price(model.yearly) >= model.price;
                if plan != product.plan && dearer {
                    product.upgrade(plan, day);
                    model.upgrade(terms[plan].clone());
                }
                product.next = (wish != (product.plan, product.seats.interval)).then_some(wish);
                model.next = Next::Change(terms[plan].clone(), yearly);
            }
            Act::Cancel if !model.closed => {
                (product.closing, product.next, model.next) = (true, None, Next::Close);
            }
            Act::Reopen if model.closed => {
                product.reopen(day);
                model.reopen();
            }
            Act::Reopen if product.closing => (product.closing, model.next) = (false, Next::Same),
            _ => {}
        }
        assert!(product.seats.paid >= product.seats.active, "more active members than paid seats after {act:?}");
    }
    (product, model)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r33_any_history_costs_what_chairs_walked_through_day_by_day_cost(
        first in first_day(),
        terms in plans(),
        yearly in prop::bool::weighted(0.3),
        acts in prop::collection::vec(act(), 1..60),
    ) {
        let (product, model) = live(first, terms, yearly, &acts);
        let sum = |lines: &[Line]| lines.iter().map(|line| line.cents).sum::<i64>();
        prop_assert_eq!(sum(&product.lines), sum(&model.lines));
        prop_assert_eq!(&product.lines, &model.lines);
        prop_assert!(product.lines.iter().all(|line| line.cents >= 0 && line.paid >= line.active));
    }

    #[test]
    fn r33_replaying_the_steps_of_any_history_gives_the_same_ledger(
        first in first_day(),
        terms in plans(),
        yearly in prop::bool::weighted(0.3),
        acts in prop::collection::vec(act(), 1..60),
    ) {
        let (product, _) = live(first, terms, yearly, &acts);
        prop_assert_eq!(replay(&product.lines, &product.plans), product.lines);
    }
}
