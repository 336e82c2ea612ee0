use diesel::prelude::*;
use rollcall::{
    clock::Span,
    db::schema::{accounts, members},
};

use crate::{
    members::{invite, rows},
    support::*,
};

const LOG: &str = "/settings/audit-log";

/// The words of each event on a page: what, and whom.
fn told(page: &Page) -> Vec<String> {
    assert_eq!(page.status, 200);
    rows(page).into_iter().map(|row| format!("{} {}", row[2].replace("Details ", ""), row[3])).collect()
}

/// Three days of Acme: Ada invites one on Monday, Bruno one on Tuesday at noon, Ada one on Wednesday at midnight.
fn three_days() -> World {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "mon@x.test", "agent");
    world.advance(Span::hours(27));
    invite(&world.sign_in(&world.bruno), "tue@x.test", "admin");
    world.advance(Span::hours(12));
    invite(&world.sign_in(&world.ada), "wed@x.test", "agent");
    world
}

#[test]
fn r57_the_log_can_be_filtered_by_text_person_event_and_day() {
    let world = three_days();
    let ada = world.sign_in(&world.ada);
    let look = |query: &str| told(&ada.get(&format!("{LOG}?event=member.invited{query}")));
    let (mon, tue, wed) = ("Member invited as Agent mon@x.test", "Member invited as Admin tue@x.test", "Member invited as Agent wed@x.test");
    assert_eq!(look(""), [wed, tue, mon], "newest first");
    assert_eq!(look(&format!("&actor={}", world.bruno.id)), [tue]);
    assert_eq!(look("&q=MON%40x"), [mon]);
    assert_eq!(look("&q=bruno"), [tue]);
    assert_eq!(look("&q=as+admin"), [tue]);
    assert_eq!(look("&q=127.0.0.1"), [wed, tue, mon]);
    assert_eq!(look("&q=%25"), Vec::<String>::new(), "a wildcard is a character");
    assert_eq!(look("&from=2026-03-03"), [wed, tue]);
    assert_eq!(look("&to=2026-03-03"), [tue, mon], "the last day is whole");
    assert_eq!(look("&from=2026-03-03&to=2026-03-03"), [tue]);
    assert_eq!(look("&from=2026-03-05"), Vec::<String>::new());
    // What no filter can be is ignored.
    assert_eq!(look("&from=yesterday&to=2026-02-30&actor=me"), [wed, tue, mon]);
    assert_eq!(told(&ada.get(&format!("{LOG}?event=nonsense"))).len(), told(&ada.get(LOG)).len());
    let none = ada.get(&format!("{LOG}?q=zzz"));
    assert!(none.has("No events match") && none.link("Clear filters").as_deref() == Some(LOG));
}

#[test]
fn r57_days_are_days_in_the_readers_zone() {
    let world = three_days();
    // Wednesday 00:00 UTC is Tuesday evening in New York.
    world.write(|conn| diesel::update(accounts::table).set(accounts::time_zone.eq("America/New_York")).execute(conn));
    let ada = world.sign_in(&world.ada);
    let page = ada.get(&format!("{LOG}?event=member.invited&from=2026-03-03&to=2026-03-03"));
    assert_eq!(told(&page).len(), 2);
    assert!(page.has("Times are in America/New_York.") && page.rows()[0][0].contains("3 Mar 2026, 19:00"), "{:?}", page.rows());
    world.write(|conn| diesel::update(members::table.filter(members::id.eq(world.ada.id))).set(members::time_zone.eq("Asia/Tokyo")).execute(conn));
    assert_eq!(told(&ada.get(&format!("{LOG}?event=member.invited&from=2026-03-04"))).len(), 1);
}

#[test]
fn r57_the_log_pages_through_every_event_once() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let emails: Vec<String> = (0..90).map(|i| format!("p{i:02}@x.test")).collect();
    invite(&ada, &emails.join(","), "agent");
    invite(&ada, &emails.join(",").replace("x.test", "y.test"), "agent");
    let all = world.events(world.ada.account).len();
    for (query, many) in [("", all), ("?event=member.invited&q=x.test", 90)] {
        let mut seen = Vec::new();
        let mut next = Some(format!("{LOG}{query}"));
        while let Some(path) = next {
            let page = ada.get(&path);
            assert!(page.rows().len() <= 50);
            seen.extend(told(&page).into_iter().zip(page.rows().into_iter().map(|row| row[0].clone())));
            next = page.link("Next page");
        }
        assert_eq!(seen.len(), many, "{query}");
        let mut whom: Vec<_> = seen.iter().map(|(what, _)| what).filter(|what| what.contains(".test") && what.contains("invited")).collect();
        whom.sort();
        whom.dedup();
        assert_eq!(whom.len(), if query.is_empty() { 180 } else { 90 });
    }
    assert_eq!(ada.get(LOG).caption(), format!("Showing 50 of {all} events, newest first"));
    assert_eq!(told(&ada.get(&format!("{LOG}?after=junk"))), told(&ada.get(LOG)));
}

#[test]
fn r57_the_log_can_be_exported_with_the_same_filters() {
    let world = three_days();
    world.write(|conn| {
        diesel::update(members::table.filter(members::id.eq(world.ada.id)))
            .set((members::first_name.eq("=1+1"), members::last_name.eq("\"Ada\"")))
            .execute(conn)
    });
    let ada = world.sign_in(&world.ada);
    invite(&ada, "late@x.test", "agent");
    let page = ada.get(&format!("{LOG}.csv?event=member.invited"));
    assert_eq!((page.status, page.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(page.header("content-disposition"), "attachment; filename=\"audit-log.csv\"");
    let mut lines = page.body.lines();
    assert_eq!(lines.next(), Some("at,actor,event,target,address,details"));
    assert_eq!(
        lines.next(),
        Some("2026-03-04T00:00:00Z,\"'=1+1 \"\"Ada\"\"\",member.invited,late@x.test,127.0.0.1,as Agent"),
        "formulas are text (R30)"
    );
    assert_eq!(lines.count(), 3);
    let day = ada.get(&format!("{LOG}.csv?event=member.invited&from=2026-03-03&to=2026-03-03"));
    assert_eq!(day.body.lines().skip(1).collect::<Vec<_>>(), ["2026-03-03T12:00:00Z,Bruno Vargas,member.invited,tue@x.test,127.0.0.1,as Admin"]);
    let whole = ada.get(&format!("{LOG}.csv"));
    assert_eq!(whole.body.lines().count() - 1, world.events(world.ada.account).len());
    assert_eq!(ada.get(&format!("{LOG}?q=x&from=2026-03-03")).link("Export CSV").unwrap(), format!("{LOG}.csv?q=x&from=2026-03-03"));
}
