use super::*;
use diesel::prelude::*;
use rollcall::{authz::Role, clock::Span, db::schema, members::Status};

fn event(words: [&str; 4]) -> [String; 4] {
    words.map(str::to_owned)
}

#[test]
fn r29_a_file_is_looked_at_then_sent_and_its_history_and_failed_rows_are_kept() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let file = b"Name;EMAIL;Role\n=1+1;a@x.test;agent\n;b@x.test;admin\n\"Ana; the third\";dana@acme.test;\n-2;bad;agent\n+14155550100;;boss\n";
    let (path, page) = preview(&ada, file);
    assert_eq!(page.h1(), "Check the invites");
    for said in ["2 to invite", "1 skipped", "2 with errors", "Nothing is sent yet.", "to 2 people", "There is a problem with 2 rows"] {
        assert!(page.has(said), "{said}: {}", page.text());
    }
    assert!(page.has("Line 5: “bad” is not an email address"), "{}", page.text());
    assert!(
        page.has(
            "The Pro plan has no maximum of places. Up to $94.84 if all accept today; each is charged on acceptance: $47.42 today ($49.00 × 30 of 31 days)."
        )
    );
    assert_eq!(page.buttons("Send Invites"), [format!("{path}/sending")]);
    assert!(world.deliver().is_empty(), "nothing is sent yet");
    assert_eq!(world.events(world.ada.account).pop().unwrap(), event(["bulk_invite.uploaded", "Ada Okafor", "a file", "5 rows"]));
    // A reload changes nothing.
    world.unchanged("a reload", || ada.get(&path));

    let page = ada.submit(&format!("{path}/sending"), &[]);
    assert_eq!(page.h1(), "Sending the invites");
    assert!(page.has("0 of 2 sent."), "{}", page.text());
    work(&world);
    let page = ada.get(&path);
    assert_eq!(page.h1(), "Result");
    assert_eq!(
        outcomes(&page),
        [
            "2 a@x.test Invited",
            "3 b@x.test Invited",
            "4 dana@acme.test Skip Active already.",
            "5 bad Error “bad” is not an email address, like ana@example.com.",
            "6 — Error There is no email address. Role “boss”: use admin, supervisor or agent.",
        ]
    );
    assert!(page.link("a@x.test").is_some_and(|href| ada.get(&href).has("a@x.test")), "a row leads to its person");
    let events = world.events(world.ada.account);
    assert_eq!(
        events[events.len() - 3..],
        [
            event(["bulk_invite.started", "Ada Okafor", "a file", "2 rows"]),
            event(["member.invited", "Ada Okafor", "a@x.test", "as Agent, by bulk invite"]),
            event(["member.invited", "Ada Okafor", "b@x.test", "as Admin, by bulk invite"]),
        ]
    );
    let mut mailed: Vec<String> = world.deliver().into_iter().flat_map(|mail| mail.to).collect();
    mailed.sort();
    assert_eq!(mailed, ["a@x.test", "b@x.test"]);

    let failed = ada.get(&format!("{path}/failed-rows.csv"));
    assert_eq!(failed.header("content-disposition"), "attachment; filename=\"failed-rows.csv\"");
    let wanted = "Name;EMAIL;Role;error\n'-2;bad;agent;“bad” is not an email address, like ana@example.com.\n\
                  +14155550100;;boss;There is no email address. Role “boss”: use admin, supervisor or agent.\n";
    assert_eq!(failed.body, wanted);
    // Mended and uploaded again, the column of errors makes room for the new one.
    world.advance(Span::secs(1));
    let (again, page) = preview(&ada, wanted.replace(";bad;", ";good@x.test;").as_bytes());
    assert_eq!(outcomes(&page)[0], "2 good@x.test Invite");
    assert!(ada.get(&format!("{again}/failed-rows.csv")).body.starts_with("Name;EMAIL;Role;error\n"));

    let page = ada.get(BULK);
    assert_eq!(page.h1(), "Bulk Invite");
    let rows: Vec<String> = page.rows().iter().map(|row| format!("{} {} {} {} {} {}", row[0], row[2], row[3], row[4], row[5], row[6])).collect();
    assert_eq!(rows, ["team.csv Ada Okafor Not sent 0 0 1", "team.csv Ada Okafor Sent, with errors 2 1 2"]);
}

