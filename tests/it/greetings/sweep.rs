use std::{
    fs::File,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use rollcall::groups::greeting;

use super::*;

/// Makes files older.
#[expect(clippy::disallowed_methods, reason = "a disk writes down the machine's time")]
pub fn age(files: &[PathBuf], by: Duration) {
    for file in files {
        File::options().write(true).open(file).unwrap().set_modified(SystemTime::now() - by).unwrap();
    }
}

#[test]
fn the_sweeper_takes_what_no_row_names_for_an_hour_and_nothing_else() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    take(&ada, sales, "west.wav", &chime());
    let folder = world.folder().join("files");
    let put = |path: &str, secs: u64| {
        std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        std::fs::write(folder.join(path), "x").unwrap();
        age(&[folder.join(path)], Duration::from_secs(secs));
    };
    age(&files(&world), Duration::from_secs(86_400));
    for (path, secs) in [
        ("greetings/0123456789abcdef0123456789abcdef", 3700),
        ("greetings/1123456789abcdef0123456789abcdef", 3500),
        // A file that was never finished, and one that is being written.
        ("greetings/2123456789abcdef0123456789abcdef#1", 3700),
        ("greetings/3123456789abcdef0123456789abcdef#1", 60),
        ("checks/4123456789abcdef0123456789abcdef", 3700),
        ("recordings/5123456789abcdef0123456789abcdef", 86_400),
    ] {
        put(path, secs);
    }
    world.block_on(async { rollcall::ticker::sweep_files(world.app.clone()).await });
    let left: Vec<String> = files(&world).iter().map(|file| file.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned()).collect();
    let named = named(&world)[0].strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
    let mut kept = vec![
        named,
        "greetings/1123456789abcdef0123456789abcdef".to_owned(),
        "greetings/3123456789abcdef0123456789abcdef#1".to_owned(),
        "recordings/5123456789abcdef0123456789abcdef".to_owned(),
    ];
    kept.sort();
    assert_eq!(left, kept);
    assert_eq!(ada.get(&path(sales)).bytes, chime());
}

#[test]
fn t30_two_processes_sweep_at_once_while_greetings_are_replaced() {
    let world = World::new();
    let folder = world.folder().join("files/greetings");
    std::fs::create_dir_all(&folder).unwrap();
    for n in 0..200 {
        std::fs::write(folder.join(format!("{n:032x}")), "x").unwrap();
    }
    age(&files(&world), Duration::from_secs(7200));
    let neighbour = world.neighbour();
    let apps = [world.app.clone(), neighbour.app.clone()].map(|app| std::sync::Arc::clone(&app));
    let browser = world.sign_in(&world.ada);
    let sales = group(&world, world.ada.account, "Sales");
    let swept = world.at_once(3, |i| match i {
        2 => {
            (1..10).for_each(|n| drop(take(&browser, sales, "x.wav", &sample(n))));
            0
        }
        i => rollcall::files::wait_for(greeting::sweep(&apps[i])).unwrap().unwrap(),
    });
    assert!(swept.iter().sum::<usize>() >= 200, "{swept:?}");
    assert_eq!(files(&world), named(&world));
    assert_eq!(browser.get(&path(sales)).bytes, sample(9));
}
