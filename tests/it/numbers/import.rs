use std::fmt::Write;

use super::*;

const IMPORT: &str = "/settings/numbers/import";

fn upload(browser: &Browser, bytes: &[u8]) -> Page {
    browser.upload(IMPORT, &[], "file", "numbers.csv", bytes)
}

/// Uploads a file that can be read; its preview.
#[track_caller]
fn preview(browser: &Browser, bytes: &[u8]) -> (String, Page) {
    let answer = upload(browser, bytes);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let path = answer.to().to_owned();
    let page = browser.get(&path);
    (path, page)
}

/// Line, number, label and result of each row.
fn outcomes(page: &Page) -> Vec<String> {
    page.rows().iter().map(|row| format!("{} {} [{}] {}", row[1], row[0], row[2], row[3])).collect()
}

#[test]
fn r47_a_file_is_looked_at_first_and_then_imported_once() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    number(&world, "+14155550100", "");
    number_of(&world, &world.gus, "+14155550101", "");
    let file = b"number,label\n+1 415 555 2671,Main\n+14155550100,Here\n+14155550101,There\n4.4E+11,Round\n+14155552671,Again\n";
    let (path, page) = world_preview(&world, &ada, file);
    assert_eq!(
        outcomes(&page),
        [
            "2 +1 415-555-2671 [Main] Add",
            "3 +14155550100 [Here] Skip In this account already.",
            "4 +14155550101 [There] Error This number is in use already on this server.",
            "5 4.4E+11 [Round] Error 4.4E+11 was rounded by a spreadsheet, so digits are missing. Format the column as text and enter the number again.",
            "6 +14155552671 [Again] Skip The same number as in line 2.",
        ]
    );
    assert!(page.has("1 to add") && page.has("2 skipped") && page.has("2 with errors") && page.has("Nothing is added yet."));
    assert!(!page.body.contains("Globex"));
    assert_eq!(page.buttons("Add 1 Number"), [path.as_str()]);

    let page = ada.submit(&path, &[]);
    assert_eq!(page.flash(), "1 number was added.");
    assert!(page.has("Skipped 2") || page.has("Skipped2") || page.body.contains("<dd>2</dd>"), "{}", page.text());
    assert_eq!(newest(&world), event(["numbers.imported", "Ada Okafor", "", "1 number, 0 of them assigned, from numbers.csv"]));
    let failed = ada.get(&format!("{path}/failed-rows.csv"));
    assert_eq!(failed.header("content-disposition"), "attachment; filename=\"failed-rows.csv\"");
    let rounded = "\"4.4E+11 was rounded by a spreadsheet, so digits are missing. Format the column as text and enter the number again.\"";
    let wanted = format!("number,label,error\n+14155550101,There,This number is in use already on this server.\n4.4E+11,Round,{rounded}\n");
    assert_eq!(failed.body, wanted);
    // A second click, and a reload.
    for _ in 0..2 {
        assert_eq!(world.unchanged("again", || ada.submit(&path, &[])).flash(), "1 number was added.");
    }
    world.unchanged("a reload", || ada.get(&path));
}

/// [`preview`], which adds no number.
#[track_caller]
fn world_preview(world: &World, browser: &Browser, bytes: &[u8]) -> (String, Page) {
    let count = || world.read(|conn| schema::numbers::table.count().get_result::<i64>(conn));
    let before = count();
    let seen = preview(browser, bytes);
    assert_eq!(count(), before);
    seen
}