#[test]
fn r29_every_row_is_looked_at_again_when_it_is_sent() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = world.group(&world.ada, "Sales", &[]);
    let file = "email,role,groups\na@x.test,agent,\nb@x.test,agent,\nc@x.test,agent,\nd@x.test,agent,Sales\ne@x.test,agent,\n";
    let (path, page) = preview(&ada, file.as_bytes());
    assert_eq!(page.rows().iter().filter(|row| row[4] == "Invite").count(), 5);
    world.member(world.ada.account, "Ana A", "a@x.test", Role::Agent, Status::Active);
    world.invite(&world.ada, "b@x.test", Role::Agent);
    world.member(world.ada.account, "Cara C", "c@x.test", Role::Agent, Status::Deactivated);
    assert_eq!(ada.post(&format!("/settings/user-groups/{sales}/removal"), &[("replacement", "voicemail")]).status, 303);
    let page = send(&world, &ada, &path);
    assert_eq!(
        outcomes(&page),
        [
            "2 a@x.test Skip Active already.",
            "3 b@x.test Skip Invited already.",
            "4 c@x.test Error Deactivated: reactivate them instead.",
            "5 d@x.test Error There is no user group named Sales.",
            "6 e@x.test Invited",
        ]
    );
    assert_eq!(world.deliver().len(), 1);
}

#[test]
fn r29_a_row_that_was_wrong_is_not_sent_though_it_would_be_right_now() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (path, _) = preview(&ada, b"email,role,groups\na@x.test,agent,Sales\nb@x.test,agent,\n");
    world.group(&world.ada, "Sales", &[]);
    let page = send(&world, &ada, &path);
    assert_eq!(outcomes(&page), ["2 a@x.test Error There is no user group named Sales.", "3 b@x.test Invited"]);
}

#[test]
fn r12_when_the_sender_may_not_invite_any_more_the_sending_stops_and_says_so() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let file: String = std::iter::once("email,role\n".to_owned()).chain((0..450).map(|i| format!("p{i}@x.test,agent\n"))).collect();
    let (path, _) = preview(&bruno, file.as_bytes());
    bruno.submit(&format!("{path}/sending"), &[]);
    let (account, id) = (world.ada.account, path.rsplit('/').next().unwrap().parse().unwrap());
    let piece = || world.app.db.write_now(|tx| bulk::send_some(tx, &world.app.plans, account, id, world.now())).unwrap();
    assert_eq!(piece(), bulk::Pace::More);
    let ada = world.sign_in(&world.ada);
    assert!(ada.get(&path).has("200 of 450 sent."), "{}", ada.get(&path).text());
    world.write(|conn| {
        diesel::update(schema::members::table.filter(schema::members::id.eq(world.bruno.id))).set(schema::members::role.eq(Role::Agent)).execute(conn)
    });
    world.unchanged("an Agent", || assert_eq!(bruno.post(&format!("{path}/sending"), &[]).status, 403));
    work(&world);
    let page = ada.get(&path);
    assert_eq!(page.h1(), "Result");
    assert!(page.has("250 rows not sent") && page.has("may not invite people any more") && page.has("Stopped"), "{}", page.text());
    let event = world.events(account).pop().unwrap();
    assert_eq!(event, ["bulk_invite.stopped", "Rollcall", "a file", "250 rows"].map(str::to_owned));
    world.unchanged("stopped", || work(&world));
    // Somebody who may sends the rest, in their own name.
    let page = send(&world, &ada, &path);
    assert!(page.has("Sent") && !page.has("not sent"), "{}", page.text());
    let inviters: Vec<(String, Option<rollcall::db::MemberId>)> = world.read(|conn| {
        let invited = schema::members::table.filter(schema::members::status.eq("invited")).filter(schema::members::account_id.eq(account));
        invited.order(schema::members::seq).select((schema::members::email.assume_not_null(), schema::members::invited_by)).load(conn)
    });
    assert_eq!(inviters.len(), 450);
    assert_eq!(inviters.iter().filter(|(_, by)| *by == Some(world.bruno.id)).count(), 200);
}

