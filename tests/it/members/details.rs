//! An Admin edits what stands about somebody (R24, R59, T1, T23).

use rollcall::{members::Member, sign_in::links::Purpose};

use super::*;

/// The address of a person's page.
fn home(person: &Person) -> String {
    format!("{LIST}/{}", person.id)
}

/// The form of a person's page, as a browser would send it, with some fields typed anew.
fn form(page: &Page, typed: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let names = ["first_name", "last_name", "job_title", "email", "username", "device", "version"];
    let there = names.into_iter().filter(|name| page.attribute(&format!("[name='{name}']"), "name").is_some());
    let value =
        |name: &'static str| typed.iter().find(|(field, _)| *field == name).map_or_else(|| page.value_of(name), |(_, value)| (*value).to_owned());
    there.map(|name| (name, value(name))).collect()
}

/// Opens the page of `person`, types, and presses Save Changes.
fn save(browser: &Browser, person: &Person, typed: &[(&'static str, &str)]) -> Page {
    send(browser, person, &form(&browser.get(&home(person)), typed))
}

fn send(browser: &Browser, person: &Person, fields: &[(&'static str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&home(person), &fields)
}

fn signs_in(world: &World, login: &str) -> bool {
    world.advance(rollcall::clock::Span::secs(20));
    world.browser().post("/login", &[("login", login), ("password", PASSWORD)]).status == 303
}

#[test]
fn r24_an_admin_edits_the_details_of_somebody_else() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let page =
        save(&bruno, &world.dana, &[("first_name", "Dana Rose"), ("last_name", "Silva"), ("job_title", "Sales"), ("device", " sip:dana@pbx.test ")]);
    assert_eq!((page.status, page.to()), (303, home(&world.dana).as_str()));
    let page = bruno.get(&home(&world.dana));
    assert_eq!(page.flash(), "The details of Dana Rose Silva are saved.");
    assert_eq!(
        (page.h1(), page.value_of("job_title"), page.value_of("device")),
        ("Dana Rose Silva".into(), "Sales".into(), "sip:dana@pbx.test".into())
    );
    let row = world.row(&world.dana);
    assert_eq!((row.version, row.email.as_deref()), (2, Some("dana@acme.test")));
    assert_eq!(
        world.events(world.ada.account).pop().unwrap(),
        ["member.details_changed", "Bruno Vargas", "Dana Rose Silva", "name, job title, device"]
    );
    assert_eq!(shown(&bruno.get("/settings/team/members?q=rose")).len(), 1, "and the list finds them by it");
}

#[test]
fn r24_another_address_acts_at_once_and_both_addresses_get_mail() {
    let world = World::new();
    let (bruno, dana) = (world.sign_in(&world.bruno), world.sign_in(&world.dana));
    let reset = world.link(&world.dana, Purpose::PasswordReset, &world.dana.email);
    world.write(|conn| {
        let row = schema::members::table.filter(schema::members::id.eq(world.dana.id));
        diesel::update(row).set(schema::members::email_verified_at.eq(world.now())).execute(conn)
    });
    let page = save(&bruno, &world.dana, &[("email", " Dana@New.TEST ")]);
    assert_eq!((page.status, page.to()), (303, home(&world.dana).as_str()));
    assert_eq!(
        bruno.get(&home(&world.dana)).flash(),
        "The details of Dana Silva are saved. They sign in with dana@new.test now, and are signed out everywhere."
    );
    let row = world.row(&world.dana);
    assert_eq!((row.email.as_deref(), row.email_verified_at), (Some("dana@new.test"), None), "nobody has proved it yet (T1)");
    assert_eq!(dana.get("/profile").to(), rollcall::web::login_path("/profile"), "their sessions ended (T6)");
    assert_eq!(world.browser().get(&reset).status, 410, "their links died (T9)");
    assert!(!signs_in(&world, "dana@acme.test"));
    assert!(signs_in(&world, "dana@new.test"));
    let mails = world.deliver();
    let to = |address: &str| mails.iter().find(|mail| mail.to == [address]).unwrap_or_else(|| panic!("no mail to {address}"));
    assert_eq!(mails.len(), 2);
    let old = to("dana@acme.test").text();
    assert!(old.contains("was changed to dana@new.test by Bruno Vargas."), "{old}");
    let new = to("dana@new.test");
    assert!(new.text().contains("Bruno Vargas made this your email address at Acme."), "{}", new.text());
    assert_eq!(world.browser().post(&world.path_in(new), &[]).to(), "/login?done=confirmed");
    assert!(world.row(&world.dana).email_verified_at.is_some());
    let events = world.events(world.ada.account);
    assert!(events.contains(&["email.changed".into(), "Bruno Vargas".into(), "Dana Silva".into(), "email to dana@new.test".into()]), "{events:?}");
}

#[test]
fn r24_somebody_deactivated_is_not_told_that_they_sign_in() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    world.stand(&world.dana, Status::Deactivated);
    assert_eq!(save(&bruno, &world.dana, &[("email", "dana@new.test")]).status, 303);
    let mails = world.deliver();
    let text = mails.iter().find(|mail| mail.to == ["dana@new.test"]).unwrap().text();
    assert!(text.contains("made this your email address at Acme. You cannot sign in there at the moment, since you are deactivated."), "{text}");
    assert!(!text.contains("You sign in"), "{text}");
}

#[test]
fn r24_of_two_addresses_in_a_row_only_the_last_can_be_confirmed() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(save(&bruno, &world.dana, &[("email", "one@new.test")]).status, 303);
    assert_eq!(save(&bruno, &world.dana, &[("email", "two@new.test")]).status, 303);
    let mails = world.deliver();
    let path = |address: &str| world.path_in(mails.iter().find(|mail| mail.to == [address] && !mail.links().is_empty()).unwrap());
    assert_eq!(world.browser().post(&path("one@new.test"), &[]).status, 410);
    assert_eq!(world.row(&world.dana).email_verified_at, None);
    assert_eq!(world.browser().post(&path("two@new.test"), &[]).status, 303);
}

#[test]
fn r3_an_address_that_somebody_has_names_them_and_another_account_does_not_count() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let page = world.unchanged("a taken address", || save(&bruno, &world.dana, &[("email", "CHEN@acme.test"), ("job_title", "Kept")]));
    assert_eq!(page.status, 422);
    assert_eq!(page.error_of("email"), "chen@acme.test is the address of Chen Wei already.");
    assert_eq!(page.link("Open the profile of Chen Wei"), Some(home(&world.chen)));
    assert_eq!((page.value_of("email"), page.value_of("job_title")), ("CHEN@acme.test".into(), "Kept".into()));
    assert!(page.title().starts_with("Error:"), "{}", page.title());
    assert_eq!(save(&bruno, &world.dana, &[("email", "gil@globex.test")]).status, 303, "another account's addresses are its own (T1)");
    assert_eq!(world.row(&world.gil).email.as_deref(), Some("gil@globex.test"));
}

