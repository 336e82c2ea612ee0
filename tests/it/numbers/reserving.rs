use rollcall::{members, ticker};

use super::*;

/// Invites one person with a number, as Ada, by the form.
#[track_caller]
fn invite_with(browser: &Browser, email: &str, id: NumberId) -> Page {
    browser.post(MEMBERS, &[("emails", email), ("role", "agent"), ("number_id", id.as_str())])
}

#[test]
fn r10_an_invite_keeps_a_number_until_it_is_accepted() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "Main");
    let form = ada.get(&format!("{MEMBERS}/new"));
    assert!(form.has("Phone Number (optional)") && form.has("+1 415-555-2671 · Main"), "{}", form.text());
    assert_eq!(invite_with(&ada, "ana@x.test", id).status, 303);
    let given = world.events(world.ada.account).into_iter().rev().find(|[event, ..]| event == "number.assigned").unwrap();
    assert_eq!(given, event(["number.assigned", "Ada Okafor", "+1 415-555-2671", "to ana@x.test"]));
    assert_eq!(ada.get(LIST).rows()[0][2], "ana@x.test (invited)");
    assert!(!ada.get(&format!("{MEMBERS}/new")).has("+1 415-555-2671"));
    let page = world.unchanged("a kept number", || invite_with(&ada, "bob@x.test", id));
    assert_eq!(page.status, 422);
    assert_eq!(page.error_of("number_id"), "That number is assigned to ana@x.test (invited). Choose another one, or unassign it first.");
    let path = world.mailed_path("ana@x.test");
    assert_eq!(crate::members::accept(&world.browser(), &path).status, 303);
    assert_eq!(holder(&world, id).as_deref(), Some("Ana Ruiz"));
}

#[test]
fn r4_one_number_is_for_one_person_and_must_be_of_the_account() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    let foreign = number_of(&world, &world.gus, "+442079460958", "");
    let page = world.unchanged("two people", || invite_with(&ada, "ana@x.test, bob@x.test", id));
    assert_eq!((page.status, page.error_of("number_id").as_str()), (422, "One number is for one person: invite them alone, or choose no number."));
    assert_eq!(page.value_of("number_id"), id.to_string(), "what was chosen stays");
    for id in [foreign.as_str(), "x"] {
        let page = world.unchanged(id, || ada.post(MEMBERS, &[("emails", "ana@x.test"), ("role", "agent"), ("number_id", id)]));
        assert_eq!(page.status, 422, "{id}");
        assert!(!page.error_of("number_id").is_empty());
    }
}

#[test]
fn r10_cancelling_an_invite_frees_its_number() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    invite_with(&ada, "ana@x.test", id);
    let ana = crate::members::profile(&world, "ana@x.test");
    ada.post(&format!("{ana}/invitation/cancellation"), &[]);
    let row = state(&world, id);
    assert_eq!((row.holder, row.number.incoming_lost), (None, false));
    let freed = world.events(world.ada.account).into_iter().rev().find(|[event, ..]| event == "number.unassigned").unwrap();
    assert_eq!(freed, event(["number.unassigned", "Ada Okafor", "+1 415-555-2671", "from ana@x.test: the invitation was cancelled"]));
    assert_eq!(invite_with(&ada, "bob@x.test", id).status, 303);
}

#[test]
fn r12_a_void_invite_frees_its_number() {
    let world = World::new();
    let id = number(&world, "+14155552671", "");
    invite_with(&world.sign_in(&world.bruno), "ana@x.test", id);
    let author = Author::of(&world.proof::<ManageMembers>(&world.ada));
    world.app.db.write_now(|tx| members::void_of(tx, &author, world.bruno.id, world.now())).unwrap();
    assert_eq!(holder(&world, id), None);
    assert_eq!(newest(&world)[3], "from ana@x.test: the invitation is void");
}

