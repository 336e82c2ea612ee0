//! The same in a bucket: everything through the S3 protocol.

use chrono::TimeDelta;
use rollcall::groups::greeting;

use super::*;
use crate::support::bucket::Bucket;

#[test]
fn r44_a_greeting_lives_in_a_bucket_as_well() {
    let bucket = Bucket::start();
    let world = bucket.wish(World::wish()).open();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    assert!(bucket.keys().is_empty(), "trying it out leaves nothing behind");
    take(&ada, sales, "west.wav", &sample(21));
    assert_eq!(bucket.keys().len(), 1);
    assert!(bucket.keys()[0].starts_with("greetings/"));
    assert!(!world.folder().join("files").exists());

    bucket.asked();
    assert_eq!(ada.get(&path(sales)).bytes, sample(21));
    let part = ada.send(ada.request(reqwest::Method::GET, &path(sales)).header("Range", "bytes=1000-1999"));
    assert_eq!((part.status, &part.bytes[..]), (206, &sample(21)[1000..2000]));
    assert_eq!(bucket.asked(), ["GET", "GET"]);
    let head = ada.head(&path(sales));
    assert_eq!((head.status, head.header("content-length")), (200, sample(21).len().to_string().as_str()));
    assert!(bucket.asked().is_empty(), "the row knows all that a HEAD asks");

    take(&ada, sales, "east.wav", &sample(3));
    assert_eq!((bucket.keys().len(), ada.get(&path(sales)).bytes), (1, sample(3)));
    let refused = upload(&ada, sales, "film.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0");
    assert!(said(&ada, &refused).starts_with("This is a video."));
    assert_eq!(bucket.keys().len(), 1);
    assert_eq!(ada.post(&format!("{}/removal", path(sales)), &[]).status, 303);
    assert!(bucket.keys().is_empty());
}

#[test]
fn the_sweeper_goes_by_the_buckets_own_clock() {
    let bucket = Bucket::start();
    let world = bucket.wish(World::wish()).open();
    let ada = world.sign_in(&world.ada);
    // A clock that is wrong by a day, in either direction, makes no young file old.
    for ahead in [TimeDelta::days(1), TimeDelta::days(-1)] {
        bucket.shift_clock(ahead);
        let ids: Vec<GroupId> = (0..5).map(|n| group(&world, world.ada.account, &format!("Group {n} {ahead}"))).collect();
        ids.iter().for_each(|id| drop(take(&ada, *id, "x.wav", &chime())));
        let orphan = world.block_on(greeting::keep(&world.app.files, "x", greeting::audio::examine(&chime()).unwrap(), chime().into()));
        assert!(orphan.is_ok());
        let before = bucket.keys();
        assert_eq!(world.block_on(greeting::sweep(&world.app)).unwrap(), 0);
        assert_eq!(bucket.keys(), before);
        bucket.age(TimeDelta::minutes(61));
        assert_eq!(world.block_on(greeting::sweep(&world.app)).unwrap(), 1);
        assert_eq!(bucket.keys().len(), before.len() - 1);
        assert!(ids.iter().all(|id| ada.get(&path(*id)).bytes == chime()));
        bucket.age(TimeDelta::days(3));
    }
}

#[test]
fn t28_while_the_bucket_is_away_everything_else_works() {
    let bucket = Bucket::start();
    let world = bucket.wish(World::wish()).open();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "west.wav", &chime());
    bucket.be_away(true);
    let page = world.unchanged("an upload", || upload(&ada, sales, "new.wav", &sample(3)));
    assert_eq!(page.status, 503);
    assert_eq!(ada.get(&path(sales)).status, 503);
    assert_eq!((ada.get("/health/ready").status, ada.get("/profile").status), (200, 200));
    assert!(world.block_on(greeting::sweep(&world.app)).is_err());
    bucket.be_away(false);
    assert_eq!(ada.get(&path(sales)).bytes, chime());
    assert_eq!(bucket.keys().len(), 1);
    bucket.lose_everything();
    assert_eq!(ada.get(&path(sales)).status, 404);
}
