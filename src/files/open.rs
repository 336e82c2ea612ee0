//! Opening the store, and finding out whether it can be used before anybody needs it.

use std::{fs, io, path::Path as FilePath, sync::Arc, time::Duration};

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};

use super::{Bucket, CHECKS, PATIENCE, Place, Store, choose_cryptography, fresh_name, wait_for, within_raw};
use crate::clock::At;

impl Store {
    /// Opens the store, and writes, reads and deletes a small file to see that it works.
    ///
    /// # Errors
    /// A sentence that names the place and what to do.
    pub fn open(place: &Place) -> Result<Self, String> {
        if let Place::Folder(folder) = place {
            let mut builder = fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            let made = builder.recursive(true).create(folder);
            made.map_err(|e| format!("The folder {} cannot be made ({e}): check ROLLCALL_FILES and the rights there.", folder.display()))?;
        }
        let store = Self::unchecked(place)?;
        wait_for(store.check())?.map_err(|error| place.why_unusable(&error))?;
        Ok(store)
    }

    /// The store for looking only: nothing is made or written. Nothing where the folder is not there yet.
    ///
    /// # Errors
    /// A sentence that names the place and what to do.
    pub fn look(place: &Place) -> Result<Option<Self>, String> {
        match place {
            Place::Folder(folder) if !folder.exists() => Ok(None),
            _ => Self::unchecked(place).map(Some),
        }
    }

    fn unchecked(place: &Place) -> Result<Self, String> {
        let opened = match place {
            Place::Folder(folder) => {
                LocalFileSystem::new_with_prefix(folder).map(|disk| Store { inner: Arc::new(disk.with_fsync(true)), folder: Some(folder.clone()) })
            }
            Place::Bucket(bucket) => connect(bucket).map(|s3| Store { inner: below(s3, &bucket.prefix), folder: None }),
        };
        opened.map_err(|error| place.why_unusable(&error))
    }

    async fn check(&self) -> Result<(), object_store::Error> {
        let name = Path::from(fresh_name(CHECKS));
        within_raw(PATIENCE, async {
            self.inner.put(&name, Bytes::from_static(b"can this place be used?").into()).await?;
            self.inner.get(&name).await?.bytes().await?;
            self.inner.delete(&name).await
        })
        .await
    }
}

fn below(s3: AmazonS3, prefix: &str) -> Arc<dyn ObjectStore> {
    if prefix.is_empty() { Arc::new(s3) } else { Arc::new(PrefixStore::new(s3, prefix)) }
}

fn connect(bucket: &Bucket) -> Result<AmazonS3, object_store::Error> {
    choose_cryptography();
    let patience = ClientOptions::new().with_connect_timeout(Duration::from_secs(5));
    // A listener may take long over a file; only a store that says nothing is given up.
    let patience = patience.with_timeout_disabled().with_read_timeout(Duration::from_secs(15));
    let retry = RetryConfig { backoff: BackoffConfig::default(), max_retries: 2, retry_timeout: PATIENCE };
    let mut builder = AmazonS3Builder::new()
        .with_client_options(patience)
        .with_retry(retry)
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.access.region)
        // One request a file: not every server that speaks S3 knows how to delete many at once.
        .with_disable_bulk_delete(true);
    if let Some(endpoint) = &bucket.access.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some((id, secret)) = &bucket.access.key {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        if let Some(token) = &bucket.access.token {
            builder = builder.with_token(token);
        }
    }
    builder.build()
}

/// Deletes what began to be written before `before` in this folder and never got its name.
pub(super) fn drop_torn(folder: &FilePath, before: At) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let written = entry.metadata().and_then(|file| file.modified()).map(|at| At::from(DateTime::<Utc>::from(at)));
        if entry.file_name().to_string_lossy().contains('#') && written.is_ok_and(|at| at < before) {
            match fs::remove_file(entry.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => tracing::info!(file = %entry.path().display(), "deleted a file that was never finished"),
            }
        }
    }
    Ok(())
}
