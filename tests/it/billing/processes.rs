//! Real processes, each with its own ticker, on one database (R39, T30).

use std::{
    net::TcpListener,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rollcall::{
    billing::{self, Step},
    clock::{Clock, Span},
};

use super::{acts::*, books::*};
use crate::{cli::program::Served, support::*};

/// The built program on this world's database, with the folder that holds its key.
fn start(world: &World) -> Served {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    let settings = [
        ("DATABASE_URL", world.database.url.clone()),
        ("ROLLCALL_DATA", world.folder().display().to_string()),
        ("ROLLCALL_LISTEN", format!("127.0.0.1:{port}")),
        ("ROLLCALL_SMTP_URL", world.mailbox.url()),
        ("ROLLCALL_DB_POOL", "3".into()),
        ("ROLLCALL_LOG", "warn".into()),
    ];
    command.env_clear().envs(settings).current_dir(world.folder());
    Served(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process"))
}

/// How many processes may share the database: a SQLite file belongs to one.
const fn most(is_postgres: bool) -> usize {
    if is_postgres { 8 } else { 1 }
}

#[test]
fn r39_the_tickers_of_eight_real_processes_make_each_of_24_missed_cycles_once() {
    let world = World::wish().empty().open();
    let present = Clock::System.now();
    set_clock(&world, present - Span::days(740));
    let zones = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"];
    let companies: Vec<Person> = (0..12).map(|i| company(&world, &format!("c{i}"), "team", zones[i % 4])).collect();
    let processes: Vec<Served> = (0..most(world.database.is_postgres())).map(|_| start(&world)).collect();
    let begun = Instant::now();
    while !world.app.db.read_now(|conn| billing::list_due(conn, Clock::System.now(), 1)).unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "still due after a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    for process in processes {
        assert_eq!(process.terminate().0, Some(0));
    }
    for olga in &companies {
        let lines = lines(&world, olga.account);
        assert!(lines[1..].iter().all(|line| line.step == Step::Renewed));
        assert!(lines.len() >= 25, "{} cycles", lines.len());
        for pair in lines.windows(2) {
            assert_eq!((pair[1].cycle, pair[1].day), (pair[0].cycle + pair[0].days, pair[1].cycle), "in order, and none left out");
        }
        assert_eq!(invoices(&world, olga.account).len(), lines.len(), "one invoice a cycle");
        assert_eq!(replay(&lines, &world.app.plans), lines);
        check(&world, olga.account);
    }
}
