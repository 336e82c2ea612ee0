use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use rollcall::clock::At;

use super::*;

const ROUNDS: usize = 50;
const CLIENTS: usize = 16;

/// A victim uses sixteen open sessions on a second server while an Admin ends the membership on the first.
fn hammered(noun: &str) {
    let world = World::new();
    let second = world.neighbour();
    let ada = world.sign_in(&world.ada);
    for round in 0..ROUNDS {
        let victim = world.member(world.ada.account, "Vic Tim", &format!("v{round}@acme.test"), Role::Agent, Status::Active);
        let session = second.browser.clone();
        assert_eq!(session.post("/login", &[("login", &victim.email), ("password", PASSWORD)]).status, 303);
        let ended = AtomicBool::new(false);
        let path = format!("{}/{noun}", page_of(&victim));
        let (answered, tries): (Instant, Vec<(Instant, u16)>) = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|i| {
                    let (browser, ended) = (session.clone(), &ended);
                    scope.spawn(move || {
                        let mut tries = Vec::new();
                        let mut after = 0;
                        while after < 2 {
                            after += usize::from(ended.load(Ordering::SeqCst));
                            let start = Instant::now();
                            let page = match i % 2 {
                                0 => browser.clone().get("/profile"),
                                _ => browser
                                    .clone()
                                    .post("/profile/availability", &[("availability", if after % 2 == 0 { "away" } else { "available" })]),
                            };
                            let lets_in = page.status == 200 || (page.status == 303 && page.to() == "/profile");
                            tries.push((start, if lets_in { 200 } else { page.status }));
                        }
                        tries
                    })
                })
                .collect();
            std::thread::sleep(Duration::from_millis(round as u64 % 7));
            assert_eq!(ada.clone().post(&path, &[]).status, 303);
            let answered = Instant::now();
            ended.store(true, Ordering::SeqCst);
            (answered, clients.into_iter().flat_map(|client| client.join().unwrap()).collect())
        });
        let late: Vec<_> = tries.iter().filter(|(start, status)| *start > answered && *status == 200).collect();
        assert!(late.is_empty(), "round {round}: {} requests that began after the answer were let in", late.len());
        let left = schema::sessions::table.filter(schema::sessions::member_id.eq(victim.id));
        assert_eq!(world.read(|conn| left.count().get_result::<i64>(conn)), 0, "round {round}: a session survives");
    }
    all_well(&world, world.ada.account);
}

#[test]
fn t6_no_request_of_somebody_deactivated_succeeds_after_the_answer_on_any_server() {
    hammered("deactivation");
}

#[test]
fn t6_no_request_of_somebody_removed_succeeds_after_the_answer_on_any_server() {
    hammered("removal");
}

#[test]
fn t25_at_the_plans_last_place_one_comes_back_and_never_one_too_many() {
    let world = World::wish().plan("essentials").open();
    let acme = world.ada.account;
    let ada = world.sign_in(&world.ada);
    let second = world.neighbour();
    deactivate(&world, &world.ada, &world.dana);
    // Twelve who would come back, of whom every third was removed.
    let people: Vec<Person> = (0..12)
        .map(|i| {
            deactivate_all(&world);
            let person = world.member(acme, "Rae Turn", &format!("rae{i}@acme.test"), Role::Agent, Status::Active);
            if i % 3 == 0 {
                remove(&world, &world.ada, &person)
            } else {
                deactivate(&world, &world.ada, &person)
            }
            person
        })
        .collect();
    let hash = world.hash();
    for round in 0..ROUNDS {
        // Three are active, one is invited and keeps a place, one place is free.
        deactivate_all(&world);
        let (_, path) = world.invite(&world.ada, &format!("ana{round}@x.test"), Role::Agent);
        let token = rollcall::keys::Token::parse(path.rsplit('/').next().unwrap()).unwrap();
        let was: Vec<Status> = people.iter().map(|person| standing(&world, person)).collect();
        let done = world.at_once(CLIENTS, |i| match i {
            0..12 => {
                let noun = if was[i] == Status::Removed { "restoration" } else { "reactivation" };
                let browser = if i % 2 == 0 { ada.clone() } else { second.browser.clone() };
                if i % 2 == 0 {
                    browser.post(&format!("{}/{noun}", page_of(&people[i])), &[]).status
                } else {
                    let (by, plans) = (world.proof::<ManageMembers>(&world.ada), &world.app.plans);
                    let back = second.app.db.write_now(|tx| match was[i] {
                        Status::Removed => members::restore(tx, &by, people[i].id, None, plans, world.now()).map(|_| ()),
                        _ => members::reactivate(tx, &by, people[i].id, None, plans, world.now()).map(|_| ()),
                    });
                    if back.is_ok() { 303 } else { 422 }
                }
            }
            12..15 => invite(&ada.clone(), &format!("new{round}-{i}@x.test"), "agent").status,
            _ => {
                let what = members::Acceptance {
                    name: members::PersonName { first: "Ana".into(), last: String::new() },
                    password_hash: hash.clone(),
                    address: String::new(),
                };
                let joined = second.app.db.write_now(|tx| members::accept(tx, &token, &what, &second.app.plans, world.now()));
                if matches!(joined, Ok(members::Accepted::Joined(_))) { 200 } else { 500 }
            }
        });
        assert_eq!(done[15], 200, "round {round}: an acceptance failed for the place it had");
        let (account, pending) = world
            .app
            .db
            .read_now(|conn| {
                let plan = world.app.plans.of_account("essentials");
                Ok::<_, rollcall::failure::Failure>((rollcall::accounts::get(conn, acme)?, members::places(conn, acme, &plan, world.now())?))
            })
            .unwrap();
        assert_eq!(pending.map(|(taken, _)| taken), Some(5), "round {round}: {} active, {done:?}", account.active_members);
        cancel_all(&world);
    }
    all_well(&world, acme);
}

