use super::program::Site;
use crate::support::PASSWORD;

#[test]
fn an_owner_made_at_the_command_line_can_sign_in() {
    let site = Site::new().set("ROLLCALL_SIGNUP", "closed");
    assert_eq!(
        site.create_owner("team").well().trim(),
        "Acme (acme) is open; its Owner is ada@acme.test. Its first invoice charges $58.00 (2 × $29.00)."
    );
    let _served = site.serve();
    let ada = site.ada();
    let page = ada.get("/settings/team/members");
    assert!(page.has("1 person · Team plan"), "{}", page.text());
    let log = ada.get("/settings/audit-log.csv").body;
    assert!(log.contains("the server's operator,account.opened,Ada Okafor"), "{log}");
}

#[test]
fn a_wrong_owner_is_refused_with_a_sentence_and_nothing_is_opened() {
    let site = Site::new();
    let with = |name: &str, value: &str, password: &str| {
        let mut arguments = vec![
            "create-owner",
            "--company",
            "Acme",
            "--name",
            "Ada Okafor",
            "--email",
            "ada@acme.test",
            "--password-stdin",
            "--plan",
            "free",
            "--time-zone",
            "UTC",
        ];
        if let Some(at) = arguments.iter().position(|argument| *argument == name) {
            arguments[at + 1] = value;
        }
        site.run_with(&arguments, password)
    };
    for (name, value, password, needle) in [
        ("--email", "nobody", PASSWORD, "--email:"),
        ("--company", "", PASSWORD, "--company:"),
        ("--name", "", PASSWORD, "--name:"),
        ("--plan", "gold", PASSWORD, "--plan: \"gold\" is not one of free, essentials"),
        ("--time-zone", "Mars/Olympus", PASSWORD, "--time-zone:"),
        ("", "", "short", "The password:"),
        ("", "", "", "The password:"),
        ("", "", "ada@acme.test ada okafor", "The password:"),
    ] {
        let ended = with(name, value, password);
        assert!(ended.sentence().contains(needle), "{ended:?}");
    }
    site.create_owner("free").well();
    let _served = site.serve();
    assert_eq!(site.ada().get("/settings/audit-log").rows().len(), 2, "one account opened, one sign-in");
}

#[test]
fn a_link_from_the_command_line_sets_a_new_password_once() {
    let site = Site::new();
    site.create_owner("free").well();
    let _served = site.serve();
    let old = site.ada();
    let ended = site.run(&["reset-password", "ada@acme.test"]);
    let said = ended.well().trim();
    let (what, url) = said.split_once(": ").unwrap();
    assert_eq!(what, "Ada Okafor of Acme, within 60 minutes");
    let path = url.strip_prefix(&format!("http://127.0.0.1:{}", site.port)).unwrap_or_else(|| panic!("{url}"));
    let browser = site.browser();
    assert_eq!(browser.get(path).status, 200);
    let new = "seventeen umbrella tango";
    assert_eq!(browser.post(path, &[("password", new)]).status, 303);
    assert!(!old.is_signed_in(), "the other sessions ended");
    assert_eq!(site.browser().post(path, &[("password", PASSWORD)]).status, 410);
    let fresh = site.browser();
    assert_eq!(fresh.post("/login", &[("login", "ada@acme.test"), ("password", new)]).status, 303);
    assert!(site.run(&["reset-password", "nobody@acme.test"]).sentence().contains("No active member signs in as nobody@acme.test."));
}
