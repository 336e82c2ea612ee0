//! Commands that look and change nothing.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::{
    accounts, app,
    audit::{self, Break},
    billing::{self, Plans},
    clock::Clock,
    db::migrations::{self, Standing},
    files,
    groups::greeting,
    mail::{Letter, transport::Outgoing},
    members::EmailAddress,
    settings::Settings,
};

pub(super) fn send_test_email(settings: &Settings, address: &str) -> Result<(), String> {
    let to = EmailAddress::parse(address).map_err(str::to_owned)?;
    let transport = app::open_transport(settings)?;
    let words = Letter::Test.render(&settings.public_url).map_err(|e| e.to_string())?;
    let now = Clock::System.now();
    let mail = Outgoing {
        to: to.as_str().parse().map_err(|_| "The address is not one that mail can go to.".to_owned())?,
        to_name: None,
        subject: words.subject,
        text: words.text,
        html: words.html,
        message_id: format!("{}@{}", crate::db::MailId::fresh(now).as_str().to_ascii_lowercase(), settings.public_url.host()),
        date: now.utc(),
    };
    let sent = actix_web::rt::System::new().block_on(async {
        let sent = transport.deliver(&settings.mail_from, &mail).await;
        transport.close().await;
        sent
    });
    sent.map_err(|refusal| format!("The mail was not taken: {}", refusal.reason))?;
    match &settings.smtp {
        Some(server) => println!("{server} took the mail to {}.", to.as_str()),
        None => println!("The mail to {} is in {}.", to.as_str(), settings.data.join("mail").display()),
    }
    Ok(())
}

pub(super) fn healthcheck(settings: &Settings) -> Result<(), String> {
    let mut to = settings.listen;
    if to.ip().is_unspecified() {
        to = SocketAddr::new(if to.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() }, to.port());
    }
    let cannot = |e: std::io::Error| format!("No server answers on {to} ({e}).");
    let limit = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&to, limit).map_err(cannot)?;
    stream.set_read_timeout(Some(limit)).map_err(cannot)?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n").map_err(cannot)?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer).map_err(cannot)?;
    match answer.split_whitespace().nth(1) {
        Some("200") => {
            println!("The server on {to} is ready.");
            Ok(())
        }
        _ => Err(format!("The server on {to} is not ready: {}.", answer.lines().last().unwrap_or("no answer"))),
    }
}

/// Says what is well and what is not; fails when anything is not.
pub(super) fn doctor(settings: &Settings) -> Result<(), String> {
    let mut ill = 0;
    let mut say = |name: &str, finding: Result<String, String>| match finding {
        Ok(well) => println!("ok    {name}: {well}"),
        Err(sentence) => {
            ill += 1;
            println!("wrong {name}: {sentence}");
        }
    };
    say("plans", Plans::open(settings.plans.as_deref()).map(|plans| format!("{} plans", plans.all().len())));
    say("mail", mail(settings));
    match app::open_database_unchanged(settings) {
        Err(sentence) => say("database", Err(sentence)),
        Ok(db) => {
            let standing = migrations::standing(&db);
            let current = standing == Ok(Standing::Current);
            say(
                "schema",
                match standing {
                    Ok(Standing::Current) => Ok(format!("up to date in {}", db.place())),
                    Ok(Standing::Behind(n)) => Err(format!("{n} steps behind this program: run `rollcall migrate`.")),
                    Ok(Standing::Newer(version)) => Err(migrations::too_new(&version)),
                    Err(sentence) => Err(sentence),
                },
            );
            if current {
                say("accounts", data(&db));
                say("billing", billing(&db, settings));
                say("files", files(&db, settings));
            }
        }
    }
    if ill == 0 { Ok(()) } else { Err(format!("{ill} of the above need attention.")) }
}

fn mail(settings: &Settings) -> Result<String, String> {
    match &settings.smtp {
        None => Ok(format!("files in {}", settings.data.join("mail").display())),
        Some(server) => {
            let reached = (server.host.as_str(), server.port);
            let addresses = std::net::ToSocketAddrs::to_socket_addrs(&reached).map_err(|e| format!("{} has no address ({e}).", server.host))?;
            let limit = Duration::from_secs(5);
            for address in addresses {
                if TcpStream::connect_timeout(&address, limit).is_ok() {
                    return Ok(format!("{server} can be reached; try `rollcall send-test-email ADDRESS`"));
                }
            }
            Err(format!("{server} cannot be reached: check ROLLCALL_SMTP_URL."))
        }
    }
}

