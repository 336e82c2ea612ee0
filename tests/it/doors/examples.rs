//! For each door, a good way through it.

use std::sync::atomic::{AtomicUsize, Ordering};

use rollcall::{
    authz::{ManageMembers, ManageNumbers, Role},
    clock::Span,
    doors::Door,
    members::{self, Status},
    numbers::{self, Label, NewNumber, Party, PhoneNumber, Present},
    sign_in::links::Purpose,
};

use crate::support::*;

mod groups;

/// A request that a door should accept, and what it answers.
#[derive(Clone)]
pub struct Good {
    pub path: String,
    pub fields: Vec<(&'static str, String)>,
    /// The field of a file, what it is called, what is in it.
    pub file: Option<(&'static str, &'static str, Vec<u8>)>,
    pub status: u16,
    /// Where a 303 leads; empty for a page.
    pub to: String,
    /// Does it write something?
    pub changes: bool,
}

impl Good {
    fn page(path: impl Into<String>) -> Self {
        Good { path: path.into(), fields: Vec::new(), file: None, status: 200, to: String::new(), changes: false }
    }
    fn leads(path: impl Into<String>, to: &str) -> Self {
        Good { status: 303, to: to.into(), ..Self::page(path) }
    }
    fn done(path: impl Into<String>, to: &str, fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Good { fields, changes: true, ..Self::leads(path, to) }
    }
}

const NEW_PASSWORD: &str = "velvet harbour ninety lanterns";
const LIST: &str = "/settings/team/members";

/// An address that nobody has yet.
fn fresh_address() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("fresh{}@new.test", NEXT.fetch_add(1, Ordering::SeqCst))
}

/// A good way through `door` for whoever uses `browser`: `actor`, one of `home`, or nobody.
pub fn example(world: &World, door: &Door, browser: &Browser, actor: Option<&Person>, home: &[Person; 4]) -> Good {
    let good = whole(world, door, browser, actor, home);
    for (name, _) in &good.fields {
        assert!(door.fields.contains(name), "{} {} does not list the field {name}", door.method, door.path);
    }
    good
}

