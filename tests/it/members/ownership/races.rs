//! Who owns the account while everybody clicks at once (T25).

use rollcall::members::{deactivate, remove};

use super::*;

const ROUNDS: usize = 50;
const CLIENTS: usize = 16;

/// Exactly one Owner, active, and an audit log that holds.
#[track_caller]
fn one_owner(world: &World, people: &[&Person]) -> Person {
    let owners = owners(world);
    assert_eq!(owners.len(), 1, "{owners:?}");
    let owner = people.iter().find(|person| person.id == owners[0]).expect("one of them");
    assert_eq!(world.row(owner).status, Status::Active);
    (*owner).clone()
}

#[test]
fn t25_of_sixteen_transfers_at_once_one_is_made() {
    let world = World::new();
    let people = [&world.ada, &world.bruno, &world.chen, &world.dana];
    let mut owner = world.ada.clone();
    for round in 0..ROUNDS {
        let by = world.proof::<TransferOwnership>(&owner);
        let others: Vec<&Person> = people.iter().copied().filter(|person| person.id != owner.id).collect();
        let made = world.at_once(CLIENTS, |i| world.app.db.write_now(|tx| transfer(tx, &by, others[i % 3].id, world.now())).is_ok());
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "round {round}");
        let now_is = one_owner(&world, &people);
        assert_ne!(now_is.id, owner.id);
        assert_eq!(world.row(&owner).role, Role::Admin);
        owner = now_is;
    }
    assert!(matches!(world.app.db.read_now(|conn| audit::verify(conn, world.ada.account)), Ok(Ok(_))));
}

#[test]
fn t25_of_sixteen_transfers_through_the_page_one_is_made_and_no_old_session_lives() {
    let world = World::new();
    let cast = [&world.ada, &world.bruno, &world.chen];
    let mut owner = world.ada.clone();
    for round in 0..ROUNDS {
        let others: Vec<&Person> = cast.iter().copied().filter(|person| person.id != owner.id).collect();
        let (first, second) = (world.sign_in(&owner), world.sign_in(&owner));
        let theirs = [world.sign_in(others[0]), world.sign_in(others[1])];
        let browsers: Vec<Browser> = (0..CLIENTS).map(|i| if i % 2 == 0 { first.clone() } else { second.clone() }).collect();
        let answers = world.at_once(CLIENTS, |i| hand_over(&browsers[i], others[i / 2 % 2], PASSWORD));
        let said: Vec<(u16, &str)> = answers.iter().map(|page| (page.status, page.to())).collect();
        // Whoever came too late has been signed out, is no Owner any more, or was asked to wait: each try counts before it is checked.
        assert!(said.iter().all(|(status, _)| [303, 403, 422, 429, 503].contains(status)), "round {round}: {said:?}");
        assert_eq!(said.iter().filter(|(_, to)| to.starts_with(LIST)).count(), 1, "round {round}: {said:?}");
        let now_is = one_owner(&world, &cast);
        assert!(!first.is_signed_in() && !second.is_signed_in(), "keys from before are dead");
        for (other, browser) in others.iter().zip(&theirs) {
            assert_eq!(browser.is_signed_in(), other.id != now_is.id, "{}: only who took part is signed out", other.name);
        }
        let winner = answers.iter().position(|page| page.to().starts_with(LIST)).unwrap();
        assert!(browsers[winner].is_signed_in(), "the acting session goes on");
        owner = now_is;
    }
}

#[test]
fn t25_of_a_transfer_and_a_role_for_its_target_at_once_there_is_one_owner() {
    let world = World::new();
    let people = [&world.ada, &world.bruno, &world.chen];
    let plans = &world.app.plans;
    let mut owner = world.ada.clone();
    for _ in 0..ROUNDS {
        let by = world.proof::<TransferOwnership>(&owner);
        let to = people.iter().find(|person| person.id != owner.id && person.id != world.chen.id).unwrap();
        // Chen is an Admin all along and clicks too, and so does the Owner in other windows.
        world.write(|conn| diesel::update(members::table.filter(members::id.eq(world.chen.id))).set(members::role.eq(Role::Admin)).execute(conn));
        let managers = [world.proof::<ManageMembers>(&owner), world.proof::<ManageMembers>(&world.chen)];
        let done = world.at_once(CLIENTS, |i| match i {
            0 | 1 => world.app.db.write_now(|tx| transfer(tx, &by, to.id, world.now())).is_ok(),
            _ => {
                let (manager, role) = (&managers[i % 2], if i % 4 < 2 { Role::Agent } else { Role::Supervisor });
                let whom = if i % 3 == 0 { owner.id } else { to.id };
                world.app.db.write_now(|tx| change_role(tx, manager, whom, role, None, plans, world.now())).is_ok()
            }
        });
        assert_eq!(done[..2].iter().filter(|done| **done).count(), 1);
        let now_is = one_owner(&world, &people);
        assert_eq!(now_is.id, to.id);
        owner = now_is;
        // Whoever was the Owner may have become less since; they take part in the next round as an Admin again.
        world.write(|conn| diesel::update(members::table.filter(members::role.ne(Role::Owner))).set(members::role.eq(Role::Admin)).execute(conn));
    }
}

