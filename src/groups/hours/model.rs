//! Business hours against a slow model: the wall clock read at every minute of UTC (R43).

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::{
    clock::{At, Span},
    web::zone::Zone,
};

/// Zones and a year in which each changes its clocks: for an hour and for half of one, at midnight, for Ramadan, back over
/// midnight and back from it, and once leaving out a whole date.
const WALLS: [(&str, i32); 8] = [
    ("America/New_York", 2026),
    ("Europe/London", 2026),
    ("Australia/Lord_Howe", 2026),
    ("America/Sao_Paulo", 2018),
    ("Africa/Casablanca", 2026),
    ("Atlantic/Azores", 2026),
    ("America/St_Johns", 2010),
    ("Pacific/Apia", 2011),
];
/// Days of the wall clock that are read around a change of clocks.
const AROUND: i64 = 8;
/// Days of the wall clock that are read from any day on.
const FROM: i64 = 24;

/// What the wall showed at each minute, the latest it had shown by then, and the earliest it was to show from then on.
struct Wall {
    zone: Zone,
    from: At,
    shows: Vec<NaiveDateTime>,
    had_shown: Vec<NaiveDateTime>,
    will_show: Vec<NaiveDateTime>,
}

impl Wall {
    fn read(zone: Zone, from: At, days: i64) -> Self {
        let shows: Vec<_> = (0..days * 24 * 60).map(|minute| zone.local(from + Span::minutes(minute)).naive_local()).collect();
        let (mut had_shown, mut will_show) = (shows.clone(), shows.clone());
        for i in 1..shows.len() {
            had_shown[i] = had_shown[i].max(had_shown[i - 1]);
        }
        for i in (1..shows.len()).rev() {
            will_show[i - 1] = will_show[i - 1].min(will_show[i]);
        }
        Wall { zone, from, shows, had_shown, will_show }
    }

    /// Open at the i-th minute: some span had opened by then, and its closing time is not past for good.
    fn is_open(&self, spans: &[Piece], closed: &BTreeSet<NaiveDate>, i: usize) -> bool {
        let (had, will) = (self.had_shown[i], self.will_show[i]);
        let dates = [-2, -1, 0, 1].map(|days| self.shows[i].date() + TimeDelta::days(days));
        dates.into_iter().filter(|date| !closed.contains(date)).any(|date| {
            let midnight = (date + TimeDelta::days(1)).and_time(chrono::NaiveTime::MIN);
            let cut = closed.contains(&midnight.date()) && had >= midnight;
            spans.iter().filter(|(day, ..)| !cut && *day == Day::of(date)).any(|(_, opens, closes)| {
                let time = |minute: i64| date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minute);
                let over = if *closes == 1440 { had >= midnight } else { will >= time(*closes) };
                had >= time(*opens) && !over
            })
        })
    }
}

/// A day, the minute of it that opens, and the minute counted from the same midnight that closes.
type Piece = (Day, i64, i64);

/// A week cut into pieces, of which some are open: spans that touch or stand apart, and never overlap.
fn spans() -> impl Strategy<Value = Vec<Piece>> {
    // Whole hours, quarters, odd minutes and most of all small hours, so that many begin and end where clocks change.
    let cut = prop_oneof![
        1 => (0..168i64).prop_map(|hour| hour * 60),
        1 => (0..672i64).prop_map(|quarter| quarter * 15),
        1 => 0..10_080i64,
        4 => (0..7i64, -8..14i64).prop_map(|(day, quarter)| (day * 1440 + quarter * 15).rem_euclid(10_080)),
    ];
    prop::collection::btree_map(cut, any::<bool>(), 0..30).prop_map(|cuts| {
        let starts: Vec<i64> = cuts.keys().copied().collect();
        let ends = starts.iter().skip(1).copied().chain(starts.first().map(|first| first + 10_080));
        let open = cuts.iter().zip(ends).filter(|((_, open), _)| **open);
        open.map(|((start, _), end)| {
            let (day, opens) = (Day::ALL[(start / 1440) as usize], start % 1440);
            // Only a whole day lasts 24 hours.
            let longest = if opens == 0 { 1440 } else { 1439 };
            (day, opens, opens + (end - start).min(longest))
        })
        .collect()
    })
}

fn hours_of(spans: &[Piece], closed: &BTreeSet<NaiveDate>) -> Hours {
    let time = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    let until = |closes: i64| if closes > 1440 { time(closes - 1440) } else { time(closes) };
    let lines: Vec<String> = spans.iter().map(|(day, opens, closes)| format!("{} {}-{}", day.word(), time(*opens), until(*closes))).collect();
    let dates: Vec<String> = closed.iter().map(NaiveDate::to_string).collect();
    Hours::parse(lines.iter().map(String::as_str), dates.iter().map(String::as_str)).unwrap()
}

