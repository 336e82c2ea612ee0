//! `rollcall config`.

use std::io::{ErrorKind, Write};

use crate::settings::{SETTINGS, Source, env_example, mask_url};

pub(super) fn config(source: &Source, example: bool) -> Result<(), String> {
    let mut text = if example { env_example() } else { String::new() };
    for setting in SETTINGS.iter().filter(|_| !example) {
        let (value, origin) = match source.said(setting.name) {
            Some(said) => (shown(setting.secret, &said.text), said.origin.word()),
            None => ("(unset)".into(), "default"),
        };
        text.push_str(&format!("{:<28} {:<12} {}\n", setting.name, origin, value));
    }
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(format!("The settings cannot be printed ({e}).")),
        _ => Ok(()),
    }
}

/// A URL shows all but its password; any other secret shows nothing.
fn shown(secret: bool, text: &str) -> String {
    match (secret, text.contains("://")) {
        (false, _) => text.to_owned(),
        (true, true) => mask_url(text),
        (true, false) => "*****".into(),
    }
}
