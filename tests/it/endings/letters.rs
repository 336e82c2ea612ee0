use super::*;

#[test]
fn r21_r22_the_person_is_told_by_mail() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let told = |noun: &str| {
        act(&ada, &world.dana, noun);
        let mails = world.deliver();
        assert_eq!(mails.len(), 1, "{noun}");
        assert_eq!(mails[0].to, [world.dana.email.as_str()]);
        (mails[0].subject(), mails[0].text())
    };
    assert_eq!(told("deactivation").0, "Your account at Acme was deactivated");
    let (subject, text) = told("reactivation");
    assert!(subject == "Your account at Acme works again" && text.contains("/login"), "{text}");
    let (subject, text) = told("removal");
    assert!(subject == "You were removed from Acme" && text.contains("is deleted on 30 Mar 2026 (UTC)"), "{text}");
    assert_eq!(told("restoration").0, "Your account at Acme works again");
}
