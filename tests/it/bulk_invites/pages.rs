use super::*;

fn file(n: usize) -> String {
    std::iter::once("email,role\n".to_owned())
        .chain((0..n).map(|i| format!("p{i}@x.test,{}\n", if i % 10 == 9 { "boss" } else { "agent" })))
        .collect()
}

#[test]
fn r27_a_long_file_is_shown_a_hundred_rows_at_a_time_and_can_be_narrowed() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (path, page) = preview(&ada, file(1000).as_bytes());
    assert_eq!((page.rows().len(), page.caption().as_str()), (100, "Lines 2 to 101; the file has 1,000 rows"));
    assert!(page.body.len() < 100_000, "{} bytes", page.body.len());
    let next = ada.get(&page.link("Next page").unwrap());
    assert_eq!((next.rows().len(), next.caption().as_str()), (100, "Lines 102 to 201; the file has 1,000 rows"));
    assert!(next.link("First page").is_some());
    let errors = ada.get(&page.link("Errors (100)").unwrap());
    assert_eq!(errors.rows().len(), 100);
    assert!(errors.rows().iter().all(|row| row[4].starts_with("Error ")) && errors.link("Next page").is_none());
    assert!(page.has("There is a problem with 100 rows") && page.has("And 90 more."), "{}", page.text());
    let good = ada.get(&page.link("To send (900)").unwrap());
    assert!(good.rows().iter().all(|row| row[4] == "Invite"));
    for odd in ["?after=x", "?after=-1", "?after=99999999999", "?show=nonsense", "?auto=x"] {
        assert_eq!(ada.get(&format!("{path}{odd}")).status, 200, "{odd}");
    }
    assert_eq!(ada.get(&format!("{path}/failed-rows.csv")).body.lines().count(), 101);
}

#[test]
fn progress_refreshes_by_itself_only_where_that_was_asked_for() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let (path, _) = preview(&ada, file(3).as_bytes());
    assert_eq!(ada.get(&format!("{path}?auto=5")).headers.get("refresh"), None, "a preview does not move");
    let page = ada.submit(&format!("{path}/sending"), &[]);
    assert_eq!(page.headers.get("refresh"), None);
    assert_eq!(page.attribute("progress", "max").as_deref(), Some("3"));
    assert_eq!(page.link("Refresh").as_deref(), Some(path.as_str()));
    let page = ada.get(&page.link("Refresh automatically").unwrap());
    assert_eq!(page.header("refresh"), "5");
    assert_eq!(page.link("Stop refreshing").as_deref(), Some(path.as_str()));
    work(&world);
    let page = ada.get(&format!("{path}?auto=5"));
    assert_eq!((page.h1().as_str(), page.headers.get("refresh")), ("Result", None));
}

#[test]
fn the_list_of_members_leads_to_bulk_invite_and_its_template_is_a_file_that_can_be_read() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    let page = ada.get(&ada.get(MEMBERS).link("Bulk Invite").unwrap());
    assert_eq!((page.h1().as_str(), page.rows().len()), ("Bulk Invite", 0));
    assert!(page.has("No files yet"));
    let page = ada.get(&page.link("Upload a file").unwrap());
    assert_eq!(page.h1(), "Upload a file");
    let template = ada.get(&page.link("Download template").unwrap());
    assert_eq!(template.header("content-type"), "text/csv; charset=utf-8");
    let (_, page) = preview(&ada, template.body.as_bytes());
    assert_eq!(outcomes(&page), ["2 ana@example.com Invite"]);
}

#[test]
fn r19_a_file_is_its_accounts_own() {
    let world = World::new();
    let (ada, greta) = (world.sign_in(&world.ada), world.sign_in(&world.greta));
    let (path, _) = preview(&ada, file(2).as_bytes());
    for path in [path.clone(), format!("{path}/failed-rows.csv")] {
        assert_eq!(greta.get(&path).status, 404);
    }
    assert_eq!(world.unchanged("another account", || greta.post(&format!("{path}/sending"), &[])).status, 404);
    assert!(greta.get(BULK).rows().is_empty());
    let chen = world.sign_in(&world.chen);
    assert_eq!(world.unchanged("a Supervisor", || upload(&chen, file(2).as_bytes())).status, 403);
}

#[test]
fn the_history_has_pages_and_of_files_never_sent_the_ten_newest_are_kept() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    for i in 0..55 {
        world.advance(rollcall::clock::Span::secs(1));
        let path = kept(&world, &world.ada, &format!("email,role\np{i}@x.test,agent\n"));
        assert_eq!(ada.post(&format!("{path}/sending"), &[]).status, 303);
    }
    work(&world);
    let unsent: Vec<String> = (0..12)
        .map(|_| {
            world.advance(rollcall::clock::Span::secs(1));
            preview(&ada, file(1).as_bytes()).0
        })
        .collect();
    let there: Vec<u16> = unsent.iter().map(|path| ada.get(path).status).collect();
    assert_eq!(there, [404, 404, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]);
    let first = ada.get(BULK);
    assert_eq!(first.rows().len(), 50);
    let second = ada.get(&first.link("Next page").unwrap());
    assert_eq!(second.rows().len(), 15);
    assert!(second.link("First page").is_some() && second.link("Next page").is_none());
    assert_eq!(ada.get(&format!("{BULK}?after=nonsense")).rows().len(), 50);
}
