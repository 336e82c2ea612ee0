use crate::{cli::program::Site, members::LIST, support::*};

/// A file that may not grow is a full disk for SQLite; a server's own disk is out of our hands.
#[test]
fn t28_on_a_full_disk_reads_work_and_nothing_acknowledged_is_lost() {
    let site = Site::new();
    if site.database.is_postgres() {
        return;
    }
    site.create_owner("pro").well();
    let size = std::fs::metadata(site.folder().join("rollcall.db")).unwrap().len();
    let mut served = site.start_under(&format!("trap '' XFSZ; ulimit -f {}", (size + 2_000_000) / 512));
    let ada = site.ada();
    let invite = |i: usize| ada.post(LIST, &[("emails", &format!("a{i}@x.test, b{i}@x.test")), ("role", "agent")]);
    let mut taken = 0;
    let refused = loop {
        let answer = invite(taken);
        if answer.status != 303 {
            break answer;
        }
        taken += 1;
        assert!(taken < 400, "the disk is never full");
    };
    assert!(taken > 3, "the disk was full from the beginning");
    assert_eq!((refused.status, refused.h1().as_str()), (503, "Busy"), "{}", site.log());
    assert!(!refused.header("retry-after").is_empty());
    for page in [LIST, "/profile", "/settings/audit-log"] {
        let answer = ada.get(page);
        assert_eq!(answer.status, 200, "{page}: {}", site.log());
    }
    let listed = |browser: &Browser| browser.get(&format!("{LIST}.csv?status=invited")).body.lines().count() - 1;
    assert_eq!(listed(&ada), 2 * taken, "all of a form or nothing of it");
    // Room again: what was acknowledged is there, and it goes on.
    served.kill();
    let _served = site.serve();
    assert_eq!(listed(&ada), 2 * taken);
    assert_eq!(invite(taken).status, 303);
    assert!(site.run(&["doctor"]).well().contains("ok    accounts"));
}