#[test]
fn r3_the_address_of_somebody_removed_is_free() {
    let world = World::new();
    world.stand(&world.chen, Status::Removed);
    assert_eq!(save(&world.sign_in(&world.bruno), &world.dana, &[("email", "chen@acme.test")]).status, 303);
}

#[test]
fn r58_what_was_wrong_gets_a_sentence_and_nothing_is_half_saved() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let long = "x".repeat(256);
    for (field, text, says) in [
        ("first_name", "", "Enter a first name."),
        ("first_name", "<b>", "A name has letters, spaces and the like; no links or brackets."),
        ("last_name", "see https://x.test", "A name has letters, spaces and the like; no links or brackets."),
        ("job_title", &"x".repeat(81), "A job title has at most 80 characters."),
        ("email", "dana@", "Enter an email address, like ana@example.com."),
        ("email", " ", "A user by email needs an email address, like ana@example.com."),
        ("device", "sip: dana", "A device address has no spaces in it, like sip:ana@pbx.example.com or 204."),
        ("device", &long, "A device address has at most 255 characters."),
    ] {
        let page = world.unchanged(field, || save(&bruno, &world.dana, &[(field, text), ("job_title", "Kept")]));
        assert_eq!((page.status, page.error_of(field).as_str()), (422, says), "{field} {text:?}");
    }
    let mut fields = form(&bruno.get(&home(&world.dana)), &[]);
    fields.push(("username", "desk".into()));
    let page = world.unchanged("username", || send(&bruno, &world.dana, &fields));
    assert_eq!((page.status, page.problems()), (422, vec!["A user by email has no username.".to_owned()]));
}

