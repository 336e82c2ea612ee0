//! What happens between a page and its click, and between the end of a cycle and its renewal (R35, R37 to R39).

use rollcall::{
    billing::{Ahead, Interval},
    members::InvitationState,
    ticker,
};

use super::{
    cancellation::{HERE, post_reopen},
    *,
};
use crate::bulk_invites::{BULK, outcomes};

const PLAN: &str = "/settings/billing/plan";
const LIST: &str = "/settings/team/members";

/// A minute before the end of the cycle in which the world begins, 2 April.
fn last_minute(world: &World) {
    world.advance(Span::days(31) - Span::minutes(9 * 60 + 1));
}

fn closed_at(world: &World, account: AccountId) -> Option<rollcall::clock::At> {
    world.read(|conn| schema::accounts::table.find(account).select(schema::accounts::closed_at).get_result(conn))
}

#[test]
fn r38_a_cancellation_from_a_page_of_the_cycle_before_asks_again() {
    let world = World::new();
    last_minute(&world);
    let browser = world.sign_in(&world.ada);
    let shown = browser.get(HERE).value_of("ends_on");
    assert_eq!(shown, "2026-04-02");
    world.advance(Span::minutes(2));
    let post = |ends_on: &str| browser.post(HERE, &[("current_password", PASSWORD), ("ends_on", ends_on)]);
    let page = world.unchanged("the page of the cycle before", || post(&shown));
    assert_eq!((page.status, page.h1().as_str()), (409, "Cancel the account?"));
    assert!(page.has("The cycle that the page showed is over: the account would close on 2 May 2026 now. Nothing was done."), "{}", page.text());
    assert_eq!(page.value_of("ends_on"), "2026-05-02");
    let page = world.unchanged("no day", || post("tomorrow"));
    assert_eq!(page.status, 422);
    assert!(page.has("The day that the page showed cannot be read."), "{}", page.text());
    assert_eq!(post("2026-05-02").status, 303);
    assert_eq!(settle(&world, world.ada.account).ahead, Ahead::Closing);
}

#[test]
fn r37_a_choice_from_a_page_of_the_cycle_before_asks_again() {
    let world = World::wish().plan("pro_plus").open();
    last_minute(&world);
    let browser = world.sign_in(&world.ada);
    let page = browser.get(&format!("{PLAN}?plan=pro&interval=monthly"));
    let (shown, ends_on) = (page.value_of("shown"), page.value_of("ends_on"));
    assert_eq!((shown.as_str(), ends_on.as_str()), ("0.00", "2026-04-02"));
    world.advance(Span::minutes(2));
    let post = |ends_on: &str| browser.post(PLAN, &[("plan", "pro"), ("interval", "monthly"), ("shown", &shown), ("ends_on", ends_on)]);
    let page = world.unchanged("the page of the cycle before", || post(&ends_on));
    assert_eq!(page.status, 409);
    assert!(page.has("The cycle that the page showed is over, and the present one ends on 2 May 2026."), "{}", page.text());
    assert_eq!((page.value_of("ends_on").as_str(), page.title().starts_with("Error: ")), ("2026-05-02", true));
    assert_eq!(world.unchanged("no day", || post("tomorrow")).status, 422);
    assert_eq!(post("2026-05-02").status, 303);
    // So does the button that withdraws it.
    assert_eq!(browser.get(PLAN).value_of("ends_on"), "2026-05-02");
    assert_eq!(settle(&world, world.ada.account).next_terms(), (world.app.plans.find("pro").unwrap(), Interval::Monthly));
}

#[test]
fn r12_an_invitation_that_is_over_makes_no_supervisor_on_a_plan_without_them() {
    let world = World::new();
    let (sam, _) = world.invite(&world.bruno, "sam@x.test", Role::Supervisor);
    world.stand(&world.chen, Status::Deactivated);
    world.advance(Span::days(8));
    world.block_on(ticker::expire(&world.app, world.now())).unwrap();
    let ada = world.sign_in(&world.ada);
    assert_eq!(ada.post(PLAN, &[("plan", "essentials"), ("interval", "monthly")]).status, 303, "nobody is in the way");
    world.advance(Span::days(24));
    assert_eq!(settle(&world, world.ada.account).plan.word, "essentials");
    let ada = world.sign_in(&world.ada);
    world.deliver();
    for door in ["invitation", "invitation/link"] {
        assert_eq!(ada.post(&format!("{LIST}/{}/{door}", sam.id), &[]).to(), LIST, "{door}");
        let said = ada.get(LIST).flash();
        assert!(said.contains("is a Supervisor, and the Essentials plan has none"), "{door}: {said}");
    }
    let answer = ada.upload(BULK, &[("resend_pending", "on")], "file", "team.csv", b"email\nsam@x.test\n");
    let told = outcomes(&ada.get(answer.to()));
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("2 sam@x.test Error Was invited as a Supervisor, and the Essentials plan has none"), "{told:?}");
    let page = ada.post(&format!("{LIST}/selection"), &[("act", "resend"), ("member_ids", sam.id.as_str())]);
    assert!(page.status < 500, "{}", page.text());
    use schema::invitations::dsl as i;
    let running = i::invitations.filter(i::member_id.eq(sam.id)).filter(i::state.eq(InvitationState::Open)).count();
    assert_eq!(world.read(|conn| running.get_result::<i64>(conn)), 0);
    assert!(world.deliver().is_empty());
}

