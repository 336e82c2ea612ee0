use super::*;

/// Numbers of Acme, four of them in different hands.
fn several(world: &World) -> [NumberId; 5] {
    let ids = [
        number(world, "+14155550100", "Main line"),
        number(world, "+14155550101", "Chen"),
        number(world, "+442079460958", "Zürich desk"),
        number(world, "+442079460959", ""),
        number(world, "+4930901820", "50%_off"),
    ];
    let sales = group(world, "Sales West");
    give(world, ids[0], Party::Group(sales));
    give(world, ids[1], Party::Member(world.chen.id));
    give(world, ids[2], Party::Member(world.dana.id));
    direct(world, ids[2], Incoming::To(Party::Group(sales))).unwrap();
    direct(world, ids[3], Incoming::Voicemail).unwrap();
    ids
}

fn shown(page: &Page) -> Vec<String> {
    page.rows().into_iter().map(|mut row| row.swap_remove(0)).collect()
}

const ALL: [&str; 5] = ["+1 415-555-0100 US", "+1 415-555-0101 US", "+44 20 7946 0958 GB", "+44 20 7946 0959 GB", "+49 30 901820 DE"];

#[test]
fn r47_the_list_shows_users_and_where_calls_go() {
    let world = World::new();
    let ids = several(&world);
    let page = world.sign_in(&world.ada).get(LIST);
    assert_eq!(shown(&page), ALL);
    let rows = page.rows();
    assert_eq!(rows[0][1..4], ["Main line", "Sales West", "Sales West"]);
    assert_eq!(rows[1][1..4], ["Chen", "Chen Wei", "Chen Wei"]);
    assert_eq!(rows[2][1..4], ["Zürich desk", "Dana Silva", "Sales West"]);
    assert_eq!(rows[3][1..4], ["—", "—", "Voicemail"]);
    assert!(rows[4][3].starts_with("! nobody"));
    assert_eq!(page.link("+1 415-555-0100").unwrap(), format!("{LIST}/{}", ids[0]));
    assert_eq!(page.link("Chen Wei").unwrap(), format!("{MEMBERS}/{}", world.chen.id));
    assert!(page.has("5 numbers"));
}

#[test]
fn r47_search_takes_digits_in_any_punctuation_labels_and_holders() {
    let world = World::new();
    several(&world);
    let ada = world.sign_in(&world.ada);
    for (q, wanted) in [
        ("(415) 555-01", &[0, 1][..]),
        ("+44 (0)20 7946", &[]),
        ("020 7946 0958", &[2]),
        ("0044 207", &[2, 3]),
        ("0101", &[1]),
        ("zurich", &[2]),
        ("MAIN", &[0]),
        ("dana", &[2]),
        ("chen 0101", &[1]),
        ("sales west", &[0]),
        ("50%_", &[4]),
        ("%", &[4]),
        ("x_y", &[]),
        ("'; DROP TABLE numbers; --", &[]),
    ] {
        let path = url::form_urlencoded::Serializer::new(format!("{LIST}?")).append_pair("q", q).finish();
        let wanted: Vec<&str> = wanted.iter().map(|i| ALL[*i]).collect();
        let page = ada.get(&path);
        assert_eq!(shown(&page), wanted, "{q}");
        assert_eq!(page.has("No numbers match"), wanted.is_empty(), "{q}");
    }
}

#[test]
fn r47_filters_say_who_holds_a_number_and_where_its_calls_go() {
    let world = World::new();
    several(&world);
    let ada = world.sign_in(&world.ada);
    for (query, wanted) in [
        ("assigned=yes", &[0, 1, 2][..]),
        ("assigned=no", &[3, 4]),
        ("incoming=assignee", &[0, 1]),
        ("incoming=group", &[2]),
        ("incoming=member", &[]),
        ("incoming=voicemail", &[3]),
        ("incoming=nobody", &[4]),
        ("assigned=no&incoming=nobody&q=0182", &[4]),
        ("assigned=perhaps", &[0, 1, 2, 3, 4]),
    ] {
        let wanted: Vec<&str> = wanted.iter().map(|i| ALL[*i]).collect();
        assert_eq!(shown(&ada.get(&format!("{LIST}?{query}"))), wanted, "{query}");
    }
    let page = ada.get(&format!("{LIST}?assigned=no"));
    assert_eq!(page.caption(), "Showing 1–2 of 2 matching numbers, in their order");
    assert_eq!(page.link("Export CSV").unwrap(), "/settings/numbers.csv?assigned=no");
}

#[test]
fn r19_numbers_of_another_account_are_on_no_list() {
    let world = World::new();
    several(&world);
    let greta = world.sign_in(&world.greta);
    assert!(greta.get(LIST).has("No numbers yet"));
    assert_eq!(greta.get("/settings/numbers.csv").body, "number,label,assignee,incoming\n");
}

/// Many numbers of Acme in one go.
pub fn crowd(world: &World, n: usize) -> Vec<NumberId> {
    let new = |i: usize| {
        NewNumber::new(PhoneNumber::from_column(format!("+1415{:07}", 2_000_000 + i)), Label::parse(&format!("Line {i}")).unwrap(), world.now())
    };
    let new: Vec<NewNumber> = (0..n).map(new).collect();
    let written = world.app.db.write_now(|tx| numbers::insert_many(tx, world.ada.account, &new, world.now())).unwrap();
    assert_eq!(written.len(), n);
    written
}

#[test]
fn a_list_of_120_numbers_is_read_page_by_page_without_a_gap() {
    let world = World::new();
    crowd(&world, 120);
    let ada = world.sign_in(&world.ada);
    let (mut path, mut seen, mut captions) = (LIST.to_owned(), Vec::new(), Vec::new());
    loop {
        let page = ada.get(&path);
        seen.extend(shown(&page));
        captions.push(page.caption());
        match page.link("Next page") {
            Some(next) => path = next,
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), sorted.len()), (120, 120));
    let wanted = ["1–50", "51–100", "101–120"].map(|range| format!("Showing {range} of 120 numbers, in their order"));
    assert_eq!(captions, wanted);
    assert_eq!(ada.get(&format!("{LIST}?after=junk~~")).caption(), wanted[0]);
}

#[test]
fn ten_thousand_numbers_stay_quick() {
    let world = World::new();
    let ids = crowd(&world, 10_000);
    world.write(|conn| {
        let half = schema::numbers::table.filter(schema::numbers::id.gt(ids.iter().min().unwrap())).filter(schema::numbers::number.like("%1"));
        diesel::update(half).set(schema::numbers::member_id.eq(world.dana.id)).execute(conn)
    });
    let ada = world.sign_in(&world.ada);
    for query in ["", "?q=2345", "?q=dana", "?assigned=yes", "?assigned=no", "?incoming=nobody", "?incoming=voicemail", "?after=9950~%2B14152009949"]
    {
        ada.get(&format!("{LIST}{query}"));
        let began = std::time::Instant::now();
        let page = ada.get(&format!("{LIST}{query}"));
        let took = began.elapsed();
        assert_eq!(page.status, 200);
        // Generous for a debug build on a busy machine; it is some ten milliseconds.
        assert!(took.as_millis() < 1500, "{query} took {took:?}");
        println!("{query:<40} {took:?}");
    }
    assert_eq!(ada.get("/settings/numbers.csv").body.lines().count(), 10_001);
    assert_eq!(ada.get(&format!("{LIST}?q=line")).caption(), "Showing 1–50 of more than 1,000 matching numbers, in their order");
    assert_eq!(ada.get(LIST).caption(), "Showing 1–50 of 10,000 numbers, in their order");
}
