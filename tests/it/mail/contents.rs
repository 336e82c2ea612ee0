use rollcall::db::schema::{accounts, members};

use super::*;
use crate::members::{invite, invited};

#[test]
fn t12_links_lead_to_the_public_url_whatever_the_request_said() {
    let world = World::wish().set("ROLLCALL_PUBLIC_URL", "https://phone.example.com").set("ROLLCALL_MAIL_FROM", "Phones <phones@example.com>").open();
    let ada = world.sign_in(&world.ada);
    let request = ada.request(reqwest::Method::POST, "/settings/team/members").header("Sec-Fetch-Site", "same-origin");
    let request = request.header("X-Forwarded-Host", "evil.test").header("Forwarded", "host=evil.test").header("X-Forwarded-Proto", "http");
    assert_eq!(ada.send(request.form(&[("emails", "ana@x.test"), ("role", "agent")])).status, 303);
    let mail = world.deliver().remove(0);
    assert_eq!(mail.links().len(), 1);
    assert!(mail.links()[0].starts_with("https://phone.example.com/invitations/"), "{:?}", mail.links());
    assert!(mail.html().contains(&mail.links()[0]), "the same link in HTML");
    assert!(!mail.raw.contains("evil.test"));
    assert!(mail.message_id().ends_with("@phone.example.com"), "{}", mail.message_id());
    assert_eq!((mail.from.as_str(), mail.header("From").as_str()), ("phones@example.com", "Phones <phones@example.com>"));
    assert_eq!(mail.to, ["ana@x.test"]);
    assert_eq!(world.browser().get(&world.path_in(&mail)).h1(), "Join Acme");
}

/// Every link of a mail's HTML.
fn hrefs(html: &str) -> Vec<String> {
    html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn t19_a_name_cannot_send_somebodys_text_through_an_invitation() {
    let world = World::new();
    let origin = world.app.settings.public_url.origin().to_owned();
    for name in [
        "Win https://evil.test/prize now",
        "Visit www.evil.test",
        "evil.test/prize",
        "http:evil.test",
        "Ada\r\nBcc: victim@x.test\r\n\r\nBuy pills",
        "Ada\nSubject: other",
        "<a href=\"https://evil.test\">click</a>",
        "mail me@evil.test",
        "Ada \u{202e}tset.live",
    ] {
        world.write(|conn| {
            diesel::update(members::table.filter(members::id.eq(world.ada.id)))
                .set((members::first_name.eq(name), members::last_name.eq("")))
                .execute(conn)
        });
        world.write(|conn| diesel::update(accounts::table).set(accounts::name.eq(name)).execute(conn));
        let number = world.mailbox.count();
        let email = format!("p{number}@x.test");
        assert_eq!(invite(&world.sign_in(&world.ada), &email, "agent").status, 303);
        let mails = world.deliver();
        assert_eq!(mails.len(), 1, "{name:?}");
        let mail = &mails[0];
        assert_eq!(mail.to, [email.as_str()]);
        assert_eq!((mail.header("Bcc").as_str(), mail.header("Cc").as_str()), ("", ""));
        assert_eq!(mail.raw.matches("\r\nSubject:").count(), 1, "{name:?}");
        assert!(mail.subject().contains("invited you to"), "{name:?}: {}", mail.subject());
        let subject = mail.subject();
        assert!(!subject.chars().any(char::is_control), "{subject:?}");
        for text in [&mail.text(), &subject] {
            assert!(!text.contains("evil.test") && !text.contains("://evil") && !text.contains("www.evil"), "{name:?}: {text}");
            assert!(!text.contains('\u{202e}'), "{name:?} turns the text around");
        }
        assert_eq!(mail.links().len(), 1, "{name:?}: {:?}", mail.links());
        let html = hrefs(&mail.html());
        assert!(!html.is_empty() && html.iter().all(|link| link.starts_with(&origin)), "{name:?}: {html:?}");
        assert!(!mail.html().contains("evil.test"), "{name:?}");
    }
}

#[test]
fn r6_no_link_can_be_read_from_the_outbox() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test", "agent");
    let before = world.everything();
    let sealed = only(&world).sealed.unwrap();
    let path = world.mailed_path("ana@x.test");
    let token = path.rsplit('/').next().unwrap();
    assert!(!sealed.windows(8).any(|bytes| token.as_bytes().windows(8).any(|part| part == bytes)), "no part of it stands there");
    assert!(!sealed.windows(10).any(|bytes| bytes == b"invitation"));
    let all = before.into_values().flatten().collect::<Vec<_>>().join("\n");
    assert!(!all.contains(token));
    assert_eq!(only(&world).sealed, None, "once sent, it is gone altogether");
}

#[test]
fn a_mail_is_plain_text_and_html_in_one_and_says_who_by_whom_and_until_when() {
    let world = World::new();
    world.write(|conn| diesel::update(accounts::table).set(accounts::name.eq("Müller & Söhne")).execute(conn));
    let path = invited(&world, "ana@x.test", "supervisor");
    let mail = world.mailbox.to("ana@x.test").remove(0);
    assert_eq!(mail.subject(), "Ada Okafor invited you to Müller & Söhne");
    assert!(mail.header("Content-Type").starts_with("multipart/alternative"));
    for part in [mail.text(), mail.html().replace("&amp;", "&").replace("&#38;", "&")] {
        for said in ["Ada Okafor", "Müller & Söhne", "Supervisor", "9 Mar 2026, 09:00 UTC", &path] {
            assert!(part.contains(said), "{said}: {part}");
        }
    }
    assert!(mail.raw.is_ascii() && mail.raw.lines().all(|line| line.len() <= 998), "it travels anywhere");
}
