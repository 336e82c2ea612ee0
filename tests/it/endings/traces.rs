//! After an erasure no table says anything of the person (R23).

use rollcall::sign_in::links::Purpose;

use super::*;
use crate::support::database::{Everything, lines};

/// Words that nobody else has.
const MARKS: &[&str] = &["Zyxwella", "Quorvath", "Wumbledore", "zyx.first@mark.test", "zyx.second@mark.test", "Blixenmaster", "zyxtension"];

/// Where any of the marks stands, as text or as bytes, in any case.
fn found(everything: &Everything) -> Vec<String> {
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let marks: Vec<String> = MARKS.iter().map(|mark| mark.to_lowercase()).flat_map(|mark| [hex(&mark), mark]).collect();
    let rows = everything.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)));
    let hits = rows.filter(|(_, row)| {
        let row = row.to_lowercase();
        marks.iter().any(|mark| row.contains(mark.as_str()))
    });
    hits.map(|(table, row)| format!("{table}: {row}")).collect()
}

/// Everybody does everything that could leave a trace of one person.
fn busy_life(world: &World) -> Person {
    let ada = world.sign_in(&world.ada);
    invite(&ada, "zyx.first@mark.test", "admin");
    let path = world.mailed_path("zyx.first@mark.test");
    let hers = world.browser();
    assert_eq!(hers.post(&path, &[("first_name", "Zyxwella"), ("last_name", "Wumbledore"), ("password", PASSWORD)]).status, 303);
    let id = find(world, world.ada.account, "zyx.first@mark.test").0;
    let mut person =
        Person { account: world.ada.account, id, name: "Zyxwella Wumbledore".into(), email: "zyx.first@mark.test".into(), role: Role::Admin };
    let line = number(world, &world.ada, "+14155550101", "Desk", Some(&person));
    let other = number(world, &world.ada, "+14155550102", "Front", Some(&world.chen));
    let by = world.proof::<ManageNumbers>(&world.ada);
    let to_her = Incoming::To(Party::Member(id));
    world.app.db.write_now(|tx| numbers::direct(tx, &by, other, to_her, &Present::Unknown, world.now())).unwrap();
    world.group(&world.ada, "Sales", &[&person]);
    let form = [("first_name", "Zyxwella"), ("last_name", "Quorvath"), ("job_title", "Blixenmaster"), ("time_zone", "Asia/Tokyo"), ("theme", "dark")];
    let form = [&form[..], &[("device", "sip:zyxtension@pbx.test")]].concat();
    hers.submit("/profile", &form);
    hers.submit("/profile/availability", &[("availability", "away")]);
    hers.submit("/profile/email", &[("email", "zyx.second@mark.test"), ("current_password", PASSWORD)]);
    let link = world.mailed_path("zyx.second@mark.test");
    assert_eq!(hers.post(&link, &[]).status, 303);
    person.email = "zyx.second@mark.test".into();
    person.name = "Zyxwella Quorvath".into();
    world.deliver();
    let hers = world.sign_in(&person);
    world.link(&person, Purpose::PasswordReset, "zyx.second@mark.test");
    world.browser().post("/password/new", &[("login", "zyx.second@mark.test")]);
    invite(&hers, "other@x.test", "agent");
    hers.submit(&format!("/settings/numbers/{other}"), &[("label", "Front desk"), ("version", "3")]);
    // Files name people by their address.
    let by_hand = format!("number,label,assignee\n+442079460958,x,zyx.second@mark.test\nnonsense,y,{}\n", person.email);
    let kept = world.app.db.write_now(|tx| numbers::import::keep(tx, &by, "numbers.csv", by_hand.as_bytes(), world.now())).unwrap();
    ada.post(&format!("/settings/numbers/import/{kept}"), &[]);
    world.app.db.write_now(|tx| numbers::import::keep(tx, &by, "again.csv", by_hand.as_bytes(), world.now())).unwrap();
    // A file of people, in the shape of the template: a row of hers, one that her number is in, and her former name.
    let people = "email,role,phone_number,first_name,last_name\nzyx.second@mark.test,agent,,Zyxwella,Quorvath\n\
        third@x.test,agent,+14155550101,,\nfourth@x.test,agent,,Zyxwella,Wumbledore\n\
        zyx.first@mark.test,agent,,Zyxwella,Wumbledore\n";
    crate::bulk_invites::kept(world, &world.ada, people);
    // From one to the other and back, in the words of the log.
    let swap = |to: &Person| {
        let present = Present::Was(number_row(world, &world.ada, line).holder_word());
        world.app.db.write_now(|tx| numbers::assign(tx, &by, line, Some(Party::Member(to.id)), &present, world.now())).unwrap();
    };
    swap(&world.dana);
    swap(&person);
    world.browser().post("/login", &[("login", &person.email), ("password", "wrong wrong wrong")]);
    // A removal with a replacement, whose news nobody has read.
    ada.post(&format!("{}/removal", page_of(&person)), &[("replacement", &Destination::Member(world.dana.id).word())]);
    person
}

