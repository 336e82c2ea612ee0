use super::*;

#[test]
fn r22_remove_shows_every_consequence_with_real_counts_and_the_milder_act() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.sign_in(&world.bruno);
    number(&world, &world.ada, "+14155550101", "Bruno", Some(&world.bruno));
    number(&world, &world.ada, "+14155550102", "", Some(&world.bruno));
    world.group(&world.ada, "Sales West", &[&world.bruno]);
    invite(&world.sign_in(&world.bruno), "ana@x.test", "agent");
    let page = world.unchanged("asking", || ada.get(&format!("{}/removal", page_of(&world.bruno))));
    assert_eq!((page.status, page.h1().as_str()), (200, "Remove Bruno Vargas?"));
    let items: Vec<String> = page.rows().into_iter().map(|row| row[0].clone()).collect();
    let documents = ["Phone numbers", "Call recordings", "SMS conversations", "Active dialer campaigns", "Integrations", "Billing"];
    assert_eq!(items.iter().filter(|item| documents.contains(&item.as_str())).collect::<Vec<_>>(), documents.iter().collect::<Vec<_>>());
    for said in [
        "+1 415-555-0101 and +1 415-555-0102 become unassigned and remain on your account.",
        "They leave Sales West.",
        "2 sessions end at once.",
        "1 invitation that they sent stops working",
        "Your seat count decreases by one at the next renewal. No mid-cycle refund for removed users.",
        "Data deleted on 30 Mar 2026. Until then they can be restored.",
    ] {
        assert!(page.has(said), "{said}: {}", page.text());
    }
    assert_eq!(page.buttons("Remove Member").len(), 1);
    assert_eq!(page.link("Deactivate instead"), Some(format!("{}/deactivation", page_of(&world.bruno))));
    assert_eq!(page.link("Keep Bruno Vargas"), Some(page_of(&world.bruno)));
}

#[test]
fn r22_the_profiles_foot_says_delete_this_user_delete_yes() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let profile = ada.get(&page_of(&world.dana));
    assert!(profile.has("Delete this user"));
    let page = ada.get(&profile.link("Delete").expect("the Delete button"));
    assert_eq!((page.h1().as_str(), page.buttons("Yes").len()), ("Delete Dana Silva?", 1));
    let list = ada.submit(&page.buttons("Yes")[0], &[("from", "profile")]);
    assert_eq!(list.flash(), "Dana Silva is removed. Data deleted on 30 Mar 2026.");
    assert_eq!(standing(&world, &world.dana), Status::Removed);
}

#[test]
fn r22_everything_that_pointed_at_them_points_elsewhere_in_one_transaction() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let held = number(&world, &world.ada, "+14155550101", "Dana", Some(&world.dana));
    let main = number(&world, &world.ada, "+14155550100", "Main", Some(&world.chen));
    let by = world.proof::<ManageNumbers>(&world.ada);
    let to_dana = Incoming::To(Party::Member(world.dana.id));
    world.app.db.write_now(|tx| numbers::direct(tx, &by, main, to_dana, &Present::Unknown, world.now())).unwrap();
    let group = world.group(&world.ada, "Sales", &[&world.dana, &world.chen]);
    let session = world.sign_in(&world.dana);
    let list = act(&ada, &world.dana, "removal");
    assert!(!session.is_signed_in());
    assert!(list.rows().iter().all(|row| !row[0].contains("Dana")), "not on the usual list");
    let removed = ada.get(&format!("{LIST}?status=removed"));
    assert_eq!(row(&removed, "Dana Silva")[2], "Removed · Data deleted on 30 Mar 2026");
    for (id, holder) in [(held, None), (main, Some("Chen Wei"))] {
        let number = number_row(&world, &world.ada, id);
        assert_eq!(number.holder.as_ref().map(|who| who.name.as_str()), holder);
        assert_eq!((number.number.incoming(), number.number.incoming_lost), (Incoming::Voicemail, true), "voicemail, and flagged");
    }
    let in_group: Vec<MemberId> = world.read(|conn| {
        schema::group_members::table.filter(schema::group_members::group_id.eq(group)).select(schema::group_members::member_id).load(conn)
    });
    assert_eq!(in_group, [world.chen.id]);
    all_well(&world, world.ada.account);
}

