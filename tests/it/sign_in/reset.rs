use diesel::prelude::*;
use rollcall::{
    authz::Role,
    clock::Span,
    db::schema::{mailed_links, mails, members},
    members::Status,
    sign_in::links::Purpose,
};

use crate::support::*;

const NEW: &str = "velvet harbour ninety lanterns";

fn ask(world: &World, login: &str) -> Page {
    world.browser().post("/password/new", &[("login", login)])
}

fn set(world: &World, path: &str) -> Page {
    world.browser().post(path, &[("password", NEW)])
}

fn assert_gone(page: &Page) {
    assert_eq!((page.status, page.h1().as_str()), (410, "This link does not work any more"));
    assert_eq!(page.link("Send me a new link").as_deref(), Some("/password/new"));
}

#[test]
fn t9_known_unknown_invited_and_deactivated_get_the_same_answer() {
    let world = World::new();
    let out = world.member(world.ada.account, "Eli Novak", "eli@acme.test", Role::Agent, Status::Active);
    world.stand(&out, Status::Deactivated);
    let (invited, _) = world.invite(&world.ada, "new@acme.test", Role::Agent);
    let known = ask(&world, "dana@acme.test");
    assert_eq!((known.status, known.h1().as_str()), (200, "Check your email"));
    for name in ["nobody@acme.test", &out.email, &invited.email, "acme/nobody"] {
        let page = world.unchanged(name, || ask(&world, name));
        assert_eq!((page.status, &page.body), (200, &known.body), "{name}");
    }
    let mails = world.deliver();
    let to: Vec<&str> = mails.iter().flat_map(|mail| mail.to.iter().map(String::as_str)).collect();
    assert_eq!(to, ["dana@acme.test"]);
    assert_eq!(mails[0].subject(), "Choose a new password for Acme");
}

#[test]
fn t9_a_link_sets_the_password_once_and_ends_every_session() {
    let world = World::new();
    let old = world.sign_in(&world.dana);
    ask(&world, " Dana@ACME.test");
    let path = world.mailed_path("dana@acme.test");
    let token = path.strip_prefix("/password/").unwrap();
    let page = world.unchanged("opening the link", || world.browser().get(&path));
    assert_eq!((page.status, page.h1().as_str()), (200, "Choose a new password"));
    assert!(!format!("{:?}", world.everything()).contains(token), "the token stands in the database");
    let weak = world.unchanged("a weak password", || world.browser().post(&path, &[("password", "short")]));
    assert_eq!(weak.status, 422);
    assert!(weak.error_of("password").contains("at least 12"));
    let browser = world.browser();
    let answer = browser.post(&path, &[("password", NEW)]);
    assert_eq!((answer.status, answer.to()), (303, "/login?done=reset"));
    assert!(browser.get(answer.to()).has("Your password is set."));
    assert!(!old.is_signed_in());
    assert_gone(&world.browser().get(&path));
    assert_gone(&world.unchanged("a spent link", || set(&world, &path)));
    let login = |password: &str| {
        world.advance(Span::secs(1));
        world.browser().post("/login", &[("login", "dana@acme.test"), ("password", password)]).status
    };
    assert_eq!((login(PASSWORD), login(NEW)), (422, 303));
    assert_eq!(world.deliver().iter().map(|mail| mail.subject()).collect::<Vec<_>>(), ["Your password was changed"]);
    let words: Vec<String> = world.events(world.dana.account).into_iter().map(|[word, ..]| word).collect();
    assert!(words.contains(&"password.reset_asked".to_owned()) && words.contains(&"password.reset".to_owned()), "{words:?}");
}

#[test]
fn t9_a_link_lives_sixty_minutes_to_the_second() {
    let world = World::new();
    ask(&world, "dana@acme.test");
    let path = world.mailed_path("dana@acme.test");
    world.advance(Span::minutes(60) - Span::secs(1));
    assert_eq!(world.browser().get(&path).status, 200);
    world.advance(Span::secs(1));
    assert_gone(&world.browser().get(&path));
    assert_gone(&world.unchanged("a late link", || set(&world, &path)));
}