#[test]
fn r25_files_of_many_spreadsheets_are_read() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let main = "2 +1 415-555-2671 [Main, \"1\"] Add";
    let utf8 = "number,label\n+14155552671,\"Main, \"\"1\"\"\"\n";
    for (what, bytes, wanted) in [
        ("plain", utf8.as_bytes().to_vec(), vec![main]),
        ("with a BOM", [b"\xef\xbb\xbf", utf8.as_bytes()].concat(), vec![main]),
        ("CR LF", utf8.replace('\n', "\r\n").into_bytes(), vec![main]),
        ("old Mac", utf8.replace('\n', "\r").into_bytes(), vec![main]),
        ("semicolons", b"Label;NUMBER\n\"Main, \"\"1\"\"\";+14155552671\n".to_vec(), vec![main]),
        ("tabs", b"number\tlabel\n+14155552671\t\"Main, \"\"1\"\"\"\n".to_vec(), vec![main]),
        ("Windows-1252", b"number,label\n+14155552671,Z\xfcrich\n".to_vec(), vec!["2 +1 415-555-2671 [Zürich] Add"]),
        (
            "a line break in quotes",
            b"label,number\n\"Main\nline\",+14155552671\n,+14155552672\n".to_vec(),
            vec!["2 +1 415-555-2671 [Main line] Add", "4 +1 415-555-2672 [—] Add"],
        ),
        ("apostrophes", b"number,label\n'+14155552671,'=1+1\n".to_vec(), vec!["2 +1 415-555-2671 [=1+1] Add"]),
        (
            "formulas",
            b"number,label\n=1+1,x\n@SUM(A1),y\n".to_vec(),
            vec![
                "2 =1+1 [x] Error =1+1 lacks its country code. Start with a plus, like +14155552671.",
                "3 @SUM(A1) [y] Error @SUM(A1) lacks its country code. Start with a plus, like +14155552671.",
            ],
        ),
        (
            "HTML",
            b"number,label\n<script>alert(1)</script>,x\n+14155552671,<b>bold</b>\n".to_vec(),
            vec![
                "2 <script>alert(1)</script> [x] Error <script>alert(1)</script> lacks its country code. Start with a plus, like +14155552671.",
                "3 +1 415-555-2671 [<b>bold</b>] Add",
            ],
        ),
        ("blank lines", b"\n\nnumber\n\n+14155552671\n , \n".to_vec(), vec!["5 +1 415-555-2671 [—] Add"]),
        ("short rows", b"number,label,assignee\n+14155552671\n".to_vec(), vec!["2 +1 415-555-2671 [—] Add"]),
        (
            "a long label",
            format!("number,label\n+14155552671,{}\n", "x".repeat(81)).into_bytes(),
            vec![
                "2 +14155552671 [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx] Error A label has at most 80 characters.",
            ],
        ),
        ("no number", b"number,label\n,Main\n".to_vec(), vec!["2 — [Main] Error Enter a telephone number with its country code, like +14155552671."]),
        (
            "too short",
            b"number\n+1415\n".to_vec(),
            vec!["2 +1415 [—] Error +1415 is not a telephone number. Check its digits; it looks like +14155552671."],
        ),
        (
            "nobody",
            b"number,assignee,incoming\n+14155552671,who@x.test,\n+14155552672,,group:None\n+14155552673,gus@globex.test,\n".to_vec(),
            vec![
                "2 +14155552671 [—] Error There is no user who@x.test. Write an email address, a username, or group: and the name of a user group.",
                "3 +14155552672 [—] Error There is no user group named None.",
                "4 +14155552673 [—] Error There is no user gus@globex.test. Write an email address, a username, or group: and the name of a user group.",
            ],
        ),
    ] {
        let (_, page) = world_preview(&world, &ada, &bytes);
        assert_eq!(outcomes(&page), wanted, "{what}");
    }
    let (_, page) = preview(&ada, b"number,Colour,Size\n+14155552671,red,\xe9\n");
    assert!(page.has("Columns Colour, Size were ignored.") && page.has("was read as Windows-1252"), "{}", page.text());
}

