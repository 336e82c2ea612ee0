use super::program::Site;

#[test]
fn bad_usage_ends_with_2_and_says_what_is_right() {
    let site = Site::new();
    for arguments in [
        &["serv"][..],
        &["--listn", "127.0.0.1:1"],
        &["migrate", "extra"],
        &["create-owner", "--company", "Acme"],
        &["demo", "--members", "2"],
        &["demo", "--members", "many"],
        &["reset-password"],
        &["completions", "tcsh"],
        &["sessions"],
    ] {
        let ended = site.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?}: {ended:?}");
        assert!(ended.err.contains("error:") || ended.err.contains("Usage"), "{arguments:?}: {}", ended.err);
    }
    assert!(site.files().is_empty(), "nothing was made");
}

#[test]
fn help_version_and_completions_are_answers() {
    let site = Site::new();
    let help = site.run(&["--help"]);
    for command in
        ["serve", "demo", "migrate", "create-owner", "reset-password", "transfer-ownership", "send-test-email", "healthcheck", "doctor", "config"]
    {
        assert!(help.well().contains(command), "{command}");
    }
    assert!(help.out.contains("--smtp-url"), "every setting is a flag");
    assert_eq!(site.run(&["--version"]).well().trim(), format!("rollcall {}", env!("CARGO_PKG_VERSION")));
    for shell in ["bash", "zsh", "fish"] {
        assert!(site.run(&["completions", shell]).well().contains("rollcall"), "{shell}");
    }
    assert!(site.files().is_empty(), "nothing was made");
}

#[test]
fn t31_healthcheck_tells_a_ready_server_from_none() {
    let site = Site::new();
    assert!(site.run(&["healthcheck"]).sentence().starts_with(&format!("No server answers on 127.0.0.1:{}", site.port)));
    let served = site.serve();
    assert_eq!(site.run(&["healthcheck"]).well().trim(), format!("The server on 127.0.0.1:{} is ready.", site.port));
    drop(served);
    assert_eq!(site.run(&["healthcheck"]).code, Some(1));
}

#[test]
fn t5_flushing_ends_every_session() {
    let site = Site::new();
    site.create_owner("free").well();
    let _served = site.serve();
    let ada = site.ada();
    assert!(ada.is_signed_in());
    assert_eq!(site.run(&["sessions", "flush"]).well().trim(), "1 sessions ended.");
    assert!(!ada.is_signed_in());
}