#[test]
fn r59_a_field_that_was_not_sent_stays_as_it_is() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(save(&bruno, &world.dana, &[("device", "204")]).status, 303);
    let page = bruno.post(&home(&world.dana), &[("job_title", "Sales"), ("version", "2")]);
    assert_eq!(page.status, 303, "{}", page.text());
    let row = world.row(&world.dana);
    assert_eq!((row.job_title.as_str(), row.device.as_str(), row.email.as_deref()), ("Sales", "204", Some("dana@acme.test")));
    assert_eq!(row.display_name(), "Dana Silva");
}

#[test]
fn r59_the_later_of_two_says_so_and_shows_the_present_state() {
    let world = World::new();
    let (ada, bruno) = (world.sign_in(&world.ada), world.sign_in(&world.bruno));
    let seen = form(&bruno.get(&home(&world.dana)), &[("job_title", "Support")]);
    assert_eq!(save(&ada, &world.dana, &[("job_title", "Sales")]).status, 303);
    for version in ["1", "", "x", "99", "-1"] {
        let fields: Vec<_> = seen.iter().map(|(name, value)| (*name, if *name == "version" { version.to_owned() } else { value.clone() })).collect();
        let page = world.unchanged(version, || send(&bruno, &world.dana, &fields));
        assert_eq!((page.status, page.value_of("job_title").as_str(), page.value_of("version").as_str()), (409, "Sales", "2"));
        assert!(page.has("Somebody else changed this member since you opened the page, so nothing was saved."), "{}", page.text());
    }
    // What was typed wrongly first is still about what was first seen.
    let wrong = bruno.post(&home(&world.dana), &[("first_name", ""), ("version", "1")]);
    assert_eq!((wrong.status, wrong.value_of("version").as_str()), (422, "1"));
    // The second click of the same button is no second edit.
    let fields = form(&ada.get(&home(&world.dana)), &[("job_title", "Boss")]);
    assert_eq!(send(&ada, &world.dana, &fields).status, 303);
    assert_eq!(world.unchanged("second click", || send(&ada, &world.dana, &fields)).status, 303);
    assert_eq!(ada.get(&home(&world.dana)).flash(), "The details of Dana Silva are as they were.");
}

#[test]
fn r59_of_two_admins_at_once_one_is_told() {
    let world = World::new();
    let browsers = [world.sign_in(&world.ada), world.sign_in(&world.bruno)];
    for round in 0..10 {
        let fields: Vec<_> = browsers
            .iter()
            .enumerate()
            .map(|(i, it)| {
                form(&it.get(&home(&world.dana)), &[("job_title", ["Sales", "Support"][(i + round) % 2]), ("device", &format!("{round}{i}"))])
            })
            .collect();
        let mut statuses = world.at_once(2, |i| send(&browsers[i], &world.dana, &fields[i]).status);
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "round {round}");
    }
    assert_eq!(world.row(&world.dana).version, 11);
}

#[test]
fn r3_of_two_who_give_one_address_at_once_one_is_told() {
    let world = World::new();
    let browsers = [world.sign_in(&world.ada), world.sign_in(&world.bruno)];
    let people = [&world.chen, &world.dana];
    for round in 0..5 {
        let email = format!("wanted{round}@acme.test");
        let fields: Vec<_> = (0..2).map(|i| form(&browsers[i].get(&home(people[i])), &[("email", &email)])).collect();
        let mut statuses = world.at_once(2, |i| send(&browsers[i], people[i], &fields[i]).status);
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "round {round}");
    }
}

