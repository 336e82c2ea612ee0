use super::*;
use crate::numbers::{number, number_of};
use rollcall::{
    db::NumberId,
    numbers::{self, Party, Present},
};

fn give(world: &World, id: NumberId, to: &Person) {
    let (by, now) = (world.proof::<ManageMembers>(&world.ada), world.now());
    world.app.db.write_now(|tx| numbers::assign(tx, &by, id, Some(Party::Member(to.id)), &Present::Unknown, now)).unwrap();
}

#[test]
fn r28_a_number_must_be_the_accounts_free_and_once_in_the_file() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    number(&world, "+14155550100", "Main");
    number(&world, "+14155550103", "");
    give(&world, number(&world, "+14155550101", ""), &world.dana);
    number_of(&world, &world.gus, "+14155550102", "");
    for (what, cell, wanted) in [
        ("free", "+14155550100", "Invite"),
        ("with punctuation", "+1 (415) 555-0100", "Invite"),
        ("with an apostrophe", "'+14155550100", "Invite"),
        ("without its plus, and the account has it", "14155550103", "Invite"),
        ("without its plus, with punctuation", "1 415-555-0103", "Invite"),
        (
            "without its plus, and the account does not have it",
            "14155550199",
            "Error 14155550199 lacks its country code. Start with a plus, like +14155552671.",
        ),
        ("without its country code", "4155550100", "Error 4155550100 lacks its country code. Start with a plus, like +14155552671."),
        ("taken", "+14155550101", "Error +14155550101 is already assigned to Dana Silva."),
        ("another account's", "+14155550102", "Error +14155550102 is not a number of this account."),
        ("nobody's", "+442079460958", "Error +442079460958 is not a number of this account."),
        (
            "rounded",
            "4.4E+11",
            "Error 4.4E+11 was rounded by a spreadsheet, so digits are missing. Format the column as text and enter the number again.",
        ),
        ("too short", "+1415", "Error +1415 is not a telephone number. Check its digits; it looks like +14155552671."),
        ("words", "none", "Error none lacks its country code. Start with a plus, like +14155552671."),
    ] {
        let (_, page) = preview(&ada, format!("email,role,phone_number\na@x.test,agent,{cell}\n").as_bytes());
        assert_eq!(outcomes(&page), [format!("2 a@x.test {wanted}")], "{what}");
        assert!(!page.body.contains("Globex"), "{what}");
    }
    let file = "email,role,phone_number\na@x.test,agent,+14155550100\nb@x.test,agent,+1 415 555 0100\nc@x.test,boss,+14155550103\nd@x.test,agent,14155550103\n";
    assert_eq!(
        outcomes(&preview(&ada, file.as_bytes()).1),
        [
            "2 a@x.test Invite",
            "3 b@x.test Error +14155550100 is given away in line 2.",
            "4 c@x.test Error Role “boss”: use admin, supervisor or agent.",
            // The row before is not invited, so the number is free.
            "5 d@x.test Invite",
        ]
    );
}

#[test]
fn r10_the_numbers_and_groups_of_a_file_are_kept_for_its_people() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (one, two) = (number(&world, "+14155550100", ""), number(&world, "+14155550101", ""));
    let (sales, tier) = (world.group(&world.ada, "Sales", &[&world.dana]), world.group(&world.ada, "Tier 2", &[]));
    let file = "email,role,phone_number,groups,first_name,last_name\na@x.test,agent,+14155550100,Sales;Tier 2,Ana,Silva\n\
                b@x.test,admin,+14155550101,Sales,,\nc@x.test,agent,,,,\n";
    let (path, _) = preview(&ada, file.as_bytes());
    // Somebody else is given a number meanwhile.
    give(&world, two, &world.chen);
    let page = send(&world, &ada, &path);
    assert_eq!(outcomes(&page), ["2 a@x.test Invited", "3 b@x.test Error +14155550101 is already assigned to Chen Wei.", "4 c@x.test Invited"]);
    let (a, status) = crate::members::find(&world, world.ada.account, "a@x.test");
    assert_eq!(status, rollcall::members::Status::Invited);
    let row = world.app.db.read_now(|conn| numbers::get(conn, world.ada.account, one)).unwrap();
    assert_eq!(row.assignee(), Some(Party::Member(a)));
    assert_eq!((world.group_row(&world.ada, sales).members, world.group_row(&world.ada, tier).members), (2, 1));
    let events: Vec<_> = world.events(world.ada.account).into_iter().filter(|[_, _, whom, _]| whom == "Ana Silva" || whom == "a@x.test").collect();
    let event = |words: [&str; 4]| words.map(str::to_owned);
    assert_eq!(
        events,
        [
            event(["member.invited", "Ada Okafor", "a@x.test", "as Agent, by bulk invite"]),
            event(["group.member_added", "Ada Okafor", "Ana Silva", "Sales"]),
            event(["group.member_added", "Ada Okafor", "Ana Silva", "Tier 2"]),
        ]
    );
}
