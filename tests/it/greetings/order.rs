use std::time::{Duration, SystemTime};

use rollcall::{authz::ManageGroups, groups::greeting};

use super::*;

fn keep(world: &World) -> greeting::Kept {
    let heard = greeting::audio::examine(&chime()).unwrap();
    world.block_on(greeting::keep(&world.app.files, "x.wav", heard, chime().into())).unwrap()
}

#[test]
fn t29_a_file_without_a_row_is_what_a_kill_leaves_and_the_sweeper_takes() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "west.wav", &sample(3));
    // Killed between file and row.
    keep(&world);
    assert_eq!((files(&world).len(), named(&world).len()), (2, 1));
    assert_eq!(world.block_on(greeting::sweep(&world.app)).unwrap(), 0, "it is young");
    super::sweep::age(&files(&world), Duration::from_secs(3700));
    assert_eq!(world.block_on(greeting::sweep(&world.app)).unwrap(), 1);
    assert_eq!(files(&world), named(&world));
    assert_eq!(ada.get(&path(sales)).bytes, sample(3));
}

#[test]
fn t29_a_row_that_cannot_be_written_deletes_its_file() {
    let world = World::new();
    let (by, foreign) = (world.proof::<ManageGroups>(&world.ada), group(&world, world.gus.account, "Theirs"));
    let refused = world.block_on(greeting::adopt(&world.app, &by, foreign, keep(&world), world.now()));
    assert!(matches!(refused, Err(rollcall::failure::Failure::NotFound)));
    assert!(files(&world).is_empty());
}

#[test]
fn t29_when_nobody_knows_whether_the_row_is_there_the_file_stays_for_the_sweeper() {
    let world = World::new();
    let (by, sales) = (world.proof::<ManageGroups>(&world.ada), group(&world, world.ada.account, "Sales"));
    let kept = keep(&world);
    // Somebody else holds the database for longer than a request waits.
    let mut other = crate::faults::connect(&world);
    diesel::connection::SimpleConnection::batch_execute(
        &mut other,
        if world.database.is_postgres() { "BEGIN; LOCK TABLE accounts" } else { "BEGIN IMMEDIATE" },
    )
    .unwrap();
    let busy = world.block_on(greeting::adopt(&world.app, &by, sales, kept, world.now()));
    assert!(matches!(busy, Err(rollcall::failure::Failure::Busy)), "{busy:?}");
    drop(other);
    assert!(named(&world).is_empty());
    super::sweep::age(&files(&world), Duration::from_secs(3700));
    world.block_on(greeting::sweep(&world.app)).unwrap();
    assert!(files(&world).is_empty());
}

#[test]
fn r46_the_greeting_of_a_deleted_group_goes_with_it() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "west.wav", &chime());
    let file = world.app.db.write_now(|tx| greeting::remove_of(tx, world.ada.account, sales)).unwrap().unwrap();
    assert!(named(&world).is_empty());
    world.block_on(world.app.files.discard(&file));
    assert!(files(&world).is_empty());
    assert_eq!(world.app.db.write_now(|tx| greeting::remove_of(tx, world.ada.account, sales)).unwrap(), None);
}

#[test]
fn t18_files_have_names_of_chance_and_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "../../evil.wav", &chime());
    let file = files(&world).remove(0);
    assert_eq!(file.parent().unwrap(), world.folder().join("files/greetings"));
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    let mode = std::fs::metadata(world.folder().join("files")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(std::fs::metadata(&file).unwrap().modified().unwrap() > SystemTime::UNIX_EPOCH);
}