#[test]
fn t23_nobody_edits_the_owner_but_the_owner() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let page = bruno.get(&home(&world.ada));
    assert!(page.has("Only the Owner edits the Owner's details.") && page.has("ada@acme.test"), "{}", page.text());
    assert!(page.buttons("Save Changes").is_empty());
    let fields = [("first_name", "Eve"), ("last_name", "X"), ("job_title", ""), ("email", "eve@x.test"), ("device", ""), ("version", "1")];
    let page = world.unchanged("the Owner", || bruno.post(&home(&world.ada), &fields));
    assert_eq!((page.status, page.problems()), (403, vec!["Only the Owner edits the Owner's details, so nothing was saved.".to_owned()]));
    assert_eq!(save(&world.sign_in(&world.ada), &world.ada, &[("job_title", "Founder")]).status, 303);
    assert_eq!(world.row(&world.ada).job_title, "Founder");
}

#[test]
fn r24_ones_own_address_takes_ones_password_and_a_link() {
    let world = World::new();
    for person in [&world.ada, &world.bruno] {
        let browser = world.sign_in(person);
        let page = browser.get(&home(person));
        assert_eq!(page.link("Change email").as_deref(), Some("/profile/email"));
        assert!(page.attribute("[name='email']", "name").is_none());
        let page = world.unchanged("own email", || browser.post(&home(person), &[("email", "other@x.test"), ("version", "1")]));
        assert_eq!(page.status, 422);
        assert_eq!(page.problems(), ["Change your own email on your profile: it takes your password and a link to the new address."]);
        assert_eq!(save(&browser, person, &[("first_name", "Sam")]).status, 303);
        assert_eq!(browser.get(&home(person)).status, 200, "still signed in");
    }
}

#[test]
fn r22_somebody_removed_is_not_edited() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let fields = form(&bruno.get(&home(&world.dana)), &[("job_title", "Ghost")]);
    world.stand(&world.dana, Status::Removed);
    let page = world.unchanged("somebody removed", || send(&bruno, &world.dana, &fields));
    assert_eq!((page.status, page.problems()), (409, vec!["They were removed meanwhile, so nothing was saved. Restore them first.".to_owned()]));
    assert!(bruno.get(&home(&world.dana)).buttons("Save Changes").is_empty());
}

#[test]
fn t9_somebody_deactivated_gets_no_link_with_another_address() {
    let world = World::new();
    world.stand(&world.dana, Status::Deactivated);
    assert_eq!(save(&world.sign_in(&world.bruno), &world.dana, &[("email", "dana@new.test")]).status, 303);
    let mails = world.deliver();
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|mail| mail.links().is_empty()));
    assert!(!signs_in(&world, "dana@new.test"));
}

fn of_address(world: &World, email: &str) -> (Person, Member) {
    let (id, _) = find(world, world.ada.account, email);
    let person = Person { id, email: email.into(), name: email.into(), ..world.dana.clone() };
    let row = world.row(&person);
    (person, row)
}

#[test]
fn r24_a_running_invitation_goes_to_the_new_address_and_the_earlier_link_dies() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    let first = invited(&world, "ana@tpyo.test", "agent");
    let (ana, _) = of_address(&world, "ana@tpyo.test");
    let page = save(&bruno, &ana, &[("email", "ana@typo.test")]);
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(
        bruno.get(&home(&ana)).flash(),
        "The details of ana@typo.test are saved. An invite is on its way to ana@typo.test; the earlier link no longer works."
    );
    assert_eq!(world.browser().get(&first).h1(), "There is a newer invitation");
    let mails = world.deliver();
    assert_eq!(mails.iter().map(|mail| mail.to.concat()).collect::<Vec<_>>(), ["ana@typo.test"], "whoever had the wrong one is told nothing");
    let browser = world.browser();
    assert_eq!(accept(&browser, &world.path_in(&mails[0])).status, 303);
    let row = world.row(&ana);
    assert_eq!((row.status, row.email.as_deref(), row.email_verified_at.is_some()), (Status::Active, Some("ana@typo.test"), true));
}

