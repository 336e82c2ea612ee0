use super::program::Site;
use crate::support::*;

#[test]
fn t7_the_command_line_resets_what_an_owner_lost() {
    let site = Site::new();
    site.create_owner("free").well();
    let _served = site.serve();
    assert!(
        site.run(&["reset-two-factor", "ada@acme.test"])
            .sentence()
            .contains("No active member who signs in as ada@acme.test has two-factor sign-in.")
    );
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
