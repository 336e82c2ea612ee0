use rollcall::{clock::At, db::GroupId};

use super::*;

fn save(browser: &Browser, person: &Person, groups: &[&str]) -> Page {
    let fields: Vec<(&str, &str)> = groups.iter().map(|id| ("group_ids", *id)).collect();
    browser.post(&format!("{LIST}/{}/groups", person.id), &fields)
}

fn ticked(page: &Page) -> Vec<String> {
    page.body
        .split("name=\"group_ids\" value=\"")
        .skip(1)
        .filter(|tick| tick.split('>').next().unwrap().contains(" checked"))
        .map(|tick| tick[..26].to_owned())
        .collect()
}

fn three(world: &World) -> [GroupId; 3] {
    ["Sales", "Support", "Tier 2"].map(|name| world.group(&world.ada, name, &[]))
}

#[test]
fn r40_a_members_profile_saves_the_whole_set_of_groups() {
    let world = World::new();
    let [sales, support, tier] = three(&world);
    let bruno = world.sign_in(&world.bruno);
    let dana = format!("{LIST}/{}", world.dana.id);
    let answer = save(&bruno, &world.dana, &[sales.as_str(), tier.as_str()]);
    assert_eq!((answer.status, answer.to()), (303, dana.as_str()));
    let page = bruno.get(&dana);
    assert_eq!(page.flash(), "The groups of Dana Silva are saved.");
    assert_eq!(ticked(&page), [sales.to_string(), tier.to_string()]);
    let before = world.events(world.ada.account).len();
    assert_eq!(save(&bruno, &world.dana, &[support.as_str(), tier.as_str()]).status, 303);
    assert_eq!(ticked(&bruno.get(&dana)), [support.to_string(), tier.to_string()]);
    let events: Vec<[String; 4]> = world.events(world.ada.account).split_off(before);
    let event = |word: &str, group: &str| [word, "Bruno Vargas", "Dana Silva", group].map(str::to_owned);
    assert_eq!(events, [event("group.member_added", "Support"), event("group.member_removed", "Sales")]);
    assert!(bruno.get(&dana).has("Removed from group, Sales, by Bruno Vargas"));
    world.unchanged("the same again", || save(&bruno, &world.dana, &[tier.as_str(), support.as_str()]));
    assert_eq!(bruno.get(&dana).flash(), "The groups of Dana Silva are as they were.");
    // None at all is a set too.
    assert_eq!(save(&bruno, &world.dana, &[]).status, 303);
    assert!(ticked(&bruno.get(&dana)).is_empty());
    assert_eq!([sales, support, tier].map(|id| world.group_row(&world.ada, id).members), [0; 3]);
}

#[test]
fn r58_a_group_that_is_gone_changes_nothing_and_the_ticks_stay() {
    let world = World::new();
    let [sales, support, _] = three(&world);
    let theirs = world.group(&world.gus, "Globex only", &[]);
    let ada = world.sign_in(&world.ada);
    save(&ada, &world.dana, &[support.as_str()]);
    for gone in [theirs.as_str(), "01ARZ3NDEKTSV4RRFFQ69G5FAV", "x"] {
        let page = world.unchanged(gone, || save(&ada, &world.dana, &[sales.as_str(), gone]));
        assert_eq!(page.status, 422, "{gone}");
        assert_eq!(page.error_of("group_ids"), "A group you chose was deleted meanwhile. Choose again.");
        assert_eq!((ticked(&page), page.h1().as_str()), (vec![sales.to_string()], "Dana Silva"));
        assert!(page.title().starts_with("Error: ") && !page.has("Globex"));
    }
}

#[test]
fn r19_members_of_another_account_are_not_there() {
    let world = World::new();
    let [sales, ..] = three(&world);
    let ada = world.sign_in(&world.ada);
    let page = world.unchanged("another account", || save(&ada, &world.gwen, &[sales.as_str()]));
    assert_eq!(page.status, 404);
    for person in [&world.chen, &world.dana] {
        let browser = world.sign_in(person);
        let page = world.unchanged(&person.name, || save(&browser, person, &[sales.as_str()]));
        assert_eq!(page.status, 403, "{}", person.name);
    }
}

#[test]
fn r22_a_removed_member_has_no_forms_and_no_groups_to_save() {
    let world = World::new();
    let [sales, ..] = three(&world);
    let ada = world.sign_in(&world.ada);
    let dana = format!("{LIST}/{}", world.dana.id);
    world.stand(&world.dana, Status::Removed);
    let page = ada.get(&dana);
    let other_form = page.attribute("main form:not([action$='/restoration'])", "action");
    assert!(other_form.is_none(), "{other_form:?}");
    assert!(page.link("Assign a number").is_none() && page.has("None: who was removed is in no group."));
    let answer = world.unchanged("removed", || save(&ada, &world.dana, &[sales.as_str()]));
    assert_eq!((answer.status, ada.get(answer.to()).flash().as_str()), (303, "Dana Silva was removed meanwhile, so nothing was saved."));
}

#[test]
fn r48_a_profile_shows_numbers_with_labels_and_how_to_unassign_them() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let held = number(&world, &world.ada, "+14155552671", "Front desk", Some(&world.dana));
    number(&world, &world.ada, "+14155552672", "Other", Some(&world.chen));
    let dana = format!("{LIST}/{}", world.dana.id);
    let page = ada.get(&dana);
    assert!(page.has("Telephone numbers Front desk+1 415-555-2671") && !page.has("Other"), "{}", page.text());
    assert_eq!(page.buttons("Unassign +1 415-555-2671"), [format!("{dana}/numbers/{held}/removal")]);
    assert_eq!(page.link("Assign a number"), Some(format!("{dana}/numbers")));
    assert!(ada.get(&format!("{LIST}/{}", world.bruno.id)).has("Telephone numbers None."));
    assert!(page.has("There are no groups yet."));
}

#[test]
fn r42_a_profile_says_whether_the_member_takes_calls() {
    use schema::member_calls;
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let dana = format!("{LIST}/{}", world.dana.id);
    assert!(ada.get(&dana).has("Availability Available Everybody says"));
    world.sign_in(&world.dana).submit("/profile/availability", &[("availability", "away")]);
    assert!(ada.get(&dana).has("Availability Away Everybody says"));
    let call = (
        member_calls::account_id.eq(world.dana.account),
        member_calls::member_id.eq(world.dana.id),
        member_calls::on_call.eq(true),
        member_calls::last_call_at.eq(At::NEVER),
    );
    world.write(|conn| diesel::insert_into(member_calls::table).values(call).execute(conn));
    assert!(ada.get(&dana).has("Availability On a call Everybody says"));
    // Only whoever is active takes calls.
    world.stand(&world.dana, Status::Deactivated);
    assert!(!ada.get(&dana).has("Everybody says"));
}
