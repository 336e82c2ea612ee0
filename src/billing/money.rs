//! Amounts of money.

use std::{fmt, str::FromStr};

use rust_decimal::{Decimal, RoundingStrategy};

use crate::web::words::thousands;

/// US dollars in whole cents: what is charged, kept and printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// So many cents.
    pub const fn from_cents(cents: i64) -> Self {
        Money(cents)
    }
    /// In cents.
    pub const fn cents(self) -> i64 {
        self.0
    }
    /// [`Money::cents`] by reference, for columns.
    pub(crate) const fn as_cents_ref(&self) -> &i64 {
        &self.0
    }
    /// True for nothing at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
    /// Dollars, rounded half up to the cent (R33).
    pub fn rounded(dollars: Decimal) -> Self {
        Money::fitting(dollars).unwrap_or(Money(i64::MAX))
    }
    /// The same; nothing for more money than can be kept.
    fn fitting(dollars: Decimal) -> Option<Self> {
        let cents = dollars.checked_mul(Decimal::ONE_HUNDRED)?.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        i64::try_from(cents).ok().map(Money)
    }
    /// In dollars.
    pub fn dollars(self) -> Decimal {
        Decimal::new(self.0, 2)
    }
    /// So many times this.
    pub const fn times(self, n: i64) -> Self {
        Money(self.0.saturating_mul(n))
    }
    /// Like `1234.50`, for files and hidden fields.
    pub fn plain(self) -> String {
        format!("{:.2}", self.dollars())
    }
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, |sum, amount| sum + amount)
    }
}

/// Like `$1,234.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}${}.{:02}", thousands(i64::try_from(cents / 100).unwrap_or(i64::MAX)), cents % 100)
    }
}

/// The opposite of [`Money::plain`]. More money than can be kept is an error.
impl FromStr for Money {
    type Err = rust_decimal::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Money::fitting(text.trim().parse()?).ok_or(rust_decimal::Error::ExceedsMaximumPossibleValue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r33_amounts_round_half_up_to_the_cent() {
        for (dollars, cents) in [("14.4949", 1449), ("14.495", 1450), ("14.505", 1451), ("0.004", 0), ("0.005", 1), ("1000000", 100_000_000)] {
            assert_eq!(Money::rounded(dollars.parse().unwrap()).cents(), cents, "{dollars}");
        }
    }

    #[test]
    fn more_money_than_can_be_kept_is_no_amount() {
        for typed in ["79228162514264337593543950335", "-79228162514264337593543950335", "92233720368547758.08", "1e30", ""] {
            assert!(typed.parse::<Money>().is_err(), "{typed}");
        }
        assert_eq!("92233720368547758.07".parse::<Money>().unwrap().cents(), i64::MAX);
    }

    #[test]
    fn money_is_written_for_people_and_for_files() {
        for (cents, people, file) in
            [(0, "$0.00", "0.00"), (1450, "$14.50", "14.50"), (123_456_789, "$1,234,567.89", "1234567.89"), (5, "$0.05", "0.05")]
        {
            let money = Money::from_cents(cents);
            assert_eq!((money.to_string().as_str(), money.plain().as_str()), (people, file));
            assert_eq!(file.parse::<Money>().unwrap(), money);
        }
    }
}