#[test]
fn r24_a_mail_that_still_waits_is_not_sent_to_the_earlier_address() {
    let world = World::new();
    invite(&world.sign_in(&world.ada), "ana@tpyo.test", "agent");
    let (ana, _) = of_address(&world, "ana@tpyo.test");
    assert_eq!(save(&world.sign_in(&world.bruno), &ana, &[("email", "ana@typo.test")]).status, 303);
    assert_eq!(world.deliver().iter().map(|mail| mail.to.concat()).collect::<Vec<_>>(), ["ana@typo.test"]);
}

#[test]
fn r24_an_invitation_that_ran_out_waits_for_resend() {
    let world = World::new();
    invited(&world, "ana@tpyo.test", "agent");
    let (ana, _) = of_address(&world, "ana@tpyo.test");
    world.advance(rollcall::clock::Span::days(8));
    let bruno = world.sign_in(&world.bruno);
    assert_eq!(save(&bruno, &ana, &[("email", "ana@typo.test")]).status, 303);
    assert_eq!(bruno.get(&home(&ana)).flash(), "The details of ana@typo.test are saved. The next invite goes to ana@typo.test.");
    assert!(world.deliver().is_empty());
    assert_eq!(bruno.post(&format!("{}/invitation", home(&ana)), &[]).status, 303);
    assert_eq!(accept(&world.browser(), &world.mailed_path("ana@typo.test")).status, 303);
}

#[test]
fn r51_members_say_where_their_phone_is() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    let fields = [("first_name", "Dana"), ("last_name", "Silva"), ("job_title", ""), ("time_zone", ""), ("theme", "system")];
    let with = |device: &'static str| [&fields[..], &[("device", device)]].concat();
    assert_eq!(dana.post("/profile", &with(" sip:dana@pbx.test ")).status, 303);
    assert_eq!(dana.get("/profile").value_of("device"), "sip:dana@pbx.test");
    assert_eq!(world.events(world.ada.account).pop().unwrap(), ["profile.changed", "Dana Silva", "Dana Silva", "device"]);
    assert_eq!(dana.post("/profile", &fields).status, 303);
    assert_eq!(world.row(&world.dana).device, "sip:dana@pbx.test", "a form without the field leaves it");
    let page = world.unchanged("a wrong device", || dana.post("/profile", &with("a b")));
    assert_eq!((page.status, page.error_of("device").as_str()), (422, "A device address has no spaces in it, like sip:ana@pbx.example.com or 204."));
    assert_eq!(dana.post("/profile", &with("")).status, 303);
    assert_eq!(world.row(&world.dana).device, "");
}

#[test]
fn t8_what_somebody_signs_in_with_is_changed_only_with_a_fresh_password() {
    let world = World::new();
    let bruno = world.sign_in(&world.bruno);
    world.advance(rollcall::clock::Span::minutes(15));
    assert_eq!(save(&bruno, &world.dana, &[("job_title", "Sales")]).status, 303, "the rest needs none");
    let page = world.unchanged("an old password", || save(&bruno, &world.dana, &[("email", "dana@new.test")]));
    assert_eq!((page.status, page.value_of("email").as_str()), (422, "dana@new.test"));
    assert!(page.problems()[0].starts_with("You gave your password more than 15 minutes ago."), "{:?}", page.problems());
    let confirm = page.link("Confirm your password").unwrap();
    assert_eq!(bruno.get(&confirm).status, 200);
    let answer = bruno.post("/password/confirmation", &[("current_password", PASSWORD), ("next", &home(&world.dana))]);
    assert_eq!(answer.to(), home(&world.dana));
    assert_eq!(save(&bruno, &world.dana, &[("email", "dana@new.test")]).status, 303);
}