#[test]
fn t9_only_the_newest_link_works() {
    let world = World::new();
    ask(&world, "dana@acme.test");
    let first = world.mailed_path("dana@acme.test");
    ask(&world, "dana@acme.test");
    let second = world.mailed_path("dana@acme.test");
    assert_gone(&set(&world, &first));
    assert_eq!(set(&world, &second).status, 303);
}

#[test]
fn t9_a_link_dies_with_the_status_the_password_or_the_address() {
    let world = World::new();
    let link = || world.link(&world.dana, Purpose::PasswordReset, "dana@acme.test");
    let path = link();
    world.stand(&world.dana, Status::Deactivated);
    assert_gone(&world.browser().get(&path));
    assert_gone(&world.unchanged("a link of somebody deactivated", || set(&world, &path)));
    world.stand(&world.dana, Status::Active);
    let (path, change) = (link(), world.link(&world.dana, Purpose::EmailChange, "d@acme.test"));
    assert_eq!(world.browser().post(&change, &[]).status, 303);
    assert_gone(&set(&world, &path));
    let (first, second) = (link(), link());
    assert_eq!(set(&world, &first).status, 303);
    assert_gone(&set(&world, &second));
}

#[test]
fn t9_a_link_that_confirms_an_address_lives_while_the_address_does() {
    let world = World::new();
    let confirmation = || world.link(&world.dana, Purpose::EmailConfirmation, "dana@acme.test");
    let reset = || world.link(&world.dana, Purpose::PasswordReset, "dana@acme.test");
    let path = confirmation();
    assert_eq!(set(&world, &reset()).status, 303);
    assert_eq!(world.browser().post(&path, &[]).to(), "/login?done=confirmed", "a new password changes no address");
    // Another address, or none of whose it is.
    let gone = |path: &str| {
        let page = world.browser().post(path, &[]);
        assert_eq!((page.status, page.h1().as_str()), (410, "This link does not work any more"));
    };
    let path = confirmation();
    let change = world.link(&world.dana, Purpose::EmailChange, "d@acme.test");
    assert_eq!(world.browser().post(&change, &[]).status, 303);
    gone(&path);
    gone(&confirmation());
    let path = world.link(&world.dana, Purpose::EmailConfirmation, "d@acme.test");
    world.stand(&world.dana, Status::Deactivated);
    gone(&path);
    world.stand(&world.dana, Status::Active);
    assert_eq!(world.row(&world.dana).email.as_deref(), Some("d@acme.test"));
}

#[test]
fn t4_a_new_password_opens_every_name_that_strangers_closed() {
    let world = World::new();
    let row = members::table.filter(members::id.eq(world.dana.id));
    world.write(|conn| diesel::update(row).set(members::username.eq("dana")).execute(conn));
    let names = ["dana@acme.test", "acme/dana"];
    for name in names {
        for _ in 0..9 {
            world.browser().post("/login", &[("login", name), ("password", "wrong")]);
            world.advance(Span::secs(3));
        }
        assert_eq!(world.browser().post("/login", &[("login", name), ("password", "wrong")]).status, 429, "{name}");
    }
    let (path, new) = (world.link(&world.dana, Purpose::PasswordReset, "dana@acme.test"), "velvet harbour ninety lanterns");
    assert_eq!(world.browser().post(&path, &[("password", new)]).status, 303);
    for name in names {
        assert_eq!(world.browser().post("/login", &[("login", name), ("password", new)]).status, 303, "{name}");
    }
}

#[test]
fn t9_one_address_a_request() {
    let world = World::new();
    for names in ["dana@acme.test, gus@globex.test", "dana@acme.test gus@globex.test", "dana@acme.test\ngus@globex.test", ""] {
        let page = world.unchanged(names, || ask(&world, names));
        assert_eq!(page.status, 422, "{names:?}");
        assert_eq!(page.error_of("login"), "Enter one email address, or account/username.");
    }
    world.browser().post("/password/new", &[("login", "dana@acme.test"), ("login", "gus@globex.test"), ("login[]", "gus@globex.test")]);
    assert_eq!(world.deliver().iter().flat_map(|mail| mail.to.clone()).collect::<Vec<_>>(), ["dana@acme.test"]);
}

