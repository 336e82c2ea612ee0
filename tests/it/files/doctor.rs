use super::start::site_at;
use crate::{
    cli::program::Site,
    faults::connect_to,
    greetings::{chime, files_in, kill::make_group, take},
    support::bucket::Bucket,
};

#[test]
fn doctor_counts_the_files_and_changes_nothing() {
    let site = Site::new();
    site.create_owner("free").well();
    let said = site.run(&["doctor"]);
    assert!(said.well().contains("ok    files: 0 greetings"), "{}", said.out);
    let bucket = Bucket::start();
    let far = site_at(&bucket);
    far.create_owner("free").well();
    assert!(far.run(&["doctor"]).well().contains("in s3://acme-files/phone"));
    assert!(bucket.asked().iter().all(|method| method == "GET"));
    bucket.be_away(true);
    let ended = far.run(&["doctor"]);
    assert!(ended.code == Some(1) && ended.out.contains("wrong files: "), "{}", ended.out);
}

#[test]
fn t29_doctor_says_which_company_lost_a_file() {
    let site = Site::new();
    site.create_owner("free").well();
    let group = make_group(&mut connect_to(&site.database.url));
    let served = site.serve();
    take(&site.ada(), group, "west.wav", &chime());
    assert!(site.run(&["doctor"]).well().contains("ok    files: 1 greetings in "));
    drop(served);
    std::fs::remove_file(&files_in(&site.folder().join("data/files"))[0]).unwrap();
    let ended = site.run(&["doctor"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.contains("wrong files: acme: 1 of 1 files of greetings are missing in "), "{}", ended.out);
}
