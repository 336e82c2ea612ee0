use crate::{cli::program::Site, support::bucket::Bucket};

/// A site that keeps its files in `bucket`.
pub fn site_at(bucket: &Bucket) -> Site {
    bucket.settings().into_iter().fold(Site::new(), |site, (name, text)| site.set(name, text))
}

#[test]
fn a_place_that_cannot_be_used_is_refused_at_start_with_a_sentence() {
    let bucket = Bucket::start();
    let taken = tempfile::tempdir().unwrap();
    std::fs::write(taken.path().join("files"), "no folder").unwrap();
    for (sets, said) in [
        (vec![("ROLLCALL_FILES", "files".to_owned())], "ROLLCALL_FILES: \"files\" is no place for files"),
        (vec![("ROLLCALL_FILES", format!("file://{}/files", taken.path().display()))], "cannot be made"),
        (vec![("AWS_SECRET_ACCESS_KEY", "wrong".into())], "Files cannot be kept in s3://acme-files/phone: check ROLLCALL_FILES, AWS_REGION"),
        (vec![("ROLLCALL_FILES", "s3://another-bucket".into())], "Files cannot be kept in s3://another-bucket:"),
        (vec![("AWS_ENDPOINT_URL", "http://127.0.0.1:1".into())], "Files cannot be kept in s3://acme-files/phone:"),
        (vec![("AWS_ENDPOINT_URL", "127.0.0.1:9000".into())], "AWS_ENDPOINT_URL: \"127.0.0.1:9000\" is no server"),
        (vec![("AWS_ACCESS_KEY_ID", String::new())], "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together"),
    ] {
        let site = sets.iter().fold(site_at(&bucket), |site, (name, text)| site.set(name, text.clone()));
        let ended = site.run(&["serve"]);
        assert_eq!(ended.code, Some(1), "{sets:?}");
        assert!(ended.err.contains(said), "{sets:?}: {}", ended.err);
        assert!(!ended.err.contains(crate::support::bucket::KEY.1), "{}", ended.err);
    }
    assert!(bucket.keys().is_empty());
}

#[test]
fn files_stand_in_a_folder_of_their_own_when_asked_to() {
    let place = tempfile::tempdir().unwrap();
    let site = Site::new().set("ROLLCALL_FILES", format!("file://{}/deep/down", place.path().display()));
    site.create_owner("free").well();
    let _served = site.serve();
    assert!(place.path().join("deep/down").is_dir());
    assert!(!site.folder().join("data/files").exists());
}

#[test]
fn t20_the_key_to_the_bucket_is_masked() {
    let bucket = Bucket::start();
    let config = site_at(&bucket).set("AWS_SESSION_TOKEN", "hunter2").run(&["config"]);
    let out = config.well();
    assert!(!out.contains(crate::support::bucket::KEY.1) && !out.contains("hunter2"), "{out}");
    assert!(out.contains("s3://acme-files/phone") && out.contains(crate::support::bucket::KEY.0), "{out}");
}
