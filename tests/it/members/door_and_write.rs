use rollcall::{
    authz::{Can, ManageMembers, Role},
    clock::Span,
    db::schema::members,
    failure::Failure,
    members::{Invite, InviteRefusal, LinkRefusal},
};

use super::*;

/// Every write of invitations with this proof; each failure.
fn tries(world: &World, by: &Can<ManageMembers>, ana: MemberId) -> Vec<Failure> {
    let plans = &world.app.plans;
    let what = Invite { emails: vec![EmailAddress::parse("new@x.test").unwrap()], role: Role::Agent, number: None, groups: Vec::new() };
    let link = |refusal: LinkRefusal| match refusal {
        LinkRefusal::Failure(failure) => failure,
        other => panic!("{other}"),
    };
    let db = &world.app.db;
    vec![
        match db.write_now(|tx| rollcall::members::invite(tx, by, &what, plans, world.now())) {
            Err(InviteRefusal::Failure(failure)) => failure,
            other => panic!("{other:?}"),
        },
        link(db.write_now(|tx| rollcall::members::renew(tx, by, ana, plans, world.now())).unwrap_err()),
        link(db.write_now(|tx| rollcall::members::show_link(tx, by, ana, plans, world.now())).map(|_| ()).unwrap_err()),
        link(db.write_now(|tx| rollcall::members::cancel(tx, by, ana, world.now())).map(|_| ()).unwrap_err()),
    ]
}

#[test]
fn t23_rights_lost_between_the_door_and_the_write_write_nothing() {
    for lost in ["role", "epoch", "status"] {
        let world = World::new();
        invite(&world.sign_in(&world.ada), "ana@x.test", "agent");
        world.advance(Span::minutes(2));
        let (ana, _) = find(&world, world.ada.account, "ana@x.test");
        let by = world.proof::<ManageMembers>(&world.bruno);
        let bruno = members::table.filter(members::id.eq(world.bruno.id));
        match lost {
            "role" => world.write(|conn| diesel::update(bruno).set(members::role.eq(Role::Supervisor)).execute(conn)),
            "epoch" => world.write(|conn| diesel::update(bruno).set(members::session_epoch.eq(members::session_epoch + 1)).execute(conn)),
            _ => world.write(|conn| diesel::update(bruno).set(members::status.eq(Status::Deactivated)).execute(conn)),
        };
        let failures = world.unchanged(lost, || tries(&world, &by, ana));
        for failure in failures {
            match lost {
                "role" => assert!(matches!(failure, Failure::Denied(_)), "{lost}: {failure}"),
                _ => assert!(matches!(failure, Failure::SignedOut { .. }), "{lost}: {failure}"),
            }
        }
    }
}

#[test]
fn t23_with_the_right_still_there_the_same_writes_succeed() {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "ana@x.test", "agent");
    let (ana, _) = find(&world, world.ada.account, "ana@x.test");
    let by = world.proof::<ManageMembers>(&world.bruno);
    assert!(world.app.db.write_now(|tx| rollcall::members::cancel(tx, &by, ana, world.now())).is_ok());
}

#[test]
fn r18_a_change_of_role_acts_on_the_next_click_of_an_open_session() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(bruno.get(LIST).status, 200);
    world.write(|conn| diesel::update(members::table.filter(members::id.eq(world.bruno.id))).set(members::role.eq(Role::Agent)).execute(conn));
    assert_eq!(world.unchanged("inviting as an Agent", || invite(&bruno, "ana@x.test", "agent")).status, 403);
    assert!(bruno.is_signed_in());
}