#[test]
fn r38_whoever_accepts_as_the_account_closes_is_turned_away_and_the_account_is_closed() {
    let world = World::new();
    cancel(&world, &world.ada);
    last_minute(&world);
    let (_, path) = world.invite(&world.ada, "soon@x.test", Role::Agent);
    let dana = world.sign_in(&world.dana);
    world.advance(Span::minutes(2));
    assert_eq!(closed_at(&world, world.ada.account), None, "no ticker was here");
    let page = world.browser().post(&path, &[("first_name", "Ana"), ("last_name", "Roy"), ("password", "velvet harbour ninety lanterns")]);
    assert_eq!((page.status, page.h1().as_str()), (410, "Acme has closed its account"));
    assert!(closed_at(&world, world.ada.account).is_some(), "the refusal keeps what fell due");
    assert!(!dana.is_signed_in());
}

#[test]
fn r37_of_many_who_are_in_the_way_the_first_fifty_are_listed_and_the_others_counted() {
    let world = World::new();
    for n in 0..51 {
        world.member(world.ada.account, &format!("Super {n:03}"), &format!("s{n}@acme.test"), Role::Supervisor, Status::Active);
    }
    let page = world.sign_in(&world.ada).get(&format!("{PLAN}?plan=essentials&interval=monthly"));
    assert!(page.has("50 people would have to go. Essentials has no Supervisors, and there are 52."), "{}", page.text());
    let items = |section: &str| page.all(&format!("section[aria-labelledby={section}] li"), |item| item.text().collect::<String>());
    let (roles, people) = (items("supervisors"), items("people"));
    assert_eq!((roles.len(), roles.last().unwrap().as_str()), (51, "and 2 more"));
    assert_eq!((people.len(), people.last().unwrap().as_str()), (51, "and 4 more"));
}

#[test]
fn r38_closing_counts_on_only_for_those_who_are_signed_in() {
    let world = World::new();
    cancel(&world, &world.ada);
    last_minute(&world);
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let epochs = || [&world.ada, &world.bruno, &world.dana].map(|person| world.row(person).session_epoch);
    let before = epochs();
    world.advance(Span::minutes(2));
    settle(&world, world.ada.account);
    assert_eq!(epochs(), [before[0], before[1] + 1, before[2]]);
    assert_eq!(ada.get("/").to(), HERE, "the Owner stays signed in");
    assert_eq!(post_reopen(&ada, PASSWORD, "").status, 303);
    assert!(!bruno.is_signed_in());
}

#[test]
fn r39_the_ticker_leaves_out_what_is_stuck_for_one_round_and_begins_nothing_on_its_way_out() {
    let world = World::new();
    world.advance(Span::days(31));
    let due = |who: &Person| world.app.db.read_now(|conn| billing::list_due(conn, world.now(), 9)).unwrap().contains(&who.account);
    let mut stuck = vec![world.gus.account];
    let round = world.block_on(ticker::renew(&world.app, &mut stuck, world.now())).unwrap();
    assert_eq!((round, due(&world.ada), due(&world.gus), stuck.len()), (ticker::Round::Last, false, true, 0));
    world.app.leave();
    world.block_on(ticker::renew(&world.app, &mut stuck, world.now())).unwrap();
    assert!(due(&world.gus));
}

#[test]
fn r35_a_subscription_that_cannot_be_opened_stops_no_start_and_is_opened_later() {
    let world = World::new();
    let account = world.ada.account;
    // Its first line would have a number that is taken.
    let delete = |conn: &mut rollcall::db::Conn| diesel::delete(schema::subscriptions::table.find(account)).execute(conn);
    world.write(delete);
    let started = world.neighbour();
    let lacks = || world.app.db.read_now(|conn| billing::list_due(conn, world.now(), 9)).unwrap() == [account];
    assert!(lacks(), "the start went on without it");
    drop(started);
    world.write(|conn| {
        diesel::delete(schema::ledger_entries::table.filter(schema::ledger_entries::account_id.eq(account))).execute(conn)?;
        diesel::delete(schema::invoices::table.filter(schema::invoices::account_id.eq(account))).execute(conn)
    });
    world.block_on(ticker::renew(&world.app, &mut Vec::new(), world.now())).unwrap();
    assert!(!lacks());
    assert_eq!(invoices(&world, account), [(1, 19_600)]);
}

#[test]
fn several_questions_in_one_snapshot_see_nothing_that_others_write_meanwhile() {
    let world = World::new();
    let account = world.ada.account;
    let paid = |conn: &mut rollcall::db::Conn| rollcall::accounts::get(conn, account).map(|account| account.active_members);
    let seen = world.app.db.snapshot_now(|conn| {
        let before = paid(conn)?;
        world.member(account, "Eli Novak", "eli@acme.test", Role::Agent, Status::Active);
        Ok::<_, rollcall::failure::Failure>((before, paid(conn)?))
    });
    assert_eq!(seen.unwrap(), (4, 4));
    assert_eq!(world.app.db.snapshot_now(paid).unwrap(), 5);
}
