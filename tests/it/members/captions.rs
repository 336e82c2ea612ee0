use rollcall::authz::Role;

use super::*;

#[test]
fn the_caption_says_which_how_many_and_in_what_order() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let caption = |query: &str| ada.get(&format!("{LIST}{query}")).caption();
    assert_eq!(caption(""), "Showing 1–4 of 4 members, sorted by name (A to Z)");
    assert_eq!(caption("?sort=-last_active"), "Showing 1–4 of 4 members, sorted by last active (latest first)");
    assert_eq!(caption("?role=agent"), "Showing 1 of 1 matching members, sorted by name (A to Z)");
    assert!(ada.get(LIST).has("4 people · Pro plan"));

    crowd(&world, world.ada.account, 1100, |i| format!("Crowd {i:04}"));
    assert!(ada.get(LIST).has("1,104 people · Pro plan"));
    let first = ada.get(LIST);
    assert_eq!(first.caption(), "Showing 1–50 of 1,104 members, sorted by name (A to Z)");
    let second = ada.get(&first.link("Next page").unwrap());
    assert_eq!(second.caption(), "Showing 51–100 of 1,104 members, sorted by name (A to Z)");
    assert_eq!(second.link("First page").as_deref(), Some(LIST));
    // Matches are counted so far and no further.
    assert_eq!(caption("?q=many.test"), "Showing 1–50 of more than 1,000 matching members, sorted by name (A to Z)");
    assert_eq!(caption("?role=admin"), "Showing 1–50 of 159 matching members, sorted by name (A to Z)");
}

#[test]
fn the_last_page_leads_nowhere_further() {
    let world = World::new();
    crowd(&world, world.ada.account, 46, |i| format!("Crowd {i:04}"));
    let ada = world.sign_in(&world.ada);
    let page = ada.get(LIST);
    assert_eq!((page.rows().len(), page.link("Next page")), (50, None), "fifty fit on one page");
    world.member(world.ada.account, "Zed Last", "zed@x.test", Role::Agent, Status::Active);
    let last = ada.get(&ada.get(LIST).link("Next page").unwrap());
    assert_eq!(last.caption(), "Showing 51 of 51 members, sorted by name (A to Z)");
    assert_eq!((shown(&last), last.link("Next page")), (vec!["Zed Last zed@x.test".to_owned()], None));
}

#[test]
fn nobody_fits_and_nobody_is_here_are_two_pages() {
    let world = World::new();
    let none = world.sign_in(&world.ada).get(&format!("{LIST}?q=nobody"));
    assert!(none.has("No members match") && !none.has("Invite your team"));
    assert_eq!((none.rows().len(), none.link("Clear filters").as_deref()), (0, Some(LIST)));

    let world = World::wish().empty().set("ROLLCALL_SIGNUP", "open").open();
    let browser = world.browser();
    let fields =
        [("company", "Initech"), ("name", "Ida Berg"), ("email", "ida@x.test"), ("password", PASSWORD), ("plan", "team"), ("time_zone", "UTC")];
    assert_eq!(browser.post("/signup", &fields).status, 303);
    let alone = browser.get(LIST);
    assert!(alone.has("Invite your team") && alone.has("1 person · Team plan"), "{}", alone.text());
    assert_eq!(shown(&alone), ["Ida Berg (you) ida@x.test"]);
    assert!(!browser.get(&format!("{LIST}?q=zzz")).has("Invite your team"));
}
