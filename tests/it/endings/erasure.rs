use super::*;

#[test]
fn r23_on_a_paid_plan_personal_data_goes_28_days_after_the_removal_to_the_microsecond() {
    let world = World::wish().plan("team").open();
    remove(&world, &world.ada, &world.dana);
    world.advance(Span::days(28) - Span::secs(1));
    tick(&world);
    assert!(!is_erased(&world, &world.dana));
    world.advance(Span::secs(1));
    tick(&world);
    assert!(is_erased(&world, &world.dana));
    assert_eq!(world.events(world.ada.account).last().unwrap(), &["member.erased", "Rollcall", "Former member", ""].map(str::to_owned));
    all_well(&world, world.ada.account);
}

#[test]
fn r23_on_the_free_plan_it_goes_with_the_tickers_next_round_and_the_page_says_so_before() {
    let world = World::wish().plan("free").open();
    let ada = world.sign_in(&world.ada);
    assert!(ada.get(&format!("{}/removal", page_of(&world.dana))).has("Deleted at once, since the plan is free. This cannot be undone."));
    let list = act(&ada, &world.dana, "removal");
    assert_eq!((list.flash().as_str(), list.buttons("Undo").len()), ("Dana Silva is removed. Data is being deleted.", 0));
    tick(&world);
    assert!(is_erased(&world, &world.dana));
    assert_eq!(ada.get(&page_of(&world.dana)).status, 404);
}

#[test]
fn r23_a_plan_that_left_the_file_is_not_taken_for_a_free_one() {
    let world = World::wish().plan("bygone").open();
    remove(&world, &world.ada, &world.dana);
    tick(&world);
    assert!(!is_erased(&world, &world.dana));
}

#[test]
fn r39_after_a_long_downtime_it_goes_late_and_once() {
    let world = World::new();
    for person in [&world.dana, &world.chen] {
        remove(&world, &world.ada, person);
    }
    world.advance(Span::days(400));
    tick(&world);
    let events = || world.events(world.ada.account).iter().filter(|[event, ..]| event == "member.erased").count();
    assert_eq!(events(), 2);
    let before = world.everything();
    for _ in 0..3 {
        tick(&world);
    }
    assert!(before == world.everything(), "a second round finds nothing to do");
}

#[test]
fn r23_the_owner_brings_it_forward_with_the_password() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    remove(&world, &world.ada, &world.dana);
    let path = format!("{}/erasure", page_of(&world.dana));
    let asked = ada.get(&path);
    assert_eq!((asked.status, asked.h1().as_str()), (200, "Erase Dana Silva?"));
    assert!(asked.has("Data deleted on 30 Mar 2026") && asked.buttons("Erase now").len() == 1);
    for (password, said) in [("", "Enter your current password."), ("wrong wrong wrong", "This is not your current password.")] {
        let page = world.unchanged("a wrong password", || ada.post(&path, &[("current_password", password)]));
        assert_eq!((page.status, page.error_of("current_password").as_str()), (422, said));
        assert!(!page.body.contains("wrong wrong wrong"));
        world.advance(Span::secs(30));
    }
    let list = ada.submit(&path, &[("current_password", PASSWORD)]);
    assert_eq!(list.flash(), "The personal data is erased. What is left says “Former member”.");
    assert!(is_erased(&world, &world.dana));
    assert_eq!(
        world.events(world.ada.account).last().unwrap(),
        &["member.erased", "Ada Okafor", "Former member", "before it was due"].map(str::to_owned)
    );
    all_well(&world, world.ada.account);
}

#[test]
fn r23_of_somebody_erased_there_is_no_page_and_no_row() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    remove(&world, &world.ada, &world.dana);
    ada.submit(&format!("{}/erasure", page_of(&world.dana)), &[("current_password", PASSWORD)]);
    assert_eq!(ada.get(&format!("{LIST}?status=removed")).rows().len(), 0);
    assert!(!ada.get(&format!("{LIST}.csv?status=removed")).body.contains("removed"));
    assert_eq!(ada.get(&page_of(&world.dana)).status, 404);
    for noun in ["deactivation", "reactivation", "removal", "restoration", "groups", "numbers", "invitation"] {
        let fields = [("current_password", PASSWORD), ("number_id", "x")];
        let page = world.unchanged(noun, || ada.post(&format!("{}/{noun}", page_of(&world.dana)), &fields));
        assert!([404, 422].contains(&page.status) && !page.body.contains("Dana"), "{noun}: {}", page.status);
    }
}

#[test]
fn r23_a_second_click_on_erase_now_is_told_so() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    remove(&world, &world.ada, &world.dana);
    let path = format!("{}/erasure", page_of(&world.dana));
    ada.submit(&path, &[("current_password", PASSWORD)]);
    let list = world.unchanged("a second click", || ada.submit(&path, &[("current_password", PASSWORD)]));
    assert_eq!((list.h1().as_str(), list.flash().as_str()), ("Members", "The personal data is erased already. Nothing was changed."));
    assert_eq!(ada.get(&path).status, 404);
}

#[test]
fn r23_only_who_was_removed_is_erased() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let path = format!("{}/erasure", page_of(&world.dana));
    assert_eq!(ada.get(&path).status, 404);
    assert_eq!(world.unchanged("an active member", || ada.post(&path, &[("current_password", PASSWORD)])).status, 404);
    let (by, now) = (world.proof::<ManageBilling>(&world.ada), world.now());
    let refused = world.app.db.write_now(|tx| members::erase_now(tx, &by, world.dana.id, now)).unwrap_err();
    assert!(matches!(refused, members::EraseRefusal::NotRemoved), "{refused:?}");
}

#[test]
fn r23_the_address_of_a_cancelled_invitation_goes_too() {
    let world = World::new();
    let (ana, path) = world.invite(&world.ada, "ana@x.test", Role::Agent);
    let ada = world.sign_in(&world.ada);
    act(&ada, &ana, "invitation/cancellation");
    world.advance(Span::days(28) - Span::secs(1));
    tick(&world);
    assert_eq!(world.browser().get(&path).h1(), "This invitation was cancelled");
    world.advance(Span::secs(1));
    tick(&world);
    assert!(is_erased(&world, &ana));
    assert_eq!(world.browser().get(&path).status, 404);
    all_well(&world, world.ada.account);
}

#[test]
fn r57_the_log_keeps_what_happened_and_says_former_member() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    invite(&bruno, "ana@x.test", "agent");
    deactivate(&world, &world.bruno, &world.dana);
    remove(&world, &world.ada, &world.bruno);
    world.advance(Span::days(28));
    tick(&world);
    let ada = world.sign_in(&world.ada);
    let log = ada.get("/settings/audit-log?event=member.deactivated");
    let row = &crate::members::rows(&log)[0];
    assert!(row[1] == "Former member" && row[3] == "Dana Silva", "who is still here keeps the name: {row:?}");
    assert_eq!(ada.get("/settings/audit-log.csv").status, 200);
    // The members they invited say so as well.
    let dana = ada.get(&page_of(&world.dana));
    assert!(dana.has("by a former member") || dana.has("by Former member"), "{}", dana.text());
    all_well(&world, world.ada.account);
}
