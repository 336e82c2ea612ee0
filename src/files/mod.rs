//! Files that the portal keeps: on this machine's disk, or in a bucket that speaks S3. It knows no noun of the product.
//!
//! A file is written once, under a name made of chance, and never changed: whoever replaces it writes another and deletes
//! the first. What nobody names any more is found by [`Store::list_old`].

mod open;
mod place;

use std::{future::Future, io, ops::Range, path::PathBuf, sync::Arc, time::Duration};

use actix_web::web::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{Error, GetOptions, ObjectStore, ObjectStoreExt, path::Path};

pub use place::{Access, Bucket, Place};

use crate::{
    clock::{At, Span},
    failure::Failure,
};

/// The content of a file on its way.
pub type Content = BoxStream<'static, io::Result<Bytes>>;

/// How long the store may take to answer, and to take a file.
const PATIENCE: Duration = Duration::from_secs(20);
const LONG_PATIENCE: Duration = Duration::from_secs(60);
/// Where the store is tried out and asked for its time.
const CHECKS: &str = "checks";

/// Where files are kept.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
}

/// Says which cryptography TLS connections use. What is said first holds, so it may be called any number of times.
pub fn choose_cryptography() {
    // Refused only when it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A name that nobody can guess, below `folder`.
pub fn fresh_name(folder: &str) -> String {
    let chance = crate::keys::random::<16>();
    chance.iter().fold(format!("{folder}/"), |name, byte| name + &format!("{byte:02x}"))
}

/// Runs a future of the store to its end on a thread of its own, for commands and for the start.
///
/// # Errors
/// A sentence when the machine gives no thread.
pub fn wait_for<T: Send>(future: impl Future<Output = T> + Send) -> Result<T, String> {
    let cannot = "The machine gives no thread to reach the files with: free some memory and try again.";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|_| cannot)?;
    std::thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join()).map_err(|_| cannot.to_owned())
}

impl Store {
    /// Keeps a file. When this returns, the file outlives a power cut (T29).
    ///
    /// # Errors
    /// [`Failure::Busy`] when the store is away or full; nothing is half kept then.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), Failure> {
        within(LONG_PATIENCE, self.inner.put(&Path::from(name), bytes.into())).await.map(|_| ())
    }

    /// The bytes `range` of a file; nothing when there is no such file.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the store is away.
    pub async fn read(&self, name: &str, range: Range<u64>) -> Result<Option<Content>, Failure> {
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        let got = present(within_raw(PATIENCE, self.inner.get_opts(&Path::from(name), options)).await)?;
        Ok(got.map(|got| got.into_stream().map_err(io::Error::other).boxed()))
    }

    /// Deletes a file; one that is not there is deleted already.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the store is away.
    pub async fn delete(&self, name: &str) -> Result<(), Failure> {
        present(within_raw(PATIENCE, self.inner.delete(&Path::from(name))).await).map(|_| ())
    }

    /// Deletes a file that nobody names any more. Where that does not work now, [`Store::list_old`] finds it later.
    pub async fn discard(&self, name: &str) {
        if let Err(error) = self.delete(name).await {
            tracing::warn!(%error, file = name, "a file that nobody needs stays for now");
        }
    }

    /// The names of every file below `folder`.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the store is away.
    pub async fn list(&self, folder: &str) -> Result<Vec<String>, Failure> {
        Ok(self.list_with_times(folder).await?.into_iter().map(|(name, _)| name).collect())
    }

    /// The names of the files below `folder` that were kept longer ago than `age`, by the store's own clock.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the store is away.
    pub async fn list_old(&self, folder: &str, age: Span) -> Result<Vec<String>, Failure> {
        let all = self.list_with_times(folder).await?;
        if all.is_empty() && self.folder.is_none() {
            return Ok(Vec::new());
        }
        let before = self.now().await? - age;
        self.drop_torn(folder, before).await?;
        for (left_over, _) in self.list_with_times(CHECKS).await?.into_iter().filter(|(_, kept_at)| *kept_at < before) {
            self.discard(&left_over).await;
        }
        Ok(all.into_iter().filter(|(_, kept_at)| *kept_at < before).map(|(name, _)| name).collect())
    }

    async fn list_with_times(&self, folder: &str) -> Result<Vec<(String, At)>, Failure> {
        let prefix = Path::from(folder);
        let found = self.inner.list(Some(&prefix)).map_ok(|found| (found.location.to_string(), At::from(found.last_modified)));
        within(LONG_PATIENCE, found.try_collect()).await
    }

    /// What time it is for the store: ours may differ, and ages are compared with the times that it writes down.
    async fn now(&self) -> Result<At, Failure> {
        let name = fresh_name(CHECKS);
        self.put(&name, Bytes::from_static(b"what time is it")).await?;
        let found = within(PATIENCE, self.inner.head(&Path::from(name.as_str()))).await;
        self.delete(&name).await?;
        Ok(At::from(found?.last_modified))
    }

    /// On a disk a file grows under a name with a `#` before it gets its own; a process that was killed leaves it so.
    async fn drop_torn(&self, folder: &str, before: At) -> Result<(), Failure> {
        let Some(root) = &self.folder else { return Ok(()) };
        let folders = [root.join(folder), root.join(CHECKS)];
        let dropped = actix_web::web::block(move || folders.iter().try_for_each(|folder| open::drop_torn(folder, before))).await;
        dropped.map_err(Failure::internal)?.map_err(Failure::internal)
    }
}

async fn within_raw<T>(patience: Duration, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = |_| Error::Generic { store: "files", source: "no answer in time".into() };
    tokio::time::timeout(patience, future).await.unwrap_or_else(|elapsed| Err(late(elapsed)))
}

async fn within<T>(patience: Duration, future: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
    within_raw(patience, future).await.map_err(failure)
}

fn present<T>(result: Result<T, Error>) -> Result<Option<T>, Failure> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(failure(error)),
    }
}

/// The disk may have room again, and the bucket answer, in a moment; being refused does not pass by itself.
fn failure(error: Error) -> Failure {
    match error {
        Error::Generic { .. } | Error::JoinError { .. } | Error::NotFound { .. } => {
            tracing::warn!(%error, "the files cannot be reached");
            Failure::Busy
        }
        error => Failure::internal(error),
    }
}
