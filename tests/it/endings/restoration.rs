use super::*;

#[test]
fn r23_restored_with_role_groups_and_the_numbers_that_are_still_free() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (free, taken) =
        (number(&world, &world.ada, "+14155550101", "", Some(&world.chen)), number(&world, &world.ada, "+14155550102", "", Some(&world.chen)));
    let (stays, goes) = (world.group(&world.ada, "Stays", &[&world.chen]), world.group(&world.ada, "Goes", &[&world.chen]));
    let list = act(&ada, &world.chen, "removal");
    assert_eq!(list.buttons("Undo"), [format!("{}/restoration", page_of(&world.chen))]);
    let by = world.proof::<ManageNumbers>(&world.ada);
    let to_dana = Some(Party::Member(world.dana.id));
    world.app.db.write_now(|tx| numbers::assign(tx, &by, taken, to_dana, &Present::Unknown, world.now())).unwrap();
    ada.submit(&format!("/settings/user-groups/{goes}/removal"), &[("replacement", "voicemail")]);
    let profile = act(&ada, &world.chen, "restoration");
    assert_eq!(profile.flash(), "Chen Wei is restored and active, with 1 group and 1 number. One number is somebody else's by now.");
    let chen = world.row(&world.chen);
    assert_eq!((chen.status, chen.role, chen.removed_at, chen.erase_at), (Status::Active, Role::Supervisor, None, None));
    let row = number_row(&world, &world.ada, free);
    assert_eq!(row.holder.as_ref().map(|who| who.name.as_str()), Some("Chen Wei"));
    assert_eq!((row.number.incoming(), row.number.incoming_lost), (Incoming::Assignee, false), "the flag is healed");
    assert_eq!(number_row(&world, &world.ada, taken).holder.map(|who| who.name).as_deref(), Some("Dana Silva"));
    assert_eq!(profile.value_of("group_ids"), stays.as_str());
    assert_eq!(world.sign_in(&world.chen).get("/profile").status, 200);
    // Nothing is due any more.
    world.advance(Span::days(40));
    tick(&world);
    assert!(!is_erased(&world, &world.chen));
    all_well(&world, world.ada.account);
}

#[test]
fn r23_a_session_from_before_the_removal_does_not_live_again() {
    let world = World::new();
    let before = world.sign_in(&world.dana);
    let ada = world.sign_in(&world.ada);
    act(&ada, &world.dana, "removal");
    act(&ada, &world.dana, "restoration");
    assert!(!before.is_signed_in());
}

#[test]
fn r23_a_cancelled_invitation_is_nothing_to_restore() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (ana, _) = world.invite(&world.ada, "ana@x.test", Role::Agent);
    act(&ada, &ana, "invitation/cancellation");
    let page = world.unchanged("restoring a cancelled invitation", || act(&ada, &ana, "restoration"));
    assert_eq!(page.flash(), "ana@x.test never joined, so there is nothing to restore. Invite them again.");
    assert!(page.buttons("Restore").is_empty());
}

#[test]
fn r3_who_lost_the_address_to_somebody_else_is_not_restored() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    act(&ada, &world.dana, "removal");
    assert_eq!(ada.post(LIST, &[("emails", &world.dana.email), ("role", "agent"), ("fresh_start", "on")]).status, 303);
    let page = world.unchanged("an address that is taken", || act(&ada, &world.dana, "restoration"));
    assert!(page.flash().starts_with("Somebody else has the address or username of Dana Silva by now"), "{}", page.flash());
}
