//! `rollcall demo`: a sample company in an empty database.

mod gone;
mod phone;

use super::{args::Demo, serve, work};
use crate::{
    accounts::{self, CompanyName, Founder},
    app::{self, Migrate},
    authz::Role,
    billing::{self, Plans},
    clock::{At, Clock, Span},
    db::{AccountId, Db, MemberId, Tx},
    failure::Failure,
    mail,
    members::{self, EmailAddress, NewMember, PersonName, Status, Username},
    settings::{Settings, SignupPolicy},
    sign_in::{Hasher, passwords::Password},
    web::zone::Zone,
};

/// What everybody of the sample company signs in with. It is printed, so it protects nothing.
const PASSWORD: &str = "sample company passphrase";

const FIRST: &[&str] = &[
    "Ada", "Bruno", "Chen", "Dana", "Eli", "Fatima", "Grace", "Hiro", "Ines", "Jonas", "Kira", "Luis", "Mina", "Noor", "Omar", "Priya", "Quinn",
    "Rosa", "Sven", "Tala", "Uma", "Vera", "Wen", "Ximena", "Yusuf", "Zoe",
];
const LAST: &[&str] = &[
    "Okafor", "Díaz", "Wei", "Silva", "Novak", "Noor", "Hopper", "Tanaka", "Moreau", "Berg", "Petrov", "Ortega", "Sato", "Haddad", "Kaya", "Nair",
    "Murphy", "Costa", "Lund", "Reyes", "Iyer", "Kowalski", "Zhang", "Vargas", "Demir", "Papas",
];
const TITLES: &[(&str, &str, Role)] =
    &[("Ada", "Okafor", Role::Owner), ("Bruno", "Díaz", Role::Admin), ("Chen", "Wei", Role::Supervisor), ("Dana", "Silva", Role::Agent)];

/// So many people are put into groups.
const MOST_IN_GROUPS: usize = 30;

/// A small generator of numbers: the same seed makes the same company.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }
}

pub(super) fn run(settings: Settings, wish: &Demo) -> Result<(), String> {
    let db = app::open_database(&settings, Migrate::Yes)?;
    if db.read_now(accounts::count).map_err(work::sentence)? > 0 {
        return Err("The database is not empty: name another one with --database-url, or start with `rollcall serve`.".into());
    }
    fill(&db, &settings, wish)?;
    println!("Sign in with any of these and the password: {PASSWORD}");
    for (first, last, role) in TITLES {
        println!("  {:<11} {}", role.name(), address(first, last, 0));
    }
    if wish.members > LOBBY {
        println!("  {:<11} acme-phone/{LOBBY_USERNAME}", Role::Agent.name());
    }
    drop(db);
    if wish.no_serve { Ok(()) } else { serve::run(settings, false) }
}

/// Which member is a user by username.
const LOBBY: u32 = 6;
const LOBBY_USERNAME: &str = "lobby";

fn address(first: &str, last: &str, n: u32) -> String {
    let folded = crate::web::listing::fold(&format!("{first}.{last}"));
    if n == 0 { format!("{folded}@acme.test") } else { format!("{folded}{n}@acme.test") }
}

