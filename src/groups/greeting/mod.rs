//! A group's greeting (R44): a WAV or MP3 file that callers hear outside business hours and before voicemail.
//!
//! The order of things keeps every row pointing at a file that is there (T29): the file is kept first, then the row is
//! written, and only when that is committed the file before it is deleted. What a crash leaves between is a file that no
//! row names; [`sweep`] deletes it an hour later.

pub mod audio;
mod chime;
mod mp3;
mod rows;
mod wav;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use actix_web::web::{self, Bytes};

use crate::{
    app::App,
    audit::{self, Author, Event, Target},
    authz::{Can, ManageGroups},
    clock::{At, Span},
    db::{AccountId, GroupId, MemberId, Tx},
    failure::Failure,
    files, groups,
};

pub use audio::{Kind, Unfit, minutes};
pub use chime::sample;
pub use rows::{find, list_files};

/// Most bytes of a greeting (R44, T17).
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// The folder of greetings in the store.
const FOLDER: &str = "greetings";
/// Most characters kept of the name that a file came with.
const TITLE_LIMIT: usize = 120;
/// A file that no row names is an orphan after so long; a row may name a new file for no longer than the other.
const ORPHAN_AFTER: Span = Span::hours(1);
const NAME_WITHIN: Duration = Duration::from_secs(600);

/// The greeting of a group.
#[derive(Clone, Debug)]
pub struct Greeting {
    /// Its name in the store.
    pub file: String,
    /// What it is by its content.
    pub kind: Kind,
    /// What the file was called where it came from.
    pub title: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// Its length in milliseconds.
    pub millis: i64,
    /// The name of whoever uploaded it; empty when they are gone.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: At,
}

/// A file that is kept and waits for its row.
#[derive(Clone, Debug)]
pub struct Kept {
    file: String,
    title: String,
    kind: Kind,
    bytes: i64,
    millis: i64,
    since: Instant,
}

/// Why a greeting was not written.
#[derive(Debug)]
pub enum Unwritten {
    /// Refused: no row names the file, and none will.
    Refused(Failure),
    /// The database did not say; perhaps the row is there.
    Unknown(Failure),
}

impl From<Failure> for Unwritten {
    fn from(failure: Failure) -> Self {
        Unwritten::Unknown(failure)
    }
}

/// Listens to a file, off the async threads: what it is and how long (R44, T18).
///
/// # Errors
/// Why it is no greeting; [`Failure`] when there is no thread for it.
pub async fn examine(bytes: Bytes) -> Result<Result<audio::Heard, Unfit>, Failure> {
    web::block(move || audio::examine(&bytes)).await.map_err(Failure::internal)
}

/// Keeps a file in the store, under a name made of chance.
///
/// # Errors
/// [`Failure::Busy`] when the store is away or full.
pub async fn keep(store: &files::Store, title: &str, heard: audio::Heard, bytes: Bytes) -> Result<Kept, Failure> {
    let since = Instant::now();
    let title: String = title.chars().take(TITLE_LIMIT).collect();
    let title = if title.trim().is_empty() { format!("greeting.{}", heard.kind.word()) } else { title };
    let kept = Kept { file: files::fresh_name(FOLDER), title, kind: heard.kind, bytes: bytes.len() as i64, millis: heard.millis, since };
    store.put(&kept.file, bytes).await?;
    Ok(kept)
}

/// Makes a kept file the greeting of a group.
///
/// # Errors
/// As [`set`]; the kept file is deleted then, unless its row may have been written all the same.
pub async fn adopt(app: &App, by: &Can<ManageGroups>, group: GroupId, kept: Kept, now: At) -> Result<(), Failure> {
    let (acting, file) = (by.clone(), kept.file.clone());
    match app.db.write(move |tx| set(tx, &acting, group, &kept, now).map_err(Unwritten::Refused)).await {
        Ok(before) => {
            if let Some(before) = before {
                app.files.discard(&before).await;
            }
            Ok(())
        }
        Err(Unwritten::Refused(failure)) => {
            app.files.discard(&file).await;
            Err(failure)
        }
        // The commit may have happened though its answer got lost: the sweeper will know.
        Err(Unwritten::Unknown(failure)) => Err(failure),
    }
}

