//! A world of its own for each test: a database, the server, a mailbox, a clock that moves, and two accounts.

use std::{sync::Barrier, time::Duration};

use actix_web::web::Data;
use diesel::prelude::*;
use reqwest::{blocking::Client, redirect};
use rollcall::{
    accounts::{self, CompanyName, Founder},
    app::App,
    authz::{Actor, Can, Permission, Role, Tally},
    billing,
    clock::{At, Clock, Span},
    db::{AccountId, Conn, MemberId, SessionId, schema},
    failure::Failure,
    members::{self, EmailAddress, Invite, NewMember, PersonName, Status, Theme},
    settings::SignupPolicy,
    sign_in::{
        links::{self, Purpose},
        passwords::Password,
    },
    web::zone::Zone,
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::watch};

use super::{
    Browser,
    app::{self, Flags, Running},
    database::{self, Database, Everything},
    mailbox::{Mailbox, Received},
};

/// Everybody's password.
pub const PASSWORD: &str = "umbrella tango seventeen";

/// 2 March 2026, 09:00 UTC: a Monday.
const BEGINNING: At = At::from_micros(1_772_442_000_000_000);

/// Somebody of the cast.
#[derive(Clone, Debug)]
pub struct Person {
    pub account: AccountId,
    pub id: MemberId,
    pub name: String,
    pub email: String,
    pub role: Role,
}

/// What differs from the usual world.
pub struct Wish {
    flags: Flags,
    plan: &'static str,
    cast: bool,
}

impl Wish {
    /// The plan of both accounts; Pro unless said.
    pub fn plan(mut self, word: &'static str) -> Self {
        self.plan = word;
        self
    }
    /// A setting by its name, like `ROLLCALL_SIGNUP`.
    pub fn set(mut self, name: &str, text: &str) -> Self {
        self.flags.insert(name.to_owned(), text.to_owned());
        self
    }
    /// No account, nobody.
    pub fn empty(mut self) -> Self {
        self.cast = false;
        self
    }
    /// The world.
    pub fn open(self) -> World {
        World::open(self)
    }
}

/// The people of both accounts. Acme: Ada, Bruno, Chen, Dana. Globex: Gus, Greta, Gil, Gwen.
pub struct Cast {
    pub ada: Person,
    pub bruno: Person,
    pub chen: Person,
    pub dana: Person,
    pub gus: Person,
    pub greta: Person,
    pub gil: Person,
    pub gwen: Person,
}

/// A second server on a world's database.
pub struct Neighbour {
    _running: Running,
    pub app: Data<App>,
    pub browser: Browser,
}

/// One test's world.
pub struct World {
    running: Running,
    pub app: Data<App>,
    pub clock: Clock,
    pub mailbox: Mailbox,
    cast: Option<Cast>,
    client: Client,
    runtime: Runtime,
    flags: Flags,
    pub database: Database,
    folder: TempDir,
}

impl World {
    /// The usual world.
    pub fn new() -> Self {
        Self::wish().open()
    }

    /// A world to be described; `open` it.
    pub fn wish() -> Wish {
        Wish { flags: Flags::new(), plan: "pro", cast: true }
    }

