use super::*;

#[test]
fn t15_what_a_file_says_is_shown_as_text_and_hurts_neither_page_nor_spreadsheet() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let file = "email,role,first_name\n<script>alert(1)</script>,agent,x\na@x.test,<b>boss</b>,x\nb@x.test,agent,<img src=x>\n\
                \"=HYPERLINK(\"\"https://x.test\"\")\",agent,\n@SUM(A1),agent,\n-1+1,agent,\n+1+1,agent,\n\"'=1+1\",agent,\n'c@x.test,agent,\n\
                '=d@x.test,agent,\n";
    let (path, page) = preview(&ada, file.as_bytes());
    let wrong = |cell: &str| format!("“{cell}” is not an email address, like ana@example.com.");
    assert_eq!(
        outcomes(&page),
        [
            format!("2 <script>alert(1)</script> Error {}", wrong("<script>alert(1)</script>")),
            "3 a@x.test Error Role “<b>boss</b>”: use admin, supervisor or agent.".into(),
            "4 b@x.test Error A name has letters, spaces and the like; no links or brackets.".into(),
            format!("5 =HYPERLINK(\"https://x.test\") Error {}", wrong("=HYPERLINK(\"https://x.test\")")),
            format!("6 @SUM(A1) Error {}", wrong("@SUM(A1)")),
            format!("7 -1+1 Error {}", wrong("-1+1")),
            format!("8 +1+1 Error {}", wrong("+1+1")),
            // An apostrophe before a formula is an export's own (R30).
            format!("9 =1+1 Error {}", wrong("=1+1")),
            "10 'c@x.test Invite".into(),
            "11 =d@x.test Invite".into(),
        ]
    );
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<b>boss") && !page.body.contains("<img"));
    let failed = ada.get(&format!("{path}/failed-rows.csv")).body;
    for cell in ["\"'=HYPERLINK(", "'@SUM(A1)", "'-1+1", "'+1+1"] {
        assert!(failed.contains(&format!("\n{cell}")), "{cell}: {failed}");
    }
}

#[test]
fn t15_a_files_name_is_text_too() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let answer = ada.upload(BULK, &[], "file", "<b>team</b>.csv", b"email,role\na@x.test,agent\n");
    for page in [ada.get(answer.to()), ada.get(BULK)] {
        assert!(!page.body.contains("<b>team"), "{}", page.text());
        assert!(page.has("b>.csv"), "{}", page.text());
    }
}

#[test]
fn t17_very_long_cells_are_cut_where_they_are_shown() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let long = "x".repeat(100_000);
    let (_, page) = preview(&ada, format!("email,role\n{long},agent\n{long}@x.test,agent\na@x.test,{long}\n").as_bytes());
    let cut = format!("“{}…” is not an email address, like ana@example.com.", "x".repeat(40));
    let shown = "x".repeat(100);
    assert_eq!(
        outcomes(&page),
        [
            format!("2 {shown} Error {cut}"),
            format!("3 {shown} Error {cut}"),
            format!("4 a@x.test Error Role “{}…”: use admin, supervisor or agent.", "x".repeat(40)),
        ]
    );
    assert!(page.body.len() < 40_000, "{} bytes", page.body.len());
    let many = (0..200_000).map(|i| format!("g{i}")).collect::<Vec<_>>().join(";");
    let (_, page) = preview(&ada, format!("email,role,groups\na@x.test,agent,{many}\n").as_bytes());
    assert_eq!(outcomes(&page), ["2 a@x.test Error A row names at most 50 user groups."]);
}
