use std::{collections::BTreeMap, time::Instant};

use super::*;

/// How often each address got a mail.
fn by_address(mailboxes: &[&Mailbox]) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for mail in mailboxes.iter().flat_map(|mailbox| mailbox.received()) {
        *times.entry(mail.to.join(",")).or_default() += 1;
    }
    times
}

#[test]
fn t27_a_thousand_mails_leave_quickly_over_a_few_connections() {
    let world = World::new();
    queue(&world, 1000);
    let begun = Instant::now();
    assert_eq!(world.deliver().len(), 1000);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(world.mailbox.most_at_once() <= 4 && world.mailbox.connections() <= 8, "{} at once", world.mailbox.most_at_once());
    assert_eq!(count(&world, MailState::Sent), 1000);
    assert!(by_address(&[&world.mailbox]).values().all(|times| *times == 1));
    assert!(world.deliver().is_empty());
}

#[test]
fn t30_two_posts_on_one_outbox_send_no_mail_twice() {
    let world = World::new();
    let other_mailbox = Mailbox::start();
    let other = OtherPost::new(&world, &other_mailbox);
    for mailbox in [&world.mailbox, &other_mailbox] {
        mailbox.behave(Behaviour::Ponder(Duration::from_millis(2)));
    }
    queue(&world, 600);
    world.at_once(2, |i| match i {
        0 => {
            while count(&world, MailState::Sent) < 600 {
                world.deliver();
            }
        }
        _ => {
            while count(&world, MailState::Sent) < 600 {
                other.drain();
            }
        }
    });
    let times = by_address(&[&world.mailbox, &other_mailbox]);
    assert_eq!(times.len(), 600);
    assert!(times.values().all(|times| *times == 1), "{:?}", times.iter().filter(|(_, times)| **times > 1).collect::<Vec<_>>());
    assert!(world.mailbox.count() > 0 && other_mailbox.count() > 0, "both had a part in it");
}

#[test]
fn t31_a_post_that_is_stopped_begins_nothing_more() {
    let world = World::new();
    queue(&world, 5);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (stop, stopped) = watch::channel(true);
    let pool = Pool::new(SmtpAddress::parse(&world.mailbox.url()).unwrap(), 4).unwrap();
    let settings = &world.app.settings;
    let post = Post::new(world.app.db.clone(), world.clock.clone(), Transport::Smtp(pool), settings.mail_from.clone(), settings.public_url.clone());
    assert_eq!(runtime.block_on(post.drain(&stopped)).unwrap(), 0);
    stop.send(false).unwrap();
    assert_eq!(runtime.block_on(post.drain(&stopped)).unwrap(), 5);
}
