//! `rollcall demo`: a sample company in an empty database.

mod gone;
mod history;
mod phone;

use history::Act;

use super::{args::Demo, serve, work};
use crate::{
    accounts::{self, CompanyName, Founder, Opened},
    app::{self, Migrate},
    authz::Role,
    billing::{Plan, Plans},
    clock::{At, Clock, Span},
    db::{Db, MemberId},
    mail,
    members::{EmailAddress, NewMember, PersonName, Status, Username},
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

/// The company opened so many days ago: three cycles are over, whatever the length of their months.
const OPENED: i64 = 100;

/// How the audit log names who opened the company, and who pays its invoices.
const AUTHOR: &str = "the sample company";

/// So many people of each wave are deactivated by somebody; others were so when they were brought over.
const LEAVERS: usize = 5;

/// The company that is made.
struct Sample {
    opened: Opened,
    plans: Plans,
    now: At,
}

fn fill(db: &Db, settings: &Settings, wish: &Demo) -> Result<(), String> {
    let now = Clock::System.now();
    let hash = Hasher::new(settings.password_cost)?.hash_now(&Password::typed(PASSWORD)).map_err(work::sentence)?;
    let plans = app::open_plans(settings, db)?;
    let fits = |plan: &&Plan| plan.supervisor && plan.seats_max.is_none();
    let plan = plans.find("pro").into_iter().chain(plans.all()).find(fits);
    let plan = plan.ok_or("The sample company needs a plan with supervisor = true and without seats_max; ROLLCALL_PLANS has none.")?.clone();
    let founder = Founder {
        company: CompanyName::parse("Acme Phone")?,
        name: PersonName { first: "Ada".into(), last: "Okafor".into() },
        email: EmailAddress::parse(&address("Ada", "Okafor", 0))?,
        password_hash: hash.clone(),
        plan,
        zone: "America/New_York".parse::<Zone>()?,
    };
    let began = now - Span::days(OPENED);
    let opened = db.write_now(|tx| accounts::open(tx, &founder, SignupPolicy::Open, Some(AUTHOR), "", began));
    let sample = Sample { opened: opened.map_err(|refusal| refusal.to_string())?, plans, now };
    let active = live(db, &sample, wish, &hash)?;
    // The file first, so that no row ever names one that is missing (T29).
    let greeting = phone::keep_greeting(&settings.files)?;
    let done = db.write_now(|tx| {
        history::end(tx, &sample)?;
        phone::fill(tx, &sample.opened, &active, &greeting, now)?;
        mail::drop_all(tx, sample.opened.account, "a sample company gets no mail")
    });
    done.map_err(work::sentence)?;
    println!("Acme Phone has {} members.", wish.members);
    Ok(())
}

/// Lets everything happen that happened, and returns some of those who are active now.
fn live(db: &Db, sample: &Sample, wish: &Demo, hash: &str) -> Result<Vec<MemberId>, String> {
    let bar = work::progress(u64::from(wish.members), "Members");
    let (mut dice, mut made) = (Dice(wish.seed), 1);
    let (waves, mut active) = (history::waves(wish.members), vec![sample.opened.owner]);
    let mut leavers: Vec<MemberId> = Vec::new();
    let mut gone = gone::people(sample, hash, sample.now - Span::days(OPENED))?;
    for (days, act) in history::DAYS {
        let then = sample.now - Span::days(*days);
        match *act {
            Act::Join(wave) => {
                while made < waves[wave] {
                    let end = waves[wave].min(made + 5000);
                    let mut batch = (made..end).map(|n| person(n, sample, hash, then, &mut dice)).collect::<Result<Vec<_>, _>>()?;
                    active.extend(batch.iter().filter(|new| new.status == Status::Active).map(|new| new.id).take(MOST_IN_GROUPS));
                    for new in batch.iter_mut().filter(|new| new.status == Status::Deactivated) {
                        if leavers.len() < LEAVERS {
                            new.status = Status::Active;
                            leavers.push(new.id);
                        }
                    }
                    if wave == 0 && end == waves[0] {
                        batch.extend(gone.iter().cloned());
                    }
                    db.write_now(|tx| history::join(tx, sample, &batch, then)).map_err(work::sentence)?;
                    made = end;
                    bar.set_position(u64::from(made));
                }
            }
            Act::Leave => db.write_now(|tx| history::leave(tx, sample, &std::mem::take(&mut leavers), then)).map_err(work::sentence)?,
            Act::Remove => {
                let who = gone.remove(0).id;
                db.write_now(|tx| history::remove(tx, sample, who, then)).map_err(work::sentence)?;
            }
        }
    }
    bar.finish_and_clear();
    Ok(active)
}

/// The `n`-th member: most are active, every twelfth is invited, every fifteenth deactivated.
fn person(n: u32, sample: &Sample, hash: &str, then: At, dice: &mut Dice) -> Result<NewMember, String> {
    let known = TITLES.get(n as usize).copied();
    let rolled = || (FIRST[dice.roll(FIRST.len())], LAST[dice.roll(LAST.len())], Role::Agent);
    let (first, last, role) = known.unwrap_or_else(rolled);
    let status = match n {
        n if known.is_some() || !matches!((n % 12, n % 15), (5, _) | (_, 7)) => Status::Active,
        n if n % 12 == 5 => Status::Invited,
        _ => Status::Deactivated,
    };
    let joined = status != Status::Invited;
    let joined_at = then + Span::secs(dice.roll(60) as i64);
    let seen = (sample.now - Span::minutes(1 + dice.roll(60 * 24 * 40) as i64)).max(joined_at);
    let new = NewMember {
        email: Some(EmailAddress::parse(&address(first, last, if known.is_some() { 0 } else { n }))?),
        name: if joined { PersonName { first: first.into(), last: last.into() } } else { PersonName::default() },
        password_hash: joined.then(|| hash.to_owned()),
        joined_at: if joined { joined_at } else { At::NEVER },
        last_active_at: if joined { seen } else { At::NEVER },
        ..NewMember::new(sample.opened.account, role, status, if joined { then } else { sample.now })
    };
    if n != LOBBY {
        return Ok(new);
    }
    let name = PersonName { first: "Lobby".into(), last: "Phone".into() };
    Ok(NewMember { email: None, username: Some(Username::parse(LOBBY_USERNAME)?), name, ..new })
}
