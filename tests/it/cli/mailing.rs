use super::program::Site;
use crate::support::mailbox::{Behaviour, Mailbox, Stage};

#[test]
fn a_test_mail_goes_to_the_server() {
    let mailbox = Mailbox::start();
    let site = Site::new().set("ROLLCALL_SMTP_URL", mailbox.url()).set("ROLLCALL_MAIL_FROM", "Phones <phones@acme.test>");
    let ended = site.run(&["send-test-email", "Operator@Acme.test"]);
    assert!(ended.well().contains("took the mail to operator@acme.test."), "{ended:?}");
    let mails = mailbox.received();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.join(","), mails[0].from.as_str()), ("operator@acme.test".to_owned(), "phones@acme.test"));
    assert!(!mails[0].subject().is_empty() && !mails[0].text().is_empty() && !mails[0].html().is_empty());
}

#[test]
fn a_test_mail_that_is_refused_says_why() {
    let mailbox = Mailbox::start();
    mailbox.behave(Behaviour::RefuseAt { stage: Stage::Rcpt, reply: "550 5.1.1 no such mailbox".into(), only_to: None });
    let site = Site::new().set("ROLLCALL_SMTP_URL", mailbox.url());
    let ended = site.run(&["send-test-email", "ada@acme.test"]);
    assert!(ended.err.contains("The mail was not taken: 127.0.0.1 said: 550 5.1.1 no such mailbox"), "{ended:?}");
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    let nowhere = Site::new().set("ROLLCALL_SMTP_URL", "smtp://127.0.0.1:1").run(&["send-test-email", "ada@acme.test"]);
    assert!(nowhere.sentence().contains("cannot be reached"));
    assert!(Site::new().run(&["send-test-email", "nobody"]).sentence().contains("Enter an email address"));
}

#[test]
fn r9_without_a_server_mails_become_files() {
    let site = Site::new();
    assert!(site.run(&["send-test-email", "ada@acme.test"]).well().contains("The mail to ada@acme.test is in"));
    let mails = || -> Vec<_> {
        let files = site.files().into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "eml"));
        files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
    };
    assert_eq!(mails().len(), 1);
    assert!(mails()[0].contains("To: ada@acme.test"), "{}", mails()[0]);
    // The server does the same with an invitation.
    site.create_owner("pro").well();
    let served = site.serve();
    let ada = site.ada();
    assert_eq!(ada.post("/settings/team/members", &[("emails", "ana@x.test"), ("role", "agent")]).status, 303);
    let begun = std::time::Instant::now();
    while !mails().iter().any(|mail| mail.contains("To: ana@x.test")) {
        assert!(begun.elapsed().as_secs() < 10, "no mail in {:?}: {}", site.files(), site.log());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(served.terminate().0, Some(0));
}
