use super::*;

fn set_sealed(world: &World, to: &str, sealed: Option<&[u8]>) {
    world.write(|conn| diesel::update(mails::table.filter(mails::to_address.eq(to))).set(mails::sealed.eq(sealed)).execute(conn));
}

#[test]
fn t27_a_mail_that_cannot_be_read_holds_no_other_up() {
    let world = World::new();
    queue(&world, 8);
    set_sealed(&world, "p0@x.test", Some(b"garbage"));
    set_sealed(&world, "p1@x.test", Some(&[]));
    set_sealed(&world, "p2@x.test", None);
    // A letter opens in its own row and in no other.
    let of_seven = outbox(&world).into_iter().find(|row| row.to_address == "p7@x.test").unwrap().sealed.unwrap();
    set_sealed(&world, "p3@x.test", Some(&of_seven));
    world.write(|conn| diesel::update(mails::table.filter(mails::to_address.eq("p4@x.test"))).set(mails::to_address.eq("no address")).execute(conn));
    // One that is due before all others.
    let first = mails::table.filter(mails::to_address.eq("p0@x.test"));
    world.write(|conn| diesel::update(first).set(mails::next_at.eq(At::from_micros(1))).execute(conn));

    assert_eq!(world.deliver().len(), 3);
    for row in outbox(&world) {
        let well = ["p5@x.test", "p6@x.test", "p7@x.test"].contains(&row.to_address.as_str());
        assert_eq!(row.state, if well { MailState::Sent } else { MailState::Failed }, "{}", row.to_address);
        assert_eq!(row.reason.is_some(), !well);
    }
    let said = outbox(&world).into_iter().find(|row| row.to_address == "p0@x.test").unwrap().reason.unwrap();
    assert_eq!(said, "The letter cannot be read with this instance's secret.");
    // They are at rest: nothing is tried again, and the next mail goes at once.
    queue(&world, 1);
    assert_eq!(world.deliver().len(), 1);
}

#[test]
fn t27_a_whole_batch_of_unreadable_mails_opens_no_circuit() {
    let world = World::new();
    queue(&world, 300);
    world.write(|conn| diesel::update(mails::table).set(mails::sealed.eq(b"garbage".as_slice())).execute(conn));
    world.advance(Span::secs(1));
    let letter = Letter::PasswordChanged { company: "Acme".into(), name: "Ada".into() };
    let to = EmailAddress::parse("well@x.test").unwrap();
    world.app.db.write_now(|tx| mail::queue(tx, world.ada.account, None, &to, &letter, world.now() + Span::days(1), world.now())).unwrap();
    for _ in 0..3 {
        world.deliver();
    }
    assert_eq!(world.mailbox.to("well@x.test").len(), 1, "without waiting for anything");
    assert_eq!(count(&world, MailState::Failed), 300);
}
