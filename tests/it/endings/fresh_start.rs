use super::*;

#[test]
fn r11_a_deactivated_address_offers_reactivate() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    deactivate(&world, &world.ada, &world.dana);
    let page = invite(&ada, &world.dana.email, "agent");
    assert_eq!((page.status, page.buttons("Reactivate")), (422, vec![format!("{}/reactivation", page_of(&world.dana))]));
    ada.submit(&page.buttons("Reactivate")[0], &[]);
    assert_eq!(standing(&world, &world.dana), Status::Active);
}

#[test]
fn r11_a_removed_address_offers_restore_and_fresh_start() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    remove(&world, &world.ada, &world.dana);
    let page = invite(&ada, &format!("new@x.test, {}", world.dana.email), "admin");
    assert_eq!((page.status, page.buttons("Restore")), (422, vec![format!("{}/restoration", page_of(&world.dana))]));
    assert_eq!(page.attribute("button[name='fresh_start'][form='invite']", "value").as_deref(), Some("on"));
    assert_eq!(page.value_of("emails"), format!("new@x.test, {}", world.dana.email), "the button sends what was typed");
    // A fresh start: somebody new with the same address, and the old row waits for its erasure.
    let emails = page.value_of("emails");
    assert_eq!(ada.post(LIST, &[("emails", &emails), ("role", "admin"), ("fresh_start", "on")]).status, 303);
    let (new, status) = find(&world, world.ada.account, &world.dana.email);
    assert!(new != world.dana.id && status == Status::Invited);
    let old = world.row(&world.dana);
    assert_eq!((old.status, old.erase_at), (Status::Removed, Some(world.now() + Span::days(28))));
    let paths: Vec<String> = world
        .deliver()
        .iter()
        .filter(|mail| mail.to == [world.dana.email.clone()] && mail.text().contains("/invitations/"))
        .map(|mail| world.path_in(mail))
        .collect();
    assert_eq!(world.browser().post(&paths[0], &[("first_name", "Dana"), ("last_name", "Neu"), ("password", PASSWORD)]).status, 303);
    // The erasure of the old one leaves the new one alone.
    world.advance(Span::days(28));
    tick(&world);
    assert!(is_erased(&world, &world.dana));
    assert_eq!(find(&world, world.ada.account, &world.dana.email), (new, Status::Active));
    all_well(&world, world.ada.account);
}

#[test]
fn r11_a_fresh_start_opens_no_other_refusal() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    deactivate(&world, &world.ada, &world.dana);
    for email in [&world.bruno.email, &world.dana.email] {
        let fields = [("emails", email.as_str()), ("role", "agent"), ("fresh_start", "on")];
        assert_eq!(world.unchanged(email, || ada.post(LIST, &fields)).status, 422, "{email}");
    }
}