fn fill(db: &Db, settings: &Settings, wish: &Demo) -> Result<(), String> {
    let now = Clock::System.now();
    let hash = Hasher::new(settings.password_cost)?.hash_now(&Password::typed(PASSWORD)).map_err(work::sentence)?;
    let plans = Plans::open(settings.plans.as_deref())?;
    let founder = Founder {
        company: CompanyName::parse("Acme Phone")?,
        name: PersonName { first: "Ada".into(), last: "Okafor".into() },
        email: EmailAddress::parse(&address("Ada", "Okafor", 0))?,
        password_hash: hash.clone(),
        plan: plans.of_account("pro"),
        zone: "America/New_York".parse::<Zone>()?,
    };
    let opened = db.write_now(|tx| accounts::open(tx, &founder, SignupPolicy::Open, Some("the sample company"), "", now));
    let opened = opened.map_err(|refusal| refusal.to_string())?;
    // Nobody reads mail at the sample company.
    db.write_now(|tx| mail::drop_all(tx, opened.account, "a sample company gets no mail")).map_err(work::sentence)?;
    let bar = work::progress(u64::from(wish.members), "Members");
    let mut dice = Dice(wish.seed);
    let (mut made, mut active) = (1, vec![opened.owner]);
    while made < wish.members {
        let batch = (made..wish.members.min(made + 5000)).map(|n| person(n, opened.account, &hash, now, &mut dice)).collect::<Result<Vec<_>, _>>()?;
        made += batch.len() as u32;
        active.extend(batch.iter().filter(|new| new.status == Status::Active).map(|new| new.id).take(MOST_IN_GROUPS));
        db.write_now(|tx| insert(tx, &batch, &plans, opened.owner, now)).map_err(work::sentence)?;
        bar.set_position(u64::from(made));
    }
    bar.finish_and_clear();
    // The file first, so that no row ever names one that is missing (T29).
    let greeting = phone::keep_greeting(&settings.files)?;
    db.write_now(|tx| phone::fill(tx, &opened, &active, &greeting, now)).map_err(work::sentence)?;
    db.write_now(|tx| gone::fill(tx, &opened, &hash, &plans, now)).map_err(work::sentence)?;
    println!("Acme Phone has {made} members.");
    Ok(())
}

/// The `n`-th member: most are active, every twelfth is invited, every fifteenth deactivated.
fn person(n: u32, account: AccountId, hash: &str, now: At, dice: &mut Dice) -> Result<NewMember, String> {
    let known = TITLES.get(n as usize).copied();
    let rolled = || (FIRST[dice.roll(FIRST.len())], LAST[dice.roll(LAST.len())], Role::Agent);
    let (first, last, role) = known.unwrap_or_else(rolled);
    let status = match n {
        n if known.is_some() || !matches!((n % 12, n % 15), (5, _) | (_, 7)) => Status::Active,
        n if n % 12 == 5 => Status::Invited,
        _ => Status::Deactivated,
    };
    let seen = now - Span::minutes(1 + dice.roll(60 * 24 * 40) as i64);
    let joined = status != Status::Invited;
    let new = NewMember {
        email: Some(EmailAddress::parse(&address(first, last, if known.is_some() { 0 } else { n }))?),
        name: if joined { PersonName { first: first.into(), last: last.into() } } else { PersonName::default() },
        password_hash: joined.then(|| hash.to_owned()),
        joined_at: if joined { seen - Span::days(1 + dice.roll(400) as i64) } else { At::NEVER },
        last_active_at: if joined { seen } else { At::NEVER },
        ..NewMember::new(account, role, status, now)
    };
    if n != LOBBY {
        return Ok(new);
    }
    let name = PersonName { first: "Lobby".into(), last: "Phone".into() };
    Ok(NewMember { email: None, username: Some(Username::parse(LOBBY_USERNAME)?), name, ..new })
}

fn insert(tx: &mut Tx<'_>, batch: &[NewMember], plans: &Plans, owner: MemberId, now: At) -> Result<(), Failure> {
    for status in [Status::Active, Status::Invited, Status::Deactivated] {
        let some: Vec<NewMember> =
            batch.iter().filter(|new| new.status == status).cloned().map(|new| NewMember { invited_by: Some(owner), ..new }).collect();
        if let (Status::Active, Some(first)) = (status, some.first()) {
            let mut subscription = billing::settle(tx, first.account, plans, now)?;
            billing::take_many(tx, &mut subscription, some.len() as i64, now)?;
        }
        members::insert_many(tx, &some, now)?;
        if status == Status::Invited {
            members::add_sample_invitations(tx, &some, owner, now)?;
        }
    }
    Ok(())
}
