//! Commands that change something.

use std::io::{BufRead, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::OneMember;
use crate::{
    accounts::{self, Account, CompanyName, Founder, SignupRefusal},
    app::{self, Migrate},
    audit::{self, Author, Event, Target},
    billing::Plans,
    clock::{Clock, Span},
    db::{
        Db,
        migrations::{self, Standing},
    },
    failure::Failure,
    members::{self, EmailAddress, PersonName, SignInName, TransferRefusal},
    settings::{Settings, SignupPolicy},
    sign_in::{self, Candidate, Hasher, passwords::Password, second_factor},
    web::zone::Zone,
};

/// How the audit log names the command line.
pub(super) const OPERATOR: &str = "the server's operator";

/// A bar on a terminal, nothing elsewhere.
pub(super) fn progress(length: u64, what: &'static str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

pub(super) fn database(settings: &Settings) -> Result<Db, String> {
    app::open_database(settings, Migrate::Yes)
}

pub(super) fn sentence(failure: Failure) -> String {
    format!("The database did not take it: {failure}.")
}

pub(super) fn migrate(settings: &Settings, check: bool) -> Result<(), String> {
    settings.database.try_once()?;
    let keys = crate::keys::Keys::new([0; 32]);
    let db = Db::open(settings.database.clone(), 2, std::sync::Arc::new(keys))?;
    match migrations::standing(&db)? {
        Standing::Current => println!("The database is up to date."),
        Standing::Newer(version) => return Err(migrations::too_new(&version)),
        Standing::Behind(n) if check => return Err(format!("The database is {n} steps behind this program: run `rollcall migrate`.")),
        Standing::Behind(n) => {
            let bar = progress(n as u64, "Migrating");
            let applied = migrations::apply(&db, |_| bar.inc(1))?;
            bar.finish_and_clear();
            println!("The database is up to date; {applied} steps were applied.");
        }
    }
    Ok(())
}

pub(super) fn create_owner(settings: &Settings, wish: &super::args::CreateOwner) -> Result<(), String> {
    let plans = Plans::open(settings.plans.as_deref())?;
    let company = CompanyName::parse(&wish.company).map_err(|e| format!("--company: {e}"))?;
    let name = PersonName::parse_whole(&wish.name).map_err(|e| format!("--name: {e}"))?;
    let email = EmailAddress::parse(&wish.email).map_err(|e| format!("--email: {e}"))?;
    let zone: Zone = wish.time_zone.parse().map_err(|e| format!("--time-zone: {e}"))?;
    let words: Vec<&str> = plans.all().iter().map(|plan| plan.word.as_str()).collect();
    let plan = plans.find(&wish.plan).ok_or_else(|| format!("--plan: {:?} is not one of {}.", wish.plan, words.join(", ")))?.clone();
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).map_err(|e| format!("The password cannot be read from standard input ({e})."))?;
    let about = [wish.company.as_str(), wish.name.as_str(), wish.email.as_str()];
    let password = Password::parse(typed.trim_end_matches(['\r', '\n']), settings.password_min, &about).map_err(|e| format!("The password: {e}"))?;
    let password_hash = Hasher::new(settings.password_cost)?.hash_now(&password).map_err(sentence)?;
    let founder = Founder { company, name, email, password_hash, plan, zone };
    let (db, now) = (database(settings)?, Clock::System.now());
    app::open_plans(settings, &db)?;
    let opened = db.write_now(|tx| accounts::open(tx, &founder, SignupPolicy::Open, Some(OPERATOR), "", now));
    let opened = opened.map_err(|refusal| match refusal {
        SignupRefusal::Closed => "Sign-up is closed.".to_owned(),
        SignupRefusal::Failure(failure) => sentence(failure),
    })?;
    let account = db.read_now(|conn| accounts::get(conn, opened.account)).map_err(sentence)?;
    let charge = opened.charge;
    let charged =
        if charge.amount.is_zero() { String::new() } else { format!(" Its first invoice charges {} ({}).", charge.amount, charge.formula()) };
    println!("{} ({}) is open; its Owner is {}.{charged}", account.name, account.slug, founder.email.as_str());
    Ok(())
}

pub(super) fn account_of(db: &Db, typed: &str) -> Result<Account, String> {
    let slug = typed.trim().to_lowercase();
    let account = db.read_now(|conn| accounts::find_by_slug(conn, &slug)).map_err(sentence)?;
    account.ok_or_else(|| format!("--account: no account has the short name {slug}."))
}

/// The one member whom a command means. Where the sign-in name fits in several accounts, one must be named: what the command
/// does is for one of them (T1).
fn one_member(db: &Db, wish: &OneMember) -> Result<Candidate, String> {
    let login = &wish.email;
    let name = SignInName::parse(login).ok_or_else(|| format!("{login:?} is no address and no account/username."))?;
    let account = wish.account.as_deref().map(|typed| account_of(db, typed)).transpose()?;
    let mut people = db.read_now(|conn| sign_in::candidates(conn, &name, account.as_ref().map(|account| account.id))).map_err(sentence)?;
    match (people.len(), account) {
        (1, _) => Ok(people.remove(0)),
        (0, None) => Err(format!("No active member signs in as {login}.")),
        (0, Some(account)) => Err(format!("No active member of {} signs in as {login}.", account.slug)),
        _ => {
            let slugs = db.read_now(|conn| people.iter().map(|who| Ok(accounts::get(conn, who.account)?.slug)).collect::<Result<Vec<_>, Failure>>());
            let slugs = slugs.map_err(sentence)?.join(", ");
            Err(format!("{login} signs in to several accounts, so nothing was changed. Name one with --account: {slugs}."))
        }
    }
}

pub(super) fn reset_password(settings: &Settings, wish: &OneMember) -> Result<(), String> {
    let (db, now) = (database(settings)?, Clock::System.now());
    let who = one_member(&db, wish)?;
    if who.is_shut_out {
        return Err(format!("The account of {} is closed: only its Owner signs in, until they reopen it.", who.company));
    }
    let email = EmailAddress::parse(&wish.email).or_else(|_| EmailAddress::parse("nobody@localhost.localdomain"))?;
    let made = db.write_now(|tx| {
        let token = sign_in::make_link(tx, &who, &email, now)?;
        let target = Target::new(who.member, who.name.clone());
        audit::record(tx, &Author::program(who.account, OPERATOR), Event::PasswordResetAsked, Some(&target), "", now)?;
        Ok::<_, Failure>(token)
    });
    let link = settings.public_url.link(&format!("/password/{}", made.map_err(sentence)?.reveal()));
    println!("{} of {}, within 60 minutes: {link}", who.name, who.company);
    Ok(())
}

pub(super) fn transfer_ownership(settings: &Settings, wish: &super::args::TransferOwnership) -> Result<(), String> {
    let email = EmailAddress::parse(&wish.to).map_err(|e| format!("--to: {e}"))?;
    let (db, now) = (database(settings)?, Clock::System.now());
    let account = account_of(&db, &wish.account)?;
    let done = db.write_now(|tx| members::transfer_by_operator(tx, account.id, &email, OPERATOR, now));
    let transfer = done.map_err(|refusal| {
        let (company, who) = (&account.name, email.as_str());
        match refusal {
            TransferRefusal::IsOwner => format!("{who} is the Owner of {company} already."),
            TransferRefusal::NotActive(status) => format!("{who} is {} in {company}: only an active member can be its Owner.", status.word()),
            TransferRefusal::ByUsername => format!("{who} is a user by username in {company}: only a user by email can be its Owner."),
            TransferRefusal::Nobody => format!("Nobody in {company} has the address {who}."),
            TransferRefusal::Failure(failure) => sentence(failure),
        }
    })?;
    let (from, to) = (transfer.from.display_name(), transfer.to.display_name());
    println!("{to} is the Owner of {} now, and {from} an Admin. Their sessions have ended, and both get a mail.", account.name);
    Ok(())
}

pub(super) fn reset_two_factor(settings: &Settings, wish: &OneMember) -> Result<(), String> {
    let (db, now) = (database(settings)?, Clock::System.now());
    let who = one_member(&db, wish)?;
    let reset = db.write_now(|tx| second_factor::reset_by_operator(tx, OPERATOR, who.account, who.member, now)).map_err(sentence)?;
    if !reset {
        return Err(format!("{} of {} has no two-factor sign-in.", who.name, who.company));
    }
    println!("{} of {} signs in with the password alone; their sessions ended.", who.name, who.company);
    Ok(())
}

pub(super) fn flush_sessions(settings: &Settings) -> Result<(), String> {
    let (db, now) = (database(settings)?, Clock::System.now());
    let ended = db.write_now(|tx| {
        for account in accounts::list_ids(tx)? {
            audit::record(tx, &Author::program(account, OPERATOR), Event::SessionsEnded, None, "everybody's", now)?;
        }
        sign_in::sweep(tx, Span::secs(0), Span::secs(0), now)
    });
    let ended = ended.map_err(sentence)?;
    println!("{ended} sessions ended.");
    Ok(())
}
