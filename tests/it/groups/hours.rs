//! The editor of business hours (R43), with its buttons pressed as a browser without JavaScript presses them.

use super::*;

/// The spans as the editor shows them, like `mon 09:00-17:00`.
fn spans(form: &[(String, String)]) -> Vec<String> {
    let all = |name: &'static str| form.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str());
    all("day").zip(all("opens")).zip(all("closes")).map(|((day, opens), closes)| format!("{day} {opens}-{closes}")).collect()
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
}

/// The hours as stored: zone, spans, closed dates.
fn stored(world: &World, id: GroupId) -> [String; 3] {
    let group = world.group_row(&world.ada, id);
    let (spans, closed) = group.opening().to_columns();
    [group.time_zone, spans.replace('\n', ", "), closed.replace('\n', ", ")]
}

const WEEKDAYS: [&str; 5] = ["mon 09:00-17:00", "tue 09:00-17:00", "wed 09:00-17:00", "thu 09:00-17:00", "fri 09:00-17:00"];

#[test]
fn r43_hours_are_spans_in_a_zone_and_closed_dates() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    let answer = save(
        &world,
        &ada,
        sales,
        "hours",
        &[
            ("time_zone", "America/New_York"),
            ("day", "mon"),
            ("opens", "09:00"),
            ("closes", "12:00"),
            ("day", "mon"),
            ("opens", "13:00"),
            ("closes", "17:30"),
            ("day", "fri"),
            ("opens", "22:00"),
            ("closes", "02:00"),
            ("day", "sun"),
            ("opens", "00:00"),
            ("closes", "00:00"),
            ("day", "tue"),
            ("opens", ""),
            ("closes", ""),
            ("closed_on", "2026-12-25\r\n\r\n2026-12-24\r\n"),
        ],
    );
    assert_eq!(answer.to(), settings(sales), "{}", answer.text());
    let spans = "mon 09:00-12:00, mon 13:00-17:30, fri 22:00-02:00, sun 00:00-24:00";
    assert_eq!(stored(&world, sales), ["America/New_York", spans, "2026-12-24, 2026-12-25"]);
    let page = ada.get(answer.to());
    assert_eq!(page.flash(), "The business hours are saved.");
    let form = form_of(&page, "hours");
    assert_eq!(self::spans(&form), ["mon 09:00-12:00", "mon 13:00-17:30", "fri 22:00-02:00", "sun 00:00-00:00"]);
    assert_eq!((value(&form, "time_zone"), value(&form, "closed_on")), ("America/New_York", "2026-12-24\n2026-12-25"));
    // What the page shows is what it stores.
    let same = world.unchanged("the form as it is", || send(&ada, &settings(sales), &form, &[]));
    assert_eq!(same.status, 303);
}

#[test]
fn r43_hours_can_be_sent_a_line_a_span_and_dates_a_field_each() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    let fields = [
        ("time_zone", "Europe/Lisbon"),
        ("hours", "mon 09:00-17:00"),
        ("hours", "sat 18:00-24:00"),
        ("closed_on", "2026-12-25"),
        ("closed_on", "2027-01-01"),
    ];
    assert_eq!(save(&world, &ada, sales, "hours", &fields).status, 303);
    assert_eq!(stored(&world, sales), ["Europe/Lisbon", "mon 09:00-17:00, sat 18:00-24:00", "2026-12-25, 2027-01-01"]);
    let page = save(&world, &ada, sales, "hours", &[&fields[..], &[("hours", "never")]].concat());
    assert_eq!(page.problems(), ["“never” does not start with a day. Write it like mon 09:00-17:00."]);
    let form = form_of(&page, "hours");
    assert_eq!((spans(&form), value(&form, "closed_on")), (vec!["mon 09:00-17:00".into(), "sat 18:00-00:00".into()], "2026-12-25\n2027-01-01"));
    // No hours at all is always open.
    assert_eq!(save(&world, &ada, sales, "hours", &[("time_zone", "UTC")]).status, 303);
    assert_eq!(stored(&world, sales), ["UTC", "", ""]);
    assert!(ada.get(&settings(sales)).has("Always open"));
}

#[test]
fn r43_each_mistake_has_its_sentence_at_its_day_and_nothing_typed_is_lost() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    let fields = [
        ("time_zone", "Mars/Olympus"),
        ("day", "mon"),
        ("opens", "09:00"),
        ("closes", "12:00"),
        ("day", "mon"),
        ("opens", "11:00"),
        ("closes", "15:00"),
        ("day", "tue"),
        ("opens", "9 o'clock"),
        ("closes", "17:00"),
        ("day", "wed"),
        ("opens", "10:00"),
        ("closes", ""),
        ("day", "fri"),
        ("opens", "22:00"),
        ("closes", "02:00"),
        ("day", "sat"),
        ("opens", "01:00"),
        ("closes", "05:00"),
        ("closed_on", "2026-12-25\n25/12/2026"),
    ];
    let page = world.unchanged("mistakes", || save(&world, &ada, sales, "hours", &fields));
    assert_eq!(page.status, 422);
    for (field, sentence) in [
        ("time_zone", "Choose a time zone from the list, like Europe/London."),
        ("hours-mon", "Monday: 09:00–12:00 overlaps 11:00–15:00. Change or delete one of them."),
        ("hours-tue", "Tuesday: “9 o'clock” is not a time. Write times like 09:00 or 17:30."),
        ("hours-wed", "Wednesday: enter when it closes; it opens at 10:00."),
        ("hours-fri", "Friday: 22:00–02:00 overlaps Saturday 01:00–05:00. Change or delete one of them."),
        ("closed_on", "“25/12/2026” is not a date. Write dates like 2026-12-25."),
    ] {
        assert_eq!(page.error_of(field), sentence, "{field}");
        assert!(page.problems().contains(&sentence.to_owned()), "{:?}", page.problems());
    }
    assert_eq!(page.problems().len(), 6);
    assert_eq!((page.error_of("hours-thu").as_str(), page.error_of("hours-sat").as_str()), ("", ""));
    let form = form_of(&page, "hours");
    let typed = ["mon 09:00-12:00", "mon 11:00-15:00", "tue 9 o'clock-17:00", "wed 10:00-", "fri 22:00-02:00", "sat 01:00-05:00"];
    assert_eq!(spans(&form), typed);
    assert_eq!(value(&form, "closed_on"), "2026-12-25\n25/12/2026");
    assert!(page.has("Ring strategy") && page.value_of("ring_seconds") == "30", "the rest of the page is there");
}

