//! Delete Group, and what takes its place (R46).

use diesel::prelude::*;
use rollcall::{
    accounts,
    db::schema::{group_members, ring_turns},
    members::Status,
};

use super::*;

fn delete(browser: &Browser, id: GroupId, replacement: &str) -> Page {
    browser.post(&format!("{}/removal", home(id)), &[("replacement", replacement)])
}

/// Sales, to which Night falls back and to which three numbers belong in three ways.
struct Scene {
    sales: GroupId,
    night: GroupId,
    tier2: GroupId,
    /// Assigned to Sales, with its calls.
    whole: NumberId,
    /// Dana's, its calls go to Sales.
    sent: NumberId,
    /// Assigned to Sales, its calls go to voicemail because somebody said so.
    quiet: NumberId,
}

fn scene(world: &World, browser: &Browser) -> Scene {
    let sales = crew(world, "Sales", &[&world.dana, &world.chen]);
    let [night, tier2] = groups_of(world, ["Night", "Tier 2"]);
    assert_eq!(fall(world, browser, night, &Destination::Group(sales)).status, 303);
    let [whole, sent, quiet] = ["+14155552671", "+442079460958", "+4930901820"].map(|digits| number(world, &world.ada, digits));
    assign(world, whole, Some(Party::Group(sales))).unwrap();
    assign(world, sent, Some(Party::Member(world.dana.id))).unwrap();
    direct(world, sent, Incoming::To(Party::Group(sales))).unwrap();
    assign(world, quiet, Some(Party::Group(sales))).unwrap();
    direct(world, quiet, Incoming::Voicemail).unwrap();
    Scene { sales, night, tier2, whole, sent, quiet }
}

/// Holder, incoming calls and the flag of a number.
fn of(world: &World, id: NumberId) -> (Option<Party>, Incoming, bool) {
    let number = number_row(world, id);
    (number.assignee(), number.incoming(), number.incoming_lost)
}

#[test]
fn r46_what_pointed_at_the_group_points_at_the_group_that_was_chosen() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    let to = Party::Group(it.tier2);
    let gone = ada.get(delete(&ada, it.sales, &to.word()).to());
    assert_eq!((gone.h1().as_str(), gone.flash().as_str()), ("User Groups", "Sales is deleted. Nobody was deactivated."));
    let night = world.group_row(&world.ada, it.night);
    assert_eq!((night.fallback(), night.fallback_lost), (Destination::Group(it.tier2), false));
    // Numbers are kept, without a holder where it was the group.
    assert_eq!(of(&world, it.whole), (None, Incoming::To(to), false));
    assert_eq!(of(&world, it.sent), (Some(Party::Member(world.dana.id)), Incoming::To(to), false));
    assert_eq!(of(&world, it.quiet), (None, Incoming::Voicemail, false));
}

#[test]
fn r46_a_number_or_an_outside_number_replaces_fallbacks_and_numbers_go_to_voicemail() {
    for outside in [true, false] {
        let world = World::new();
        let ada = world.sign_in(&world.ada);
        let it = scene(&world, &ada);
        let spare = number(&world, &world.ada, "+14155552675");
        let to = if outside { Destination::Phone(PhoneNumber::parse("+14155552677").unwrap()) } else { Destination::Number(spare) };
        assert_eq!(delete(&ada, it.sales, &to.word()).status, 303);
        let night = world.group_row(&world.ada, it.night);
        assert_eq!((night.fallback(), night.fallback_lost), (to, false));
        assert_eq!(of(&world, it.whole), (None, Incoming::Voicemail, true));
        assert_eq!(of(&world, it.sent), (Some(Party::Member(world.dana.id)), Incoming::Voicemail, true));
        assert_eq!(of(&world, it.quiet), (None, Incoming::Voicemail, false));
    }
}

#[test]
fn r46_voicemail_is_flagged_until_somebody_chooses_again() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    // Nothing chosen is voicemail.
    assert_eq!(ada.post(&format!("{}/removal", home(it.sales)), &[]).status, 303);
    let night = world.group_row(&world.ada, it.night);
    assert_eq!((night.fallback(), night.fallback_lost), (Destination::Voicemail, true));
    assert_eq!(of(&world, it.whole), (None, Incoming::Voicemail, true));
    let row = || ada.get(GROUPS).rows().into_iter().find(|row| row[0] == "Night").unwrap();
    let lost = "What this group fell back to was deleted, so calls go to voicemail now. Choose again.";
    assert_eq!(row()[4], "Voicemail Choose again");
    assert!(ada.get(&settings(it.night)).has(lost));
    // Choosing voicemail is a choice.
    assert_eq!(fall(&world, &ada, it.night, &Destination::Voicemail).status, 303);
    assert_eq!(row()[4], "Voicemail");
    assert!(!ada.get(&settings(it.night)).has(lost) && !world.group_row(&world.ada, it.night).fallback_lost);
}