#[test]
fn r26_a_file_that_cannot_be_taken_is_refused_whole_with_the_reason() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let mut long = String::from("number\n");
    for i in 0..10_001 {
        let _ = writeln!(long, "+1415{:07}", 2_000_000 + i);
    }
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain("number\n+1".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (what, bytes, sentence) in [
        ("nothing in it", Vec::new(), "The file is empty."),
        ("only blank lines", b"\n \n".to_vec(), "The file is empty."),
        ("only a header", b"number,label\n".to_vec(), "The file has a header and no rows below it."),
        ("no header", b"+14155552671,Main\n".to_vec(), "The first line does not name the column number."),
        ("another header", b"phone\n+14155552671\n".to_vec(), "The first line does not name the column number."),
        ("a column twice", b"number,NUMBER\n1,2\n".to_vec(), "The file has two columns named number."),
        ("UTF-16", utf16, "The file is not text in UTF-8"),
        ("a workbook", b"PK\x03\x04\x14\0\0\0".to_vec(), "The file is not text in UTF-8"),
        ("10,001 rows", long.into_bytes(), "The file has more than 10,000 rows, so nothing was taken."),
        ("over 2 MiB", [b"number\n".as_slice(), &vec![b'1'; 2 * 1024 * 1024]].concat(), "The file is larger than 2 MiB, so nothing was taken."),
    ] {
        let page = world.unchanged(what, || upload(&ada, &bytes));
        assert_eq!(page.status, 422, "{what}");
        assert!(page.error_of("file").starts_with(sentence), "{what}: {}", page.error_of("file"));
    }
    let page = world.unchanged("no file", || ada.post(IMPORT, &[]));
    assert_eq!((page.status, page.error_of("file").as_str()), (422, "Choose a CSV file."));
}

#[test]
fn r30_an_export_comes_back_by_import_as_it_went() {
    let world = World::new();
    let sales = group(&world, "Sales, \"West\"");
    let labels = ["Main", "=1+1", "-2", "Zürich, \"x\"", ""];
    let ids: Vec<NumberId> = labels.iter().enumerate().map(|(i, label)| number(&world, &format!("+1415555267{i}"), label)).collect();
    give(&world, ids[0], Party::Member(world.chen.id));
    give(&world, ids[1], Party::Group(sales));
    direct(&world, ids[1], Incoming::Voicemail).unwrap();
    give(&world, ids[2], Party::Member(world.dana.id));
    direct(&world, ids[2], Incoming::To(Party::Group(sales))).unwrap();
    direct(&world, ids[3], Incoming::Voicemail).unwrap();
    let ada = world.sign_in(&world.ada);
    let invited = number(&world, "+14155552679", "Invited");
    ada.post(MEMBERS, &[("emails", "ana@x.test"), ("role", "agent"), ("number_id", invited.as_str())]);
    let file = ada.get("/settings/numbers.csv").body;
    let wanted = "number,label,assignee,incoming\n+14155552670,Main,chen@acme.test,assignee\n+14155552671,'=1+1,\"group:Sales, \"\"West\"\"\",voicemail\n\
        +14155552672,'-2,dana@acme.test,\"group:Sales, \"\"West\"\"\"\n+14155552673,\"Zürich, \"\"x\"\"\",,voicemail\n+14155552674,,,assignee\n\
        +14155552679,Invited,ana@x.test,assignee\n";
    assert_eq!(file, wanted);
    world.write(|conn| diesel::delete(schema::numbers::table).execute(conn));
    let (path, page) = preview(&ada, file.as_bytes());
    assert!(page.has("6 to add"), "{}", page.text());
    ada.submit(&path, &[]);
    assert_eq!(ada.get("/settings/numbers.csv").body, wanted);
    assert_eq!(newest(&world)[3], "6 numbers, 5 of them assigned, from numbers.csv");
}

