//! Mails as files, for a house without a mail server.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;

use super::message::{self, Letters};
use super::{Outgoing, Refusal, Whom};

/// A folder that receives one `.eml` per mail, readable by its owner only.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the folder at `path`, making it if it is missing.
    ///
    /// # Errors
    /// A sentence, when the folder cannot be made or nothing can be written into it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, String> {
        let path = path.into();
        let cannot =
            |error: io::Error| format!("Mails cannot be written to {}: {error}. Make it a folder this program may write to.", path.display());
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(cannot)?;
        let trial = path.join(format!(".trial-{}", std::process::id()));
        write_private(&trial, b"").and_then(|()| std::fs::remove_file(&trial)).map_err(cannot)?;
        Ok(Self { path })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `mail` as `<date>-<local part of its id>.eml`; the same mail again replaces its file.
    /// It is on disk when this returns.
    ///
    /// # Errors
    /// A passing [`Whom::Server`] refusal when the disk does not take it.
    pub(super) async fn deliver(&self, from: &Mailbox, mail: &Outgoing) -> Result<(), Refusal> {
        let raw = message::compose(from, mail, Letters::Utf8).map_err(|why| Refusal {
            whom: Whom::Person,
            lasting: true,
            reason: format!("The mail could not be written: {why}."),
        })?;
        let (folder, name) = (self.path.clone(), name(mail));
        let written = tokio::task::spawn_blocking(move || write_whole(&folder, &name, &in_unix_lines(raw))).await;
        written.map_err(io::Error::other).flatten().map_err(|error| Refusal {
            whom: Whom::Server,
            lasting: false,
            reason: format!("The mail could not be written to {}: {error}.", self.path.display()),
        })
    }
}

fn name(mail: &Outgoing) -> String {
    let id = message::id(mail);
    let local = id.split('@').next().unwrap_or_default();
    let safe: String = local.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(100).collect();
    format!("{}-{safe}.eml", mail.date.format("%Y%m%dT%H%M%SZ"))
}

/// As Maildir has them: a link cut out of the file with grep then has no CR at its end.
fn in_unix_lines(raw: Vec<u8>) -> Vec<u8> {
    let mut rest = raw.iter().copied().peekable();
    let mut lines = Vec::with_capacity(raw.len());
    while let Some(byte) = rest.next() {
        if byte != b'\r' || rest.peek() != Some(&b'\n') {
            lines.push(byte);
        }
    }
    lines
}

fn write_whole(folder: &Path, name: &str, raw: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    let done =
        write_private(&unfinished, raw).and_then(|()| std::fs::rename(&unfinished, folder.join(name))).and_then(|()| File::open(folder)?.sync_all());
    if done.is_err() {
        // Keeps a full disk from filling up further; the first error is the one to tell.
        let _ = std::fs::remove_file(&unfinished);
    }
    done
}

fn write_private(path: &Path, raw: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(raw)?;
    file.sync_all()
}
