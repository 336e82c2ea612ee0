//! An Admin resets the lost second factor of a member (T7, T23).

use rollcall::{
    authz::ManageMembers,
    clock::Span,
    sign_in::{
        Fresh,
        second_factor::{self, ResetRefusal},
    },
};

use crate::support::*;

fn door(person: &Person) -> String {
    format!("/settings/team/members/{}/two-factor/removal", person.id)
}

fn member(person: &Person) -> String {
    format!("/settings/team/members/{}", person.id)
}

#[test]
fn t7_an_admin_resets_what_somebody_lost() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    world.set_up_two_factor(&dana);
    world.deliver();
    let bruno = world.sign_in(&world.bruno);
    let page = bruno.get(&member(&world.dana));
    assert_eq!(page.link("Reset two-factor sign-in"), Some(door(&world.dana)));
    let question = world.unchanged("the question", || bruno.get(&door(&world.dana)));
    assert_eq!((question.status, question.h1().as_str()), (200, "Reset the two-factor sign-in of Dana Silva?"));
    assert_eq!(question.buttons("Reset two-factor sign-in"), [door(&world.dana)]);
    let page = bruno.submit(&door(&world.dana), &[]);
    assert_eq!(page.flash(), "The two-factor sign-in of Dana Silva is reset. They sign in with their password alone.");
    assert!(!dana.is_signed_in(), "sessions end (T6)");
    assert!(bruno.is_signed_in());
    assert_eq!(world.sign_in(&world.dana).get("/profile").status, 200);
    let mails = world.deliver();
    assert_eq!(mails.iter().map(|mail| mail.to[0].as_str()).collect::<Vec<_>>(), ["dana@acme.test"]);
    assert!(mails[0].text().contains("was just reset"), "{}", mails[0].text());
    let event = world.events(world.dana.account).into_iter().find(|event| event[0] == "two_factor.reset");
    assert_eq!(event.unwrap(), ["two_factor.reset", "Bruno Vargas", "Dana Silva", ""]);
    let page = bruno.submit(&door(&world.dana), &[]);
    assert_eq!(page.flash(), "Dana Silva has no two-factor sign-in.");
}

#[test]
fn t23_nobody_resets_the_owners_or_their_own() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let owners = world.set_up_two_factor(&ada);
    world.set_up_two_factor(&bruno);
    assert!(bruno.get(&member(&world.ada)).has("Nobody but the Owner changes the Owner’s."));
    // The question is answered like the deed, also with a password that is not fresh.
    let tries = |browser: &Browser, path: &str| world.unchanged(path, || [browser.get(path), browser.post(path, &[])]);
    world.advance(Span::minutes(15));
    for page in tries(&bruno, &door(&world.ada)) {
        assert_eq!(page.status, 403);
        assert!(page.has("Nobody but the Owner changes the Owner’s two-factor sign-in."), "{}", page.text());
        assert!(page.buttons("Reset two-factor sign-in").is_empty());
    }
    for (browser, own) in [(&bruno, &world.bruno), (&ada, &world.ada)] {
        for page in tries(browser, &door(own)) {
            assert_eq!(page.status, 422);
            assert!(page.has("You change your own two-factor sign-in on your profile."), "{}", page.text());
        }
    }
    let none = world.unchanged("nothing to reset", || bruno.get(&door(&world.dana)));
    assert!(none.has("They have no two-factor sign-in.") && none.buttons("Reset two-factor sign-in").is_empty(), "{}", none.text());
    let ada = world.first_step(&world.ada);
    world.advance(Span::secs(30));
    super::second_step::pass(&ada, &owners.code(&world), "/");
    assert_eq!(
        ada.submit(&door(&world.bruno), &[]).flash(),
        "The two-factor sign-in of Bruno Vargas is reset. They sign in with their password alone."
    );
}

#[test]
fn t7_where_the_account_asks_for_it_a_reset_is_set_up_again() {
    use diesel::prelude::*;
    use rollcall::{accounts::TwoFactorPolicy, db::schema::accounts};
    let world = World::new();
    world.set_up_two_factor(&world.sign_in(&world.chen));
    let bruno = world.sign_in(&world.bruno);
    world.set_up_two_factor(&bruno);
    let account = accounts::table.find(world.ada.account);
    world.write(|conn| diesel::update(account).set(accounts::require_two_factor.eq(TwoFactorPolicy::Everyone)).execute(conn));
    assert!(bruno.get(&door(&world.chen)).has("then two-factor is set up again right away"));
    let page = bruno.submit(&door(&world.chen), &[]);
    assert_eq!(page.flash(), "The two-factor sign-in of Chen Wei is reset. They sign in with their password, and then set it up again.");
    assert_eq!(world.sign_in(&world.chen).get("/profile").to(), "/profile/two-factor");
}

#[test]
fn t8_a_reset_wants_a_fresh_password() {
    let world = World::new();
    world.set_up_two_factor(&world.sign_in(&world.dana));
    let bruno = world.sign_in(&world.bruno);
    world.advance(Span::minutes(15));
    let page = world.unchanged("a stale password", || bruno.post(&door(&world.dana), &[]));
    let next: String = url::form_urlencoded::byte_serialize(door(&world.dana).as_bytes()).collect();
    assert_eq!((page.status, page.to().to_owned()), (303, format!("/password/confirmation?next={next}")));
    let back = bruno.submit("/password/confirmation", &[("current_password", PASSWORD), ("next", &door(&world.dana))]);
    assert_eq!(back.h1(), "Reset the two-factor sign-in of Dana Silva?");
    assert_eq!(bruno.submit(&door(&world.dana), &[]).status, 200);
    assert!(!world.row(&world.dana).has_second_factor());
}

#[test]
fn t23_the_write_itself_looks_at_whom_it_is_about() {
    let world = World::new();
    world.set_up_two_factor(&world.sign_in(&world.ada));
    let by = world.proof::<ManageMembers>(&world.bruno);
    let now = world.now();
    let fresh = Fresh::of(&by, now, "/").unwrap();
    let refused = world.app.db.write_now(|tx| second_factor::reset(tx, &by, &fresh, world.ada.id, now));
    assert!(matches!(refused, Err(ResetRefusal::Owner)), "{refused:?}");
    let foreign = world.app.db.write_now(|tx| second_factor::reset(tx, &by, &fresh, world.gus.id, now));
    assert!(matches!(foreign, Err(ResetRefusal::Failure(rollcall::failure::Failure::NotFound))), "{foreign:?}");
}