#[test]
fn r29_every_row_is_looked_at_again_and_at_once_a_number_is_added_once() {
    let world = World::new();
    let (ada, gus) = (world.sign_in(&world.ada), world.sign_in(&world.gus));
    let mut file = String::from("number,label\n");
    for i in 0..200 {
        let _ = writeln!(file, "+1415{:07},Line {i}", 2_000_000 + i);
    }
    let paths = [preview(&ada, file.as_bytes()).0, preview(&gus, file.as_bytes()).0];
    number_of(&world, &world.gus, "+14152000007", "");
    let browsers: Vec<Browser> = (0..8).map(|i| if i % 2 == 0 { ada.clone() } else { gus.clone() }).collect();
    let statuses = world.at_once(8, |i| browsers[i].post(&paths[i % 2], &[]).status);
    assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
    let mut all: Vec<(AccountId, i64)> = Vec::new();
    for account in [world.ada.account, world.gus.account] {
        all.push((account, world.app.db.read_now(|conn| numbers::count(conn, account)).unwrap()));
    }
    assert_eq!(all.iter().map(|(_, n)| n).sum::<i64>(), 200, "{all:?}");
    for (account, path, browser) in [(world.ada.account, &paths[0], &ada), (world.gus.account, &paths[1], &gus)] {
        let imported = world.events(account).into_iter().filter(|[event, ..]| event == "numbers.imported").count();
        assert!(imported <= 1, "{imported} imports");
        let lines = browser.get(&format!("{path}/failed-rows.csv")).body.lines().count() as i64;
        let added = all.iter().find(|(other, _)| *other == account).unwrap().1;
        let before = i64::from(account == world.gus.account);
        assert!(lines == 1 + 200 - added || lines == 1 + 200 - added - before + before, "{lines} lines, {added} added");
    }
}

#[test]
fn an_upload_is_the_accounts_own_and_gone_after_a_day() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (path, _) = preview(&ada, b"number\n+14155552671\n");
    let greta = world.sign_in(&world.greta);
    for path in [path.clone(), format!("{path}/failed-rows.csv")] {
        assert_eq!(greta.get(&path).status, 404);
    }
    assert_eq!(world.unchanged("another account", || greta.post(&path, &[])).status, 404);
    world.advance(Span::hours(23));
    let sweep = || world.block_on(rollcall::ticker::sweep(&world.app, world.now())).unwrap();
    sweep();
    assert_eq!(world.sign_in(&world.ada).get(&path).status, 200);
    world.advance(Span::hours(2));
    sweep();
    assert_eq!(world.sign_in(&world.ada).get(&path).status, 404);
}

#[test]
fn r26_ten_thousand_rows_are_imported_with_their_holders() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let mut file = String::from("number,label,assignee\n");
    for i in 0..10_000 {
        let _ = writeln!(file, "+1415{:07},Line {i},{}", 2_000_000 + i, if i % 20 == 0 { "dana@acme.test" } else { "" });
    }
    let (path, page) = preview(&ada, file.as_bytes());
    assert_eq!(page.caption(), "1,000 of 10,000 rows, errors first");
    let began = std::time::Instant::now();
    assert_eq!(ada.submit(&path, &[]).flash(), "10,000 numbers were added.");
    println!("importing took {:?}", began.elapsed());
    assert_eq!(world.app.db.read_now(|conn| numbers::list_of_member(conn, world.ada.account, world.dana.id)).unwrap().len(), 500);
}

#[test]
fn t17_of_an_accounts_uploads_the_ten_newest_are_kept() {
    let world = World::new();
    let (ada, gus) = (world.sign_in(&world.ada), world.sign_in(&world.gus));
    let theirs = preview(&gus, b"number\n+442079460958\n").0;
    let paths: Vec<String> = (0..12)
        .map(|_| {
            world.advance(Span::secs(1));
            preview(&ada, b"number\n+14155552671\n").0
        })
        .collect();
    let there: Vec<u16> = paths.iter().map(|path| ada.get(path).status).collect();
    assert_eq!(there, [404, 404, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]);
    assert_eq!(gus.get(&theirs).status, 200);
}
