use std::time::{Duration, Instant};

use super::*;
use diesel::prelude::*;
use rollcall::db::schema;

#[test]
fn r26_ten_thousand_rows_are_checked_kept_and_sent() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let row = |i: usize| format!("p{i}@x.test,agent,Ana,Silva {i}\n");
    let file: String = std::iter::once("email,role,first_name,last_name\n".to_owned()).chain((0..10_000).map(row)).collect();
    let began = Instant::now();
    let (path, page) = preview(&ada, file.as_bytes());
    let took = began.elapsed();
    println!("checked, kept and shown in {took:?}");
    assert_eq!(page.caption(), "Lines 2 to 101; the file has 10,000 rows");
    // The program of the tests is not an optimised one; the figures of the real one are in docs/speed.md.
    assert!(took < Duration::from_secs(12), "{took:?}");
    ada.submit(&format!("{path}/sending"), &[]);
    let began = Instant::now();
    work(&world);
    println!("sent in {:?}", began.elapsed());
    let page = ada.get(&path);
    assert!(page.h1() == "Result" && page.has("10,000"), "{}", page.text());
    let queued: i64 = world.read(|conn| schema::mails::table.filter(schema::mails::state.eq("queued")).count().get_result(conn));
    assert_eq!(queued, 10_000);
}
