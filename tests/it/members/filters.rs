use rollcall::{
    audit::Author,
    authz::Role,
    clock::Span,
    members::{Status, void_of},
};

use super::*;

fn first_words(page: &Page) -> Vec<String> {
    shown(page).iter().map(|cell| cell.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn r1_the_role_filter_shows_that_role_and_nobody_of_another_account() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for (role, who) in [("owner", "Ada"), ("admin", "Bruno"), ("supervisor", "Chen"), ("agent", "Dana")] {
        let page = ada.get(&format!("{LIST}?role={role}"));
        assert_eq!(first_words(&page), [who]);
        assert_eq!(page.value_of("role"), role);
    }
    assert_eq!(first_words(&ada.get(LIST)), ["Ada", "Bruno", "Chen", "Dana"]);
}

#[test]
fn r1_the_status_filter_tells_invited_expired_and_send_again_apart() {
    let world = World::new();
    let acme = world.ada.account;
    invite(&world.sign_in(&world.ada), "late@x.test", "agent");
    world.advance(Span::days(7));
    invite(&world.sign_in(&world.bruno), "void@x.test", "agent");
    world.app.db.write_now(|tx| void_of(tx, &Author::program(acme, "the tests"), world.bruno.id, world.now())).unwrap();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "fresh@x.test, gone@x.test", "agent");
    ada.submit(&format!("{}/invitation/cancellation", profile(&world, "gone@x.test")), &[]);
    let off = world.member(acme, "Otto Off", "otto@x.test", Role::Agent, Status::Active);
    world.stand(&off, Status::Deactivated);

    for (word, who, badge) in [
        ("invited", "fresh@x.test", "Invited · expires in 7 days"),
        ("expired", "late@x.test", "Invite expired"),
        ("send_again", "void@x.test", "Send again"),
        ("deactivated", "Otto", "Deactivated"),
        ("removed", "gone@x.test", "Invite cancelled"),
    ] {
        let page = ada.get(&format!("{LIST}?status={word}"));
        assert_eq!(first_words(&page), [who], "{word}");
        assert!(rows(&page)[0][2].starts_with(badge), "{word}: {:?}", rows(&page)[0]);
        assert_eq!(page.value_of("status"), word);
    }
    assert_eq!(first_words(&ada.get(&format!("{LIST}?status=active"))), ["Ada", "Bruno", "Chen", "Dana"]);
    // The list itself holds everybody but the removed.
    assert_eq!(ada.get(LIST).rows().len(), 8);
    // Filters add up.
    assert_eq!(first_words(&ada.get(&format!("{LIST}?status=invited&role=agent&q=fresh"))), ["fresh@x.test"]);
    assert_eq!(first_words(&ada.get(&format!("{LIST}?status=invited&role=admin"))), Vec::<String>::new());
}

#[test]
fn r5_a_running_invitation_moves_to_expired_at_its_second() {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "ana@x.test", "agent");
    let listed = |word: &str| world.sign_in(&world.ada).get(&format!("{LIST}?status={word}")).rows().len();
    world.advance(Span::days(7) - Span::secs(1));
    assert_eq!((listed("invited"), listed("expired")), (1, 0));
    world.advance(Span::secs(1));
    assert_eq!((listed("invited"), listed("expired")), (0, 1));
}

#[test]
fn r1_words_that_are_no_filter_are_ignored() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let plain = ada.get(LIST);
    for query in
        ["role=king", "status=zombie", "sort=evil", "after=junk", "after=1~x", "after=99999999999~a~b", "role=&status=&q=&sort=", "page=7&account=x"]
    {
        let page = ada.get(&format!("{LIST}?{query}"));
        assert_eq!((page.status, page.rows(), page.caption()), (200, plain.rows(), plain.caption()), "{query}");
    }
}
