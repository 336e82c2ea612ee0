use diesel::connection::SimpleConnection;
use rollcall::{authz::Role, clock::Span, db::Conn, mail::MailState};

use super::*;

#[test]
fn r4_several_people_are_invited_at_once_with_member_invitation_mail_and_event() {
    use schema::{invitations, mails, members};
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let before = world.events(world.ada.account).len();
    let page = ada.submit(LIST, &[("emails", "ana@x.test, bob@x.test\r\ncy@x.test"), ("role", "admin")]);
    assert_eq!(page.flash(), "3 invites sent. Up to $142.26 if all accept today.");
    assert!(row(&page, "ana@x.test")[1..3].join(" ").starts_with("Admin Invited · expires in 7 days Mail queued"), "{:?}", page.rows());

    type Known = (String, Role, Status, Option<MemberId>, Option<String>);
    let people: Vec<Known> = world.read(|conn| {
        let invited = members::table.filter(members::status.eq(Status::Invited)).order(members::email);
        invited.select((members::email.assume_not_null(), members::role, members::status, members::invited_by, members::password_hash)).load(conn)
    });
    let person = |email: &str| (email.to_owned(), Role::Admin, Status::Invited, Some(world.ada.id), None);
    assert_eq!(people, [person("ana@x.test"), person("bob@x.test"), person("cy@x.test")]);
    let ends: Vec<At> = world.read(|conn| invitations::table.select(invitations::expires_at).load(conn));
    assert_eq!(ends, [world.now() + Span::days(7); 3]);
    let queued: Vec<(String, MailState)> =
        world.read(|conn| mails::table.select((mails::to_address, mails::state)).order(mails::to_address).load(conn));
    assert_eq!(queued, ["ana@x.test", "bob@x.test", "cy@x.test"].map(|to| (to.to_owned(), MailState::Queued)));
    let events = world.events(world.ada.account).split_off(before);
    assert_eq!(events, ["ana@x.test", "bob@x.test", "cy@x.test"].map(|to| ["member.invited", "Ada Okafor", to, "as Admin"].map(str::to_owned)));

    let mails = world.deliver();
    let mut to: Vec<&str> = mails.iter().flat_map(|mail| mail.to.iter().map(String::as_str)).collect();
    to.sort_unstable();
    assert_eq!(to, ["ana@x.test", "bob@x.test", "cy@x.test"]);
    assert_eq!(mails[0].subject(), "Ada Okafor invited you to Acme");
    assert!(mails[0].text().contains("as Admin") && mails[0].text().contains("9 Mar 2026, 09:00 UTC"), "{}", mails[0].text());
}

/// Makes the database refuse a row.
fn refuse(world: &World, table: &str, condition: &str) {
    world.write(|conn| match conn {
        Conn::Sqlite(conn) => {
            conn.batch_execute(&format!("CREATE TRIGGER refusal BEFORE INSERT ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, 'refused'); END;"))
        }
        Conn::Postgres(conn) => conn.batch_execute(&format!(
            "CREATE FUNCTION refusal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;
             CREATE TRIGGER refusal BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refusal();"
        )),
    });
}

#[test]
fn r4_when_any_part_of_it_fails_nobody_is_invited() {
    for (table, condition) in [
        ("mails", "NEW.to_address = 'cy@x.test'"),
        ("audit_notes", "NEW.target = 'cy@x.test'"),
        ("invitations", "(SELECT email FROM members WHERE id = NEW.member_id) = 'cy@x.test'"),
    ] {
        let world = World::new();
        let ada = world.sign_in(&world.ada);
        refuse(&world, table, condition);
        let answer = world.unchanged(table, || invite(&ada, "ana@x.test, bob@x.test, cy@x.test", "agent"));
        assert_eq!((answer.status, answer.h1().as_str()), (500, "Something went wrong"), "{table}");
        assert!(world.deliver().is_empty());
        assert_eq!(invite(&ada, "ana@x.test, bob@x.test", "agent").status, 303, "the portal goes on");
    }
}

#[test]
fn r3_an_address_counts_once_whatever_its_case_and_spaces() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = ada.submit(LIST, &[("emails", "  Ana@X.Test , ana@x.test;ANA@x.TEST\n"), ("role", "agent")]);
    assert!(page.flash().starts_with("Invite sent to ana@x.test."), "{}", page.flash());
    assert_eq!(find(&world, world.ada.account, "ana@x.test").1, Status::Invited);
    let again = world.unchanged("inviting again", || invite(&ada, "ANA@X.TEST", "agent"));
    assert_eq!(again.status, 422);
    assert!(again.has("ana@x.test is invited already."));
    // Of the same address in another account neither knows.
    assert_eq!(invite(&world.sign_in(&world.gus), "ana@x.test, ada@acme.test", "agent").status, 303);
    assert_eq!(world.deliver().len(), 3);
}

#[test]
fn r58_a_wrong_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let typed = "ana@x.test, nonsense\n@x.test";
    let page = world.unchanged("a wrong form", || invite(&ada, typed, "admin"));
    assert_eq!(page.status, 422);
    assert!(page.title().starts_with("Error: Invite Member"), "{}", page.title());
    assert_eq!(page.error_of("emails"), "nonsense, @x.test are not email addresses, like ana@example.com.");
    assert_eq!((page.value_of("emails").as_str(), page.value_of("role").as_str()), (typed, "admin"));

    let many: Vec<String> = (0..101).map(|i| format!("a{i}@x.test")).collect();
    let no_link = "Ana Ruiz <ana@x.test>";
    for (emails, role, field, sentence) in [
        ("", "agent", "emails", "Enter an email address"),
        (" , ;\n", "agent", "emails", "Enter an email address"),
        (many.join(",").as_str(), "agent", "emails", "101 addresses"),
        (no_link, "agent", "emails", "not an email address"),
        ("ana@x.test\u{0}bob@y.test x", "agent", "emails", "not an email address"),
        ("ana@x.test", "", "role", "Choose a role."),
        ("ana@x.test", "king", "role", "Choose a role."),
        ("ana@x.test", "Agent", "role", "Choose a role."),
    ] {
        let page = world.unchanged(emails, || invite(&ada, emails, role));
        assert_eq!(page.status, 422, "{emails:?} {role:?}");
        assert!(page.error_of(field).contains(sentence), "{emails:?} {role:?}: {}", page.error_of(field));
        assert_eq!(page.problems().len(), 1);
    }
}

#[test]
fn t16_fields_that_are_none_of_the_form_change_nothing() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let fields = [
        ("emails", "ana@x.test"),
        ("role", "agent"),
        ("role", "owner"),
        ("status", "active"),
        ("account_id", world.gus.account.as_str()),
        ("invited_by", world.gus.id.as_str()),
        ("password_hash", "x"),
    ];
    assert_eq!(ada.post(LIST, &fields).status, 303);
    let (id, _) = find(&world, world.ada.account, "ana@x.test");
    let member = world.app.db.read_now(|conn| rollcall::members::get(conn, world.ada.account, id)).unwrap();
    assert_eq!((member.role, member.status, member.invited_by, member.password_hash), (Role::Agent, Status::Invited, Some(world.ada.id), None));
}
