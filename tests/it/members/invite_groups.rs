use rollcall::{clock::Span, db::GroupId};

use super::*;

fn with_groups(browser: &Browser, emails: &str, groups: &[&str]) -> Page {
    let mut fields = vec![("emails", emails), ("role", "agent")];
    fields.extend(groups.iter().map(|id| ("group_ids", *id)));
    browser.post(LIST, &fields)
}

fn people_of(world: &World, group: GroupId) -> Vec<String> {
    use schema::{group_members, members};
    let crew = group_members::table
        .inner_join(members::table.on(members::account_id.eq(group_members::account_id).and(members::id.eq(group_members::member_id))))
        .filter(group_members::group_id.eq(group));
    world.read(|conn| crew.order(group_members::place).select(members::email.assume_not_null()).load(conn))
}

#[test]
fn r4_several_people_are_invited_into_groups_with_an_event_each() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let [sales, tier] = ["Sales", "Tier 2"].map(|name| world.group(&world.ada, name, &[&world.dana]));
    let form = ada.get(&format!("{LIST}/new"));
    assert!(form.has("Groups (optional) They are in these groups from now on") && form.has("Sales") && form.has("Tier 2"), "{}", form.text());
    let before = world.events(world.ada.account).len();
    assert_eq!(with_groups(&ada, "ana@x.test, bob@x.test", &[sales.as_str(), tier.as_str(), sales.as_str()]).status, 303);
    assert_eq!(people_of(&world, sales), ["dana@acme.test", "ana@x.test", "bob@x.test"]);
    assert_eq!(people_of(&world, tier), ["dana@acme.test", "ana@x.test", "bob@x.test"]);
    assert_eq!(world.group_row(&world.ada, sales).members, 3);
    let events: Vec<[String; 4]> = world.events(world.ada.account).split_off(before);
    let of_ana: Vec<_> = events.iter().filter(|event| event[2] == "ana@x.test").map(|event| (event[0].as_str(), event[3].as_str())).collect();
    assert_eq!(of_ana, [("member.invited", "as Agent"), ("group.member_added", "Sales"), ("group.member_added", "Tier 2")]);
    assert_eq!(row(&ada.get(LIST), "ana@x.test")[4], "Sales, Tier 2");
}

#[test]
fn r4_with_a_group_that_is_gone_nobody_is_invited_and_the_ticks_stay() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = world.group(&world.ada, "Sales", &[]);
    let theirs = world.group(&world.gus, "Globex only", &[]);
    for gone in [theirs.as_str(), "01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", ""] {
        let page = world.unchanged(gone, || with_groups(&ada, "ana@x.test, bob@x.test", &[sales.as_str(), gone]));
        assert_eq!(page.status, 422, "{gone}");
        assert_eq!(page.error_of("group_ids"), "A group you chose was deleted meanwhile. Choose again.");
        assert_eq!((page.value_of("group_ids"), page.value_of("emails")), (sales.to_string(), "ana@x.test, bob@x.test".to_owned()));
        assert!(page.title().starts_with("Error: ") && !page.has("Globex"));
    }
    assert!(world.deliver().is_empty());
    // Other mistakes keep the ticks as well.
    let page = with_groups(&ada, "nonsense", &[sales.as_str()]);
    assert_eq!((page.status, page.value_of("group_ids")), (422, sales.to_string()));
}

#[test]
fn r10_cancelling_takes_the_person_out_of_every_group_and_expiry_does_not() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = world.group(&world.ada, "Sales", &[&world.dana]);
    let kept = number(&world, &world.ada, "+14155552671", "", None);
    let fields = [("emails", "late@x.test"), ("role", "agent"), ("number_id", kept.as_str()), ("group_ids", sales.as_str())];
    assert_eq!(ada.post(LIST, &fields).status, 303);
    assert_eq!(with_groups(&ada, "ana@x.test", &[sales.as_str()]).status, 303);
    assert_eq!(row(&ada.get(LIST), "late@x.test")[3..5], ["+1 415-555-2671", "Sales"]);

    let before = world.events(world.ada.account).len();
    ada.submit(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
    assert_eq!(people_of(&world, sales), ["dana@acme.test", "late@x.test"]);
    assert_eq!(world.group_row(&world.ada, sales).members, 2);
    let events: Vec<String> = world.events(world.ada.account).split_off(before).into_iter().map(|[event, ..]| event).collect();
    assert_eq!(events, ["group.member_removed", "invitation.cancelled"]);

    // To the second, before the ticker has been there: the number is free, the groups are kept.
    world.advance(Span::days(7));
    let ada = world.sign_in(&world.ada);
    assert_eq!(row(&ada.get(LIST), "late@x.test")[3..5], ["—", "Sales"]);
    assert!(!ada.get(&profile(&world, "late@x.test")).has("+1 415-555-2671"));
    world.block_on(rollcall::ticker::expire(&world.app, world.now())).unwrap();
    assert_eq!(row(&ada.get(LIST), "late@x.test")[3..5], ["—", "Sales"]);
    assert_eq!(people_of(&world, sales), ["dana@acme.test", "late@x.test"]);
}

#[test]
fn r4_whoever_accepts_is_in_the_groups_and_has_the_number() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = world.group(&world.ada, "Sales", &[]);
    let kept = number(&world, &world.ada, "+14155552671", "", None);
    let fields = [("emails", "ana@x.test"), ("role", "agent"), ("number_id", kept.as_str()), ("group_ids", sales.as_str())];
    assert_eq!(ada.post(LIST, &fields).status, 303);
    let browser = world.browser();
    assert_eq!(accept(&browser, &world.mailed_path("ana@x.test")).status, 303);
    assert_eq!(people_of(&world, sales), ["ana@x.test"]);
    let own = browser.get("/profile");
    assert!(own.has("Telephone numbers+1 415-555-2671") && own.has("GroupsSales"), "{}", own.text());
}
