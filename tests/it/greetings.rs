//! A group's greeting (R44): uploaded, refused, played, replaced, deleted, swept.

use std::path::PathBuf;

use diesel::prelude::*;
use rollcall::{
    db::{AccountId, GroupId, schema::*},
    groups::greeting::sample,
};

use crate::support::*;

mod far;
pub mod kill;
mod mp3;
mod order;
mod play;
mod refusals;
mod sweep;
mod upload;

/// A group without members, straight into the database.
pub fn group(world: &World, account: AccountId, name: &str) -> GroupId {
    let id = GroupId::fresh(world.now());
    let row = (
        user_groups::id.eq(id),
        user_groups::account_id.eq(account),
        user_groups::name.eq(name),
        user_groups::name_key.eq(name.to_lowercase()),
        user_groups::folded.eq(name.to_lowercase()),
        user_groups::time_zone.eq("UTC"),
        user_groups::created_at.eq(world.now()),
    );
    world.write(|conn| diesel::insert_into(user_groups::table).values(&row).execute(conn));
    id
}

/// Where the greeting of a group is played, and posted to.
pub fn path(group: GroupId) -> String {
    format!("/settings/user-groups/{group}/greeting")
}

/// Uploads a file from the page.
pub fn upload(browser: &Browser, group: GroupId, called: &str, bytes: &[u8]) -> Page {
    browser.upload(&path(group), &[], "file", called, bytes)
}

/// Uploads a file that is taken.
#[track_caller]
pub fn take(browser: &Browser, group: GroupId, called: &str, bytes: &[u8]) -> Page {
    let page = upload(browser, group, called, bytes);
    assert_eq!((page.status, page.to()), (303, format!("/settings/user-groups/{group}/settings").as_str()), "{}", page.text());
    page
}

/// What is said about an upload: at its field, or on the next page.
pub fn said(browser: &Browser, page: &Page) -> String {
    if page.status == 422 { page.error_of("file") } else { browser.get("/profile").flash() }
}

/// The files of greetings on the disk, everything that is there.
pub fn files(world: &World) -> Vec<PathBuf> {
    files_in(&world.folder().join("files"))
}

pub fn files_in(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files_in(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found.sort();
    found
}

/// The files that rows name.
pub fn named(world: &World) -> Vec<PathBuf> {
    let rows: Vec<String> = world.read(|conn| greetings::table.select(greetings::file).order(greetings::file).load(conn));
    rows.into_iter().map(|file| world.folder().join("files").join(file)).collect()
}

/// A short greeting.
pub fn chime() -> Vec<u8> {
    sample(2)
}
