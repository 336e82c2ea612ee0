//! Dates, walked one day at a time: an arithmetic of its own, so that it can disagree with the product's.

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Days after 1 January 1970.
    pub number: i64,
    pub year: i64,
    pub month: i64,
    pub day: i64,
}

impl Date {
    /// 1 January 1970.
    const FIRST: Date = Date { number: 0, year: 1970, month: 1, day: 1 };

    /// The date of a number, by walking there.
    pub fn of(number: i64) -> Self {
        let mut date = Date::FIRST;
        while date.number < number {
            date = date.tomorrow();
        }
        date
    }

    /// The day after.
    pub fn tomorrow(self) -> Self {
        let Date { number, year, month, day } = self;
        let (year, month, day) = match () {
            () if day < length(year, month) => (year, month, day + 1),
            () if month < 12 => (year, month + 1, 1),
            () => (year + 1, 1, 1),
        };
        Date { number: number + 1, year, month, day }
    }

    /// Months since the year 0.
    pub fn months(self) -> i64 {
        self.year * 12 + self.month
    }

    /// Is this the day of its month on which cycles of `anchor` begin?
    pub fn is_anchored(self, anchor: i64) -> bool {
        self.day == anchor.min(length(self.year, self.month))
    }
}

/// How many days a month has.
fn length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[test]
fn the_models_own_calendar_knows_a_few_dates() {
    for (number, year, month, day) in [(0, 1970, 1, 1), (59, 1970, 3, 1), (11_016, 2000, 2, 29), (20_514, 2026, 3, 2), (21_243, 2028, 2, 29)] {
        assert_eq!(Date::of(number), Date { number, year, month, day });
    }
}