fn whole(world: &World, door: &Door, browser: &Browser, actor: Option<&Person>, home: &[Person; 4]) -> Good {
    let [owner, .., agent] = home;
    let someone = actor.unwrap_or(agent);
    let manages = matches!(someone.role, Role::Owner | Role::Admin);
    let signed_in = actor.is_some();
    match (door.method.as_str(), door.path) {
        ("GET", "/") if !signed_in => Good::leads("/", "/login"),
        ("GET", "/") => Good::leads("/", if manages { LIST } else { "/profile" }),
        ("GET", "/login") if signed_in => Good::leads("/login", "/"),
        ("POST", "/signup") => {
            let email = fresh_address();
            let (name, password) = (("name", "Nia Obi"), ("password", PASSWORD));
            let fields = [("company", "Initech"), name, ("email", email.as_str()), password, ("plan", "team"), ("time_zone", "UTC")];
            Good::done("/signup", LIST, &fields)
        }
        ("POST", "/login") => Good::done("/login", "/profile", &[("login", &someone.email), ("password", PASSWORD), ("next", "/profile")]),
        ("POST", "/login/account") => {
            let email = fresh_address();
            for account in [owner.account, world.gus.account] {
                world.member(account, "Twin Twice", &email, Role::Agent, Status::Active);
            }
            let choose = browser.post("/login", &[("login", &email), ("password", PASSWORD)]);
            assert_eq!((choose.status, choose.h1().as_str()), (200, "Choose an account"));
            Good::done("/login/account", "/", &[("account_id", owner.account.as_str())])
        }
        (_, "/two-factor") if signed_in => Good::leads("/two-factor", "/"),
        (method, "/two-factor") => {
            let other = world.member(owner.account, "Eli Novak", &fresh_address(), Role::Agent, Status::Active);
            let app = world.set_up_two_factor(&world.sign_in(&other));
            assert_eq!(browser.post("/login", &[("login", &other.email), ("password", PASSWORD)]).to(), "/two-factor");
            world.advance(Span::secs(30));
            if method == "GET" { Good::page("/two-factor") } else { Good::done("/two-factor", "/", &[("code", &app.code(world))]) }
        }
        ("POST", "/password/confirmation") => {
            world.advance(Span::secs(1));
            Good::done("/password/confirmation", "/profile", &[("current_password", PASSWORD), ("next", "/profile")])
        }
        ("POST", "/profile/two-factor") => {
            let code = Authenticator::of(&browser.get("/profile/two-factor")).code(world);
            Good { status: 200, to: String::new(), ..Good::done("/profile/two-factor", "", &[("code", &code)]) }
        }
        ("POST", "/profile/two-factor/removal") => {
            // Where everybody is refused, the cast keeps its way of signing in.
            if owner.id != world.ada.id {
                world.set_up_two_factor(browser);
            }
            Good::done("/profile/two-factor/removal", "/profile", &[("current_password", PASSWORD)])
        }
        (method, "/settings/team/members/{id}/two-factor/removal") => {
            if owner.id != world.ada.id {
                world.set_up_two_factor(&world.sign_in(agent));
            }
            let profile = format!("{LIST}/{}", agent.id);
            let path = format!("{profile}/two-factor/removal");
            if method == "GET" { Good::page(path) } else { Good::done(path, &profile, &[]) }
        }
        ("POST", "/settings/account") => {
            let company = format!("Company of {}", someone.name);
            let fields = [("company", company.as_str()), ("time_zone", "Europe/Lisbon"), ("require_two_factor", "nobody")];
            Good::done("/settings/account", "/settings/account", &fields)
        }
        ("POST", "/logout") => Good { changes: signed_in, ..Good::done("/logout", "/login?done=out", &[]) },
        ("GET", "/email-confirmations/{token}") => Good::page(world.link(agent, Purpose::EmailConfirmation, &agent.email)),
        ("POST", "/email-confirmations/{token}") => {
            world.advance(Span::secs(1));
            let to = if signed_in { "/" } else { "/login?done=confirmed" };
            Good::done(world.link(agent, Purpose::EmailConfirmation, &agent.email), to, &[])
        }
        ("GET", "/password/{token}") => Good::page(world.link(agent, Purpose::PasswordReset, &agent.email)),
        ("POST", "/password/{token}") => {
            let other = world.member(owner.account, "Eli Novak", &fresh_address(), Role::Agent, Status::Active);
            Good::done(world.link(&other, Purpose::PasswordReset, &other.email), "/login?done=reset", &[("password", NEW_PASSWORD)])
        }
        ("POST", "/password/new") => Good { status: 200, to: String::new(), ..Good::done("/password/new", "", &[("login", &agent.email)]) },
        ("GET", "/invitations/{token}") => Good::page(world.invite(owner, &fresh_address(), Role::Agent).1),
        ("POST", "/invitations/{token}") => {
            let path = world.invite(owner, &fresh_address(), Role::Agent).1;
            let good = Good::done(path, "/", &[("first_name", "Nia"), ("last_name", "Obi"), ("password", NEW_PASSWORD)]);
            // Whoever is signed in is somebody else (R8).
            if signed_in { Good { status: 409, to: String::new(), changes: false, ..good } } else { good }
        }
        ("GET", "/email-changes/{token}") => Good::page(world.link(agent, Purpose::EmailChange, &fresh_address())),
        ("POST", "/email-changes/{token}") => {
            let other = world.member(owner.account, "Eli Novak", &fresh_address(), Role::Agent, Status::Active);
            // Somebody else who follows it stays signed in.
            let to = if signed_in { "/" } else { "/login?done=email" };
            Good::done(world.link(&other, Purpose::EmailChange, &fresh_address()), to, &[])
        }
        ("POST", "/profile") => {
            let fields = [("first_name", "Nia"), ("last_name", "Obi"), ("job_title", "Queen"), ("time_zone", "Europe/Lisbon"), ("theme", "dark")];
            Good::done("/profile", "/profile", &fields)
        }
        ("POST", "/profile/availability") => Good::done("/profile/availability", "/profile", &[("availability", "away")]),
        ("POST", "/profile/password") => Good::done("/profile/password", "/profile", &[("current_password", PASSWORD), ("password", NEW_PASSWORD)]),
        ("POST", "/profile/email") => Good::done("/profile/email", "/profile", &[("email", &fresh_address()), ("current_password", PASSWORD)]),
        ("POST", "/profile/sessions/{id}/removal") => {
            world.sign_in(someone);
            let end = browser.get("/profile/sessions").attribute("td form[action^='/profile/sessions/']", "action");
            Good::done(end.expect("a second session"), "/profile/sessions", &[])
        }
        (method, path) if path.starts_with("/settings/user-groups/{id}/greeting") => {
            let group = crate::greetings::group(world, owner.account, &fresh_address());
            let (there, settings) = (crate::greetings::path(group), format!("/settings/user-groups/{group}/settings"));
            let greeting = rollcall::groups::greeting::sample(1);
            if (method, path) == ("POST", "/settings/user-groups/{id}/greeting") {
                return Good { file: Some(("file", "chime.wav", greeting)), ..Good::done(there, &settings, &[]) };
            }
            crate::greetings::take(&world.sign_in(owner), group, "chime.wav", &greeting);
            if method == "GET" { Good::page(there) } else { Good::done(format!("{there}/removal"), &settings, &[]) }
        }
        (_, path) if path.starts_with("/settings/user-groups") => groups::example(world, door, home),
        (method, path) if path.starts_with(BULK) => bulk_invites(world, path, method == "POST", owner),
        ("POST", LIST) => {
            let group = world.group(owner, &fresh_address(), &[]);
            Good::done(LIST, LIST, &[("emails", &fresh_address()), ("role", "agent"), ("number_id", ""), ("group_ids", group.as_str())])
        }
        (method, "/settings/team/members/selection") => {
            let group = world.group(owner, &fresh_address(), &[]);
            let there = format!("{LIST}/selection");
            match method {
                "GET" => Good::page(format!("{there}?act=group&group_id={group}&member_ids={}", agent.id)),
                _ => Good::done(there, LIST, &[("act", "group"), ("group_id", group.as_str()), ("member_ids", agent.id.as_str())]),
            }
        }
        ("POST", "/settings/team/members/{id}/groups") => {
            let group = world.group(owner, &fresh_address(), &[]);
            let profile = format!("{LIST}/{}", agent.id);
            Good::done(format!("{profile}/groups"), &profile, &[("group_ids", group.as_str())])
        }
        ("POST", "/settings/team/username-members" | "/settings/team/username-members/new") => {
            let group = world.group(owner, &fresh_address(), &[]);
            let username = fresh_address().replace("@new.test", "");
            let person = [("username", username.as_str()), ("first_name", "Front"), ("last_name", "Desk"), ("role", "agent")];
            let fields = [&person[..], &[("password", NEW_PASSWORD), ("number_id", ""), ("group_ids", group.as_str())]].concat();
            Good::done(door.path, &format!("{LIST}/{{id}}"), &fields)
        }
        ("POST", "/settings/team/members/{id}") => {
            let other = world.member(owner.account, "Eli Novak", &fresh_address(), Role::Agent, Status::Active);
            let profile = format!("{LIST}/{}", other.id);
            let details = [("first_name", "Nia"), ("last_name", "Obi"), ("job_title", "Queen"), ("email", &fresh_address())];
            Good::done(profile.clone(), &profile, &[&details[..], &[("device", "204"), ("version", "1")]].concat())
        }
        ("POST", "/settings/team/members/{id}/password") => {
            let username = fresh_address().replace("@new.test", "");
            let fields = [("username", username.as_str()), ("first_name", "Front"), ("role", "agent")];
            let made = world.sign_in(owner).post("/settings/team/username-members", &fields);
            let profile = made.link("Done").expect("the way to the new user");
            Good { status: 200, to: String::new(), ..Good::done(format!("{profile}/password"), "", &[("password", "")]) }
        }
        ("POST", "/settings/team/members/{id}/role") => {
            let (profile, now_is) = (format!("{LIST}/{}", agent.id), world.row(agent));
            let (role, version) = (if now_is.role == Role::Agent { "supervisor" } else { "agent" }, now_is.version.to_string());
            Good::done(format!("{profile}/role"), &profile, &[("role", role), ("version", &version)])
        }
        ("GET", "/settings/team/members/{id}/ownership") => Good::page(format!("{LIST}/{}/ownership", agent.id)),
        ("POST", "/settings/team/members/{id}/ownership") => {
            let profile = format!("{LIST}/{}", agent.id);
            Good::done(format!("{profile}/ownership"), &profile, &[("current_password", PASSWORD)])
        }
        ("GET", "/settings/team/members/{id}") => Good::page(format!("{LIST}/{}", agent.id)),
        ("POST", path) if path.starts_with("/settings/team/members/{id}/invitation") => {
            let (invited, _) = world.invite(owner, &fresh_address(), Role::Agent);
            world.advance(Span::minutes(2));
            let path = path.replace("{id}", invited.id.as_str());
            if path.ends_with("/link") { Good { status: 200, to: String::new(), ..Good::done(path, "", &[]) } } else { Good::done(path, LIST, &[]) }
        }
        (_, path) if path.starts_with("/settings/billing/invoices/") => {
            let invoice = crate::billing::invoice_ids(world, owner.account)[0];
            Good::page(path.replace("{id}", invoice.as_str()))
        }
        ("POST", "/settings/billing/plan") => Good::done(door.path, "/settings/billing", &[("plan", "pro_plus"), ("interval", "monthly")]),
        ("POST", "/settings/account/cancellation") => Good::done(door.path, door.path, &[("current_password", PASSWORD)]),
        ("POST", "/settings/account/reopening") => {
            crate::billing::cancel(world, owner);
            Good::done(door.path, "/settings/billing", &[("current_password", PASSWORD), ("shown", "0.00")])
        }
        (method, path) if ending(path) => endings(world, method, path, home),
        (_, path) if path.contains("/numbers") => numbers(world, path, door.method == "POST", home),
        ("GET", path) if !path.contains('{') => Good::page(path),
        (method, path) => panic!("{method} {path} has no example in tests/it/doors/examples.rs"),
    }
}