    fn open(wish: Wish) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::fresh(folder.path());
        let mailbox = Mailbox::start();
        let clock = Clock::frozen(BEGINNING);
        let mut flags = wish.flags;
        for (name, text) in
            [("DATABASE_URL", database.url.clone()), ("ROLLCALL_DATA", folder.path().display().to_string()), ("ROLLCALL_SMTP_URL", mailbox.url())]
        {
            flags.entry(name.to_owned()).or_insert(text);
        }
        let (running, app) = app::start(flags.clone(), clock.clone());
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().timeout(Duration::from_secs(30)).build().expect("a client");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let mut world = World { running, app, clock, mailbox, cast: None, client, runtime, flags, database, folder };
        if wish.cast {
            world.cast = Some(world.gather(wish.plan));
        }
        world
    }

    fn gather(&self, plan: &str) -> Cast {
        let [ada, bruno, chen, dana] = self.account("Acme", plan, ["Ada Okafor", "Bruno Vargas", "Chen Wei", "Dana Silva"]);
        let [gus, greta, gil, gwen] = self.account("Globex", plan, ["Gus Hart", "Greta Lund", "Gil Sato", "Gwen Kaya"]);
        Cast { ada, bruno, chen, dana, gus, greta, gil, gwen }
    }

    /// Another account with an Owner, an Admin, a Supervisor and an Agent of these names, all verified, no mail queued.
    pub fn account(&self, company: &str, plan: &str, names: [&str; 4]) -> [Person; 4] {
        let email = |name: &str| {
            let first = name.split(' ').next().unwrap_or_default();
            EmailAddress::parse(&format!("{first}@{company}.test")).expect("an address")
        };
        let founder = Founder {
            company: CompanyName::parse(company).expect("a company's name"),
            name: PersonName::parse_whole(names[0]).expect("a name"),
            email: email(names[0]),
            password_hash: self.hash(),
            plan: self.app.plans.of_account(plan),
            zone: Zone::UTC,
        };
        let opened =
            self.app.db.write_now(|tx| accounts::open(tx, &founder, SignupPolicy::Open, Some("the tests"), "", self.now())).expect("an account");
        self.write(|conn| diesel::delete(schema::mails::table).execute(conn));
        let owner =
            Person { account: opened.account, id: opened.owner, name: names[0].into(), email: founder.email.as_str().into(), role: Role::Owner };
        let person = |name: &str, role| self.member(opened.account, name, email(name).as_str(), role, Status::Active);
        let rest = [person(names[1], Role::Admin), person(names[2], Role::Supervisor), person(names[3], Role::Agent)];
        self.write(|conn| diesel::update(schema::members::table).set(schema::members::email_verified_at.eq(self.now())).execute(conn));
        let [admin, supervisor, agent] = rest;
        [owner, admin, supervisor, agent]
    }

    /// One more member, with [`PASSWORD`] unless invited; an invited one has no invitation.
    pub fn member(&self, account: AccountId, name: &str, email: &str, role: Role, status: Status) -> Person {
        let email = EmailAddress::parse(email).expect("an address");
        let new = NewMember {
            email: Some(email.clone()),
            name: PersonName::parse_whole(name).expect("a name"),
            password_hash: (status != Status::Invited).then(|| self.hash()),
            ..NewMember::new(account, role, status, self.now())
        };
        self.join(std::slice::from_ref(&new));
        Person { account, id: new.id, name: name.to_owned(), email: email.as_str().to_owned(), role }
    }

    /// Writes members of one account and status; the active take seats.
    pub fn join(&self, new: &[NewMember]) {
        let joined = self.app.db.write_now(|tx| {
            if let Some(first) = new.first().filter(|first| first.status == Status::Active) {
                let mut subscription = billing::settle(tx, first.account, &self.app.plans, self.now())?;
                billing::take_many(tx, &mut subscription, new.len() as i64, self.now())?;
            }
            members::insert_many(tx, new, self.now())
        });
        joined.expect("members");
    }

    /// A hash of [`PASSWORD`].
    pub fn hash(&self) -> String {
        use std::sync::OnceLock;
        static HASH: OnceLock<String> = OnceLock::new();
        HASH.get_or_init(|| self.app.hasher.hash_now(&Password::typed(PASSWORD)).expect("a hash")).clone()
    }

    /// The present instant of this world.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// Lets time pass.
    pub fn advance(&self, span: Span) {
        self.clock.advance(span);
    }

    /// The folder of the data.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The server's address, like `127.0.0.1:40123`.
    pub fn address(&self) -> &str {
        &self.running.address
    }

    /// A browser that nobody has used yet.
    pub fn browser(&self) -> Browser {
        let origin = self.app.settings.public_url.origin();
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        Browser::new(self.client.clone(), self.address(), host)
    }

    /// A browser in which `person` has signed in through the form.
    pub fn sign_in(&self, person: &Person) -> Browser {
        let browser = self.browser();
        let answer = browser.post("/login", &[("login", &person.email), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "{} cannot sign in: {}", person.name, answer.text());
        browser
    }

    /// Another server on the same database, as a second process would be.
    pub fn neighbour(&self) -> Neighbour {
        let (running, app) = app::start(self.flags.clone(), self.clock.clone());
        let browser = Browser::new(self.client.clone(), &running.address, &running.address);
        Neighbour { _running: running, app, browser }
    }

    /// Runs a future to its end.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Proof that `person` holds `P`, as a request of theirs would bring it now.
    pub fn proof<P: Permission>(&self, person: &Person) -> Can<P> {
        let account = self.app.db.read_now(|conn| accounts::get(conn, person.account)).expect("an account");
        let actor = Actor {
            account: person.account,
            member: person.id,
            session: SessionId::fresh(self.now()),
            epoch: self.row(person).session_epoch,
            role: self.row(person).role,
            errand: None,
            name: person.name.clone(),
            company: account.name,
            plan: account.plan,
            tally: Tally::default(),
            zone: Zone::UTC,
            theme: Theme::System,
            since: self.now(),
            password_at: self.now(),
            address: "192.0.2.1".into(),
        };
        actor.prove().expect("a person who may")
    }

    /// Invites by the product's own way and mails it; the invited, and the path of their link.
    pub fn invite(&self, by: &Person, email: &str, role: Role) -> (Person, String) {
        let what = Invite { emails: vec![EmailAddress::parse(email).expect("an address")], role, number: None, groups: Vec::new() };
        let (by, now) = (self.proof(by), self.now());
        let invited = self.app.db.write_now(|tx| members::invite(tx, &by, &what, &self.app.plans, now)).expect("an invitation");
        let person = Person { account: by.account(), id: invited[0].member, name: email.into(), email: email.into(), role };
        (person, self.mailed_path(email))
    }

    /// The path of a fresh mailed link of `person`, made without a mail.
    pub fn link(&self, person: &Person, purpose: Purpose, email: &str) -> String {
        let email = EmailAddress::parse(email).expect("an address");
        let ends = self.now() + Span::minutes(60);
        let made = self.app.db.write_now(|tx| links::make(tx, person.account, person.id, purpose, &email, ends, self.now()));
        let folder = match purpose {
            Purpose::PasswordReset => "password",
            Purpose::EmailConfirmation => "email-confirmations",
            Purpose::EmailChange => "email-changes",
        };
        format!("/{folder}/{}", made.expect("a link").reveal())
    }

    /// Sends what is in the outbox and due; returns the mails that came by it.
    pub fn deliver(&self) -> Vec<Received> {
        let before = self.mailbox.count();
        let (_stop, stopped) = watch::channel(false);
        self.runtime.block_on(self.app.post.drain(&stopped)).expect("a working outbox");
        self.mailbox.received().split_off(before)
    }

    /// [`deliver`](Self::deliver), and the path of the only link in the only mail to `address` that came by it.
    pub fn mailed_path(&self, address: &str) -> String {
        let mails: Vec<Received> = self.deliver().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect();
        assert_eq!(mails.len(), 1, "mails to {address}");
        self.path_in(&mails[0])
    }

    /// The path of the only link in a mail.
    pub fn path_in(&self, mail: &Received) -> String {
        let links = mail.links();
        assert_eq!(links.len(), 1, "links in {:?}", mail.text());
        let origin = self.app.settings.public_url.origin();
        links[0].strip_prefix(origin).unwrap_or_else(|| panic!("{} leads away from {origin}", links[0])).to_owned()
    }

    /// Reads with diesel.
    pub fn read<T>(&self, query: impl FnOnce(&mut Conn) -> QueryResult<T>) -> T {
        self.app.db.read_now(|conn| query(conn).map_err(Failure::from)).expect("a readable database")
    }

    /// Writes with diesel, past every rule of the product.
    pub fn write<T>(&self, change: impl FnOnce(&mut Conn) -> QueryResult<T>) -> T {
        self.app.db.write_now(|tx| change(tx).map_err(Failure::from)).expect("a writable database")
    }

    /// The whole database as text, without what a look may touch.
    pub fn everything(&self) -> Everything {
        database::everything(&self.app.db)
    }

    /// Asserts that `act` changes nothing in the database.
    #[track_caller]
    pub fn unchanged<T>(&self, what: &str, act: impl FnOnce() -> T) -> T {
        let before = self.everything();
        let result = act();
        let changed = database::difference(&before, &self.everything());
        assert!(changed.is_empty(), "{what} changed the database: {changed:#?}");
        result
    }

    /// The account's events, oldest first: the word, who, whom, details.
    pub fn events(&self, account: AccountId) -> Vec<[String; 4]> {
        use schema::{audit_events, audit_notes};
        let rows: Vec<(String, String, String, String)> = self.read(|conn| {
            audit_events::table
                .inner_join(audit_notes::table)
                .filter(audit_events::account_id.eq(account))
                .order(audit_events::number)
                .select((audit_events::event, audit_notes::actor, audit_notes::target, audit_notes::details))
                .load(conn)
        });
        rows.into_iter().map(|(event, actor, target, details)| [event, actor, target, details]).collect()
    }

    /// The member as the database has them.
    pub fn row(&self, person: &Person) -> members::Member {
        self.app.db.read_now(|conn| members::get(conn, person.account, person.id)).expect("a member")
    }

    /// Puts a member into another status, past the abilities that come later: row and counters, nothing else.
    pub fn stand(&self, person: &Person, status: Status) {
        let from = self.row(person).status;
        self.app
            .db
            .write_now(|tx| {
                let row = schema::members::table.filter(schema::members::id.eq(person.id));
                diesel::update(row).set(schema::members::status.eq(status)).execute(&mut **tx)?;
                accounts::move_counter(tx, person.account, Some(from), status, 1)
            })
            .expect("a member who stands elsewhere");
    }

    /// `n` threads that begin `act` at the same moment; what each got.
    pub fn at_once<T: Send>(&self, n: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let gate = Barrier::new(n);
        std::thread::scope(|scope| {
            let (gate, act) = (&gate, &act);
            let threads: Vec<_> = (0..n)
                .map(|i| {
                    scope.spawn(move || {
                        gate.wait();
                        act(i)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("a thread that ends well")).collect()
        })
    }
}

impl std::ops::Deref for World {
    type Target = Cast;
    fn deref(&self) -> &Cast {
        self.cast.as_ref().expect("this world was opened without a cast")
    }
}
