use super::*;

fn leave_group(world: &World, group: GroupId, replacement: Option<&Destination>) -> usize {
    let author = Author::of(&world.proof::<ManageNumbers>(&world.ada));
    world.app.db.write_now(|tx| numbers::leave_group(tx, &author, group, replacement, world.now())).unwrap()
}

#[test]
fn r46_when_a_group_goes_away_its_numbers_are_nobodys_and_calls_go_to_flagged_voicemail() {
    let world = World::new();
    let sales = group(&world, "Sales West");
    let [held, towards, other] = ["+14155552671", "+14155552672", "+14155552673"].map(|e164| number(&world, e164, ""));
    give(&world, held, Party::Group(sales));
    give(&world, towards, Party::Member(world.chen.id));
    direct(&world, towards, Incoming::To(Party::Group(sales))).unwrap();
    give(&world, other, Party::Group(sales));
    direct(&world, other, Incoming::To(Party::Member(world.dana.id))).unwrap();
    assert_eq!(leave_group(&world, sales, None), 3);
    let shown = |id| {
        let row = state(&world, id);
        (row.holder.as_ref().map(|who| who.name.clone()), row.number.incoming(), row.number.incoming_lost)
    };
    assert_eq!(shown(held), (None, Incoming::Voicemail, true));
    assert_eq!(shown(towards), (Some("Chen Wei".into()), Incoming::Voicemail, true));
    assert_eq!(shown(other), (None, Incoming::To(Party::Member(world.dana.id)), false));
    let events = world.events(world.ada.account);
    let details: Vec<&str> = events[events.len() - 3..].iter().map(|[.., details]| details.as_str()).collect();
    assert_eq!(
        details,
        ["from Sales West; incoming calls from Sales West to voicemail", "incoming calls from Sales West to voicemail", "from Sales West"]
    );
    world.write(|conn| diesel::delete(schema::user_groups::table.filter(schema::user_groups::id.eq(sales))).execute(conn));
    let ada = world.sign_in(&world.ada);
    let page = ada.get(LIST);
    assert_eq!(page.rows()[0][3], "Voicemail Choose again");
    // Choosing mends it; so does giving the number to somebody.
    ada.submit(&format!("{LIST}/{towards}/incoming"), &[("incoming", "voicemail")]);
    assert_eq!(shown(towards), (Some("Chen Wei".into()), Incoming::Voicemail, false));
    give(&world, held, Party::Member(world.dana.id));
    assert_eq!(shown(held), (Some("Dana Silva".into()), Incoming::Assignee, false));
}

#[test]
fn r46_calls_go_to_the_replacement_unless_it_would_lead_them_back() {
    let world = World::new();
    let [sales, tier, back] = ["Sales West", "Tier 2", "Back"].map(|name| group(&world, name));
    let [one, two] = ["+14155552671", "+14155552672"].map(|e164| number(&world, e164, ""));
    give(&world, one, Party::Group(sales));
    give(&world, two, Party::Group(tier));
    leave_group(&world, sales, Some(&Destination::Group(tier)));
    assert_eq!(state(&world, one).number.incoming(), Incoming::To(Party::Group(tier)));
    fall_back(&world, back, &Destination::Number(one));
    leave_group(&world, tier, Some(&Destination::Group(back)));
    assert_eq!((state(&world, one).number.incoming(), state(&world, one).number.incoming_lost), (Incoming::Voicemail, true));
    assert_eq!((state(&world, two).number.incoming(), state(&world, two).number.incoming_lost), (Incoming::To(Party::Group(back)), false));
    for (i, replacement) in
        [Destination::Voicemail, Destination::Phone(PhoneNumber::parse("+442079460958").unwrap()), Destination::Number(two)].iter().enumerate()
    {
        let gone = group(&world, &format!("Gone {i}"));
        let id = number(&world, &format!("+1415555268{i}"), "");
        give(&world, id, Party::Group(gone));
        leave_group(&world, gone, Some(replacement));
        let row = state(&world, id);
        assert_eq!((row.number.incoming(), row.number.incoming_lost), (Incoming::Voicemail, i > 0), "{replacement:?}");
    }
}

#[test]
fn r22_when_a_member_goes_away_it_is_the_same() {
    let world = World::new();
    let [held, towards] = ["+14155552671", "+14155552672"].map(|e164| number(&world, e164, ""));
    give(&world, held, Party::Member(world.dana.id));
    give(&world, towards, Party::Member(world.chen.id));
    direct(&world, towards, Incoming::To(Party::Member(world.dana.id))).unwrap();
    let author = Author::of(&world.proof::<ManageMembers>(&world.ada));
    let to = Destination::Member(world.bruno.id);
    world.app.db.write_now(|tx| numbers::leave_member(tx, &author, world.dana.id, Some(&to), world.now())).unwrap();
    assert_eq!(holder(&world, held), None);
    for id in [held, towards] {
        assert_eq!(state(&world, id).number.incoming(), Incoming::To(Party::Member(world.bruno.id)));
    }
}

#[test]
fn r50_who_holds_what_is_listed_for_members_and_groups() {
    let world = World::new();
    let sales = group(&world, "Sales West");
    let [one, two, three] = ["+14155552672", "+14155552671", "+14155552673"].map(|e164| number(&world, e164, ""));
    give(&world, one, Party::Member(world.dana.id));
    give(&world, two, Party::Member(world.dana.id));
    give(&world, three, Party::Group(sales));
    let account = world.ada.account;
    world
        .app
        .db
        .read_now(|conn| {
            let names = numbers::names_of_members(conn, account, &[world.dana.id, world.chen.id])?;
            assert_eq!(names.get(&world.dana.id).unwrap(), &["+1 415-555-2671", "+1 415-555-2672"]);
            assert!(!names.contains_key(&world.chen.id));
            assert_eq!(numbers::e164_of_members(conn, account, &[world.dana.id])?[&world.dana.id], ["+14155552671", "+14155552672"]);
            assert_eq!(numbers::list_of_member(conn, account, world.dana.id)?.len(), 2);
            assert_eq!(numbers::list_of_group(conn, account, sales)?[0].id, three);
            assert_eq!(numbers::list_free(conn, account, world.now(), "", 10)?.len(), 0);
            Ok::<_, rollcall::failure::Failure>(())
        })
        .unwrap();
}