/// Writes the row of a kept file; the file that it takes the place of, to be deleted after the commit.
///
/// # Errors
/// [`Failure::NotFound`] for a group that is not the account's; [`Failure::Busy`] when the file waited too long.
pub fn set(tx: &mut Tx<'_>, by: &Can<ManageGroups>, group: GroupId, kept: &Kept, now: At) -> Result<Option<String>, Failure> {
    by.hold(tx)?;
    if kept.since.elapsed() > NAME_WITHIN {
        tracing::warn!("a greeting waited too long for its row");
        return Err(Failure::Busy);
    }
    let name = groups::get(tx, by.account(), group)?.name;
    let before = rows::take(tx, by.account(), group)?;
    rows::insert(tx, by.account(), group, kept, by.actor().member, now)?;
    let details = format!("uploaded {}, {}", kept.title, minutes(kept.millis));
    audit::record(tx, &Author::of(by), Event::GreetingChanged, Some(&Target::new(group, name)), &details, now)?;
    Ok(before.map(|(file, _)| file))
}

/// Writes the row of a kept file for a sample company: nobody clicked, so no event is written down.
pub fn add_sample(tx: &mut Tx<'_>, account: AccountId, group: GroupId, kept: &Kept, by: MemberId, now: At) -> Result<(), Failure> {
    rows::insert(tx, account, group, kept, by, now)
}

/// Deletes the row of a group's greeting; its file, to be deleted after the commit. Nothing where there was none.
///
/// # Errors
/// [`Failure::NotFound`] for a group that is not the account's.
pub fn remove(tx: &mut Tx<'_>, by: &Can<ManageGroups>, group: GroupId, now: At) -> Result<Option<String>, Failure> {
    by.hold(tx)?;
    let name = groups::get(tx, by.account(), group)?.name;
    let Some((file, title)) = rows::take(tx, by.account(), group)? else { return Ok(None) };
    audit::record(tx, &Author::of(by), Event::GreetingChanged, Some(&Target::new(group, name)), &format!("deleted {title}"), now)?;
    Ok(Some(file))
}

/// The part of a group's deletion (R46) that concerns its greeting: the row goes; its file is to be deleted after the commit.
pub fn remove_of(tx: &mut Tx<'_>, account: AccountId, group: GroupId) -> Result<Option<String>, Failure> {
    Ok(rows::take(tx, account, group)?.map(|(file, _)| file))
}

/// Deletes files of greetings that no row has named for an hour; how many. Any number of processes may do it at once: a
/// file that is being uploaded is young, and one that is gone is gone.
///
/// # Errors
/// [`Failure::Busy`] when the store or the database is away.
pub async fn sweep(app: &App) -> Result<usize, Failure> {
    let old = app.files.list_old(FOLDER, ORPHAN_AFTER).await?;
    let mut swept = 0;
    // Rows are read after the list: a row that names one of these was written long ago.
    for some in old.chunks(500).map(<[String]>::to_vec) {
        let asked = some.clone();
        let named = app.db.read(move |conn| rows::named_of(conn, &asked)).await?;
        for orphan in some.iter().filter(|file| !named.contains(*file)) {
            app.files.delete(orphan).await?;
            tracing::info!(file = orphan, "deleted a greeting that no group has");
            swept += 1;
        }
    }
    Ok(swept)
}

/// The files of greetings that are in the store, whoever's they are, for `doctor`.
///
/// # Errors
/// [`Failure::Busy`] when the store is away.
pub async fn list_kept(store: &files::Store) -> Result<BTreeSet<String>, Failure> {
    Ok(store.list(FOLDER).await?.into_iter().collect())
}