/// Compares every change within the window, and openness beside each change and at odd instants.
fn agree(wall: &Wall, spans: &[Piece], closed: &BTreeSet<NaiveDate>, odd: &[i64]) {
    let hours = hours_of(spans, closed);
    let always: Vec<_> = Day::ALL.iter().map(|day| (*day, 0, 1440)).collect();
    let spans = if spans.is_empty() { &always } else { spans };
    // The model knows nothing before its first minute and after its last.
    let (first, last) = (2 * 1440, wall.shows.len() - 2 * 1440);
    let open: Vec<bool> = (first..last).map(|i| wall.is_open(spans, closed, i)).collect();
    let at = |i: usize| wall.from + Span::minutes((first + i) as i64);
    let changes: Vec<usize> = (1..open.len()).filter(|i| open[*i] != open[i - 1]).collect();

    let mut now = at(0);
    for change in &changes {
        assert_eq!(hours.next_change(wall.zone, now), Some(at(*change)), "after {} of {hours:?}", wall.zone.minute(now));
        now = at(*change);
        assert_eq!(hours.is_open(wall.zone, now), open[*change]);
        assert_eq!(hours.is_open(wall.zone, now - Span::secs(1)), open[change - 1]);
    }
    assert!(hours.next_change(wall.zone, now).is_none_or(|change| change >= at(open.len())), "after {} of {hours:?}", wall.zone.minute(now));
    for odd in odd {
        let (minute, second) = ((odd / 60) as usize % open.len(), odd % 60);
        let now = at(minute) + Span::secs(second);
        assert_eq!(hours.is_open(wall.zone, now), open[minute], "at {} of {hours:?}", wall.zone.minute(now));
        if let Some(change) = changes.iter().find(|change| **change > minute) {
            assert_eq!(hours.next_change(wall.zone, now), Some(at(*change)), "after {} of {hours:?}", wall.zone.minute(now));
        }
    }
}

/// The days of the year on which the zone changes its clocks.
fn clock_changes(zone: Zone, year: i32) -> Vec<NaiveDate> {
    let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take(365);
    let offset = |date: NaiveDate| zone.first(date.and_hms_opt(12, 0, 0).unwrap()).utc().naive_utc() - date.and_hms_opt(12, 0, 0).unwrap();
    days.filter(|date| offset(*date) != offset(date.pred_opt().unwrap())).collect()
}

fn with(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(with(400))]

    #[test]
    fn r43_hours_agree_with_the_wall_clock_around_every_change_of_clocks(
        spans in spans(),
        which in 0..WALLS.len(),
        spring in any::<prop::sample::Index>(),
        closed in prop::collection::btree_set(-4..5i64, 0..4),
        odd in prop::collection::vec(0..4 * 86_400i64, 12),
    ) {
        let (zone, year) = WALLS[which];
        let zone: Zone = zone.parse().unwrap();
        let changes = clock_changes(zone, year);
        prop_assert!(changes.len() >= 2, "{zone} changes its clocks twice");
        let day = changes[spring.index(changes.len())];
        let closed = closed.into_iter().map(|days| day + TimeDelta::days(days)).collect();
        let from = (day - TimeDelta::days(AROUND / 2)).and_time(chrono::NaiveTime::MIN).and_utc().into();
        agree(&Wall::read(zone, from, AROUND), &spans, &closed, &odd);
    }
}

proptest! {
    #![proptest_config(with(80))]

    #[test]
    fn r43_hours_agree_with_the_wall_clock_on_any_day_of_the_year(
        spans in spans(),
        which in 0..WALLS.len(),
        start in 0..350i64,
        closed in prop::collection::btree_set(0..FROM, 0..8),
        odd in prop::collection::vec(0..20 * 86_400i64, 12),
    ) {
        let (zone, year) = WALLS[which];
        let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap() + TimeDelta::days(start);
        let closed = closed.into_iter().map(|days| day + TimeDelta::days(days)).collect();
        let from = day.and_time(chrono::NaiveTime::MIN).and_utc().into();
        agree(&Wall::read(zone.parse().unwrap(), from, FROM), &spans, &closed, &odd);
    }
}

/// The whole week of 24 hours a day, in every zone, over whole years: nothing but closed dates ends it.
#[test]
fn r43_around_the_clock_has_no_hole_where_clocks_change() {
    for (name, year) in WALLS {
        let zone: Zone = name.parse().unwrap();
        let start = zone.start_of(NaiveDate::from_ymd_opt(year, 1, 1).unwrap());
        let hours = Hours::from_columns("", &format!("{year}-12-25"));
        assert_eq!(hours.next_change(zone, start), Some(zone.start_of(NaiveDate::from_ymd_opt(year, 12, 25).unwrap())));
        assert!((0..365 * 24 * 4).all(|quarter| {
            let at = start + Span::minutes(15 * quarter);
            hours.is_open(zone, at) != (zone.local(at).date_naive() == NaiveDate::from_ymd_opt(year, 12, 25).unwrap())
        }));
    }
}

#[test]
fn r43_clocks_that_go_back_over_midnight_do_not_close_a_span_early() {
    // At 00:01 on 7 November 2010 the clocks of St John's went back to 23:01 of the day before.
    let zone: Zone = "America/St_Johns".parse().unwrap();
    let hours = Hours::parse(["fri 23:30-23:29"], []).unwrap();
    let closes: At = chrono::DateTime::parse_from_rfc3339("2010-11-07T02:59:00Z").unwrap().to_utc().into();
    for minutes in [1, 29, 30, 58, 120] {
        let at = closes - Span::minutes(minutes);
        assert!(hours.is_open(zone, at), "{minutes} minutes before");
        assert_eq!(hours.next_change(zone, at), Some(closes));
    }
    assert!(!hours.is_open(zone, closes));
}
