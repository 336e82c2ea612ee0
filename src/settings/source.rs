//! Where a setting's text comes from.

use std::{collections::BTreeMap, path::Path};

use super::table::{SETTINGS, Setting};

/// Who said a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A command-line flag.
    Flag,
    /// The environment.
    Environment,
    /// The file that `<NAME>_FILE` names.
    File,
    /// The toml file.
    Toml,
    /// Nobody: the default.
    Default,
}

impl Origin {
    /// For `rollcall config`.
    pub const fn word(self) -> &'static str {
        match self {
            Origin::Flag => "flag",
            Origin::Environment => "environment",
            Origin::File => "file",
            Origin::Toml => "toml",
            Origin::Default => "default",
        }
    }
}

/// A setting's text and who said it.
#[derive(Clone, Debug)]
pub struct Said {
    /// The text, not yet checked.
    pub text: String,
    /// Who said it.
    pub origin: Origin,
}

/// The effective text of every setting.
#[derive(Debug, Default)]
pub struct Source(BTreeMap<&'static str, Said>);

impl Source {
    /// Gathers every setting from `flags`, the environment and the toml file at `config`.
    ///
    /// # Errors
    /// A sentence: a file cannot be read, the toml is malformed or has a key that is no setting, or the environment has a
    /// `ROLLCALL_…` name that is no setting.
    #[expect(clippy::disallowed_methods, reason = "the one reader of the environment")]
    pub fn gather(flags: &BTreeMap<String, String>, config: Option<&Path>) -> Result<Self, String> {
        refuse_unknown_names(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))?;
        Self::from_parts(flags, |name| std::env::var(name).ok(), config)
    }

    /// [`Source::gather`] with another environment, for tests.
    ///
    /// # Errors
    /// As [`Source::gather`].
    pub fn from_parts(flags: &BTreeMap<String, String>, environment: impl Fn(&str) -> Option<String>, config: Option<&Path>) -> Result<Self, String> {
        let toml = config.map(read_toml).transpose()?.unwrap_or_default();
        let mut all = BTreeMap::new();
        for setting in SETTINGS {
            let said = if let Some(text) = flags.get(setting.name) {
                Some((text.clone(), Origin::Flag))
            } else if let Some(text) = environment(setting.name) {
                Some((text, Origin::Environment))
            } else if let Some(path) = environment(&format!("{}_FILE", setting.name)) {
                let text = std::fs::read_to_string(&path).map_err(|e| format!("{}_FILE names {path}, which cannot be read ({e}).", setting.name))?;
                Some((text.trim_end_matches(['\r', '\n']).to_owned(), Origin::File))
            } else if let Some(text) = toml.get(&setting.key()) {
                Some((text.clone(), Origin::Toml))
            } else {
                setting.default.map(|text| (text.to_owned(), Origin::Default))
            };
            if let Some((text, origin)) = said {
                all.insert(setting.name, Said { text, origin });
            }
        }
        Ok(Source(all))
    }

    /// What was said about the setting `name`.
    pub fn said(&self, name: &str) -> Option<&Said> {
        self.0.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.said(name).map(|said| said.text.clone())
    }

    pub(super) fn optional<T>(&self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
        let Some(text) = self.text(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        parse(&text).map(Some).map_err(|e| if e.starts_with(name) { e } else { format!("{name}: {e}") })
    }

    pub(super) fn parsed<T>(&self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
        let text = self.text(name).unwrap_or_default();
        parse(&text).map_err(|e| if e.starts_with(name) { e } else { format!("{name}: {e}") })
    }
}

/// A misspelt name would silently leave a default in force.
fn refuse_unknown_names(names: impl Iterator<Item = String>) -> Result<(), String> {
    for name in names.filter(|name| name.starts_with("ROLLCALL_") && !name.starts_with("ROLLCALL_TEST_")) {
        let base = name.strip_suffix("_FILE").unwrap_or(&name);
        if !SETTINGS.iter().any(|setting| setting.name == base || setting.name == name) {
            return Err(format!("{name} is no setting: `rollcall config` lists them."));
        }
    }
    Ok(())
}

fn read_toml(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{} cannot be read ({e}).", path.display()))?;
    let table: toml::Table = text.parse().map_err(|e| format!("{} is not valid TOML: {}", path.display(), one_line(&e)))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !SETTINGS.iter().any(|setting: &Setting| setting.key() == key) {
            return Err(format!("{}: {key} is no setting: `rollcall config` lists them.", path.display()));
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Array(list) => {
                list.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect::<Vec<_>>().join(",")
            }
            other => return Err(format!("{}: {key} must be a text or a number, not {}.", path.display(), other.type_str())),
        };
        values.insert(key, text);
    }
    Ok(values)
}

/// An error of the toml crate on one line, with the place.
fn one_line(error: &toml::de::Error) -> String {
    error.to_string().lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn a_flag_beats_the_environment_beats_a_file_beats_toml_beats_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "from-file\n").unwrap();
        let config = folder.path().join("rollcall.toml");
        std::fs::write(&config, "metrics_token = \"from-toml\"\nlogin_per_minute = 7\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]").unwrap();
        let file = secret.to_string_lossy().into_owned();
        let both = |name: &str| match name {
            "ROLLCALL_METRICS_TOKEN" => Some("from-env".to_owned()),
            "ROLLCALL_METRICS_TOKEN_FILE" => Some(file.clone()),
            _ => None,
        };
        let only_file = |name: &str| if name.ends_with("TOKEN") { None } else { both(name) };
        let flags = BTreeMap::from([("ROLLCALL_METRICS_TOKEN".to_owned(), "from-flag".to_owned())]);
        let empty = BTreeMap::new();
        let say = |source: Source| source.said("ROLLCALL_METRICS_TOKEN").map(|said| (said.text.clone(), said.origin));
        assert_eq!(say(Source::from_parts(&flags, both, Some(&config)).unwrap()), Some(("from-flag".into(), Origin::Flag)));
        assert_eq!(say(Source::from_parts(&empty, both, Some(&config)).unwrap()), Some(("from-env".into(), Origin::Environment)));
        assert_eq!(say(Source::from_parts(&empty, only_file, Some(&config)).unwrap()), Some(("from-file".into(), Origin::File)));
        let toml = Source::from_parts(&empty, none, Some(&config)).unwrap();
        assert_eq!(toml.said("ROLLCALL_TRUSTED_PROXIES").unwrap().text, "10.0.0.0/8,::1");
        assert_eq!(say(toml), Some(("from-toml".into(), Origin::Toml)));
        assert_eq!(say(Source::from_parts(&empty, none, None).unwrap()), None);
    }

    #[test]
    fn an_unknown_name_is_refused_with_its_name() {
        let names = ["ROLLCALL_LISTN".to_owned()];
        assert!(refuse_unknown_names(names.into_iter()).unwrap_err().contains("ROLLCALL_LISTN"));
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("rollcall.toml");
        for (text, needle) in [("listn = \"x\"", "listn"), ("listen = ", "not valid TOML"), ("listen = true", "must be a text")] {
            std::fs::write(&config, text).unwrap();
            let error = Source::from_parts(&BTreeMap::new(), none, Some(&config)).unwrap_err();
            assert!(error.contains(needle), "{error}");
        }
    }
}
