//! What people and time do to an account, by the product's own operations.

use std::fmt::Write;

use rollcall::{
    accounts::{self, AccountDetails, CompanyName, Founder, TwoFactorPolicy},
    app::App,
    authz::{Can, CancelAccount, ManageAccount, ManageBilling, ManageMembers, Role},
    billing::{self, CancelRefusal, Change, ChangeRefusal, Choice, Day, Interval, ReopenRefusal, Reopened, SeatRefusal},
    clock::At,
    db::{AccountId, MemberId},
    failure::Failure,
    keys::Token,
    members::{self, Acceptance, EmailAddress, Invite, NewUser, PersonName, ReturnRefusal, Username},
    settings::SignupPolicy,
    ticker,
    web::zone::Zone,
};

use crate::support::*;

/// An instant like `2027-01-31T10:00:00Z`.
pub fn at(text: &str) -> At {
    text.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant").into()
}

/// Sets the clock, forwards or back.
pub fn set_clock(world: &World, to: At) {
    world.advance(to.since(world.now()));
}

/// An account with an Owner and nobody else, opened now.
pub fn company(world: &World, name: &str, plan: &str, zone: &str) -> Person {
    let email = EmailAddress::parse(&format!("owner@{name}.test")).unwrap();
    let founder = Founder {
        company: CompanyName::parse(name).unwrap(),
        name: PersonName::parse_whole("Olga Owner").unwrap(),
        email: email.clone(),
        password_hash: world.hash(),
        plan: world.app.plans.find(plan).expect("a plan").clone(),
        zone: zone.parse().expect("a zone"),
    };
    let opened = world.app.db.write_now(|tx| accounts::open(tx, &founder, SignupPolicy::Open, None, "", world.now())).expect("an account");
    Person { account: opened.account, id: opened.owner, name: "Olga Owner".into(), email: email.as_str().into(), role: Role::Owner }
}

/// A user by username.
pub fn create(app: &App, world: &World, owner: &Person, username: &str) -> Result<MemberId, members::CreateRefusal> {
    create_at(app, &world.proof(owner), &world.hash(), username, world.now())
}

/// A user by username, made by a proof that is there already.
pub fn create_at(app: &App, by: &Can<ManageMembers>, hash: &str, username: &str, now: At) -> Result<MemberId, members::CreateRefusal> {
    let what = NewUser {
        username: Username::parse(username).unwrap(),
        name: PersonName::parse_whole("Una User").unwrap(),
        role: Role::Agent,
        password_hash: hash.to_owned(),
        number: None,
        groups: Vec::new(),
    };
    app.db.write_now(|tx| members::create_user(tx, by, &what, None, &app.plans, now)).map(|(id, _)| id)
}

/// Somebody is invited; their link.
pub fn invited(world: &World, owner: &Person, email: &str) -> (MemberId, Token) {
    let what = Invite { emails: vec![EmailAddress::parse(email).unwrap()], role: Role::Agent, number: None, groups: Vec::new() };
    let (by, now) = (world.proof::<ManageMembers>(owner), world.now());
    let member = world.app.db.write_now(|tx| members::invite(tx, &by, &what, &world.app.plans, now)).expect("an invitation")[0].member;
    let shown = world.app.db.write_now(|tx| members::show_link(tx, &by, member, &world.app.plans, now)).expect("a link");
    (member, shown.1)
}

/// They follow it.
pub fn accept(app: &App, world: &World, token: &Token) -> Option<MemberId> {
    let name = PersonName { first: "Ana".into(), last: String::new() };
    let what = Acceptance { name, password_hash: world.hash(), address: String::new() };
    match app.db.write_now(|tx| members::accept(tx, token, &what, &app.plans, world.now())) {
        Ok(members::Accepted::Joined(member)) => Some(member.id),
        Ok(members::Accepted::Gone(_)) | Err(_) => None,
    }
}

pub fn deactivate(world: &World, owner: &Person, member: MemberId) {
    let (by, now) = (world.proof::<ManageMembers>(owner), world.now());
    world.app.db.write_now(|tx| members::deactivate(tx, &by, member, &world.app.plans, now)).expect("somebody active");
}

pub fn remove(world: &World, owner: &Person, member: MemberId) {
    let (by, now) = (world.proof::<ManageMembers>(owner), world.now());
    world.app.db.write_now(|tx| members::remove(tx, &by, member, None, &world.app.plans, now)).expect("somebody who is there");
}

