use super::*;

/// Files that can be read, each with what becomes of its rows.
fn readable() -> Vec<(&'static str, Vec<u8>, Vec<&'static str>)> {
    let a = || vec!["2 a@x.test Invite"];
    let text = |text: &str| text.as_bytes().to_vec();
    let long = format!("email,role,junk\na@x.test,agent,{}\nb@x.test,ag\0ent,\n", "x".repeat(5000));
    vec![
        ("plain", text("email,role\na@x.test,agent\n"), a()),
        ("no line end at the end", text("email,role\na@x.test,agent"), a()),
        ("a BOM", text("\u{feff}email,role\na@x.test,agent\n"), a()),
        ("CR LF", text("email,role\r\na@x.test,agent\r\n"), a()),
        ("CR only", text("email,role\ra@x.test,agent\rb@x.test,admin\r"), vec!["2 a@x.test Invite", "3 b@x.test Invite"]),
        ("semicolons", text("email;role\na@x.test;agent\n"), a()),
        ("tabs", text("email\trole\na@x.test\tagent\n"), a()),
        ("a BOM, semicolons and CR LF", text("\u{feff}Email;Role;\r\na@x.test;agent;\r\n"), a()),
        ("a header in another order and case", text("ROLE,eMail\nagent,a@x.test\n"), a()),
        ("a quoted header", text("\"email\",\"role\"\n\"a@x.test\",\"agent\"\n"), a()),
        ("a header with spaces", text(" Email , Role ,Phone Number\na@x.test,agent,\n"), a()),
        ("cells with spaces around", text("email,role\n  a@x.test , agent \n"), a()),
        ("cells with spaces that do not break", text("email,role\n\u{a0}a@x.test\u{a0},agent\n"), a()),
        (
            "a line break in quotes",
            text("first_name,email,role\n\"Ana\nMaria\",a@x.test,agent\n,b@x.test,admin\n"),
            vec!["2 a@x.test Invite", "4 b@x.test Invite"],
        ),
        ("quotes in quotes", text("email,role,first_name\na@x.test,agent,\"Ana \"\"Ace\"\"\"\n"), a()),
        ("a delimiter in quotes", text("email,role,last_name\na@x.test,agent,\"Silva, Jr.\"\n"), a()),
        ("blank lines", text("\n\nemail,role\n\n , \na@x.test,agent\n,\n"), vec!["6 a@x.test Invite"]),
        ("trailing commas", text("email,role,,\na@x.test,agent,,,\n"), a()),
        ("a long row", text("email,role\na@x.test,agent,x,y,z\n"), a()),
        ("a short row", text("role,email,first_name\nagent,a@x.test\n"), a()),
        ("a row of one cell", text("email,role\na@x.test\n"), vec!["2 a@x.test Invite No role given: agent."]),
        ("Windows-1252", b"email,role,first_name\na@x.test,agent,Zo\xeb\n".to_vec(), a()),
        ("a NUL far behind", long.into_bytes(), vec!["2 a@x.test Invite", "3 b@x.test Invite"]),
        (
            "quotes that are never closed",
            text("email,role\n\"a@x.test,agent\nb@x.test,agent\n"),
            vec!["2 a@x.test,agent b@x.test,agent Error “a@x.test,agent b@x.test,agent” is not an email address, like ana@example.com."],
        ),
        (
            "a quote in a cell",
            text("email,role\na\"b@x.test,agent\n"),
            vec!["2 a\"b@x.test Error “a\"b@x.test” is not an email address, like ana@example.com."],
        ),
    ]
}

#[test]
fn r25_files_of_many_spreadsheets_are_read() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (what, bytes, wanted) in readable() {
        assert_eq!(outcomes(&preview(&ada, &bytes).1), wanted, "{what}");
    }
}

