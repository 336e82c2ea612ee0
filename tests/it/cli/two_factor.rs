use super::program::Site;
use crate::support::*;

#[test]
fn t7_the_command_line_resets_what_an_owner_lost() {
    let site = Site::new();
    site.create_owner("free").well();
    let _served = site.serve();
    assert!(site.run(&["reset-two-factor", "ada@acme.test"]).sentence().contains("Ada Okafor of Acme has no two-factor sign-in."));
    let ada = site.ada();
    let app = Authenticator::of(&ada.get("/profile/two-factor"));
    assert_eq!(ada.post("/profile/two-factor", &[("code", &app.at(rollcall::clock::Clock::System.now()))]).status, 200);
    assert_eq!(site.ada().get("/profile").to(), "/login?next=%2Fprofile", "the first step of two");
    let said = site.run(&["reset-two-factor", "ada@acme.test"]);
    assert_eq!(said.well().trim(), "Ada Okafor of Acme signs in with the password alone; their sessions ended.");
    assert!(!ada.is_signed_in());
    let log = site.ada().get("/settings/audit-log.csv").body;
    assert!(log.contains("the server's operator,two_factor.reset,Ada Okafor"), "{log}");
    assert!(site.run(&["reset-two-factor", "a b"]).sentence().contains("is no address"));
}

#[test]
fn t1_a_command_about_one_member_acts_in_one_account() {
    let site = Site::new();
    site.create_owner("free").well();
    let other = ["--company", "Globex", "--name", "Ada Twice", "--email", "ada@acme.test", "--password-stdin"];
    site.run_with(&[&["create-owner"][..], &other].concat(), "seventeen umbrella tango").well();
    let _served = site.serve();
    let ada = site.ada();
    let app = Authenticator::of(&ada.get("/profile/two-factor"));
    assert_eq!(ada.post("/profile/two-factor", &[("code", &app.at(rollcall::clock::Clock::System.now()))]).status, 200);
    for command in ["reset-two-factor", "reset-password"] {
        let said = site.run(&[command, "ada@acme.test"]);
        assert!(said.sentence().contains("several accounts, so nothing was changed. Name one with --account: acme, globex."), "{said:?}");
        let said = site.run(&[command, "ada@acme.test", "--account", "initech"]);
        assert!(said.sentence().contains("--account: no account has the short name initech."), "{said:?}");
    }
    assert!(ada.is_signed_in());
    let said = site.run(&["reset-two-factor", "ada@acme.test", "--account", "globex"]);
    assert!(said.sentence().contains("Ada Twice of Globex has no two-factor sign-in."), "{said:?}");
    let said = site.run(&["reset-password", "ada@acme.test", "--account", " Globex"]);
    assert!(said.well().starts_with("Ada Twice of Globex, within 60 minutes: "), "{said:?}");
    assert!(ada.is_signed_in());
    let said = site.run(&["reset-two-factor", "--account", "acme", "ada@acme.test"]);
    assert_eq!(said.well().trim(), "Ada Okafor of Acme signs in with the password alone; their sessions ended.");
    assert!(!ada.is_signed_in());
}