pub fn reactivate(app: &App, world: &World, owner: &Person, member: MemberId) -> Result<(), ReturnRefusal> {
    reactivate_by(app, &world.proof(owner), member, world.now())
}

/// By a proof that is there already.
pub fn reactivate_by(app: &App, by: &Can<ManageMembers>, member: MemberId, now: At) -> Result<(), ReturnRefusal> {
    app.db.write_now(|tx| members::reactivate(tx, by, member, None, &app.plans, now)).map(drop)
}

pub fn restore(world: &World, owner: &Person, member: MemberId) -> Result<(), ReturnRefusal> {
    let (by, now) = (world.proof::<ManageMembers>(owner), world.now());
    world.app.db.write_now(|tx| members::restore(tx, &by, member, None, &world.app.plans, now)).map(drop)
}

/// The account's zone is another.
pub fn move_to(world: &World, owner: &Person, zone: &str) {
    let (by, now) = (world.proof::<ManageAccount>(owner), world.now());
    let what = AccountDetails {
        company: CompanyName::parse("Somewhere else").unwrap(),
        zone: zone.parse::<Zone>().unwrap(),
        require_two_factor: TwoFactorPolicy::Nobody,
    };
    world.app.db.write_now(|tx| accounts::edit(tx, &by, &what, &accounts::Shown::default(), &world.app.plans, now)).expect("settings");
}

/// One round of a process's ticker; accounts that another process holds too long are left for its next.
pub fn tick(app: &App, now: At) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(ticker::renew(app, &mut Vec::new(), now)).expect("a ticker that works");
}

/// What the ticker does to one account.
pub fn renew(app: &App, account: AccountId, now: At) -> Result<(), Failure> {
    app.db.write_now(|tx| {
        tx.lock(account)?;
        billing::settle(tx, account, &app.plans, now).map(drop)
    })
}

/// What the end of the cycle shall bring: another plan or length, or the end.
pub fn ahead(world: &World, account: AccountId, plan: Option<(&str, &str)>, closes: bool) {
    use diesel::prelude::*;
    use rollcall::db::schema::subscriptions::dsl as s;
    let row = s::subscriptions.filter(s::account_id.eq(account));
    let (word, length) = plan.unzip();
    world.write(|conn| diesel::update(row).set((s::next_plan.eq(word), s::next_billed.eq(length), s::closes.eq(closes))).execute(conn));
}

/// Another plan or length is chosen.
pub fn choose(world: &World, owner: &Person, plan: &str, yearly: bool) -> Result<Change, ChangeRefusal> {
    let (by, now) = (world.proof::<ManageBilling>(owner), world.now());
    let choice = Choice { plan: plan.to_owned(), interval: if yearly { Interval::Yearly } else { Interval::Monthly } };
    world.app.db.write_now(|tx| billing::change_plan(tx, &by, &choice, None, None, &world.app.plans, now))
}

/// The account is cancelled.
pub fn cancel(world: &World, owner: &Person) -> Result<Day, CancelRefusal> {
    let (by, now) = (world.proof::<CancelAccount>(owner), world.now());
    world.app.db.write_now(|tx| billing::cancel(tx, &by, None, &world.app.plans, now))
}

/// It is kept, or opened again.
pub fn reopen(world: &World, owner: &Person) -> Result<Reopened, ReopenRefusal> {
    let (by, now) = (world.proof::<CancelAccount>(owner), world.now());
    world.app.db.write_now(|tx| billing::reopen(tx, &by, None, &world.app.plans, now))
}

/// Was it refused because the account is closed?
pub fn is_closed<T>(refused: &Result<T, members::CreateRefusal>) -> bool {
    matches!(refused, Err(members::CreateRefusal::Seat(SeatRefusal::Closed)))
}

/// A plan: word, name, price, yearly price (perhaps none), fewest and most seats.
pub type PlanRow = (&'static str, &'static str, &'static str, &'static str, u32, Option<u32>);

/// A plans file of these.
pub fn plans_file(folder: &std::path::Path, rows: &[PlanRow]) -> String {
    let mut text = String::new();
    for (word, name, price, yearly, min, max) in rows {
        write!(text, "[[plan]]\nword = \"{word}\"\nname = \"{name}\"\nprice = \"{price}\"\nseats_min = {min}\n").unwrap();
        if !yearly.is_empty() {
            writeln!(text, "yearly_price = \"{yearly}\"").unwrap();
        }
        if let Some(max) = max {
            writeln!(text, "seats_max = {max}").unwrap();
        }
    }
    let path = folder.join("plans.toml");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}