/// Files that are refused whole, each with a part of the sentence.
fn unreadable() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let utf16 = |to: fn(u16) -> [u8; 2]| "email,role\na@x.test,agent\n".encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let many = |n: usize| (0..n).fold(String::from("email,role\n"), |text, i| text + &format!("p{i}@x.test,agent\n"));
    vec![
        ("UTF-16, little end first", [vec![0xff, 0xfe], utf16(u16::to_le_bytes)].concat(), "Save it as “CSV UTF-8” and upload it again."),
        ("UTF-16, big end first", [vec![0xfe, 0xff], utf16(u16::to_be_bytes)].concat(), "Save it as “CSV UTF-8” and upload it again."),
        ("UTF-16 without a BOM", utf16(u16::to_le_bytes), "it may be UTF-16 or a workbook"),
        ("a workbook", b"PK\x03\x04\x14\0\x06\0email".to_vec(), "it may be UTF-16 or a workbook"),
        ("a NUL", b"email,role\na@x.test,\0agent\n".to_vec(), "it may be UTF-16 or a workbook"),
        ("nothing", Vec::new(), "The file is empty. Its first line must name the columns: email, role, phone_number"),
        ("blank lines only", b"\n \n,,\n".to_vec(), "The file is empty."),
        ("a header only", b"email,role,phone_number\n".to_vec(), "The file has a header and no rows below it."),
        ("no header", b"a@x.test,agent\nb@x.test,agent\n".to_vec(), "The first line does not name the column email."),
        ("no column of addresses", b"name,role\nAna,agent\n".to_vec(), "The first line does not name the column email."),
        ("no column of roles", b"email,phone_number\na@x.test,\n".to_vec(), "The first line does not name the column role."),
        ("a column twice", b"email,role,E-Mail,Email\na@x.test,agent,,\n".to_vec(), "The file has two columns named email. Keep one."),
        ("JSON", b"[{\"email\": \"a@x.test\", \"role\": \"agent\"}]".to_vec(), "The first line does not name the column email."),
        ("HTML", b"<table><tr><td>email</td><td>role</td></tr></table>".to_vec(), "The first line does not name the column email."),
        ("10,001 rows", many(10_001).into_bytes(), "The file has more than 10,000 rows, so nothing was taken. Split it."),
        ("3 MiB", vec![b'x'; 3 << 20], "The file is larger than 2 MiB, so nothing was taken. Split it."),
        ("a byte over 2 MiB", vec![b'x'; (2 << 20) + 1], "The file is larger than 2 MiB, so nothing was taken. Split it."),
    ]
}

#[test]
fn r26_what_cannot_be_read_or_is_too_much_is_refused_whole_with_its_reason() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (what, bytes, sentence) in unreadable() {
        let page = world.unchanged(what, || upload(&ada, &bytes));
        assert_eq!(page.status, 422, "{what}");
        assert!(page.error_of("file").contains(sentence), "{what}: {}", page.error_of("file"));
        assert!(page.title().starts_with("Error: "), "{what}");
    }
    let page = world.unchanged("no file", || ada.upload(BULK, &[], "file", "", b""));
    assert_eq!((page.status, page.error_of("file").as_str()), (422, "Choose a CSV file, or paste its rows below."));
}

#[test]
fn r26_the_limits_are_settings_and_the_message_names_them() {
    let world = World::wish().set("ROLLCALL_BULK_MAX_ROWS", "2").set("ROLLCALL_BULK_MAX_BYTES", "1500").open();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(&format!("{BULK}/new"));
    assert!(page.has("At most 2 rows and 1 KiB."), "{}", page.text());
    let page = world.unchanged("three rows", || upload(&ada, b"email,role\na@x.test,\nb@x.test,\nc@x.test,\n"));
    assert_eq!(page.error_of("file"), "The file has more than 2 rows, so nothing was taken. Split it.");
    let page = world.unchanged("large", || upload(&ada, &[b'x'; 1501]));
    assert_eq!(page.error_of("file"), "The file is larger than 1 KiB, so nothing was taken. Split it.");
    preview(&ada, b"email,role\na@x.test,\nb@x.test,\n");
}

#[test]
fn r25_what_the_reader_did_is_said() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (_, page) = preview(&ada, b"email,role,Colour,Shoe size\na@x.test,,Zo\xeb,\nb@x.test,,,\n");
    assert!(page.has("The file is not UTF-8, so it was read as Windows-1252. Check names with accents."), "{}", page.text());
    assert!(page.has("Columns Colour, Shoe size were ignored."));
    assert!(page.has("2 rows name no role and are invited as agents."));
    let (_, page) = preview(&ada, b"email,role\na@x.test,agent\n");
    assert!(!page.has("ignored") && !page.has("Windows") && !page.has("name no role"));
}

#[test]
fn r25_rows_can_be_pasted() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    // As a spreadsheet puts it on the clipboard, and as a browser sends it.
    let pasted = "email\trole\r\na@x.test\tagent\r\nb@x.test\tboss\r\n";
    for (path, to) in [(BULK.to_owned(), BULK), (format!("{BULK}/new"), BULK)] {
        let answer = ada.post(&path, &[("pasted", pasted), ("resend_pending", "on")]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(answer.to().starts_with(to));
        let page = ada.get(answer.to());
        assert_eq!(outcomes(&page), ["2 a@x.test Invite", "3 b@x.test Error Role “boss”: use admin, supervisor or agent."]);
        assert!(page.has("pasted rows"));
    }
    let page = world.unchanged("no header", || ada.post(BULK, &[("pasted", "a@x.test"), ("resend_pending", "on")]));
    assert_eq!((page.status, page.value_of("pasted").as_str()), (422, "a@x.test"));
    assert!(page.error_of("pasted").contains("does not name the column email"), "{}", page.error_of("pasted"));
    assert!(page.attribute("#f-resend_pending", "checked").is_some(), "what was ticked stays");
    let page = world.unchanged("both", || ada.upload(BULK, &[("pasted", pasted)], "file", "team.csv", b"email,role\na@x.test,\n"));
    assert_eq!((page.status, page.error_of("pasted").as_str()), (422, "Choose a file or paste rows, not both."));
}