#[test]
fn r23_after_the_erasure_no_row_of_any_table_says_anything_of_the_person() {
    let world = World::new();
    let person = busy_life(&world);
    let before = found(&world.everything());
    for table in ["members", "audit_notes", "mails", "mailed_links", "number_imports", "bulk_invite_rows"] {
        assert!(before.iter().any(|row| row.starts_with(table)), "{table} had a trace, so that the search is known to find them");
    }
    world.advance(Span::days(28));
    tick(&world);
    assert!(is_erased(&world, &person));
    assert_eq!(found(&world.everything()), Vec::<String>::new());
    let flashes: Vec<Option<String>> = world.read(|conn| schema::sessions::table.select(schema::sessions::flash).load(conn));
    assert!(flashes.iter().flatten().all(|flash| !flash.contains("Zyxwella")), "{flashes:?}");
    if !world.database.is_postgres() {
        // The search index keeps nothing of it either, not even parts of words.
        let index = world.read(|conn| Ok(lines(conn, "SELECT lower(hex(block)) AS line FROM member_search_data")));
        let trigram: String = "zyx".bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(index.iter().all(|block| !block.contains(&trigram)), "a trigram is left");
    }
    // Others are as they were, and what the account typed stays.
    let ada = world.sign_in(&world.ada);
    assert!(ada.get("/settings/numbers").has("Front desk"));
    assert!(ada.get("/settings/numbers").has("Dana Silva"), "the replacement has the calls");
    assert!(ada.get("/settings/audit-log").has("Former member"));
    all_well(&world, world.ada.account);
}

#[test]
fn t34_a_note_of_somebody_who_is_not_erased_stays_whatever_is_tried() {
    let world = World::new();
    remove(&world, &world.ada, &world.dana);
    world.advance(Span::days(28));
    tick(&world);
    let refused = |sql: &str| {
        let said = world.app.db.write_now(|tx| match diesel::sql_query(sql).execute(&mut **tx) {
            Ok(rows) => Err::<(), _>(rollcall::failure::Failure::internal(format!("{rows} rows"))),
            Err(error) => Err(rollcall::failure::Failure::internal(error.to_string())),
        });
        said.unwrap_err().to_string()
    };
    for sql in
        ["DELETE FROM audit_notes", "UPDATE audit_notes SET actor = 'x'", "UPDATE audit_mentions SET subject_id = 'x'", "DELETE FROM audit_mentions"]
    {
        let is_empty = sql.ends_with("mentions") || sql.contains("UPDATE audit_mentions");
        let said = refused(sql);
        assert!(said.contains("append-only") || (is_empty && said.contains("0 rows")), "{sql}: {said}");
    }
    all_well(&world, world.ada.account);
}

#[test]
fn r23_what_files_say_of_others_stays_as_it_is() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let by_username = schema::members::table.filter(schema::members::id.eq(world.dana.id));
    world.write(|conn| diesel::update(by_username).set(schema::members::username.eq("admin")).execute(conn));
    world.group(&world.ada, "admin", &[]);
    let people = "email,role,phone_number,first_name,last_name,groups\nzoe@x.test,agent,,Zoe,Ray,\n\
        diana@acme.test,admin,,Diana,Silva,admin\nxdana@acme.test,agent,,Dana,Roe,\ndana@acme.test,agent,,Dana,Silva,\n";
    let id = crate::bulk_invites::kept_id(&world, &world.ada, people);
    let rows = || world.app.db.read_now(|conn| members::bulk::list_rows(conn, world.ada.account, id, &[], 0, 10)).unwrap();
    let before = rows();
    let by = world.proof::<ManageNumbers>(&world.ada);
    let numbers = b"number,label,assignee\n+442079460958,Dana Silvana,chen@acme.test\n";
    world.app.db.write_now(|tx| numbers::import::keep(tx, &by, "numbers.csv", numbers, world.now())).unwrap();
    let (zoe, _) = world.invite(&world.ada, "zoe@x.test", Role::Agent);
    act(&ada, &zoe, "invitation/cancellation");
    remove(&world, &world.ada, &world.dana);
    world.advance(Span::days(28));
    tick(&world);
    assert!(is_erased(&world, &zoe) && is_erased(&world, &world.dana));
    let after = rows();
    for gone in [0, 3] {
        assert_eq!((after[gone].cells.join(""), after[gone].cells.len(), after[gone].email.as_str()), (String::new(), 6, ""));
        assert_eq!(after[gone].reason, "It named somebody whose data was deleted.");
    }
    for other in [1, 2] {
        let [then, now] = [&before[other], &after[other]].map(|row| (row.cells.clone(), row.email.clone(), row.outcome, row.reason.clone()));
        assert_eq!(then, now);
    }
    let imports: i64 = world.read(|conn| schema::number_imports::table.count().get_result(conn));
    assert_eq!(imports, 1, "a name that only begins like hers is somebody else's");
    // Nobody is invited in place of who is gone.
    let ada = world.sign_in(&world.ada);
    let page = crate::bulk_invites::send(&world, &ada, &format!("{}/{id}", crate::bulk_invites::BULK));
    let said: Vec<String> = crate::bulk_invites::outcomes(&page).iter().map(|row| row.split(' ').take(3).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(said, ["2 — Error", "3 diana@acme.test Invited", "4 xdana@acme.test Invited", "5 — Skip"]);
    all_well(&world, world.ada.account);
}

#[test]
fn r23_a_mail_to_somebody_else_that_waits_says_former_member() {
    let world = World::new();
    let (by, now) = (world.proof::<ManageMembers>(&world.bruno), world.now());
    world.app.db.write_now(|tx| members::change_role(tx, &by, world.dana.id, Role::Supervisor, None, &world.app.plans, now)).unwrap();
    remove(&world, &world.ada, &world.bruno);
    let owner = world.proof::<ManageBilling>(&world.ada);
    world.app.db.write_now(|tx| members::erase_now(tx, &owner, world.bruno.id, now)).unwrap();
    let mails = world.deliver();
    assert_eq!(mails.len(), 1, "what waited for the erased one is gone");
    assert_eq!(mails[0].to, [world.dana.email.as_str()]);
    let text = mails[0].text();
    assert!(text.contains("Former member") && !text.contains("Bruno"), "{text}");
}