#[test]
fn r10_a_kept_number_is_free_to_the_second_even_before_the_ticker_runs() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let id = number(&world, "+14155552671", "");
    invite_with(&ada, "ana@x.test", id);
    world.advance(Span::days(7) - Span::secs(1));
    assert_eq!(holder(&world, id).as_deref(), Some("ana@x.test"));
    world.advance(Span::secs(1));
    let ada = world.sign_in(&world.ada);
    assert_eq!(ada.get(LIST).rows()[0][2], "—");
    assert_eq!(ada.get(&format!("{LIST}?assigned=no")).rows().len(), 1);
    assert_eq!(ada.get(&format!("{LIST}?incoming=nobody")).rows().len(), 1);
    assert_eq!(ada.get(&format!("{LIST}?assigned=yes")).rows().len(), 0);
    assert!(ada.get(&format!("{MEMBERS}/{}/numbers", world.dana.id)).has("+1 415-555-2671"));
    assert!(ada.get(&format!("{LIST}/{id}/removal")).buttons("Release Number").len() == 1);
    let before = world.events(world.ada.account).len();
    assert_eq!(invite_with(&ada, "bob@x.test", id).status, 303);
    let events: Vec<[String; 4]> =
        world.events(world.ada.account).split_off(before).into_iter().filter(|[event, ..]| event.starts_with("number")).collect();
    assert_eq!(
        events,
        [
            event(["number.unassigned", "Rollcall", "+1 415-555-2671", "from ana@x.test: the invitation ran out"]),
            event(["number.assigned", "Ada Okafor", "+1 415-555-2671", "to bob@x.test"]),
        ]
    );
    // Sent again, Ana's invite does not take the number back.
    let ana = crate::members::profile(&world, "ana@x.test");
    assert_eq!(ada.post(&format!("{ana}/invitation"), &[]).status, 303);
    assert_eq!(holder(&world, id).as_deref(), Some("bob@x.test"));
}

#[test]
fn r39_the_ticker_frees_the_numbers_of_invites_that_ran_out_in_every_account_once() {
    let world = World::new();
    let mut kept = Vec::new();
    for (person, e164) in [(&world.ada, "+14155552671"), (&world.gus, "+442079460958")] {
        let id = number_of(&world, person, e164, "");
        assert_eq!(invite_with(&world.sign_in(person), "ana@x.test", id).status, 303);
        kept.push(id);
    }
    let running = number(&world, "+14155552672", "");
    let tick = || world.block_on(ticker::expire(&world.app, world.now())).unwrap();
    world.advance(Span::days(6));
    invite_with(&world.sign_in(&world.ada), "late@x.test", running);
    tick();
    assert_eq!(holder(&world, kept[0]).as_deref(), Some("ana@x.test"));
    world.advance(Span::days(1));
    let before = (world.events(world.ada.account).len(), world.events(world.gus.account).len());
    tick();
    let held: Vec<Option<rollcall::db::MemberId>> =
        world.read(|conn| schema::numbers::table.filter(schema::numbers::id.eq_any(&kept)).select(schema::numbers::member_id).load(conn));
    assert_eq!(held, [None, None]);
    assert_eq!(holder(&world, running).as_deref(), Some("late@x.test"));
    assert_eq!((world.events(world.ada.account).len(), world.events(world.gus.account).len()), (before.0 + 1, before.1 + 1));
    world.unchanged("the next tick", tick);
    // What was marked as run out without being freed is found by the sweep.
    let id = number(&world, "+14155552673", "");
    let (ana, _) = crate::members::find(&world, world.ada.account, "ana@x.test");
    world.write(|conn| {
        diesel::update(schema::numbers::table.filter(schema::numbers::id.eq(id))).set(schema::numbers::member_id.eq(ana)).execute(conn)
    });
    world.block_on(ticker::sweep(&world.app, world.now())).unwrap();
    let now_is: Option<rollcall::db::MemberId> =
        world.read(|conn| schema::numbers::table.filter(schema::numbers::id.eq(id)).select(schema::numbers::member_id).first(conn));
    assert_eq!(now_is, None);
}