#[test]
fn r29_a_file_without_a_row_that_can_be_sent_is_not_sent() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (path, page) = preview(&ada, b"email,role\nbad,agent\ndana@acme.test,agent\n");
    assert!(page.buttons("Send Invites").is_empty() && page.has("No row of this file can be sent."));
    let page = world.unchanged("nothing to send", || ada.submit(&format!("{path}/sending"), &[]));
    assert_eq!(page.flash(), "No row of this file can be sent.");
    assert_eq!(page.h1(), "Check the invites");
}

#[test]
fn r23_what_files_say_of_an_erased_person_is_taken_out_of_them() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let number = crate::numbers::number(&world, "+14155550101", "");
    let by = world.proof::<ManageMembers>(&world.ada);
    let to = Some(rollcall::numbers::Party::Member(world.dana.id));
    let assign = |tx: &mut rollcall::db::Tx<'_>| rollcall::numbers::assign(tx, &by, number, to, &rollcall::numbers::Present::Unknown, world.now());
    world.app.db.write_now(assign).unwrap();
    let file = "email,role,manager,phone_number\nDana@Acme.test,agent,,\na@x.test,agent,DANA SILVA,\nb@x.test,boss,\"cc dana@acme.TEST\",\n\
                c@x.test,agent,,+14155550101\nd@x.test,agent,Dan,\n";
    let answer = ada.upload(BULK, &[], "file", "for Dana Silva.csv", file.as_bytes());
    let path = answer.to().to_owned();
    assert!(ada.get(&path).has("already assigned to Dana Silva."));
    send(&world, &ada, &path);
    let home = format!("{MEMBERS}/{}", world.dana.id);
    assert_eq!(ada.post(&format!("{home}/removal"), &[("replacement", "voicemail")]).status, 303);
    world.advance(Span::days(29));
    world.block_on(rollcall::ticker::erase(&world.app, world.now())).unwrap();
    let everything = world.everything();
    for table in ["bulk_invite_rows", "bulk_invites", "members", "mails", "audit_notes"] {
        let told: Vec<&String> = everything[table].iter().filter(|row| row.to_lowercase().contains("dana")).collect();
        assert!(told.is_empty(), "{table}: {told:?}");
    }
    let page = world.sign_in(&world.ada).get(&path);
    assert_eq!(
        outcomes(&page),
        [
            "2 — Skip It named somebody whose data was deleted.",
            "3 a@x.test Invited",
            "4 b@x.test Error Role “boss”: use admin, supervisor or agent.",
            "5 c@x.test Error It named somebody whose data was deleted.",
            "6 d@x.test Invited",
        ]
    );
    assert!(everything["bulk_invite_rows"].iter().any(|row| row.contains("\"Dan\"") || row.contains("\\\"Dan\\\"")), "what does not name them stays");
}

#[test]
fn r23_rows_are_deleted_28_days_after_they_were_sent_and_counts_stay() {
    let world = World::new();
    let sweep = || world.block_on(rollcall::ticker::sweep(&world.app, world.now())).unwrap();
    let ada = world.sign_in(&world.ada);
    let (never, _) = preview(&ada, b"email,role\nn@x.test,agent\n");
    let (path, _) = preview(&ada, b"email,role\na@x.test,agent\nbad,agent\n");
    send(&world, &ada, &path);
    world.advance(Span::days(27));
    sweep();
    assert_eq!(world.sign_in(&world.ada).get(&path).rows().len(), 2);
    world.advance(Span::days(2));
    sweep();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(&path);
    assert!(page.rows().is_empty() && page.has("The rows of this file were deleted 28 days after it was sent."), "{}", page.text());
    assert_eq!(ada.get(&format!("{path}/failed-rows.csv")).body.lines().count(), 1);
    assert_eq!(ada.get(&never).status, 404, "what was never sent is gone");
    let rows: Vec<String> = ada.get(BULK).rows().iter().map(|row| format!("{} {}", row[3], row[4])).collect();
    assert_eq!(rows, ["Sent, with errors 1"]);
    assert!(world.everything()["bulk_invite_rows"].is_empty());
}
