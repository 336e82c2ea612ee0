use std::net::TcpListener;

use super::program::Site;

/// The server with one setting wrong: one sentence, exit 1, and nothing made. What is not so.
fn trouble(site: &Site, needle: &str) -> Option<String> {
    let before = site.files();
    let ended = site.run(&["serve"]);
    let sentence = ended.sentence().to_owned();
    if !sentence.contains(needle) {
        return Some(format!("{sentence:?} should say {needle:?}"));
    }
    let left: Vec<_> = site.files().into_iter().filter(|file| !before.contains(file)).collect();
    (!left.is_empty()).then(|| format!("{sentence:?} left {left:?} behind"))
}

#[track_caller]
fn refused(site: &Site, needle: &str) {
    assert_eq!(trouble(site, needle), None);
}

#[test]
fn a_wrong_setting_gets_one_sentence_and_leaves_nothing_behind() {
    let wrong = [
        ("DATABASE_URL", "mysql://h/d", "must be sqlite://PATH or postgres://"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("DATABASE_URL", "data.db", "DATABASE_URL"),
        ("ROLLCALL_LISTEN", "8080", "ROLLCALL_LISTEN: \"8080\" is no address with a port"),
        ("ROLLCALL_PUBLIC_URL", "phone.example.com", "ROLLCALL_PUBLIC_URL"),
        ("ROLLCALL_PUBLIC_URL", "https://phone.example.com/portal", "ROLLCALL_PUBLIC_URL"),
        ("ROLLCALL_SMTP_URL", "ftp://mx.test", "ROLLCALL_SMTP_URL"),
        ("ROLLCALL_SMTP_URL", "smtp://", "ROLLCALL_SMTP_URL"),
        ("ROLLCALL_SMTP_URL", "smtp://mx.test?tls=maybe", "ROLLCALL_SMTP_URL"),
        ("ROLLCALL_SMTP_URL", "smtp://mx.test:99999", "ROLLCALL_SMTP_URL"),
        ("ROLLCALL_MAIL_FROM", "nobody", "ROLLCALL_MAIL_FROM"),
        ("ROLLCALL_SIGNUP", "yes", "is not one of first, open, closed"),
        ("ROLLCALL_LOGIN_PER_MINUTE", "0", "ROLLCALL_LOGIN_PER_MINUTE"),
        ("ROLLCALL_PASSWORD_COST", "1,1", "ROLLCALL_PASSWORD_COST"),
        ("ROLLCALL_SESSION_IDLE", "2 hours", "ROLLCALL_SESSION_IDLE"),
        ("ROLLCALL_TRUSTED_PROXIES", "10.0.0.0/99", "ROLLCALL_TRUSTED_PROXIES"),
        ("ROLLCALL_SECRET", "short", "ROLLCALL_SECRET"),
        ("ROLLCALL_PLANS", "/nowhere/plans.toml", "ROLLCALL_PLANS: /nowhere/plans.toml cannot be read"),
        ("ROLLCALL_LISTN", "127.0.0.1:1", "ROLLCALL_LISTN is no setting"),
        ("ROLLCALL_SMTP_URL_FILE", "/nowhere", "ROLLCALL_SMTP_URL_FILE"),
        ("ROLLCALL_LOG", "=[[", "ROLLCALL_LOG"),
    ];
    let troubles: Vec<String> = wrong.iter().filter_map(|(name, text, needle)| trouble(&Site::new().set(name, *text), needle)).collect();
    assert!(troubles.is_empty(), "{troubles:#?}");
}

#[test]
fn a_broken_plans_file_is_named_with_its_mistake() {
    let site = Site::new();
    let plans = site.folder().join("plans.toml");
    std::fs::write(&plans, "[[plan]]\nword = \"a\"\nname = \"A\"\nprice = \"-1\"\nseats_min = 1\n").unwrap();
    let site = site.set("ROLLCALL_PLANS", plans.display().to_string());
    refused(&site, "plans.toml, line 4: plan \"a\": its price -1 is negative");
    std::fs::write(&plans, "[[plan]\n").unwrap();
    refused(&site, "plans.toml");
}

#[test]
fn a_database_that_cannot_be_reached_or_is_none_is_named() {
    refused(&Site::new().set("DATABASE_URL", "postgres://nobody:hunter2@127.0.0.1:1/none"), "cannot be reached: check DATABASE_URL");
    let ended = Site::new().set("DATABASE_URL", "postgres://nobody:hunter2@127.0.0.1:1/none").run(&["serve"]);
    assert!(!ended.err.contains("hunter2"), "{}", ended.err);
    let site = Site::new();
    std::fs::write(site.folder().join("notes.txt"), "this is no database ".repeat(100)).unwrap();
    let url = format!("sqlite://{}", site.folder().join("notes.txt").display());
    refused(&site.set("DATABASE_URL", url), "is no SQLite database");
    let site = Site::new();
    let url = format!("sqlite://{}", site.folder().display());
    refused(&site.set("DATABASE_URL", url), "cannot be opened");
}

#[test]
fn a_busy_port_is_named_before_anything_is_made() {
    let site = Site::new();
    let _taken = TcpListener::bind(("127.0.0.1", site.port)).unwrap();
    refused(&site, "something else listens there");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let site = Site::new();
    std::fs::write(site.folder().join("file"), "").unwrap();
    let data = site.folder().join("file/data").display().to_string();
    refused(&site.set("ROLLCALL_DATA", data), "cannot be made");
}

#[test]
fn a_broken_config_file_is_named() {
    let site = Site::new();
    let config = site.folder().join("rollcall.toml");
    for (text, needle) in [("listn = \"x\"", "listn is no setting"), ("listen = ", "not valid TOML"), ("signup = true", "must be a text")] {
        std::fs::write(&config, text).unwrap();
        let ended = site.run(&["serve", "--config", config.to_str().unwrap()]);
        assert!(ended.sentence().contains(needle), "{ended:?}");
    }
    assert!(site.run(&["--config", "/nowhere.toml"]).sentence().contains("/nowhere.toml cannot be read"));
}
