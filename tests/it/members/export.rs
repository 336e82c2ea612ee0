use std::collections::BTreeSet;

use rollcall::authz::Role;

use super::*;

const HEADER: &str = "email,username,first_name,last_name,role,status,phone_number,groups,invited_by,joined_at,last_active_at";

fn exported(browser: &Browser, query: &str) -> Vec<Vec<String>> {
    let page = browser.get(&format!("{LIST}.csv{query}"));
    assert_eq!((page.status, page.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(page.header("content-disposition"), "attachment; filename=\"members.csv\"");
    assert_eq!(page.body.lines().next(), Some(HEADER));
    let mut reader = csv::Reader::from_reader(page.body.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn an_export_has_a_line_for_everybody_and_nobody_else() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "supervisor");
    let rows = exported(&ada, "");
    let emails: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(emails, ["ada@acme.test", "ana@x.test", "bruno@acme.test", "chen@acme.test", "dana@acme.test"]);
    assert_eq!(rows[1], ["ana@x.test", "", "", "", "supervisor", "invited", "", "", "ada@acme.test", "", ""]);
    assert_eq!(rows[2][..9], ["bruno@acme.test", "", "Bruno", "Vargas", "admin", "active", "", "", ""]);
    assert_eq!(rows[2][9], "2026-03-02T09:00:00Z");
}

#[test]
fn an_export_obeys_the_lists_filters_and_order() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    let emails = |query: &str| exported(&ada, query).into_iter().map(|mut row| row.swap_remove(0)).collect::<Vec<_>>();
    assert_eq!(emails("?role=agent"), ["ana@x.test", "dana@acme.test"]);
    assert_eq!(emails("?role=agent&status=active"), ["dana@acme.test"]);
    assert_eq!(emails("?q=vargas"), ["bruno@acme.test"]);
    assert_eq!(emails("?status=active&sort=-name"), ["dana@acme.test", "chen@acme.test", "bruno@acme.test", "ada@acme.test"]);
    assert_eq!(emails("?q=nobody"), Vec::<String>::new());
    // The page's own link carries them.
    assert_eq!(ada.get(&format!("{LIST}?role=agent&sort=-name&after=junk")).link("Export CSV").unwrap(), format!("{LIST}.csv?role=agent&sort=-name"));
}

#[test]
fn r30_cells_that_a_spreadsheet_would_calculate_are_text() {
    let world = World::new();
    let hostile = ["=HYPERLINK(\"http://x\")", "+1-2", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "plain, \"quoted\"\nname"];
    for (i, name) in hostile.iter().enumerate() {
        let person = world.member(world.ada.account, "Some Body", &format!("p{i}@x.test"), Role::Agent, Status::Active);
        let row = schema::members::table.filter(schema::members::id.eq(person.id));
        world.write(|conn| {
            diesel::update(row).set((schema::members::first_name.eq(*name), schema::members::last_name.eq("+14155552671"))).execute(conn)
        });
    }
    let mut rows = exported(&world.sign_in(&world.ada), "?q=x.test");
    rows.sort();
    let names: Vec<&str> = rows.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(names, ["'=HYPERLINK(\"http://x\")", "'+1-2", "'-2+3", "'@SUM(A1)", "'\t=1", "'\r=1", "plain, \"quoted\"\nname"]);
    assert!(rows.iter().all(|row| row[3] == "+14155552671"), "a telephone number stays as it is");
}

#[test]
fn an_export_of_3000_members_is_whole() {
    let world = World::new();
    crowd(&world, world.ada.account, 3000, |i| if i % 3 == 0 { "Sam Same".into() } else { format!("Crowd {i:05}") });
    let ada = world.sign_in(&world.ada);
    for sort in ["", "?sort=-joined"] {
        let rows = exported(&ada, sort);
        let emails: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!((rows.len(), emails.len()), (3004, 3004), "{sort}");
    }
}

#[test]
fn r30_numbers_and_groups_go_round_through_a_file() {
    let world = World::new();
    number(&world, &world.ada, "+14155552671", "", Some(&world.dana));
    number(&world, &world.ada, "+14155552672", "", Some(&world.chen));
    number(&world, &world.ada, "+442079460958", "", Some(&world.chen));
    world.group(&world.ada, "=SUM(A1)", &[&world.dana]);
    world.group(&world.ada, "Sales, \"West\"", &[&world.chen]);
    world.group(&world.ada, "Tier 2", &[&world.chen]);
    let rows = exported(&world.sign_in(&world.ada), "");
    let cells: Vec<[&str; 2]> = rows.iter().map(|row| [row[6].as_str(), row[7].as_str()]).collect();
    // One number stays as it is; what else begins like a formula is text.
    assert_eq!(cells, [["", ""], ["", ""], ["'+14155552672; +442079460958", "Sales, \"West\"; Tier 2"], ["+14155552671", "'=SUM(A1)"]]);
    let read = |cell: &str| cell.strip_prefix('\'').unwrap_or(cell).split("; ").map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(read(cells[2][0]).iter().map(|text| PhoneNumber::parse(text).unwrap().as_str().to_owned()).collect::<Vec<_>>(), read(cells[2][0]));
    assert_eq!(read(cells[3][1]), ["=SUM(A1)"]);
    assert_eq!(rows[3].len(), HEADER.split(',').count());
}
