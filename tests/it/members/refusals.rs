use rollcall::authz::Role;

use super::*;

#[test]
fn r11_whoever_is_here_already_is_named_with_a_link_and_nobody_is_invited() {
    let world = World::new();
    let acme = world.ada.account;
    let ada = world.sign_in(&world.ada);
    invite(&ada, "pending@x.test", "agent");
    let off = world.member(acme, "Otto Off", "off@x.test", Role::Agent, Status::Active);
    world.stand(&off, Status::Deactivated);
    let gone = world.member(acme, "Gone Girl", "gone@x.test", Role::Agent, Status::Active);
    world.stand(&gone, Status::Removed);

    let emails = "new@x.test, Bruno@Acme.test, pending@x.test, off@x.test, gone@x.test";
    let page = world.unchanged("a refused form", || invite(&ada, emails, "agent"));
    assert_eq!((page.status, page.value_of("emails").as_str()), (422, emails));
    let problems = page.problems();
    for (email, said) in [
        ("bruno@acme.test", "is active already."),
        ("pending@x.test", "is invited already. Resend"),
        ("off@x.test", "is deactivated."),
        ("gone@x.test", "was removed"),
    ] {
        let problem = problems.iter().find(|line| line.starts_with(email)).unwrap_or_else(|| panic!("{email}: {problems:?}"));
        assert!(problem.contains(said), "{problem}");
        assert!(page.body.contains(&format!("<a href=\"{}\">", profile(&world, email))), "{email} has a link to the profile");
    }
    assert!(!problems.iter().any(|line| line.starts_with("new@x.test")));
    assert!(page.has("Nobody was invited yet."));
    // Each alone is refused as well, and the way out it names works.
    for email in ["bruno@acme.test", "pending@x.test", "off@x.test", "gone@x.test"] {
        assert_eq!(world.unchanged(email, || invite(&ada, email, "agent")).status, 422, "{email}");
        assert_eq!(ada.get(&profile(&world, email)).status, 200);
    }
    assert_eq!(page.link("Resend").unwrap(), profile(&world, "pending@x.test"));
    assert_eq!(ada.get(&page.link("Resend").unwrap()).buttons("Resend").len(), 1);
}

#[test]
fn r12_nobody_invites_an_owner() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let form = ada.get(&format!("{LIST}/new"));
    assert_eq!(form.attribute("input[value='owner']", "name"), None, "the form does not offer it");
    assert_eq!(form.value_of("role"), "agent", "the least role stands first");
    for browser in [ada, world.sign_in(&world.bruno)] {
        let page = world.unchanged("inviting an Owner", || invite(&browser, "ana@x.test", "owner"));
        assert_eq!((page.status, page.error_of("role").as_str()), (422, "An Owner is not invited: transfer the ownership instead."));
    }
}

#[test]
fn r12_a_supervisor_needs_a_plan_that_has_them() {
    for plan in ["free", "essentials", "team"] {
        let world = World::wish().plan(plan).open();
        let ada = world.sign_in(&world.ada);
        let form = ada.get(&format!("{LIST}/new"));
        assert!(form.attribute("input[value='supervisor'][disabled]", "name").is_some() && form.has("Pro and above"), "{plan}");
        let page = world.unchanged(plan, || invite(&ada, "ana@x.test", "supervisor"));
        assert_eq!(page.status, 422);
        assert!(page.error_of("role").contains("has no Supervisors (Pro and above)"), "{plan}: {}", page.error_of("role"));
    }
    for plan in ["pro", "pro_plus", "business"] {
        let world = World::wish().plan(plan).open();
        let ada = world.sign_in(&world.ada);
        assert_eq!(ada.get(&format!("{LIST}/new")).attribute("input[value='supervisor'][disabled]", "name"), None);
        assert_eq!(invite(&ada, "ana@x.test", "supervisor").status, 303, "{plan}");
    }
}
