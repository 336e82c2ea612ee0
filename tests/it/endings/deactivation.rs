use rollcall::groups;

use super::*;

#[test]
fn r21_deactivate_asks_first_with_the_real_counts_and_then_it_is_done() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.sign_in(&world.dana);
    world.sign_in(&world.dana);
    number(&world, &world.ada, "+14155550101", "Dana", Some(&world.dana));
    world.group(&world.ada, "Sales West", &[&world.dana]);
    let menu = ada.get(LIST).link("Deactivate").expect("the menu has Deactivate");
    assert!(menu.ends_with("/deactivation"), "{menu}");
    let confirm = world.unchanged("asking", || ada.get(&format!("{}/deactivation", page_of(&world.dana))));
    assert_eq!((confirm.status, confirm.h1().as_str()), (200, "Deactivate Dana Silva?"));
    for said in [
        "2 sessions end at once.",
        "Calls to +1 415-555-0101 go to voicemail",
        "They stay in Sales West",
        "seat count decreases by one at the next renewal",
    ] {
        assert!(confirm.has(said), "{said}: {}", confirm.text());
    }
    assert_eq!(confirm.buttons("Deactivate").len(), 1);
    assert!(confirm.link("Keep Dana Silva active").is_some());
    let list = act(&ada, &world.dana, "deactivation");
    assert_eq!(list.flash(), "Dana Silva is deactivated and signed out everywhere.");
    assert_eq!(row(&list, "Dana Silva")[2], "Deactivated");
    assert_eq!(list.buttons("Undo"), [format!("{}/reactivation", page_of(&world.dana))]);
    assert!(world.events(world.ada.account).contains(&["member.deactivated", "Ada Okafor", "Dana Silva", ""].map(str::to_owned)));
    all_well(&world, world.ada.account);
}

#[test]
fn r21_sessions_and_links_end_and_nobody_signs_in() {
    let world = World::new();
    let (dana, elsewhere) = (world.sign_in(&world.dana), world.sign_in(&world.dana));
    let link = world.link(&world.dana, rollcall::sign_in::links::Purpose::PasswordReset, &world.dana.email);
    deactivate(&world, &world.ada, &world.dana);
    assert!(!dana.is_signed_in() && !elsewhere.is_signed_in());
    assert_eq!(world.browser().get(&link).status, 410);
    let refused = world.browser().post("/login", &[("login", &world.dana.email), ("password", PASSWORD)]);
    let wrong = world.browser().post("/login", &[("login", "nobody@acme.test"), ("password", PASSWORD)]);
    assert_eq!((refused.status, refused.problems()), (422, wrong.problems()));
    assert!(world.browser().post("/password/new", &[("login", &world.dana.email)]).status == 200);
    assert!(world.deliver().iter().all(|mail| !mail.text().contains("/password/")), "no reset for the deactivated");
}

#[test]
fn r21_numbers_groups_and_settings_stay_and_calls_pass_by() {
    let world = World::new();
    let line = number(&world, &world.ada, "+14155550101", "Dana", Some(&world.dana));
    let group = world.group(&world.ada, "Sales", &[&world.dana, &world.chen]);
    deactivate(&world, &world.bruno, &world.dana);
    assert_eq!(number_row(&world, &world.ada, line).holder.map(|who| who.name).as_deref(), Some("Dana Silva"));
    let snapshot = world
        .app
        .db
        .read_now(|conn| {
            let group = groups::get(conn, world.ada.account, group)?;
            groups::snapshot(conn, &group)
        })
        .unwrap();
    assert_eq!(snapshot.seats.len(), 2, "still in the group");
    let ringing: Vec<MemberId> = snapshot.seats.iter().filter(|seat| seat.is_reachable()).map(|seat| seat.member).collect();
    assert_eq!(ringing, [world.chen.id], "and does not ring");
    // Back with role, groups and numbers.
    let profile = act(&world.sign_in(&world.ada), &world.dana, "reactivation");
    assert_eq!(profile.flash(), "Dana Silva is active again, with role, groups and numbers as before.");
    assert!(profile.has("+1 415-555-0101") && profile.value_of("group_ids") == group.as_str());
    assert_eq!(standing(&world, &world.dana), Status::Active);
    assert_eq!(world.sign_in(&world.dana).get("/profile").status, 200);
    all_well(&world, world.ada.account);
}

#[test]
fn r12_what_a_deactivated_admin_sent_is_void_and_its_mail_is_not_sent() {
    let world = World::new();
    invite(&world.sign_in(&world.bruno), "ana@x.test", "agent");
    let path = world.mailed_path("ana@x.test");
    invite(&world.sign_in(&world.bruno), "bob@x.test", "agent");
    let ada = world.sign_in(&world.ada);
    assert!(ada.get(&format!("{}/deactivation", page_of(&world.bruno))).has("2 invitations that they sent stop working"));
    deactivate(&world, &world.ada, &world.bruno);
    assert_eq!(world.browser().get(&path).status, 410);
    assert!(world.deliver().iter().all(|mail| mail.to != ["bob@x.test"]), "a dead link is not mailed");
    let list = ada.get(LIST);
    assert_eq!([row(&list, "ana@x.test")[2].as_str(), row(&list, "bob@x.test")[2].as_str()], ["Send again"; 2]);
}

#[test]
fn r21_the_second_click_changes_nothing_and_says_so() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    act(&ada, &world.dana, "deactivation");
    let again = world.unchanged("a second click", || act(&ada, &world.dana, "deactivation"));
    assert_eq!(again.flash(), "They are deactivated already. Nothing was changed.");
    act(&ada, &world.dana, "reactivation");
    let again = world.unchanged("a second click", || act(&ada, &world.dana, "reactivation"));
    assert_eq!(again.flash(), "Dana Silva is active already, so nothing was changed.");
    let asked = ada.get(&format!("{}/deactivation", page_of(&world.dana)));
    assert_eq!(asked.buttons("Deactivate").len(), 1);
}
