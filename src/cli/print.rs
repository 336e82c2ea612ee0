//! `rollcall config`.

use crate::settings::{SETTINGS, Source, env_example, mask_url};

pub(super) fn config(source: &Source, example: bool) -> Result<(), String> {
    if example {
        print!("{}", env_example());
        return Ok(());
    }
    for setting in SETTINGS {
        let (text, origin) = match source.said(setting.name) {
            Some(said) => (shown(setting.secret, &said.text), said.origin.word()),
            None => ("(unset)".into(), "default"),
        };
        println!("{:<28} {:<12} {}", setting.name, origin, text);
    }
    Ok(())
}

/// A URL shows all but its password; any other secret shows nothing.
fn shown(secret: bool, text: &str) -> String {
    match (secret, text.contains("://")) {
        (false, _) => text.to_owned(),
        (true, true) => mask_url(text),
        (true, false) => "*****".into(),
    }
}