/// Is it a door through which a membership ends or comes back?
fn ending(path: &str) -> bool {
    ["deactivation", "reactivation", "removal", "restoration", "erasure"].iter().any(|noun| path == format!("{LIST}/{{id}}/{noun}"))
}

fn endings(world: &World, method: &str, path: &str, home: &[Person; 4]) -> Good {
    let owner = &home[0];
    let person = world.member(owner.account, "Eli Novak", &fresh_address(), Role::Agent, Status::Active);
    let (by, now, plans) = (world.proof::<ManageMembers>(owner), world.now(), world.app.plans.clone());
    let noun = path.rsplit('/').next().unwrap_or_default();
    match noun {
        "reactivation" => drop(world.app.db.write_now(|tx| members::deactivate(tx, &by, person.id, &world.app.plans, now)).unwrap()),
        "restoration" | "erasure" => drop(world.app.db.write_now(|tx| members::remove(tx, &by, person.id, None, &plans, now)).unwrap()),
        _ => {}
    }
    let profile = format!("{LIST}/{}", person.id);
    let path = format!("{profile}/{noun}");
    let fields: &[(&str, &str)] = match noun {
        "removal" => &[("replacement", "voicemail"), ("from", "profile")],
        "erasure" => &[("current_password", PASSWORD)],
        _ => &[],
    };
    let to = if matches!(noun, "reactivation" | "restoration") { profile.as_str() } else { LIST };
    if method == "GET" { Good::page(path) } else { Good::done(path, to, fields) }
}