/// Everybody of Acme but the first three is out.
fn deactivate_all(world: &World) {
    let m = schema::members::table.filter(schema::members::account_id.eq(world.ada.account)).filter(schema::members::status.eq(Status::Active));
    let active: Vec<MemberId> = world.read(|conn| m.select(schema::members::id).load(conn));
    let by = world.proof::<ManageMembers>(&world.ada);
    for id in active.into_iter().filter(|id| ![world.ada.id, world.bruno.id, world.chen.id].contains(id)) {
        world.app.db.write_now(|tx| members::deactivate(tx, &by, id, &world.app.plans, world.now())).unwrap();
    }
}

fn cancel_all(world: &World) {
    let m = schema::members::table.filter(schema::members::account_id.eq(world.ada.account)).filter(schema::members::status.eq(Status::Invited));
    let invited: Vec<MemberId> = world.read(|conn| m.select(schema::members::id).load(conn));
    let by = world.proof::<ManageMembers>(&world.ada);
    for id in invited {
        world.app.db.write_now(|tx| members::cancel(tx, &by, id, world.now())).unwrap();
    }
}

#[test]
fn r39_any_number_of_tickers_erase_each_person_once() {
    let world = World::new();
    let neighbours: Vec<_> = (0..3).map(|_| world.neighbour()).collect();
    for round in 0..ROUNDS {
        let people: Vec<Person> =
            (0..3).map(|i| world.member(world.ada.account, "Gone Soon", &format!("g{round}-{i}@acme.test"), Role::Agent, Status::Active)).collect();
        for person in &people {
            remove(&world, &world.ada, person);
        }
        world.advance(Span::days(28));
        let now: At = world.now();
        world.at_once(CLIENTS, |i| {
            let app = neighbours.get(i % 4).map_or(&world.app, |other| &other.app);
            for (account, member) in app.db.read_now(|conn| members::list_due(conn, now, 100)).unwrap() {
                // Busy is an answer too: the next round comes soon.
                let _ = app.db.write_now(|tx| members::erase_due(tx, account, member, now));
            }
        });
        tick(&world);
        assert!(people.iter().all(|person| is_erased(&world, person)), "round {round}");
        let events = world.events(world.ada.account).iter().filter(|[event, ..]| event == "member.erased").count();
        assert_eq!(events, (round + 1) * 3, "round {round}: each once");
    }
    all_well(&world, world.ada.account);
}

#[test]
fn t25_of_a_restoration_and_an_erasure_at_once_one_wins_whole() {
    let world = World::new();
    let plans = world.app.plans.clone();
    for round in 0..ROUNDS {
        let person = world.member(world.ada.account, "Either Or", &format!("e{round}@acme.test"), Role::Agent, Status::Active);
        remove(&world, &world.ada, &person);
        let (restorer, eraser) = (world.proof::<ManageMembers>(&world.bruno), world.proof::<ManageBilling>(&world.ada));
        let won = world.at_once(2, |i| match i {
            0 => world.app.db.write_now(|tx| members::restore(tx, &restorer, person.id, None, &plans, world.now()).map(|_| ())).is_ok(),
            _ => world.app.db.write_now(|tx| members::erase_now(tx, &eraser, person.id, world.now())).is_ok(),
        });
        assert!(won[0] != won[1], "round {round}: {won:?}");
        assert_eq!(is_erased(&world, &person), won[1]);
    }
    all_well(&world, world.ada.account);
}
