use super::program::Site;

#[test]
fn demo_fills_an_empty_database_and_prints_sign_ins_that_work() {
    let site = Site::new();
    let ended = site.run(&["demo", "--members", "40", "--no-serve"]);
    let out = ended.well();
    assert!(out.contains("Acme Phone has 40 members."), "{out}");
    let password = out.lines().find_map(|line| line.split_once("the password: ")).unwrap().1;
    let sign_ins: Vec<&str> = out.lines().filter_map(|line| line.split_whitespace().find(|word| word.contains("@acme.test"))).collect();
    assert_eq!(sign_ins.len(), 4, "one for each role: {out}");
    let _served = site.serve();
    for (login, status) in sign_ins.iter().zip([200, 200, 403, 403]) {
        let browser = site.browser();
        assert_eq!(browser.post("/login", &[("login", login), ("password", password)]).status, 303, "{login}");
        assert_eq!(browser.get("/settings/team/members").status, status, "{login}");
    }
    let browser = site.browser();
    let login = out.lines().find_map(|line| line.split_whitespace().find(|word| word.ends_with("/lobby"))).expect("a user by username");
    assert_eq!(browser.post("/login", &[("login", login), ("password", password)]).to(), "/", "{login}");
    assert_eq!(browser.get("/profile").status, 200);
    assert!(site.run(&["doctor"]).well().contains("ok    accounts"));
}

#[test]
fn demo_leaves_a_database_with_people_in_it_alone() {
    let site = Site::new();
    site.create_owner("free").well();
    let ended = site.run(&["demo", "--no-serve"]);
    assert!(ended.sentence().contains("The database is not empty"), "{ended:?}");
    let _served = site.serve();
    assert!(site.ada().get("/settings/team/members").has("1 person · Free plan"));
}
