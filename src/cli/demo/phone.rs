//! The telephone side of the sample company: numbers, user groups and their hours.

use actix_web::web::Bytes;

use super::super::work;
use crate::{
    accounts::{self, Opened},
    authz::{Actor, Can, Permission, Role},
    clock::At,
    db::{GroupId, MemberId, NumberId, SessionId, Tx},
    failure::Failure,
    files,
    groups::{
        self, GroupName, RingStrategy,
        greeting::{Kept, examine, keep, sample},
        hours::Hours,
    },
    members::{self, Theme},
    numbers::{self, Incoming, Label, NewNumber, Party, PhoneNumber, Present},
    routing::Destination,
};

const NUMBERS: &[(&str, &str)] = &[
    ("+1 212-555-0100", "Main line"),
    ("+1 212-555-0101", "Sales"),
    ("+1 212-555-0142", "Support"),
    ("+1 415-555-0123", "San Francisco"),
    ("+44 20 7946 0958", "London"),
    ("+49 30 901820", "Berlin"),
    ("+1 212-555-0167", ""),
    ("+1 212-555-0189", ""),
];

/// A group: its name, how it rings and for how long, its zone, its hours, its closed dates.
type Sample = (&'static str, RingStrategy, i64, &'static str, &'static [&'static str], &'static [&'static str]);

const WEEK: &[&str] = &["mon 09:00-12:00", "mon 13:00-17:00", "tue 09:00-17:00", "wed 09:00-17:00", "thu 09:00-17:00", "fri 09:00-15:00"];
const LATE: &[&str] = &["mon 08:00-20:00", "tue 08:00-20:00", "wed 08:00-20:00", "thu 08:00-20:00", "fri 18:00-02:00", "sat 18:00-02:00"];

const GROUPS: &[Sample] = &[
    ("West Coast Sales", RingStrategy::RoundRobin, 25, "America/Los_Angeles", WEEK, &["2026-12-25", "2027-01-01"]),
    ("Tier 2 Support", RingStrategy::LeastRecentlyUsed, 30, "America/New_York", &[], &[]),
    ("Front Desk", RingStrategy::Simultaneous, 20, "America/New_York", LATE, &["2026-12-25"]),
];

/// How long the sample's greeting is.
const GREETING_SECS: u32 = 6;

/// Whatever the owner may do, done by the sample company itself.
pub(super) fn proof<P: Permission>(tx: &mut Tx<'_>, opened: &Opened, now: At) -> Result<Can<P>, Failure> {
    let account = accounts::get(tx, opened.account)?;
    let owner = members::get(tx, opened.account, opened.owner)?;
    let actor = Actor {
        account: account.id,
        member: owner.id,
        session: SessionId::fresh(now),
        epoch: owner.session_epoch,
        errand: None,
        role: Role::Owner,
        name: owner.display_name(),
        zone: account.zone(),
        company: account.name,
        plan: account.plan,
        tally: Default::default(),
        theme: Theme::System,
        password_at: now,
        since: now,
        address: String::new(),
    };
    actor.prove()
}

/// Numbers, three groups with `people` in them, and who holds what.
pub(super) fn fill(tx: &mut Tx<'_>, opened: &Opened, people: &[MemberId], greeting: &Kept, now: At) -> Result<(), Failure> {
    let by_numbers = proof(tx, opened, now)?;
    let mut made: Vec<NumberId> = Vec::new();
    for (number, label) in NUMBERS {
        let number = PhoneNumber::parse(number).map_err(Failure::internal)?;
        let new = NewNumber::new(number, Label::parse(label).map_err(Failure::internal)?, now);
        numbers::add(tx, &by_numbers, &new, now).map_err(Failure::internal)?;
        made.push(new.id);
    }
    let by_groups = proof(tx, opened, now)?;
    let mut named = Vec::new();
    for (i, (name, strategy, secs, zone, spans, closed)) in GROUPS.iter().enumerate() {
        // Every third person of the first thirty, and the next group begins one later.
        let crew: Vec<MemberId> = people.iter().skip(i).step_by(3).take(10).copied().collect();
        let name = GroupName::parse(name).map_err(Failure::internal)?;
        let id = groups::create(tx, &by_groups, &name, &crew, now).map_err(Failure::internal)?;
        let hours = Hours::parse(spans.iter().copied(), closed.iter().copied()).map_err(|_| Failure::internal("the sample's hours are wrong"))?;
        let version = version_of(tx, opened, id)?;
        groups::set_ring(tx, &by_groups, id, version, *strategy, *secs, now)?;
        let version = version_of(tx, opened, id)?;
        groups::set_hours(tx, &by_groups, id, version, zone.parse().map_err(Failure::internal)?, &hours, now)?;
        named.push(id);
    }
    // Sales fall back to support, support to the front desk, and the front desk to voicemail.
    for pair in named.windows(2) {
        let to = Destination::Group(pair[1]);
        let version = version_of(tx, opened, pair[0])?;
        groups::direct(tx, &by_groups, pair[0], version, &to, now).map_err(Failure::internal)?;
    }
    let held = people.iter().take(2).copied().map(Party::Member);
    let holders = [Some(Party::Group(named[2])), Some(Party::Group(named[0])), Some(Party::Group(named[1]))].into_iter().chain(held.map(Some));
    for (number, holder) in made.iter().zip(holders) {
        numbers::assign(tx, &by_numbers, *number, holder, &Present::Unknown, now).map_err(Failure::internal)?;
    }
    numbers::direct(tx, &by_numbers, made[5], Incoming::Voicemail, &Present::Unknown, now).map_err(Failure::internal)?;
    groups::greeting::set(tx, &by_groups, named[0], greeting, now)?;
    Ok(())
}

/// Keeps a greeting that the program makes itself.
pub(super) fn keep_greeting(place: &files::Place) -> Result<Kept, String> {
    let store = files::Store::open(place)?;
    let sound = Bytes::from(sample(GREETING_SECS));
    files::wait_for(async move {
        let heard = examine(sound.clone()).await.map_err(work::sentence)?.map_err(|unfit| unfit.to_string())?;
        keep(&store, "chime.wav", heard, sound).await.map_err(work::sentence)
    })?
}

fn version_of(tx: &mut Tx<'_>, opened: &Opened, group: GroupId) -> Result<i64, Failure> {
    Ok(groups::get(tx, opened.account, group)?.version)
}
