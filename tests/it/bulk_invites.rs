//! Bulk invite: what becomes of each row of a file, and that no row is invited twice.

use rollcall::{
    authz::ManageMembers,
    db::BulkInviteId,
    members::bulk::{self, COLUMNS, Terms},
    web::table_file::{Limits, Table},
};
use tokio::sync::watch;

use crate::support::*;

mod hostile;
mod kills;
mod numbers;
mod pages;
mod people;
mod reading;
mod sending;
mod speed;
mod twice;

pub const BULK: &str = "/settings/team/bulk-invites";
pub const MEMBERS: &str = "/settings/team/members";

/// Uploads a file; the answer.
pub fn upload(browser: &Browser, bytes: &[u8]) -> Page {
    browser.upload(BULK, &[], "file", "team.csv", bytes)
}

/// Uploads a file that can be read; the path of its preview, and that page.
#[track_caller]
pub fn preview(browser: &Browser, bytes: &[u8]) -> (String, Page) {
    let answer = upload(browser, bytes);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let path = answer.to().to_owned();
    let page = browser.get(&path);
    assert_eq!(page.status, 200);
    (path, page)
}

/// Line, address and result of each row.
pub fn outcomes(page: &Page) -> Vec<String> {
    page.rows().iter().map(|row| format!("{} {} {}", row[1], row[0], row[4])).collect()
}

/// The path of a file of the account of `by`, checked and kept without a browser.
#[track_caller]
pub fn kept(world: &World, by: &Person, file: &str) -> String {
    format!("{BULK}/{}", kept_id(world, by, file))
}

/// [`kept`], by its id.
#[track_caller]
pub fn kept_id(world: &World, by: &Person, file: &str) -> BulkInviteId {
    let (by, now) = (world.proof::<ManageMembers>(by), world.now());
    let table = Table::read(file.as_bytes(), COLUMNS, Limits { rows: 100_000, bytes: 64 << 20 }).unwrap();
    let terms =
        Terms { plan: world.app.plans.of_account(&by.actor().plan), with_supervisor: world.app.plans.with_supervisor(), resend_pending: false };
    let judged = world.app.db.read_now(|conn| bulk::check(conn, by.account(), &table, &table.rows, &terms, now)).unwrap();
    world.app.db.write_now(|tx| bulk::keep(tx, &by, "team.csv", &table, &judged, false, now)).unwrap()
}

/// Lets the server do what it does beside its requests.
pub fn work(world: &World) {
    let (_stop, stopped) = watch::channel(false);
    world.block_on(bulk::work(&world.app, &stopped)).unwrap();
}

/// Clicks Send Invites and lets the server send; the page of the result.
#[track_caller]
pub fn send(world: &World, browser: &Browser, path: &str) -> Page {
    let page = browser.submit(&format!("{path}/sending"), &[]);
    assert_eq!(page.h1(), "Sending the invites");
    work(world);
    browser.get(path)
}
