use diesel::prelude::*;
use rollcall::{authz::Role, db::schema::members};

use super::program::Site;
use crate::support::*;

fn run(site: &Site, account: &str, to: &str) -> super::program::Ended {
    site.run(&["transfer-ownership", "--account", account, "--to", to])
}

#[test]
fn r20_the_operator_hands_an_account_over_for_an_owner_who_is_gone() {
    let site = Site::new();
    site.create_owner("team").well();
    let _served = site.serve();
    let ada = site.ada();
    for (email, role) in [("bruno@x.test", "admin"), ("dana@x.test", "agent")] {
        assert_eq!(ada.post("/settings/team/members", &[("emails", email), ("role", role)]).status, 303);
    }
    for (account, to, needle) in [
        ("acme", "nobody", "--to: Enter an email address"),
        ("acme", "nobody@x.test", "Nobody in Acme has the address nobody@x.test."),
        ("globex", "bruno@x.test", "--account: no account has the short name globex."),
        ("acme", "ada@acme.test", "ada@acme.test is the Owner of Acme already."),
        ("acme", "bruno@x.test", "bruno@x.test is invited in Acme: only an active member can be its Owner."),
    ] {
        let ended = run(&site, account, to);
        assert!(ended.sentence().contains(needle), "{ended:?}");
    }
    assert!(ada.is_signed_in(), "nothing was changed");
    assert_eq!(site.run(&["transfer-ownership", "--to", "bruno@x.test"]).code, Some(2), "which account has to be said");
}

#[test]
fn r20_the_operators_transfer_is_audited_mailed_and_ends_the_sessions_of_both() {
    let world = World::new();
    let (ada, bruno, dana) = (world.sign_in(&world.ada), world.sign_in(&world.bruno), world.sign_in(&world.dana));
    let to = rollcall::members::EmailAddress::parse("bruno@acme.test").unwrap();
    let done = world.app.db.write_now(|tx| rollcall::members::transfer_by_operator(tx, world.ada.account, &to, "the server's operator", world.now()));
    assert_eq!(done.unwrap().to.id, world.bruno.id);
    assert!(!ada.is_signed_in() && !bruno.is_signed_in() && dana.is_signed_in());
    let owners = members::table.filter(members::account_id.eq(world.ada.account)).filter(members::role.eq(Role::Owner));
    assert_eq!(world.read(|conn| owners.select(members::id).load::<rollcall::db::MemberId>(conn)), [world.bruno.id]);
    let events = world.events(world.ada.account);
    assert_eq!(events[events.len() - 2], ["account.ownership_transferred", "the server's operator", "Bruno Vargas", "before Admin"]);
    assert_eq!(events[events.len() - 1], ["member.role_changed", "the server's operator", "Ada Okafor", "from Owner to Admin"]);
    assert_eq!(world.deliver().len(), 2);
}