#[test]
fn t9_a_link_for_one_purpose_serves_no_other() {
    let world = World::new();
    for (purpose, email) in [(Purpose::EmailConfirmation, "dana@acme.test"), (Purpose::EmailChange, "d@acme.test")] {
        let token = world.link(&world.dana, purpose, email).rsplit_once('/').unwrap().1.to_owned();
        assert_gone(&world.unchanged("another purpose", || set(&world, &format!("/password/{token}"))));
    }
    let (_, invitation) = world.invite(&world.ada, "new@acme.test", Role::Agent);
    assert_gone(&world.unchanged("an invitation", || set(&world, &invitation.replace("/invitations/", "/password/"))));
}

#[test]
fn t1_each_account_gets_its_own_link() {
    let world = World::new();
    let twins = [&world.ada, &world.gus].map(|owner| world.member(owner.account, "Tia Twin", "tia@both.test", Role::Agent, Status::Active));
    ask(&world, "tia@both.test");
    let mails = world.deliver();
    let mut subjects: Vec<String> = mails.iter().map(|mail| mail.subject()).collect();
    subjects.sort();
    assert_eq!(subjects, ["Choose a new password for Acme", "Choose a new password for Globex"]);
    let acme = mails.iter().find(|mail| mail.subject().ends_with("Acme")).unwrap();
    let before = world.row(&twins[1]).password_hash;
    assert_eq!(set(&world, &world.path_in(acme)).status, 303);
    assert_ne!(world.row(&twins[0]).password_hash, before);
    assert_eq!(world.row(&twins[1]).password_hash, before, "the other account's member keeps the password");
}

#[test]
fn t9_five_links_an_hour_for_one_name_and_nobody_is_told() {
    let world = World::new();
    for _ in 0..5 {
        ask(&world, "dana@acme.test");
    }
    let sixth = world.unchanged("the sixth", || ask(&world, "dana@acme.test"));
    assert_eq!(sixth.h1(), "Check your email");
    let queued = || -> i64 { world.read(|conn| mails::table.filter(mails::kind.eq("password_reset")).count().get_result(conn)) };
    assert_eq!(queued(), 5);
    world.advance(Span::hours(1));
    ask(&world, "dana@acme.test");
    assert_eq!(queued(), 6);
}

#[test]
fn t9_one_client_address_asks_ten_times_a_minute() {
    let world = World::wish().set("ROLLCALL_LOGIN_PER_MINUTE", "10").open();
    for n in 0..10 {
        assert_eq!(ask(&world, &format!("nobody{n}@acme.test")).status, 200);
    }
    let page = ask(&world, "dana@acme.test");
    assert_eq!((page.status, page.header("retry-after")), (429, "60"));
}

#[test]
fn t25_of_sixteen_that_follow_one_link_at_once_one_sets_the_password() {
    let world = World::new();
    let path = world.link(&world.dana, Purpose::PasswordReset, "dana@acme.test");
    let answers = world.at_once(16, |_| set(&world, &path).status);
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [303, 410].contains(status)), "{answers:?}");
    let open: i64 = world.read(|conn| {
        mailed_links::table
            .filter(mailed_links::member_id.eq(world.dana.id))
            .filter(mailed_links::state.eq("open".to_owned()))
            .count()
            .get_result(conn)
    });
    assert_eq!(open, 0);
    assert_eq!(world.deliver().len(), 1, "one notice");
}

#[test]
fn t9_asking_for_a_link_and_closing_the_account_do_not_wait_for_each_other() {
    let world = World::new();
    world.link(&world.bruno, Purpose::PasswordReset, &world.bruno.email);
    std::thread::scope(|scope| {
        let mut asking = None;
        let ended = world.app.db.write_now(|tx| {
            tx.lock(world.ada.account)?;
            asking = Some(scope.spawn(|| ask(&world, &world.bruno.email).status));
            std::thread::sleep(std::time::Duration::from_millis(600));
            rollcall::sign_in::end_all_but_owner(tx, world.ada.account)
        });
        assert!(ended.is_ok(), "{ended:?}");
        assert_eq!(asking.map(|asking| asking.join().unwrap()), Some(200));
    });
}
