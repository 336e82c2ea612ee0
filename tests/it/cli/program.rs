//! The built program in a folder and with a database of its own.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use reqwest::{blocking::Client, redirect};
use tempfile::TempDir;

use crate::support::{database::Database, *};

mod ended;
mod served;

pub use ended::Ended;
pub use served::Served;

/// A place where the program is set up.
pub struct Site {
    environment: BTreeMap<String, String>,
    pub port: u16,
    pub database: Database,
    folder: TempDir,
}

/// Everything that comes out of a pipe.
fn gather(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).expect("UTF-8");
        text
    })
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::fresh(folder.path());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let environment = [
            ("DATABASE_URL", database.url.clone()),
            ("ROLLCALL_DATA", folder.path().join("data").display().to_string()),
            ("ROLLCALL_LISTEN", format!("127.0.0.1:{port}")),
            ("ROLLCALL_LOGIN_PER_MINUTE", "1000".into()),
            ("ROLLCALL_LOG", "warn".into()),
        ];
        let environment = environment.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        Site { environment, port, database, folder }
    }

    /// With another value in its environment.
    pub fn set(mut self, name: &str, text: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), text.into());
        self
    }

    /// The folder that holds everything of it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every file and folder that is there, by its path.
    pub fn files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                found.push(entry.path());
                if entry.file_type().unwrap().is_dir() {
                    walk(&entry.path(), found);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.folder(), &mut found);
        found.sort();
        found
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(arguments).env_clear().envs(&self.environment).current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "")
    }

    /// The same with something on standard input. One that does not end within 20 s is ended.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        // Both are read while it runs: a full pipe would hold it for ever.
        let (out, err) = (gather(child.stdout.take().unwrap()), gather(child.stderr.take().unwrap()));
        let begun = Instant::now();
        let status = loop {
            match child.try_wait().unwrap() {
                Some(status) => break Some(status),
                None if begun.elapsed() > Duration::from_secs(20) => {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    break None;
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let (out, err) = (out.join().unwrap(), err.join().unwrap());
        let status = status.unwrap_or_else(|| panic!("{arguments:?} did not end: {err}"));
        Ended { code: status.code(), out, err }
    }

    /// Starts the server without waiting for it.
    pub fn start(&self) -> Served {
        let log = File::options().create(true).append(true).open(self.folder().join("log")).unwrap();
        Served(self.command(&[]).stdout(Stdio::null()).stderr(log).spawn().unwrap())
    }

    /// Starts the server under a shell that was told something first, such as a limit.
    pub fn start_under(&self, said: &str) -> Served {
        let log = File::options().create(true).append(true).open(self.folder().join("log")).unwrap();
        let script = format!("{said}; exec {}", env!("CARGO_BIN_EXE_rollcall"));
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &script]).env_clear().envs(&self.environment).current_dir(self.folder()).stdin(Stdio::null()).stdout(Stdio::null());
        let served = Served(shell.stderr(log).spawn().unwrap());
        self.wait_until_ready();
        served
    }

    /// Starts the server and waits until it is ready.
    pub fn serve(&self) -> Served {
        let served = self.start();
        self.wait_until_ready();
        served
    }

    #[track_caller]
    pub fn wait_until_ready(&self) {
        let begun = Instant::now();
        let url = format!("http://127.0.0.1:{}/health/ready", self.port);
        while !self.client().get(&url).send().is_ok_and(|answer| answer.status() == 200) {
            assert!(begun.elapsed() < Duration::from_secs(20), "not ready: {}", self.log());
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder().join("log")).unwrap_or_default()
    }

    fn client(&self) -> Client {
        rollcall::files::choose_cryptography();
        Client::builder().redirect(redirect::Policy::none()).no_proxy().timeout(Duration::from_secs(30)).build().unwrap()
    }

    /// A browser that nobody has used yet.
    pub fn browser(&self) -> Browser {
        let address = format!("127.0.0.1:{}", self.port);
        Browser::new(self.client(), &address, &address)
    }

    /// Opens Acme with Ada as its Owner by the command line.
    #[track_caller]
    pub fn create_owner(&self, plan: &str) -> Ended {
        let arguments = ["create-owner", "--company", "Acme", "--name", "Ada Okafor", "--email", "ada@acme.test", "--plan", plan, "--password-stdin"];
        self.run_with(&arguments, &format!("{PASSWORD}\n"))
    }

    /// A browser in which Ada has signed in.
    #[track_caller]
    pub fn ada(&self) -> Browser {
        let browser = self.browser();
        let answer = browser.post("/login", &[("login", "ada@acme.test"), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }
}
