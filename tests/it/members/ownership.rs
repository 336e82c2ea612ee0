use rollcall::{
    audit,
    authz::{ManageMembers, Role, TransferOwnership},
    clock::Span,
    db::schema::members,
    members::{TransferRefusal, change_role, transfer},
    sign_in::links::Purpose,
};

use super::*;

mod races;

fn at(person: &Person) -> String {
    format!("{LIST}/{}/ownership", person.id)
}

fn hand_over(browser: &Browser, to: &Person, password: &str) -> Page {
    browser.post(&at(to), &[("current_password", password)])
}

fn owners(world: &World) -> Vec<MemberId> {
    let owners = members::table.filter(members::account_id.eq(world.ada.account)).filter(members::role.eq(Role::Owner));
    world.read(|conn| owners.select(members::id).load(conn))
}

#[test]
fn r20_the_account_changes_hands_both_roles_at_once() {
    let world = World::new();
    let (ada, elsewhere) = (world.sign_in(&world.ada), world.sign_in(&world.ada));
    let (bruno, chen) = (world.sign_in(&world.bruno), world.sign_in(&world.chen));
    let old_key = ada.clone();
    let links = [&world.ada, &world.bruno].map(|person| world.link(person, Purpose::PasswordReset, &person.email));
    let page = ada.get(&at(&world.bruno));
    assert_eq!(page.h1(), "Transfer ownership to Bruno Vargas?");
    for said in ["Become an Admin.", "Only the new Owner can hand the account back.", "your 1 other session and Bruno Vargas's 1 session."] {
        assert!(page.has(said), "{said}: {}", page.text());
    }
    assert_eq!(page.buttons("Transfer Ownership"), [at(&world.bruno)]);
    let answer = hand_over(&ada, &world.bruno, PASSWORD);
    assert_eq!((answer.status, answer.to()), (303, format!("{LIST}/{}", world.bruno.id).as_str()));
    let page = ada.get(answer.to());
    assert_eq!(page.flash(), "Bruno Vargas is the Owner now. You are an Admin, and signed out everywhere else.");
    assert_eq!((world.row(&world.ada).role, world.row(&world.bruno).role), (Role::Admin, Role::Owner));
    // Sessions: the acting one goes on under a new key.
    assert_ne!(ada.cookies()["rollcall"], old_key.cookies()["rollcall"]);
    assert!(ada.is_signed_in() && chen.is_signed_in());
    assert!(!old_key.is_signed_in() && !elsewhere.is_signed_in() && !bruno.is_signed_in());
    assert!(links.iter().all(|link| world.browser().get(link).status == 410), "open links of both die (T9)");
    let mut mails: Vec<_> = world.deliver().iter().map(|mail| (mail.to[0].clone(), mail.subject())).collect();
    mails.sort();
    assert_eq!(
        mails,
        [("ada@acme.test".to_owned(), "Acme has a new Owner".to_owned()), ("bruno@acme.test".to_owned(), "You are the Owner of Acme now".to_owned()),]
    );
    let events: Vec<_> = world.events(world.ada.account).into_iter().filter(|[event, ..]| !event.starts_with("session")).collect();
    assert_eq!(
        events[1..],
        [
            ["account.ownership_transferred", "Ada Okafor", "Bruno Vargas", "before Admin"].map(str::to_owned),
            ["member.role_changed", "Ada Okafor", "Ada Okafor", "from Owner to Admin"].map(str::to_owned),
        ]
    );
    assert!(matches!(world.app.db.read_now(|conn| audit::verify(conn, world.ada.account)), Ok(Ok(_))));
    // The former Owner may not do it again, and the new one may.
    assert_eq!(world.unchanged("once more", || hand_over(&ada, &world.chen, PASSWORD)).status, 403);
    assert_eq!(hand_over(&world.sign_in(&world.bruno), &world.ada, PASSWORD).status, 303);
    assert_eq!(owners(&world), [world.ada.id]);
}

#[test]
fn r20_an_agent_can_become_the_owner_and_what_the_former_owner_invited_stays() {
    let world = World::new();
    let (_, path) = world.invite(&world.ada, "ana@x.test", Role::Agent);
    assert_eq!(hand_over(&world.sign_in(&world.ada), &world.dana, PASSWORD).status, 303);
    assert_eq!(owners(&world), [world.dana.id]);
    assert_eq!(accept(&world.browser(), &path).status, 303, "an Admin may invite");
}

#[test]
fn r20_only_somebody_active_by_email_can_have_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (invited, _) = world.invite(&world.ada, "ana@x.test", Role::Admin);
    world.stand(&world.chen, Status::Deactivated);
    world.stand(&world.dana, Status::Removed);
    world.write(|conn| {
        let row = members::table.filter(members::id.eq(world.bruno.id));
        diesel::update(row).set((members::email.eq(None::<String>), members::username.eq("bruno"))).execute(conn)
    });
    for (person, said) in [
        (&invited, "ana@x.test has not joined yet."),
        (&world.chen, "Chen Wei is deactivated."),
        (&world.dana, "Dana Silva was removed."),
        (&world.bruno, "Bruno Vargas is a user by username."),
        (&world.ada, "Ada Okafor is the Owner already."),
    ] {
        let seen = ada.get(&at(person));
        assert_eq!((seen.status, seen.h1().as_str()), (200, "The account cannot be theirs"), "{}", person.name);
        assert!(seen.has(said) && seen.buttons("Transfer Ownership").is_empty(), "{}", seen.text());
        let page = world.unchanged(said, || hand_over(&ada, person, PASSWORD));
        assert_eq!(page.status, 422, "{}", person.name);
        assert!(page.has(said), "{}", page.text());
        let refusal = world.unchanged(said, || {
            let by = world.proof::<TransferOwnership>(&world.ada);
            world.app.db.write_now(|tx| transfer(tx, &by, person.id, world.now())).unwrap_err()
        });
        assert!(!matches!(refusal, TransferRefusal::Failure(_)), "{refusal}");
    }
    assert_eq!(hand_over(&ada, &world.gus, PASSWORD).status, 404, "somebody of another account");
}