/// Whether every row points at a file that is there (T29).
fn files(db: &crate::db::Db, settings: &Settings) -> Result<String, String> {
    let store = files::Store::look(&settings.files)?;
    let (mut greetings, mut wrong) = (0, Vec::new());
    let there = match &store {
        Some(store) => files::wait_for(greeting::list_kept(store))?.map_err(|_| format!("{} cannot be reached: see the log.", settings.files))?,
        None => Default::default(),
    };
    for id in db.read_now(accounts::list_ids).map_err(super::work::sentence)? {
        let looked = db.read_now(|conn| Ok::<_, crate::failure::Failure>((accounts::get(conn, id)?, greeting::list_files(conn, id)?)));
        let (account, named) = looked.map_err(super::work::sentence)?;
        let missing = named.iter().filter(|file| !there.contains(*file)).count();
        greetings += named.len();
        if missing > 0 {
            wrong.push(format!("{}: {missing} of {} files of greetings are missing", account.slug, named.len()));
        }
    }
    if wrong.is_empty() {
        Ok(format!("{greetings} greetings in {}", settings.files))
    } else {
        Err(format!("{} in {}: restore them from a backup, or upload the greetings again.", wrong.join("; "), settings.files))
    }
}

/// Chains and counters of every account.
fn data(db: &crate::db::Db) -> Result<String, String> {
    let ids = db.read_now(accounts::list_ids).map_err(super::work::sentence)?;
    let (mut events, mut wrong) = (0, Vec::new());
    for id in &ids {
        let looked = db.snapshot_now(|conn| {
            let numbers = crate::numbers::count(conn, *id)? == crate::numbers::recount(conn, *id)?;
            Ok::<_, crate::failure::Failure>((
                audit::verify(conn, *id)?,
                accounts::get(conn, *id)?,
                crate::members::count_by_status(conn, *id)?,
                numbers,
            ))
        });
        let (chain, account, counted, numbers_right) = looked.map_err(super::work::sentence)?;
        match chain {
            Ok(n) => events += n,
            Err(Break::End) => wrong.push(format!("{}: the newest events of the audit log are missing", account.slug)),
            Err(Break::Event(n) | Break::Note(n)) => wrong.push(format!("{}: event {n} of the audit log was changed by hand", account.slug)),
        }
        if counted != [account.active_members, account.invited_members, account.deactivated_members, account.removed_members] {
            wrong.push(format!("{}: the counters of members are wrong", account.slug));
        }
        if !numbers_right {
            wrong.push(format!("{}: the counter of numbers is wrong", account.slug));
        }
    }
    if wrong.is_empty() {
        Ok(format!("{} accounts; audit log of {events} events verified", ids.len()))
    } else {
        Err(format!("{}.", wrong.join("; ")))
    }
}

/// Plans, seats, ledger and invoices of every account (R31 to R39).
fn billing(db: &crate::db::Db, settings: &Settings) -> Result<String, String> {
    let ids = db.read_now(accounts::list_ids).map_err(super::work::sentence)?;
    let (plans, now) = (Plans::open(settings.plans.as_deref())?, Clock::System.now());
    let plans = db.read_now(|conn| plans.recall(conn)).map_err(super::work::sentence)?;
    let (mut invoices, mut wrong) = (0, Vec::new());
    for id in ids {
        let looked = db.snapshot_now(|conn| Ok::<_, crate::failure::Failure>((accounts::get(conn, id)?, billing::examine(conn, id, &plans, now)?)));
        let (account, health) = looked.map_err(super::work::sentence)?;
        invoices += health.invoices;
        wrong.extend(health.wrong.iter().map(|clause| format!("{}: {clause}", account.slug)));
    }
    if wrong.is_empty() { Ok(format!("{invoices} invoices add up")) } else { Err(format!("{}.", wrong.join("; "))) }
}
