//! What seats cost, told once more and another way: chairs in a room, walked through day by day and chair by chair, in whole
//! cents times days (R32 to R38). Written from the rules; it shares no arithmetic with the product.

mod date;
mod operations;
mod pure;

pub use date::Date;
use rollcall::billing::Step;

use super::books::Line;

/// A plan: cents a seat for each length of cycle, and the fewest seats that are billed.
#[derive(Clone, Debug)]
pub struct Terms {
    pub name: String,
    pub monthly: i64,
    pub yearly: i64,
    pub min: usize,
}

impl Terms {
    /// Cents a seat for a cycle of this length.
    pub fn price(&self, yearly: bool) -> i64 {
        if yearly { self.yearly } else { self.monthly }
    }
}

/// What the end of the cycle brings.
#[derive(Clone, Debug)]
pub enum Next {
    Same,
    Change(Terms, bool),
    Close,
}

/// One account.
#[derive(Clone, Debug)]
pub struct Model {
    pub today: Date,
    pub terms: Terms,
    pub yearly: bool,
    /// What a chair of this cycle costs.
    pub price: i64,
    pub next: Next,
    pub closed: bool,
    /// Every line so far.
    pub lines: Vec<Line>,
    anchor: i64,
    begun: Date,
    /// Chairs that are paid until the cycle ends, and who sits in each.
    chairs: Vec<Option<usize>>,
}

impl Model {
    /// An account that opens on the day `today` with `people` in it.
    pub fn open(today: i64, terms: Terms, yearly: bool, people: &[usize]) -> Self {
        let today = Date::of(today);
        let chairs = people.iter().copied().map(Some).collect();
        let (price, next, lines) = (terms.price(yearly), Next::Same, Vec::new());
        let mut model = Model { today, terms, yearly, price, next, closed: false, lines, anchor: today.day, begun: today, chairs };
        model.begin(Step::Opened);
        model
    }

    /// Walks to a later day; a cycle that ends on the way is followed by the next.
    pub fn walk_to(&mut self, number: i64) {
        while self.today.number < number {
            self.today = self.today.tomorrow();
            if !self.closed && self.today == self.end() {
                self.turn();
            }
        }
    }

    fn turn(&mut self) {
        match std::mem::replace(&mut self.next, Next::Same) {
            Next::Close => {
                self.closed = true;
                return self.line(Step::Closed, 0, self.price, 0);
            }
            Next::Change(terms, yearly) => (self.terms, self.yearly) = (terms, yearly),
            Next::Same => {}
        }
        self.begin(Step::Renewed);
    }

    /// Empty chairs go, as far as the plan's minimum lets them; the others are paid for the whole cycle.
    fn begin(&mut self, step: Step) {
        self.begun = self.today;
        self.price = self.terms.price(self.yearly);
        self.chairs.retain(Option::is_some);
        self.chairs.resize(self.chairs.len().max(self.terms.min), None);
        self.line(step, self.chairs.len(), self.price, self.days());
    }

    /// A closed account opens again today.
    pub fn reopen(&mut self) {
        (self.closed, self.anchor) = (false, self.today.day);
        self.begin(Step::Reopened);
    }

    /// People sit down: in empty chairs first, then in chairs that are bought for the days after today.
    pub fn join(&mut self, people: &[usize], step: Step) {
        let before = self.chairs.len();
        for person in people {
            match self.chairs.iter_mut().find(|chair| chair.is_none()) {
                Some(chair) => *chair = Some(*person),
                None => self.chairs.push(Some(*person)),
            }
        }
        self.line(step, self.chairs.len() - before, self.price, self.left());
    }

    /// Somebody gets up. The chair stays.
    pub fn leave(&mut self, person: usize, step: Step) {
        let chair = self.chairs.iter_mut().find(|chair| **chair == Some(person)).expect("somebody who sits");
        *chair = None;
        self.line(step, 0, self.price, self.left());
    }

    /// Every chair becomes a dearer one today, and there are at least as many as the plan asks for.
    pub fn upgrade(&mut self, terms: Terms) {
        let price = terms.price(self.yearly);
        let difference = price - self.price;
        (self.terms, self.price) = (terms, price);
        self.line(Step::Upgraded, self.chairs.len(), difference, self.left());
        let more = self.terms.min.saturating_sub(self.chairs.len());
        if more > 0 {
            self.chairs.resize(self.terms.min, None);
            self.line(Step::MinimumRaised, more, self.price, self.left());
        }
    }

    pub fn active(&self) -> usize {
        self.chairs.iter().flatten().count()
    }

    /// The first day that is not of this cycle any more.
    fn end(&self) -> Date {
        let months = if self.yearly { 12 } else { 1 };
        let mut day = self.begun.tomorrow();
        while day.months() < self.begun.months() + months || !day.is_anchored(self.anchor) {
            day = day.tomorrow();
        }
        day
    }

    /// The days from `from` up to the cycle's end, counted one by one.
    fn count(&self, from: Date) -> i64 {
        let (end, mut day, mut days) = (self.end(), from, 0);
        while day < end {
            (day, days) = (day.tomorrow(), days + 1);
        }
        days
    }

    fn days(&self) -> i64 {
        self.count(self.begun)
    }

    fn left(&self) -> i64 {
        self.count(self.today.tomorrow())
    }

    fn line(&mut self, step: Step, seats: usize, price: i64, left: i64) {
        let days = self.days();
        // Each chair's cents of each day, and half a cent for rounding.
        let cent_days: i64 = (0..seats).map(|_| (0..left).map(|_| price).sum::<i64>()).sum();
        let (seats, active, paid) = (seats as i64, self.active() as i64, self.chairs.len() as i64);
        let (day, cycle, plan, cents) = (self.today.number, self.begun.number, self.terms.name.clone(), (2 * cent_days + days) / (2 * days));
        self.lines.push(Line { step, day, cycle, plan, yearly: self.yearly, seats, price, left, days, cents, active, paid });
    }
}
