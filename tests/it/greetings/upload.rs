use super::*;

#[test]
fn r44_a_greeting_is_uploaded_played_replaced_and_deleted() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let sales = group(&world, world.ada.account, "Sales West");
    assert_eq!(ada.get(&path(sales)).status, 404);

    take(&ada, sales, "west.wav", &sample(21));
    assert_eq!(ada.get("/profile").flash(), "The greeting is saved. It is 0:21 long.");
    let played = bruno.get(&path(sales));
    assert_eq!((played.status, played.header("content-type"), &played.bytes), (200, "audio/wav", &sample(21)));
    assert_eq!(files(&world), named(&world));

    take(&bruno, sales, "/home/bruno/new.wav", &sample(3));
    let replaced = ada.get(&path(sales));
    assert_eq!(replaced.bytes, sample(3));
    assert_ne!(replaced.header("etag"), played.header("etag"));
    assert_eq!((files(&world), named(&world).len()), (named(&world), 1), "the file before is deleted");

    assert_eq!(ada.post(&format!("{}/removal", path(sales)), &[]).status, 303);
    assert_eq!(ada.get(&path(sales)).status, 404);
    assert!(files(&world).is_empty() && named(&world).is_empty());
    let gone = world.unchanged("a second removal", || ada.post(&format!("{}/removal", path(sales)), &[]));
    assert_eq!(gone.status, 303);
    assert_eq!(ada.get("/profile").flash(), "There was no greeting to delete.");

    let events = world.events(world.ada.account).split_off(1);
    let event = |who: &str, details: &str| ["group.greeting_changed", who, "Sales West", details].map(str::to_owned);
    assert_eq!(
        events.into_iter().filter(|event| event[0].starts_with("group.")).collect::<Vec<_>>(),
        [event("Ada Okafor", "uploaded west.wav, 0:21"), event("Bruno Vargas", "uploaded new.wav, 0:03"), event("Ada Okafor", "deleted new.wav")]
    );
}

#[test]
fn r44_the_page_is_told_what_the_greeting_is() {
    use rollcall::groups::{greeting, pages::greeting::GreetingShown};
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (sales, other) = (group(&world, world.ada.account, "Sales"), group(&world, world.ada.account, "Other"));
    take(&ada, sales, "west.mp3", &sample(21));
    take(&ada, other, "", &chime());
    let of = |group| world.app.db.read_now(|conn| greeting::find(conn, world.ada.account, group)).unwrap().unwrap();
    let shown = GreetingShown::new(sales, &of(sales), world.now(), rollcall::web::zone::Zone::UTC);
    assert_eq!((shown.title.as_str(), shown.length.as_str(), shown.kind, shown.size.as_str()), ("west.mp3", "0:21", "WAV", "328 KiB"));
    assert_eq!(shown.who, "Ada Okafor");
    assert_eq!(ada.get(&shown.src).bytes, sample(21));
    assert_eq!(of(other).title, "greeting.wav", "a file without a name gets one");
    assert!(world.app.db.read_now(|conn| greeting::find(conn, world.gus.account, sales)).unwrap().is_none());
}

#[test]
fn r19_another_accounts_group_is_no_page_and_keeps_its_greeting() {
    let world = World::new();
    let (ada, gus) = (world.sign_in(&world.ada), world.sign_in(&world.gus));
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "west.wav", &chime());
    let before = files(&world);
    world.unchanged("a stranger", || {
        assert_eq!(gus.get(&path(sales)).status, 404);
        assert_eq!(upload(&gus, sales, "east.wav", &sample(5)).status, 404);
        assert_eq!(gus.post(&format!("{}/removal", path(sales)), &[]).status, 404);
    });
    assert_eq!(files(&world), before);
    for person in [&world.chen, &world.dana] {
        let browser = world.sign_in(person);
        assert_eq!((upload(&browser, sales, "x.wav", &chime()).status, browser.get(&path(sales)).status), (403, 403));
    }
    assert_eq!(files(&world), before);
}

#[test]
fn t23_whoever_loses_the_right_meanwhile_leaves_nothing_behind() {
    use rollcall::{authz::Role, groups::greeting};
    let world = World::new();
    let sales = group(&world, world.ada.account, "Sales");
    let by = world.proof(&world.bruno);
    let heard = greeting::audio::examine(&chime()).unwrap();
    let kept = world.block_on(greeting::keep(&world.app.files, "x.wav", heard, chime().into())).unwrap();
    assert_eq!(files(&world).len(), 1);
    world.write(|conn| diesel::update(members::table.filter(members::id.eq(world.bruno.id))).set(members::role.eq(Role::Agent)).execute(conn));
    let refused = world.block_on(greeting::adopt(&world.app, &by, sales, kept, world.now()));
    assert!(matches!(refused, Err(rollcall::failure::Failure::Denied(_))), "{refused:?}");
    assert!(files(&world).is_empty() && named(&world).is_empty());
}

#[test]
fn r44_eight_uploads_at_once_leave_one_greeting_and_one_file() {
    let world = World::new();
    let sales = group(&world, world.ada.account, "Sales");
    let browsers: Vec<Browser> = (0..8).map(|_| world.sign_in(&world.ada)).collect();
    let answers = world.at_once(8, |i| upload(&browsers[i], sales, &format!("{i}.wav"), &sample(i as u32 + 1)).status);
    assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
    assert_eq!((named(&world).len(), files(&world)), (1, named(&world)));
    let uploads = world.events(world.ada.account).into_iter().filter(|event| event[0] == "group.greeting_changed").count();
    assert_eq!(uploads, 8);
}
