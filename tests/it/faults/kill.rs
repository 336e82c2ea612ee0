use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use diesel::prelude::*;
use reqwest::Method;
use rollcall::db::{Conn, schema::*};

use super::connect_to;
use crate::{
    cli::program::Site,
    members::LIST,
    support::{
        Browser,
        mailbox::{Behaviour, Mailbox},
    },
};

const KILLS: usize = 20;
const FORMS: usize = 100;

/// Posts a form with two addresses until it is taken; was it, or had an earlier, cut-off try been it?
fn post(browser: &Browser, form: usize) {
    let emails = format!("a{form}@x.test, b{form}@x.test");
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < Duration::from_secs(60), "form {form} is never answered");
        let request = browser.request(Method::POST, LIST).header("Sec-Fetch-Site", "same-origin");
        let answer = request.form(&[("emails", emails.as_str()), ("role", "agent")]).send();
        match answer.map(|answer| (answer.status().as_u16(), answer.text().unwrap_or_default())) {
            Ok((303, _)) => return,
            // Both or neither: a try that was cut off is either whole or not there.
            Ok((422, page)) => {
                assert!(page.contains(&format!("a{form}@x.test is invited already.")), "{page}");
                assert!(page.contains(&format!("b{form}@x.test is invited already.")), "half a form was taken: {page}");
                return;
            }
            Ok((503, _)) | Err(_) => std::thread::sleep(Duration::from_millis(10)),
            Ok((status, page)) => panic!("form {form} was answered {status}: {page}"),
        }
    }
}

#[test]
fn t26_twenty_kills_while_200_people_are_invited_lose_nobody_and_mail_nobody_another_mail() {
    let mailbox = Mailbox::start();
    mailbox.behave(Behaviour::Ponder(Duration::from_millis(20)));
    let site = Site::new().set("ROLLCALL_SMTP_URL", mailbox.url());
    site.create_owner("pro").well();
    let mut served = site.serve();
    let ada = site.ada();
    let (next, done, over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let acknowledged = Mutex::new(BTreeSet::new());
    let kills = std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let form = next.fetch_add(1, Ordering::SeqCst);
                    if form >= FORMS {
                        break;
                    }
                    post(&ada, form);
                    acknowledged.lock().unwrap().extend([format!("a{form}@x.test"), format!("b{form}@x.test")]);
                    done.fetch_add(1, Ordering::SeqCst);
                }
                over.store(true, Ordering::SeqCst);
            });
        }
        for kill in 0..KILLS {
            // Spread over the whole of it, each at another moment of whatever is going on.
            while done.load(Ordering::SeqCst) < kill * FORMS / KILLS + 1 && !over.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis(kill as u64 * 7 % 31));
            served.kill();
            served = site.start();
        }
        KILLS
    });
    assert_eq!((kills, acknowledged.lock().unwrap().len()), (KILLS, 2 * FORMS));
    served.kill();
    // On PostgreSQL a killed process holds its mails for a minute yet; nobody runs now, so let it be over.
    let mut conn = connect_to(&site.database.url);
    diesel::update(mails::table).set(mails::leased_until.eq(rollcall::clock::At::NEVER)).execute(&mut conn).unwrap();
    let _served = site.serve();

    let acknowledged = acknowledged.into_inner().unwrap();
    let begun = Instant::now();
    let queued = |conn: &mut Conn| mails::table.filter(mails::state.eq("queued")).count().get_result::<i64>(conn).unwrap();
    while queued(&mut conn) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(40), "{} mails are still queued: {}", queued(&mut conn), site.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    let invited: Vec<Option<String>> = members::table.filter(members::status.eq("invited")).select(members::email).load(&mut conn).unwrap();
    assert_eq!(invited.into_iter().flatten().collect::<BTreeSet<_>>(), acknowledged, "everybody acknowledged is there");
    let rows: Vec<String> = mails::table.filter(mails::kind.eq("invitation")).select(mails::to_address).load(&mut conn).unwrap();
    assert_eq!((rows.len(), rows.into_iter().collect::<BTreeSet<_>>()), (2 * FORMS, acknowledged.clone()), "one mail each");

    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut received = 0;
    for mail in mailbox.received().into_iter().filter(|mail| mail.to[0] != "ada@acme.test") {
        received += 1;
        ids.entry(mail.to.join(",")).or_default().insert(mail.message_id());
    }
    assert_eq!(ids.keys().cloned().collect::<BTreeSet<_>>(), acknowledged, "everybody is mailed in the end");
    assert!(ids.values().all(|ids| ids.len() == 1), "a second mail is the same mail");
    // A kill can repeat only what was on its way at that moment.
    assert!(received <= 2 * FORMS + KILLS * 8, "{received} mails for {} people", 2 * FORMS);
    assert!(site.run(&["doctor"]).well().contains("ok    accounts"), "counters and audit log hold");
}
