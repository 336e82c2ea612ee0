use rollcall::{
    accounts,
    db::schema::{invitations, sessions},
    keys::Token,
    members::{Acceptance, Accepted, InvitationState},
};

use super::*;

#[test]
fn t25_sixty_four_acceptances_of_one_link_make_one_member() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    let browsers: Vec<Browser> = (0..64).map(|_| world.browser()).collect();
    let answers = world.at_once(64, |i| accept(&browsers[i], &path));
    let statuses: Vec<u16> = answers.iter().map(|page| page.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    // The hasher's queue is bounded, so some are asked to come back.
    assert!(statuses.iter().all(|status| [303, 410, 503].contains(status)), "{statuses:?}");
    assert_eq!(browsers.iter().filter(|browser| browser.is_signed_in()).count(), 1);
    one_joined(&world);
}

/// Ana joined, once, by every account of it.
fn one_joined(world: &World) {
    let (ana, status) = find(world, world.ada.account, "ana@x.test");
    assert_eq!(status, Status::Active);
    let events = world.events(world.ada.account);
    assert_eq!(events.iter().filter(|[event, ..]| event == "member.joined").count(), 1);
    let account = world.app.db.read_now(|conn| accounts::get(conn, world.ada.account)).unwrap();
    assert_eq!((account.active_members, account.invited_members), (5, 0));
    let own = sessions::table.filter(sessions::member_id.eq(ana));
    assert!(world.read(|conn| own.count().get_result::<i64>(conn)) <= 1);
    assert!(matches!(world.app.db.read_now(|conn| rollcall::audit::verify(conn, world.ada.account)), Ok(Ok(_))));
}

#[test]
fn t25_of_64_transactions_behind_the_hasher_one_finds_the_invitation_open() {
    let world = World::new();
    let path = invited(&world, "ana@x.test", "agent");
    let token = Token::parse(path.rsplit('/').next().unwrap()).unwrap();
    let what = |i: usize| Acceptance {
        name: PersonName { first: format!("Ana{i}"), last: String::new() },
        password_hash: world.hash(),
        address: "127.0.0.1".into(),
    };
    let joined = world.at_once(64, |i| world.app.db.write_now(|tx| rollcall::members::accept(tx, &token, &what(i), &world.app.plans, world.now())));
    assert_eq!(joined.iter().filter(|done| matches!(done, Ok(Accepted::Joined(_)))).count(), 1);
    one_joined(&world);
}

#[test]
fn t25_of_accepting_and_cancelling_at_once_one_wins_whole() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let mut joined = 0;
    for round in 0..12 {
        let email = format!("p{round}@x.test");
        let path = invited(&world, &email, "agent");
        let cancelling = format!("{}/invitation/cancellation", profile(&world, &email));
        let answers = world.at_once(2, |i| match i {
            0 => accept(&world.browser(), &path),
            _ => {
                // The acceptance hashes a password first; give it a head start that differs from round to round.
                std::thread::sleep(std::time::Duration::from_millis(round * 8));
                ada.post(&cancelling, &[])
            }
        });
        let (id, status) = find(&world, world.ada.account, &email);
        let state: InvitationState =
            world.read(|conn| invitations::table.filter(invitations::member_id.eq(id)).select(invitations::state).first(conn));
        let said = ada.get(answers[1].to()).flash();
        match answers[0].status {
            303 => {
                joined += 1;
                assert_eq!((status, state), (Status::Active, InvitationState::Used));
                assert!(said.contains("no longer invited"), "{said}");
            }
            410 => {
                assert_eq!((status, state), (Status::Removed, InvitationState::Cancelled));
                assert_eq!(answers[0].h1(), "This invitation was cancelled");
                assert!(said.contains("is cancelled"), "{said}");
            }
            other => panic!("accepting answered {other}"),
        }
    }
    let account = world.app.db.read_now(|conn| accounts::get(conn, world.ada.account)).unwrap();
    assert_eq!((account.active_members, account.invited_members, account.removed_members), (4 + joined, 0, 12 - joined));
}

#[test]
fn r3_of_twenty_forms_with_one_address_at_once_one_invites() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let browsers: Vec<Browser> = (0..20).map(|_| ada.clone()).collect();
    let statuses = world.at_once(20, |i| invite(&browsers[i], "ana@x.test", "agent").status);
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 422, 503].contains(status)), "{statuses:?}");
    assert_eq!(world.deliver().len(), 1);
}
