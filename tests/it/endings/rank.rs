use rollcall::members::{Barred, DeactivateRefusal, RemoveRefusal};

use super::*;

#[test]
fn r17_nobody_ends_themselves_and_nobody_ends_the_owner() {
    let world = World::new();
    for (who, whom, said) in [
        (&world.bruno, &world.bruno, "Nobody deactivates or removes themselves. Ask the Owner or another Admin."),
        (&world.ada, &world.ada, "The Owner cannot be deactivated or removed. Transfer the ownership first."),
        (&world.bruno, &world.ada, "The Owner cannot be deactivated or removed. Transfer the ownership first."),
    ] {
        let browser = world.sign_in(who);
        for noun in ["deactivation", "removal"] {
            let path = format!("{}/{noun}", page_of(whom));
            let asked = browser.get(&path);
            assert_eq!(asked.status, 200);
            assert!(asked.has(said) && asked.buttons("Remove Member").is_empty() && asked.buttons("Deactivate").is_empty(), "{}", asked.text());
            let page = world.unchanged(noun, || browser.post(&path, &[]));
            assert_eq!((page.status, page.problems()), (422, vec![said.to_owned()]), "{} on {}", who.name, whom.name);
        }
        // The choice stays visible with its reason.
        let profile = browser.get(&page_of(whom));
        assert!(profile.has(said) && profile.attribute("button[disabled]", "class").is_some(), "{}", profile.text());
        assert!(profile.link("Deactivate").is_none() && profile.link("Delete").is_none());
    }
}

#[test]
fn t23_the_target_is_looked_at_inside_the_write() {
    let world = World::new();
    let (by, now) = (world.proof::<ManageMembers>(&world.bruno), world.now());
    let plans = world.app.plans.clone();
    let barred = |id| {
        let off = world.app.db.write_now(|tx| members::deactivate(tx, &by, id, &world.app.plans, now)).unwrap_err();
        let gone = world.app.db.write_now(|tx| members::remove(tx, &by, id, None, &plans, now)).unwrap_err();
        match (off, gone) {
            (DeactivateRefusal::Barred(off), RemoveRefusal::Barred(gone)) if off == gone => off,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(barred(world.ada.id), Barred::Owner);
    assert_eq!(barred(world.bruno.id), Barred::Yourself);
    // An Admin acts on Admins; whose own right is gone acts on nobody.
    let other = world.member(world.ada.account, "Abe Admin", "abe@acme.test", Role::Admin, Status::Active);
    world.app.db.write_now(|tx| members::deactivate(tx, &by, other.id, &world.app.plans, now)).unwrap();
    deactivate(&world, &world.ada, &world.bruno);
    let refused = world.unchanged("an Admin who is out", || {
        world.app.db.write_now(|tx| members::deactivate(tx, &by, world.dana.id, &world.app.plans, now)).unwrap_err()
    });
    assert!(matches!(refused, DeactivateRefusal::Failure(_)), "{refused:?}");
}

#[test]
fn r22_whoever_has_not_joined_is_not_removed_but_their_invite_is_cancelled() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (ana, _) = world.invite(&world.ada, "ana@x.test", Role::Agent);
    for noun in ["deactivation", "removal"] {
        let page = world.unchanged(noun, || ada.post(&format!("{}/{noun}", page_of(&ana)), &[]));
        assert_eq!((page.status, page.problems()), (422, vec!["They have not joined yet. Cancel their invite instead.".to_owned()]));
    }
    let page = act(&ada, &ana, "restoration");
    assert_eq!(page.flash(), "ana@x.test is invited and has not joined yet.");
}

#[test]
fn r23_only_the_owner_erases_and_an_admin_is_told_who_can() {
    let world = World::new();
    remove(&world, &world.ada, &world.dana);
    let bruno = world.sign_in(&world.bruno);
    let path = format!("{}/erasure", page_of(&world.dana));
    let page = world.unchanged("an Admin", || bruno.post(&path, &[("current_password", PASSWORD)]));
    assert!(page.status == 403 && page.has("the Owner"), "{}", page.text());
    assert!(bruno.get(&page_of(&world.dana)).link("Erase now").is_none());
    assert!(world.sign_in(&world.ada).get(&page_of(&world.dana)).link("Erase now").is_some());
}
