use super::*;

fn path(id: NumberId) -> String {
    format!("{LIST}/{id}/removal")
}

#[test]
fn r47_a_number_that_nothing_uses_is_released_after_a_question() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "Main");
    direct(&world, id, Incoming::Voicemail).unwrap();
    let page = world.unchanged("the question", || ada.get(&path(id)));
    assert_eq!(page.h1(), "Release +1 415-555-2671?");
    assert_eq!(page.buttons("Release Number"), [path(id)]);
    let page = ada.submit(&path(id), &[]);
    assert_eq!(page.flash(), "+1 415-555-2671 is released.");
    assert_eq!(world.app.db.read_now(|conn| numbers::count(conn, world.ada.account)).unwrap(), 0);
    assert_eq!(newest(&world), event(["number.released", "Ada Okafor", "+1 415-555-2671", "Main"]));
    assert_eq!(ada.post(&path(id), &[]).status, 404);
    // It is free for anybody on the server.
    number_of(&world, &world.gus, "+14155552671", "");
}

#[test]
fn r47_releasing_a_number_in_use_is_refused_with_the_list_of_what_uses_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "Main");
    let (sales, tier) = (group(&world, "Sales West"), group(&world, "Tier 2"));
    give(&world, id, Party::Member(world.chen.id));
    direct(&world, id, Incoming::To(Party::Group(sales))).unwrap();
    fall_back(&world, tier, &Destination::Number(id));
    for page in [ada.get(&path(id)), world.unchanged("a used number", || ada.post(&path(id), &[]))] {
        assert!(page.buttons("Release Number").is_empty());
        for (who, href) in [
            ("Chen Wei", format!("{MEMBERS}/{}", world.chen.id)),
            ("Sales West", format!("/settings/user-groups/{sales}")),
            ("Tier 2", format!("/settings/user-groups/{tier}/settings")),
        ] {
            assert_eq!(page.link(who).as_deref(), Some(href.as_str()), "{who}");
        }
    }
    assert_eq!(ada.post(&path(id), &[]).status, 422);
}