#[test]
fn r20_five_wrong_passwords_lock_the_transfer_for_15_minutes_in_every_process() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for n in 1..=5 {
        let page = hand_over(&ada, &world.bruno, "not it at all");
        assert_eq!(page.status, 422, "{n}");
        assert_eq!(page.error_of("current_password"), "This is not your current password. Five wrong ones lock the transfer for 15 minutes.");
        assert!(!page.body.contains("not it at all"));
        world.advance(Span::secs(30));
    }
    let neighbour = world.neighbour();
    assert_eq!(neighbour.browser.post("/login", &[("login", &world.ada.email), ("password", PASSWORD)]).status, 303);
    for (browser, to) in [(&ada, &world.bruno), (&ada, &world.chen), (&neighbour.browser, &world.bruno)] {
        let page = world.unchanged("a right password while locked", || hand_over(browser, to, PASSWORD));
        assert_eq!((page.status, page.header("retry-after")), (429, "870"));
        assert!(page.error_of("current_password").contains("Wait 15 minutes and try again."), "{}", page.text());
    }
    world.advance(Span::secs(869));
    assert_eq!((hand_over(&ada, &world.bruno, PASSWORD).status, owners(&world)), (429, vec![world.ada.id]));
    world.advance(Span::secs(1));
    assert_eq!(hand_over(&ada, &world.bruno, PASSWORD).status, 303);
    assert_eq!(owners(&world), [world.bruno.id]);
}

#[test]
fn r20_a_right_password_takes_the_wrong_ones_back_and_an_empty_one_is_not_counted() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let wrong = |n: usize| (0..n).map(|_| hand_over(&ada, &world.bruno, "not it at all").status).collect::<Vec<_>>();
    assert_eq!(wrong(4), [422; 4]);
    for _ in 0..6 {
        let page = world.unchanged("no password", || hand_over(&ada, &world.bruno, ""));
        assert_eq!((page.status, page.error_of("current_password").as_str()), (422, "Enter your current password."));
    }
    assert_eq!(hand_over(&ada, &world.bruno, PASSWORD).status, 303);
    assert_eq!(hand_over(&world.sign_in(&world.bruno), &world.ada, PASSWORD).status, 303);
    let ada = world.sign_in(&world.ada);
    assert_eq!(hand_over(&ada, &world.bruno, "not it at all").status, 422, "the fifth in all, the first since a right one");
    assert_eq!(hand_over(&ada, &world.bruno, PASSWORD).status, 303);
}

#[test]
fn r20_of_many_wrong_passwords_at_once_five_are_looked_at() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let browsers: Vec<Browser> = (0..16).map(|_| ada.clone()).collect();
    let statuses = world.at_once(16, |i| hand_over(&browsers[i], &world.bruno, "not it at all").status);
    assert!(statuses.iter().all(|status| [422, 429, 503].contains(status)), "{statuses:?}");
    assert!(statuses.iter().filter(|status| **status == 422).count() <= 5, "{statuses:?}");
    assert_eq!(owners(&world), [world.ada.id]);
}

#[test]
fn r20_the_menus_offer_it_to_the_owner_alone_and_only_where_it_can_go() {
    let world = World::new();
    world.stand(&world.chen, Status::Deactivated);
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let offered = |browser: &Browser, person: &Person| {
        let href = format!("href=\"{}\"", at(person));
        (browser.get(LIST).body.contains(&href), browser.get(&format!("{LIST}/{}", person.id)).body.contains(&href))
    };
    assert_eq!([&world.bruno, &world.dana].map(|person| offered(&ada, person)), [(true, true); 2]);
    assert_eq!([&world.ada, &world.chen].map(|person| offered(&ada, person)), [(false, false); 2]);
    assert_eq!([&world.ada, &world.bruno, &world.dana].map(|person| offered(&bruno, person)), [(false, false); 3]);
    assert_eq!((bruno.get(&at(&world.dana)).status, hand_over(&bruno, &world.bruno, PASSWORD).status), (403, 403));
}

#[test]
fn t23_an_owner_no_more_between_the_door_and_the_write_hands_nothing_over() {
    let world = World::new();
    let by = world.proof::<TransferOwnership>(&world.ada);
    world.app.db.write_now(|tx| transfer(tx, &by, world.bruno.id, world.now())).unwrap();
    let again = world.unchanged("the old proof", || world.app.db.write_now(|tx| transfer(tx, &by, world.chen.id, world.now())));
    assert!(matches!(again, Err(TransferRefusal::Failure(_))));
    assert_eq!(owners(&world), [world.bruno.id]);
}