#[test]
fn r22_calls_go_to_the_replacement_that_was_chosen() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let group = world.group(&world.ada, "Tier 2", &[&world.chen]);
    let path = format!("{}/removal", page_of(&world.dana));
    assert!(ada.get(&path).attribute("select[name='replacement']", "id").is_none(), "no calls, no choice");
    let line = number(&world, &world.ada, "+14155550101", "", Some(&world.dana));
    let page = ada.get(&path);
    assert_eq!(page.attribute("select[name='replacement']", "id").as_deref(), Some("f-replacement"));
    assert!(page.has("Calls to +1 415-555-0101 ring them now.") && page.has("User group Tier 2"));
    for (wrong, said) in [
        ("nonsense", "Choose where calls go: voicemail, a user group or a person."),
        ("phone:+14155559999", "Choose where calls go: voicemail, a user group or a person."),
        (&Destination::Member(world.dana.id).word(), "What you chose cannot get calls any more. Choose again."),
        (&Destination::Member(world.gus.id).word(), "What you chose cannot get calls any more. Choose again."),
    ] {
        let page = world.unchanged(wrong, || ada.post(&path, &[("replacement", wrong)]));
        assert_eq!((page.status, page.error_of("replacement").as_str()), (422, said), "{wrong}");
    }
    ada.submit(&path, &[("replacement", &Destination::Group(group).word())]);
    let row = number_row(&world, &world.ada, line);
    assert_eq!((row.number.incoming(), row.number.incoming_lost), (Incoming::To(Party::Group(group)), false));
}

#[test]
fn r45_a_replacement_that_sends_calls_in_a_circle_is_refused_with_its_way() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let line = number(&world, &world.ada, "+14155550101", "", Some(&world.dana));
    let group = world.group(&world.ada, "Tier 2", &[]);
    let by = world.proof::<ManageGroups>(&world.ada);
    world.app.db.write_now(|tx| rollcall::groups::direct(tx, &by, group, 1, &Destination::Number(line), world.now())).unwrap();
    let path = format!("{}/removal", page_of(&world.dana));
    let page = world.unchanged("a circle", || ada.post(&path, &[("replacement", &Destination::Group(group).word())]));
    assert_eq!(page.status, 422);
    assert!(page.error_of("replacement").contains("+1 415-555-0101 → Tier 2 → +1 415-555-0101"), "{}", page.error_of("replacement"));
}

#[test]
fn r22_the_second_click_and_another_account_change_nothing() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    act(&ada, &world.dana, "removal");
    let again = world.unchanged("a second click", || act(&ada, &world.dana, "removal"));
    assert_eq!(again.flash(), "They are removed already. Nothing was changed.");
    let gus = world.sign_in(&world.gus);
    for noun in ["deactivation", "reactivation", "removal", "restoration", "erasure"] {
        assert_eq!(world.unchanged(noun, || gus.post(&format!("{}/{noun}", page_of(&world.chen)), &[])).status, 404, "{noun}");
    }
}

#[test]
fn r22_a_removal_that_fails_halfway_leaves_everything_as_it_was() {
    let world = World::new();
    number(&world, &world.ada, "+14155550101", "", Some(&world.dana));
    world.group(&world.ada, "Sales", &[&world.dana]);
    let ada = world.sign_in(&world.ada);
    let refuse = match world.database.is_postgres() {
        true => "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
        false => "CREATE TRIGGER no BEFORE INSERT ON mails BEGIN SELECT RAISE(ABORT, 'no'); END",
    };
    world.write(|conn| diesel::sql_query(refuse).execute(conn));
    if world.database.is_postgres() {
        world.write(|conn| diesel::sql_query("CREATE TRIGGER no BEFORE INSERT ON mails FOR EACH ROW EXECUTE FUNCTION no()").execute(conn));
    }
    let page = world.unchanged("a removal whose letter cannot be written", || ada.post(&format!("{}/removal", page_of(&world.dana)), &[]));
    assert_eq!(page.status, 500);
}

#[test]
fn r22_of_somebody_deactivated_the_page_says_that_calls_go_to_voicemail_now() {
    let world = World::new();
    number(&world, &world.ada, "+14155550123", "", Some(&world.dana));
    let ada = world.sign_in(&world.ada);
    let path = format!("{}/removal", page_of(&world.dana));
    assert!(ada.get(&path).has("Calls to +1 415-555-0123 ring them now."));
    deactivate(&world, &world.ada, &world.dana);
    let page = ada.get(&path);
    assert!(page.has("Calls to +1 415-555-0123 go to voicemail now, since they are deactivated."), "{}", page.text());
    assert!(page.has("The first 50 people are offered"), "{}", page.text());
}
