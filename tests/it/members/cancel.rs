use super::*;

#[test]
fn r10_a_cancelled_invitation_is_gone_with_its_link_and_its_mail() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test, bob@x.test", "agent");
    let sent = {
        let mails = world.deliver();
        world.path_in(mails.iter().find(|mail| mail.to == ["ana@x.test"]).unwrap())
    };
    let profile = profile(&world, "ana@x.test");
    let page = ada.submit(&format!("{profile}/invitation/cancellation"), &[]);
    assert_eq!(page.flash(), "The invite of ana@x.test is cancelled. Its link no longer works.");
    assert_eq!(page.caption(), "Showing 1–5 of 5 members, sorted by name (A to Z)");
    for page in [world.browser().get(&sent), accept(&world.browser(), &sent)] {
        assert_eq!((page.status, page.h1().as_str()), (410, "This invitation was cancelled"));
        assert!(page.has("ask Ada Okafor"));
    }
    assert_eq!(find(&world, world.ada.account, "ana@x.test").1, Status::Removed);
    assert!(ada.get(&profile).has("Invite cancelled"));
    assert_eq!(ada.get(&profile).buttons("Resend").len(), 0);
    // There is nothing left to cancel, resend or show.
    for action in ["/invitation/cancellation", "/invitation", "/invitation/link"] {
        let answer = world.unchanged(action, || ada.post(&format!("{profile}{action}"), &[]));
        assert!(ada.get(answer.to()).flash().contains("no longer invited"), "{action}");
    }
}

#[test]
fn r10_the_mail_of_a_cancelled_invitation_is_not_sent() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    invite(&ada, "ana@x.test, bob@x.test", "agent");
    ada.submit(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
    let mails = world.deliver();
    assert_eq!(mails.iter().map(|mail| mail.to.join("")).collect::<Vec<_>>(), ["bob@x.test"]);
}

#[test]
fn r11_whoever_was_cancelled_can_be_invited_anew() {
    let world = World::new();
    let old = invited(&world, "ana@x.test", "agent");
    let ada = world.sign_in(&world.ada);
    ada.submit(&format!("{}/invitation/cancellation", profile(&world, "ana@x.test")), &[]);
    let new = invited(&world, "ana@x.test", "admin");
    assert_eq!(world.browser().get(&old).h1(), "This invitation was cancelled");
    let page = ada.get(&format!("{LIST}?q=ana%40x.test"));
    assert_eq!((page.rows().len(), row(&page, "ana@x.test")[1].as_str()), (1, "Admin"));
    assert_eq!(accept(&world.browser(), &new).status, 303);
    assert_eq!(accept(&world.browser(), &old).h1(), "This invitation was cancelled");
    assert_eq!(find(&world, world.ada.account, "ana@x.test").1, Status::Active);
}

#[test]
fn r19_an_invitation_of_another_account_cannot_be_touched() {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "ana@x.test", "agent");
    let profile = profile(&world, "ana@x.test");
    let gus = world.sign_in(&world.gus);
    for action in ["/invitation/cancellation", "/invitation", "/invitation/link"] {
        let page = world.unchanged(action, || gus.post(&format!("{profile}{action}"), &[]));
        assert_eq!(page.status, 404, "{action}");
    }
    assert_eq!(gus.get(&profile).status, 404);
    assert_eq!(invite(&world.sign_in(&world.ada), "ana@x.test", "agent").status, 422, "it still stands");
}
