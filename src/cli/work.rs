//! Commands that change something.

use std::io::{BufRead, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    accounts::{self, CompanyName, Founder, SignupRefusal},
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
    sign_in::{self, Hasher, passwords::Password, second_factor},
    web::zone::Zone,
};

/// How the audit log names the command line.
const OPERATOR: &str = "the server's operator";

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
    let plan = plans.find(&wish.plan).ok_or_else(|| format!("--plan: {:?} is not one of {}.", wish.plan, words.join(", ")))?.word.clone();
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).map_err(|e| format!("The password cannot be read from standard input ({e})."))?;
    let about = [wish.company.as_str(), wish.name.as_str(), wish.email.as_str()];
    let password = Password::parse(typed.trim_end_matches(['\r', '\n']), settings.password_min, &about).map_err(|e| format!("The password: {e}"))?;
    let password_hash = Hasher::new(settings.password_cost)?.hash_now(&password).map_err(sentence)?;
    let founder = Founder { company, name, email, password_hash, plan, zone };
    let (db, now) = (database(settings)?, Clock::System.now());
    let opened = db.write_now(|tx| accounts::open(tx, &founder, SignupPolicy::Open, Some(OPERATOR), "", now));
    let opened = opened.map_err(|refusal| match refusal {
        SignupRefusal::Closed => "Sign-up is closed.".to_owned(),
        SignupRefusal::Failure(failure) => sentence(failure),
    })?;
    let account = db.read_now(|conn| accounts::get(conn, opened.account)).map_err(sentence)?;
    println!("{} ({}) is open; its Owner is {}.", account.name, account.slug, founder.email.as_str());
    Ok(())
}

pub(super) fn reset_password(settings: &Settings, login: &str) -> Result<(), String> {
    let name = SignInName::parse(login).ok_or_else(|| format!("{login:?} is no address and no account/username."))?;
    let (db, now) = (database(settings)?, Clock::System.now());
    let links = db.write_now(|tx| {
        let mut links = Vec::new();
        for who in sign_in::candidates(tx, &name)? {
            let email = EmailAddress::parse(login).or_else(|_| EmailAddress::parse("nobody@localhost.localdomain"));
            let Ok(email) = email else { continue };
            let token = sign_in::make_link(tx, &who, &email, now)?;
            let target = Target::new(who.member, who.name.clone());
            audit::record(tx, &Author::program(who.account, OPERATOR), Event::PasswordResetAsked, Some(&target), "", now)?;
            links.push((who.company, who.name, token));
        }
        Ok::<_, Failure>(links)
    });
    let links = links.map_err(sentence)?;
    if links.is_empty() {
        return Err(format!("No active member signs in as {login}."));
    }
    for (company, name, token) in links {
        println!("{name} of {company}, within 60 minutes: {}", settings.public_url.link(&format!("/password/{}", token.reveal())));
    }
    Ok(())
}

pub(super) fn transfer_ownership(settings: &Settings, wish: &super::args::TransferOwnership) -> Result<(), String> {
    let email = EmailAddress::parse(&wish.to).map_err(|e| format!("--to: {e}"))?;
    let slug = wish.account.trim().to_lowercase();
    let (db, now) = (database(settings)?, Clock::System.now());
    let account = db.read_now(|conn| accounts::find_by_slug(conn, &slug)).map_err(sentence)?;
    let account = account.ok_or_else(|| format!("--account: no account has the short name {slug}."))?;
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

pub(super) fn reset_two_factor(settings: &Settings, login: &str) -> Result<(), String> {
    let name = SignInName::parse(login).ok_or_else(|| format!("{login:?} is no address and no account/username."))?;
    let (db, now) = (database(settings)?, Clock::System.now());
    let reset = db.write_now(|tx| {
        let mut reset = Vec::new();
        for who in sign_in::candidates(tx, &name)? {
            if second_factor::reset_by_operator(tx, OPERATOR, who.account, who.member, now)? {
                reset.push(format!("{} of {}", who.name, who.company));
            }
        }
        Ok::<_, Failure>(reset)
    });
    let reset = reset.map_err(sentence)?;
    if reset.is_empty() {
        return Err(format!("No active member who signs in as {login} has two-factor sign-in."));
    }
    for who in reset {
        println!("{who} signs in with the password alone; their sessions ended.");
    }
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
