//! Which place files are kept in (`ROLLCALL_FILES`).

use std::{
    fmt,
    path::{Path, PathBuf},
};

use url::Url;

/// A place for files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket that speaks S3.
    Bucket(Bucket),
}

/// A bucket, or the part of it below a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What stands before every name in it, without slashes around; may be empty.
    pub prefix: String,
    /// How to get there.
    pub access: Access,
}

/// Where buckets are, and who asks.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The region, like `eu-central-1`.
    pub region: String,
    /// The server, where it is not Amazon's, like `http://127.0.0.1:9000`.
    pub endpoint: Option<String>,
    /// The id of the key and the key; without them the machine's own role is asked for.
    pub key: Option<(String, String)>,
    /// What a passing key needs beside.
    pub token: Option<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A key has no business in a log (T20).
        f.debug_struct("Access").field("region", &self.region).field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Place {
    /// Parses `file:///PATH`, `s3://BUCKET/PREFIX`, or nothing for the folder `files` in the data folder.
    ///
    /// # Errors
    /// A sentence that says what a place looks like.
    pub fn parse(text: &str, data: &Path, access: Access) -> Result<Self, String> {
        if matches!(text, "" | "file://") {
            return Ok(Place::Folder(data.join("files")));
        }
        let wrong = || format!("{text:?} is no place for files: write it like file:///var/lib/rollcall/files or s3://bucket/prefix.");
        let url = Url::parse(text).map_err(|_| wrong())?;
        let bare = url.username().is_empty() && url.password().is_none() && url.port().is_none() && url.query().is_none() && url.fragment().is_none();
        match (url.scheme(), url.host_str()) {
            ("file", None) if bare && url.path() != "/" => url.to_file_path().map(Place::Folder).map_err(|()| wrong()),
            ("s3", Some(name)) if bare && is_bucket(name) => {
                let prefix = url.path().trim_matches('/').to_owned();
                if prefix.split('/').any(|part| matches!(part, "." | "..") || part.contains('%')) || prefix.contains("//") {
                    return Err(wrong());
                }
                Ok(Place::Bucket(Bucket { name: name.to_owned(), prefix, access }))
            }
            _ => Err(wrong()),
        }
    }

    pub(super) fn why_unusable(&self, error: &object_store::Error) -> String {
        let check = match self {
            Place::Folder(_) => "check ROLLCALL_FILES and the rights of the folder",
            Place::Bucket(_) => "check ROLLCALL_FILES, AWS_REGION, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        };
        let said = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        format!("Files cannot be kept in {self}: {check}. The answer was: {said}")
    }
}

/// Names as Amazon allows them; others allow no more.
fn is_bucket(name: &str) -> bool {
    (3..=63).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Folder(folder) => write!(f, "{}", folder.display()),
            Place::Bucket(bucket) if bucket.prefix.is_empty() => write!(f, "s3://{}", bucket.name),
            Place::Bucket(bucket) => write!(f, "s3://{}/{}", bucket.name, bucket.prefix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Place, String> {
        Place::parse(text, Path::new("data"), Access::default())
    }

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        assert_eq!(parse(""), Ok(Place::Folder("data/files".into())));
        assert_eq!(parse("file://"), Ok(Place::Folder("data/files".into())));
        assert_eq!(parse("file:///srv/a%20b"), Ok(Place::Folder("/srv/a b".into())));
        let bucket = |prefix: &str| Ok(Place::Bucket(Bucket { name: "acme-files".into(), prefix: prefix.into(), access: Access::default() }));
        assert_eq!(parse("s3://acme-files"), bucket(""));
        assert_eq!(parse("s3://acme-files/"), bucket(""));
        assert_eq!(parse("s3://acme-files/phone/one/"), bucket("phone/one"));
        assert_eq!(parse("s3://acme-files/phone/").unwrap().to_string(), "s3://acme-files/phone");
        for bad in [
            "files",
            "/srv/files",
            "file://host/srv",
            "file:///",
            "s3://",
            "s3://AB",
            "s3://k:s@acme-files",
            "s3://acme-files/a//b",
            "s3://acme-files?x",
            "https://x",
        ] {
            assert!(parse(bad).unwrap_err().contains("no place for files"), "{bad}");
        }
    }

    #[test]
    fn t20_a_key_is_in_no_log() {
        let access = Access { key: Some(("id".into(), "hunter2".into())), token: Some("hunter3".into()), ..Access::default() };
        assert!(!format!("{:?}", Place::parse("s3://acme-files", Path::new("data"), access)).contains("hunter"));
    }
}