const BULK: &str = "/settings/team/bulk-invites";

fn bulk_invites(world: &World, path: &str, posts: bool, owner: &Person) -> Good {
    if !path.contains('{') {
        let file = Some(("file", "team.csv", format!("email,role\n{},agent\n", fresh_address()).into_bytes()));
        return if posts {
            Good { file, to: format!("{BULK}/{{id}}"), ..Good::done(path, "", &[("resend_pending", "on")]) }
        } else {
            Good::page(path)
        };
    }
    let here = crate::bulk_invites::kept(world, owner, &format!("email,role\n{},agent\nnobody,agent\n", fresh_address()));
    let path = path.replace(&format!("{BULK}/{{id}}"), &here);
    if posts { Good::done(path, &here, &[]) } else { Good::page(path) }
}

const NUMBERS: &str = "/settings/numbers";

/// A number of the account that nobody holds.
fn fresh_number(world: &World, owner: &Person) -> rollcall::db::NumberId {
    let (by, now) = (world.proof::<ManageNumbers>(owner), world.now());
    let new = NewNumber::new(PhoneNumber::parse(&fresh_digits()).unwrap(), Label::default(), now);
    world.app.db.write_now(|tx| numbers::add(tx, &by, &new, now)).expect("a number that nobody has");
    new.id
}

