use super::*;

#[test]
fn r36_nobody_comes_back_past_the_plans_maximum() {
    let world = World::wish().plan("essentials").open();
    let ada = world.sign_in(&world.ada);
    deactivate(&world, &world.ada, &world.dana);
    let gone = world.member(world.ada.account, "Gone Girl", "gone@acme.test", Role::Agent, Status::Active);
    remove(&world, &world.ada, &gone);
    // Two places are free of five, and invitations reserve them.
    assert_eq!(invite(&ada, "ana@x.test, bob@x.test", "agent").status, 303);
    for (person, noun, keeps) in [(&world.dana, "reactivation", Status::Deactivated), (&gone, "restoration", Status::Removed)] {
        let page = world.unchanged(noun, || act(&ada, person, noun));
        assert!(page.flash().starts_with("The Essentials plan has 5 places and none is free."), "{}", page.flash());
        assert_eq!(standing(&world, person), keeps);
    }
    let ana = find(&world, world.ada.account, "ana@x.test").0;
    ada.submit(&format!("{LIST}/{ana}/invitation/cancellation"), &[]);
    assert_eq!(act(&ada, &world.dana, "reactivation").flash(), "Dana Silva is active again, with role, groups and numbers as before.");
    assert!(act(&ada, &gone, "restoration").flash().starts_with("The Essentials plan has 5 places"));
    all_well(&world, world.ada.account);
}

#[test]
fn r15_a_supervisor_comes_back_only_to_a_plan_that_has_them() {
    let world = World::wish().plan("team").open();
    let ada = world.sign_in(&world.ada);
    deactivate(&world, &world.ada, &world.chen);
    let said = "Chen Wei is a Supervisor, and the Team plan has none (Pro and above). Choose a larger plan. See the plans";
    assert_eq!(world.unchanged("a Supervisor", || act(&ada, &world.chen, "reactivation")).flash(), said);
    remove(&world, &world.ada, &world.chen);
    assert_eq!(world.unchanged("a Supervisor", || act(&ada, &world.chen, "restoration")).flash(), said);
}