#[test]
fn r46_a_replacement_that_leads_in_a_circle_is_refused_with_the_path() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    assert_eq!(fall(&world, &ada, it.tier2, &Destination::Group(it.night)).status, 303);
    let page = world.unchanged("a circle", || delete(&ada, it.sales, &format!("group:{}", it.tier2)));
    let sentence = "Calls would go in a circle: Night → Tier 2 → Night. Choose another one, or voicemail.";
    assert_eq!((page.status, page.error_of("replacement").as_str()), (422, sentence));
    assert_eq!((page.h1().as_str(), page.value_of("replacement").as_str()), ("Delete Sales?", "group"));
    assert!(page.attribute(&format!("option[value='{}']", it.tier2), "selected").is_some(), "what was chosen stays chosen");
    let spare = number(&world, &world.ada, "+14155552675");
    assign(&world, spare, Some(Party::Group(it.night))).unwrap();
    let page = world.unchanged("a circle through a number", || delete(&ada, it.sales, &format!("number:{spare}")));
    assert!(page.error_of("replacement").contains("Night → +1 415-555-2675 → Night"), "{}", page.error_of("replacement"));
}

#[test]
fn r46_a_replacement_that_fell_back_to_the_group_itself_gets_voicemail() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    let [day] = groups_of(&world, ["Day"]);
    assert_eq!(fall(&world, &ada, day, &Destination::Group(it.sales)).status, 303);
    assert_eq!(delete(&ada, it.sales, &format!("group:{}", it.night)).status, 303);
    let [day, night] = [day, it.night].map(|id| world.group_row(&world.ada, id));
    assert_eq!((day.fallback(), day.fallback_lost), (Destination::Group(it.night), false));
    assert_eq!((night.fallback(), night.fallback_lost), (Destination::Voicemail, true));
    assert_eq!(of(&world, it.whole).1, Incoming::To(Party::Group(it.night)));
    assert_eq!(super::loops::endless(&world, world.ada.account), [""; 0]);
}

#[test]
fn r46_a_number_whose_calls_would_come_back_to_it_goes_to_voicemail() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    // Tier 2 falls back to the number whose calls went to Sales.
    assert_eq!(fall(&world, &ada, it.tier2, &Destination::Number(it.sent)).status, 303);
    assert_eq!(delete(&ada, it.sales, &format!("group:{}", it.tier2)).status, 303);
    assert_eq!(of(&world, it.sent), (Some(Party::Member(world.dana.id)), Incoming::Voicemail, true));
    assert_eq!(of(&world, it.whole), (None, Incoming::To(Party::Group(it.tier2)), false));
    assert_eq!(super::loops::endless(&world, world.ada.account), [""; 0]);
}

#[test]
fn r46_a_replacement_that_is_none_is_refused_and_nothing_is_deleted() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    let theirs = world.group(&world.gus, "Globex Sales", &[]);
    let their_number = number(&world, &world.gus, "+14155552679");
    for (word, sentence) in [
        (format!("group:{}", it.sales), "What you chose was deleted meanwhile. Choose again."),
        (format!("group:{theirs}"), "What you chose was deleted meanwhile. Choose again."),
        (format!("number:{their_number}"), "What you chose was deleted meanwhile. Choose again."),
        (format!("member:{}", world.dana.id), "Choose another group, a number or voicemail."),
        ("phone:12".into(), "12 lacks its country code. Start with a plus, like +14155552671."),
        ("nothing".into(), "Choose where calls go."),
    ] {
        let page = world.unchanged(&word, || delete(&ada, it.sales, &word));
        assert_eq!((page.status, page.error_of("replacement").as_str()), (422, sentence), "{word}");
        assert!(["Night", "+1 415-555-2671", "+44 20 7946 0958", "+49 30 901820"].iter().all(|name| page.link(name).is_some()), "{}", page.text());
    }
}

#[test]
fn r46_memberships_end_and_nobody_is_deactivated() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    let dana = world.sign_in(&world.dana);
    let turn = (ring_turns::account_id.eq(world.ada.account), ring_turns::group_id.eq(it.sales), ring_turns::place.eq(1));
    world.write(|conn| diesel::insert_into(ring_turns::table).values(turn).execute(conn));
    let counted = || world.app.db.read_now(|conn| accounts::get(conn, world.ada.account)).map(|account| account.active_members).unwrap();
    let before = counted();
    assert_eq!(delete(&ada, it.sales, "voicemail").status, 303);
    assert_eq!(world.read(|conn| group_members::table.count().get_result::<i64>(conn)), 0);
    assert_eq!(world.read(|conn| ring_turns::table.count().get_result::<i64>(conn)), 0);
    for person in [&world.dana, &world.chen] {
        assert_eq!(world.row(person).status, Status::Active);
    }
    assert!(dana.is_signed_in());
    assert_eq!(counted(), before);
    // Its name is free again.
    assert_eq!(ada.post(GROUPS, &[("name", "sales")]).status, 303);
}

#[test]
fn r46_a_group_is_deleted_once() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let it = scene(&world, &ada);
    let browsers: Vec<Browser> = (0..8).map(|_| ada.clone()).collect();
    let mut statuses = world.at_once(8, |i| delete(&browsers[i], it.sales, "voicemail").status);
    statuses.sort();
    assert_eq!(statuses, [303, 404, 404, 404, 404, 404, 404, 404]);
    world.unchanged("deleting it again", || {
        assert_eq!(delete(&ada, it.sales, "voicemail").status, 404);
        assert_eq!(ada.get(&format!("{}/removal", home(it.sales))).status, 404);
        assert_eq!(ada.get(&home(it.sales)).status, 404);
    });
    let deleted = world.events(world.ada.account).into_iter().filter(|[event, ..]| event == "group.deleted").count();
    assert_eq!(deleted, 1);
}