fn fresh_digits() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(5_550_000);
    format!("+1415{}", NEXT.fetch_add(1, Ordering::SeqCst))
}

fn numbers(world: &World, path: &str, posts: bool, home: &[Person; 4]) -> Good {
    let [owner, .., agent] = home;
    let number = fresh_number(world, owner);
    let here = format!("{NUMBERS}/{number}");
    let person = format!("{LIST}/{}", agent.id);
    let upload = || {
        let (by, now) = (world.proof::<ManageNumbers>(owner), world.now());
        let file = format!("number,label\n{},x\nnonsense,y\n", fresh_digits());
        let id = world.app.db.write_now(|tx| numbers::import::keep(tx, &by, "numbers.csv", file.as_bytes(), now)).unwrap();
        format!("{NUMBERS}/import/{id}")
    };
    match (path, posts) {
        ("/settings/team/members/{id}/numbers", false) => Good::page(format!("{person}/numbers")),
        ("/settings/team/members/{id}/numbers", true) => Good::done(format!("{person}/numbers"), &person, &[("number_id", number.as_str())]),
        ("/settings/team/members/{id}/numbers/{number_id}/removal", _) => {
            let (by, now) = (world.proof::<ManageNumbers>(owner), world.now());
            let to = Some(Party::Member(agent.id));
            world.app.db.write_now(|tx| numbers::assign(tx, &by, number, to, &Present::Unknown, now)).expect("a number of theirs");
            Good::done(format!("{person}/numbers/{number}/removal"), &person, &[])
        }
        ("/settings/numbers", true) => Good::done(NUMBERS, NUMBERS, &[("number", &fresh_digits()), ("label", "Main line")]),
        ("/settings/numbers/import", true) => {
            let file = Some(("file", "numbers.csv", b"number\n+442079460958\n".to_vec()));
            Good { file, to: "/settings/numbers/import/{id}".into(), ..Good::done(path, "", &[]) }
        }
        ("/settings/numbers/import/{id}", false) => Good::page(upload()),
        ("/settings/numbers/import/{id}", true) => {
            let place = upload();
            Good::done(place.clone(), &place, &[])
        }
        ("/settings/numbers/import/{id}/failed-rows.csv", _) => Good::page(format!("{}/failed-rows.csv", upload())),
        ("/settings/numbers/{id}", false) => Good::page(here),
        ("/settings/numbers/{id}", true) => Good::done(here.clone(), &here, &[("label", "Main line"), ("version", "1")]),
        ("/settings/numbers/{id}/assignment", true) => {
            Good::done(format!("{here}/assignment"), &here, &[("assignee", &format!("member:{}", agent.id)), ("from", "none")])
        }
        ("/settings/numbers/{id}/incoming", true) => Good::done(format!("{here}/incoming"), &here, &[("incoming", "voicemail")]),
        ("/settings/numbers/{id}/removal", true) => Good::done(format!("{here}/removal"), NUMBERS, &[]),
        (path, false) => Good::page(path.replace("{id}", number.as_str())),
        (path, true) => panic!("POST {path} has no example in tests/it/doors/examples.rs"),
    }
}