#[test]
fn r43_the_buttons_of_the_editor_save_nothing_and_lose_nothing() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    save(&world, &ada, sales, "hours", &[("time_zone", "Europe/Lisbon"), ("hours", "mon 09:00-12:00"), ("hours", "mon 13:00-17:00")]);
    let mut form = form_of(&ada.get(&settings(sales)), "hours");
    type_in(&mut form, "time_zone", "Asia/Tokyo");
    type_in(&mut form, "closed_on", "2026-12-25\nChristmas");
    type_in(&mut form, "closes", "25:99");
    let mut press = |op: &str| {
        let page = world.unchanged(op, || send(&ada, &settings(sales), &form, &[("op", op)]));
        assert_eq!(page.status, 200, "{op}");
        assert!(page.has("These hours are not saved yet.") && page.problems().is_empty(), "{op}");
        form = form_of(&page, "hours");
        assert_eq!((value(&form, "time_zone"), value(&form, "closed_on")), ("Asia/Tokyo", "2026-12-25\nChristmas"), "{op}");
        spans(&form)
    };
    assert_eq!(press("add:wed"), ["mon 09:00-25:99", "mon 13:00-17:00", "wed -"]);
    assert_eq!(press("add:mon"), ["mon 09:00-25:99", "mon 13:00-17:00", "mon -", "wed -"]);
    assert_eq!(press("del:mon:1"), ["mon 13:00-17:00", "mon -", "wed -"]);
    assert_eq!(press("del:mon:2"), ["mon 13:00-17:00", "wed -"]);
    for stale in ["del:mon:2", "del:sun:1", "dance", "preset:never"] {
        assert_eq!(press(stale), ["mon 13:00-17:00", "wed -"], "{stale}");
    }
    let copied = ["mon 13:00-17:00", "tue 13:00-17:00", "wed 13:00-17:00", "thu 13:00-17:00", "fri 13:00-17:00"];
    assert_eq!(press("copy:mon:weekdays"), copied);
    assert_eq!(press("copy:mon:all").len(), 7);
    let always = press("preset:always");
    assert_eq!((always.len(), always[6].as_str()), (7, "sun 00:00-00:00"));
    assert_eq!(press("preset:weekdays"), WEEKDAYS);
    // And what the buttons made can be saved.
    type_in(&mut form, "closed_on", "2026-12-25");
    assert_eq!(send(&ada, &settings(sales), &form, &[]).status, 303);
    assert_eq!(stored(&world, sales), ["Asia/Tokyo".to_owned(), WEEKDAYS.join(", "), "2026-12-25".into()]);
}

#[test]
fn r43_every_button_on_the_page_works() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    save(&world, &ada, sales, "hours", &[("time_zone", "UTC"), ("hours", "mon 09:00-17:00"), ("hours", "sun 10:00-12:00")]);
    let page = ada.get(&settings(sales));
    let (form, before) = (form_of(&page, "hours"), spans(&form_of(&page, "hours")));
    let ops: Vec<&str> = page.body.split("name=\"op\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    // Two presets, seven days to add to, two spans to delete, two days to copy.
    assert_eq!(ops.len(), 2 + 7 + 2 + 2, "{ops:?}");
    for op in ops {
        let page = world.unchanged(op, || send(&ada, &settings(sales), &form, &[("op", op)]));
        assert_eq!(page.status, 200, "{op}");
        assert_ne!(spans(&form_of(&page, "hours")), before, "{op} does something");
    }
}

#[test]
fn r43_a_day_has_no_more_spans_than_20() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales] = groups_of(&world, ["Sales"]);
    let lines: Vec<String> = (0..21).map(|i| format!("mon {:02}:{:02}-{:02}:{:02}", i / 2, i % 2 * 30, i / 2, i % 2 * 30 + 20)).collect();
    let fields = |n: usize| std::iter::once(("time_zone", "UTC")).chain(lines[..n].iter().map(|line| ("hours", line.as_str()))).collect::<Vec<_>>();
    let page = world.unchanged("21 spans", || save(&world, &ada, sales, "hours", &fields(21)));
    assert_eq!(page.error_of("hours-mon"), "Monday: 21 spans are too many. Keep at most 20 on a day.");
    assert_eq!(spans(&form_of(&page, "hours")).len(), 21);
    assert_eq!(save(&world, &ada, sales, "hours", &fields(20)).status, 303);
}
