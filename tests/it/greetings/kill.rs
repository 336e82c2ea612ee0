use std::time::Duration;

use rollcall::{clock::At, db::Conn};

use super::*;
use crate::{cli::program::Site, faults::connect_to};

/// The group of a site's only account.
pub fn make_group(conn: &mut Conn) -> GroupId {
    let (id, now) = (GroupId::fresh(At::from_micros(1)), At::from_micros(1));
    let account: AccountId = accounts::table.select(accounts::id).first(conn).unwrap();
    let row = (
        (user_groups::id.eq(id), user_groups::account_id.eq(account), user_groups::created_at.eq(now), user_groups::time_zone.eq("UTC")),
        (user_groups::name.eq("Sales"), user_groups::name_key.eq("sales"), user_groups::folded.eq("sales")),
    );
    match conn {
        Conn::Sqlite(conn) => diesel::insert_into(user_groups::table).values(row).execute(conn),
        Conn::Postgres(conn) => diesel::insert_into(user_groups::table).values(row).execute(conn),
    }
    .unwrap();
    id
}

#[test]
fn t29_a_kill_at_any_moment_of_an_upload_leaves_no_row_that_points_at_a_missing_file() {
    let site = Site::new();
    site.create_owner("pro").well();
    let mut conn = connect_to(&site.database.url);
    let sales = make_group(&mut conn);
    let folder = site.folder().join("data/files");
    let mut served = site.serve();
    let ada = site.ada();
    let mut taken = 0;
    for kill in 0..24u64 {
        std::thread::scope(|scope| {
            let ada = &ada;
            let uploading =
                scope.spawn(move || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| upload(ada, sales, "x.wav", &sample(60)).status)).ok());
            std::thread::sleep(Duration::from_micros(kill * 1700));
            served.kill();
            taken += usize::from(uploading.join().unwrap() == Some(303));
            served = site.serve();
        });
        let rows: Vec<String> = greetings::table.select(greetings::file).load(&mut conn).unwrap();
        for file in rows {
            assert!(folder.join(&file).exists(), "kill {kill}: a row points at {file}, which is missing");
        }
    }
    assert!(take(&ada, sales, "last.wav", &chime()).status == 303, "{taken} of 24 were taken before their kill");
    assert!(site.run(&["doctor"]).well().contains("ok    files: "));
    // What was left behind goes an hour later, at the next start.
    served.kill();
    super::sweep::age(&files_in(&folder), Duration::from_secs(3700));
    let _served = site.serve();
    let begun = std::time::Instant::now();
    while files_in(&folder).len() > 1 {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?} {}", files_in(&folder), site.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(site.ada().get(&path(sales)).bytes, chime());
}
