use super::program::Site;

#[test]
fn t20_config_prints_every_setting_with_its_origin_and_no_secret() {
    let site = Site::new()
        .set("DATABASE_URL", "postgres://rollcall:hunter2@db.test/rollcall")
        .set("ROLLCALL_SMTP_URL", "smtp://user:hunter3@mx.test:587?tls=required")
        .set("ROLLCALL_SECRET", "hunter4hunter4hunter4")
        .set("ROLLCALL_SIGNUP", "closed");
    let secret = site.folder().join("token");
    std::fs::write(&secret, "hunter5\n").unwrap();
    let site = site.set("ROLLCALL_METRICS_TOKEN_FILE", secret.display().to_string());
    let toml = site.folder().join("rollcall.toml");
    std::fs::write(&toml, "login_per_minute = 7\npassword_min = 14\nsession_idle = \"30m\"\n").unwrap();
    let ended = site.run(&["config", "--config", toml.to_str().unwrap(), "--session-idle", "45m"]);
    let out = ended.well();
    assert!(!out.contains("hunter"), "{out}");
    let line = |name: &str| {
        let line = out.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap_or_else(|| panic!("{name} is missing: {out}"));
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("DATABASE_URL"), "environment postgres://rollcall:*****@db.test/rollcall");
    assert!(line("ROLLCALL_SMTP_URL").starts_with("environment smtp://user:*****@mx.test:587"), "{}", line("ROLLCALL_SMTP_URL"));
    assert_eq!(line("ROLLCALL_SECRET"), "environment *****");
    assert_eq!(line("ROLLCALL_METRICS_TOKEN"), "file *****");
    assert_eq!(line("ROLLCALL_SESSION_IDLE"), "flag 45m", "a flag beats the file");
    assert_eq!(line("ROLLCALL_PASSWORD_MIN"), "toml 14");
    assert_eq!(line("ROLLCALL_LOGIN_PER_MINUTE"), "environment 1000", "the environment beats the file");
    assert_eq!(line("ROLLCALL_SIGNUP"), "environment closed");
    assert_eq!(line("ROLLCALL_SESSION_MAX"), "default 24h");
    assert_eq!(line("ROLLCALL_PLANS"), "default (unset)");
    assert_eq!(out.lines().count(), rollcall::settings::SETTINGS.len());
    assert!(!site.folder().join("data").exists(), "it only looks");
}

#[test]
fn env_example_is_what_the_program_prints() {
    let ended = Site::new().run(&["config", "--env-example"]);
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example")).unwrap();
    assert!(ended.well() == file, ".env.example is outdated: rollcall config --env-example > .env.example");
}
