//! What seats cost (R33 to R35): pure arithmetic of price, cycle, day and seats.

use rust_decimal::Decimal;

use super::{Cycle, Day, Interval, Money};

/// What one step of the seats costs: so many seats, each at this price for so many of the cycle's days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Seats that are charged; none where a paid one was free.
    pub seats: i64,
    /// The price of a seat for the whole cycle; of a plan change the difference.
    pub price: Money,
    /// Days of the cycle that are charged.
    pub days_left: i64,
    /// Days of the cycle.
    pub days_in_cycle: i64,
    /// What is to be paid: price × seats × days left / days in cycle, half up to the cent.
    pub amount: Money,
}

impl Charge {
    fn of(seats: i64, price: Money, days_left: i64, days_in_cycle: i64) -> Self {
        let exact = price.dollars() * Decimal::from(seats) * Decimal::from(days_left) / Decimal::from(days_in_cycle.max(1));
        Charge { seats, price, days_left, days_in_cycle, amount: Money::rounded(exact) }
    }

    /// Like `$29.00 × 15 of 30 days`, or `5 × $29.00` for a whole cycle.
    pub fn formula(&self) -> String {
        let seats = if self.seats == 1 { String::new() } else { format!("{} × ", self.seats) };
        if self.days_left == self.days_in_cycle {
            return format!("{seats}{}", self.price);
        }
        format!("{seats}{} × {} of {} days", self.price, self.days_left, self.days_in_cycle)
    }
}

/// The seats of an account in its running cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// The running cycle.
    pub cycle: Cycle,
    /// How long cycles are.
    pub interval: Interval,
    /// What a seat of this cycle costs.
    pub price: Money,
    /// Active members (R32).
    pub active: i64,
    /// Seats that the cycle has paid for; never fewer than `active` (R33).
    pub paid: i64,
}

impl Seats {
    /// Begins a cycle with as many seats as there are active members, but at least the plan's minimum, for the whole of it
    /// (R34, R35).
    pub fn begin(cycle: Cycle, interval: Interval, price: Money, minimum: i64, active: i64) -> (Self, Charge) {
        let paid = minimum.max(active);
        let days = cycle.days();
        (Seats { cycle, interval, price, active, paid }, Charge::of(paid, price, days, days))
    }

    /// Paid seats that nobody sits in.
    pub const fn vacant(&self) -> i64 {
        self.paid - self.active
    }

    /// `n` people become active on `on`. They take vacant paid seats first; the others' are charged for the days that are left
    /// (R33).
    pub fn join(&mut self, n: i64, on: Day) -> Charge {
        self.active += n;
        let past = (self.active - self.paid).max(0);
        self.buy(past, on)
    }

    /// `n` active people go. Their seats stay paid until the cycle ends: nothing is refunded (R34).
    pub const fn leave(&mut self, n: i64) {
        self.active -= n;
    }

    /// Every paid seat costs `price` from `on`, which is not less than it was: the difference is charged for the days that are
    /// left (R37).
    pub fn upgrade(&mut self, price: Money, on: Day) -> Charge {
        let difference = price - self.price;
        self.price = price;
        Charge::of(self.paid, difference, self.cycle.left(on), self.cycle.days())
    }

    /// At least `minimum` seats are paid from `on`, as a plan asks; those that are new for the days that are left.
    pub fn reach(&mut self, minimum: i64, on: Day) -> Charge {
        self.buy((minimum - self.paid).max(0), on)
    }

    fn buy(&mut self, seats: i64, on: Day) -> Charge {
        self.paid += seats;
        Charge::of(seats, self.price, self.cycle.left(on), self.cycle.days())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn day(text: &str) -> Day {
        Day::from(text.parse::<NaiveDate>().unwrap())
    }

    fn november(price: i64, active: i64) -> Seats {
        let cycle = Cycle::beginning(day("2026-11-01"), 1, Interval::Monthly);
        Seats::begin(cycle, Interval::Monthly, Money::from_cents(price), 2, active).0
    }

    #[test]
    fn r33_the_documents_example_costs_14_50_now_and_174_00_next() {
        let mut seats = november(2900, 5);
        let charge = seats.join(1, day("2026-11-15"));
        assert_eq!((charge.amount.plain().as_str(), charge.formula().as_str()), ("14.50", "$29.00 × 15 of 30 days"));
        let (next, charge) = Seats::begin(seats.cycle.next(1, Interval::Monthly), Interval::Monthly, seats.price, 2, seats.active);
        assert_eq!((next.paid, charge.amount.plain().as_str(), charge.formula().as_str()), (6, "174.00", "6 × $29.00"));
    }

    #[test]
    fn r33_a_vacant_paid_seat_is_taken_first_and_costs_nothing() {
        let mut seats = november(2900, 5);
        seats.leave(2);
        assert_eq!((seats.vacant(), seats.join(1, day("2026-11-15")).amount), (2, Money::ZERO));
        let charge = seats.join(3, day("2026-11-15"));
        assert_eq!((charge.seats, charge.amount.plain().as_str(), seats.paid), (2, "29.00", 7));
    }

    #[test]
    fn r33_the_last_day_of_a_cycle_costs_nothing_and_the_first_all_but_one() {
        assert_eq!(november(2900, 2).join(1, day("2026-11-30")).amount, Money::ZERO);
        assert_eq!(november(3000, 2).join(1, day("2026-11-01")).amount.plain(), "29.00");
    }

    #[test]
    fn r34_a_renewal_pays_for_the_active_and_at_least_the_minimum() {
        let seats = november(2900, 1);
        assert_eq!((seats.active, seats.paid, seats.vacant()), (1, 2, 1));
    }

    #[test]
    fn r37_an_upgrade_charges_the_difference_for_the_days_left() {
        let mut seats = november(2900, 5);
        let charge = seats.upgrade(Money::from_cents(4900), day("2026-11-15"));
        assert_eq!((charge.amount.plain().as_str(), charge.formula().as_str()), ("50.00", "5 × $20.00 × 15 of 30 days"));
        let charge = seats.reach(10, day("2026-11-15"));
        assert_eq!((charge.amount.plain().as_str(), seats.paid), ("122.50", 10));
    }

    #[test]
    fn r38_a_year_is_prorated_over_its_days() {
        let cycle = Cycle::beginning(day("2027-03-01"), 1, Interval::Yearly);
        let (mut seats, first) = Seats::begin(cycle, Interval::Yearly, Money::from_cents(34_800), 2, 2);
        assert_eq!(first.amount.plain(), "696.00");
        assert_eq!(seats.join(1, day("2027-03-01")).formula(), "$348.00 × 365 of 366 days");
    }
}