#[test]
fn t25_of_a_transfer_and_the_end_of_its_target_at_once_there_is_one_active_owner() {
    let world = World::new();
    let people = [&world.ada, &world.bruno];
    let plans = &world.app.plans;
    let (mut owner, mut transfers) = (world.ada.clone(), 0);
    world.write(|conn| diesel::update(members::table.filter(members::id.eq(world.chen.id))).set(members::role.eq(Role::Admin)).execute(conn));
    for round in 0..ROUNDS {
        let to = people.iter().find(|person| person.id != owner.id).unwrap();
        let by = world.proof::<TransferOwnership>(&owner);
        let managers = [world.proof::<ManageMembers>(&owner), world.proof::<ManageMembers>(&world.chen)];
        // Who comes first differs from round to round.
        let first = round % CLIENTS;
        let done = world.at_once(CLIENTS, |i| {
            let manager = &managers[i % 2];
            match i {
                _ if i == first => world.app.db.write_now(|tx| transfer(tx, &by, to.id, world.now())).is_ok(),
                _ if i % 3 == 0 => world.app.db.write_now(|tx| remove(tx, manager, to.id, None, plans, world.now())).is_ok(),
                _ if i % 3 == 1 => world.app.db.write_now(|tx| deactivate(tx, manager, to.id, plans, world.now())).is_ok(),
                // The Owner of the moment cannot be ended by anybody either.
                _ => world.app.db.write_now(|tx| deactivate(tx, &managers[1], owner.id, plans, world.now())).is_ok(),
            }
        });
        let now_is = one_owner(&world, &people);
        assert_eq!(now_is.id == to.id, done[first], "round {round}: the transfer says what became of it");
        transfers += usize::from(done[first]);
        // Everybody stands again for the next round.
        for person in people {
            if world.row(person).status != Status::Active {
                world.stand(person, Status::Active);
            }
        }
        world.write(|conn| diesel::update(members::table.filter(members::role.ne(Role::Owner))).set(members::role.eq(Role::Admin)).execute(conn));
        owner = now_is;
    }
    assert!(transfers > 0, "no transfer was ever first");
}

#[test]
fn t25_of_roles_given_by_forms_of_one_version_at_once_one_counts() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let browsers: Vec<Browser> = (0..CLIENTS).map(|_| bruno.clone()).collect();
    for round in 0..ROUNDS {
        let before = world.row(&world.dana);
        let wanted = if before.role == Role::Agent {
            ["supervisor", "admin"]
        } else {
            ["agent", if before.role == Role::Admin { "supervisor" } else { "admin" }]
        };
        let (there, version) = (format!("{LIST}/{}/role", world.dana.id), before.version.to_string());
        let statuses = world.at_once(CLIENTS, |i| browsers[i].post(&there, &[("role", wanted[i % 2]), ("version", &version)]).status);
        assert!(statuses.iter().all(|status| [303, 409].contains(status)), "round {round}: {statuses:?}");
        let after = world.row(&world.dana);
        assert_eq!(after.version, before.version + 1, "one of them was written, once");
        // Who asked for what came true is told so, everybody else that it changed meanwhile.
        for (i, status) in statuses.iter().enumerate() {
            assert_eq!(*status == 303, wanted[i % 2] == after.role.word(), "round {round}: {statuses:?}");
        }
    }
}

#[test]
fn t25_of_two_admins_who_demote_each_other_at_once_one_stays() {
    let world = World::new();
    let plans = &world.app.plans;
    for _ in 0..ROUNDS {
        world.write(|conn| {
            let both = members::table.filter(members::id.eq_any([world.bruno.id, world.chen.id]));
            diesel::update(both).set(members::role.eq(Role::Admin)).execute(conn)
        });
        let (bruno, chen) = (world.proof::<ManageMembers>(&world.bruno), world.proof::<ManageMembers>(&world.chen));
        let done = world.at_once(2, |i| {
            let (by, whom) = if i == 0 { (&bruno, world.chen.id) } else { (&chen, world.bruno.id) };
            world.app.db.write_now(|tx| change_role(tx, by, whom, Role::Agent, None, plans, world.now())).is_ok()
        });
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "the second is no Admin any more when it is their turn (T23)");
        let roles = [world.row(&world.bruno).role, world.row(&world.chen).role];
        assert_eq!(roles.iter().filter(|role| **role == Role::Admin).count(), 1);
    }
}
