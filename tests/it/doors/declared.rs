//! The permission that a door declares is the one that its handler demands. Roles alone cannot show it, since several
//! permissions are held by the same roles; the handlers' signatures can.

use std::{collections::BTreeMap, path::Path};

use super::*;

fn source(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)).unwrap_or_default()
}

/// `(method, path, permission or nothing, handler)` of each row, as the source writes them.
fn rows() -> Vec<(String, String, String, String)> {
    let table = source("doors.rs");
    let constants: BTreeMap<&str, &str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("const ")?.split_once(": Option<PermissionWord> = "))
        .map(|(name, value)| (name, value.trim_start_matches("Some(PermissionWord::").trim_end_matches(");").trim_end_matches("None;")))
        .collect();
    let row = |line: &str| {
        let (method, rest) = line.split_once(" \"")?;
        let (path, rest) = rest.split_once("\" ")?;
        let (least, rest) = rest.split_once(", [")?;
        let (_, handler) = rest.split_once("] => ")?;
        let least = constants.get(least).unwrap_or_else(|| panic!("{least} is no constant of doors.rs"));
        Some((method.to_owned(), path.to_owned(), (*least).to_owned(), handler.trim_end_matches(';').to_owned()))
    };
    // A row with many fields takes several lines.
    let (_, doors) = table.split_once("DOORS: &[Door] = doors! {").expect("the table of doors");
    let (doors, _) = doors.split_once("};").expect("its end");
    doors.split(';').filter_map(|door| row(&door.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}

/// The signature of a handler like `members::index::csv`.
fn signature(handler: &str) -> String {
    let parts: Vec<&str> = handler.split("::").collect();
    let (noun, file, name) = match parts[..] {
        [noun, name] => (noun, None, name),
        [noun, file, name] => (noun, Some(file.to_owned()), name),
        [noun, folder, file, name] => (noun, Some(format!("{folder}/{file}")), name),
        _ => panic!("{handler} is no handler"),
    };
    let places = match file {
        Some(file) => vec![format!("{noun}/pages/{file}.rs"), format!("{noun}/pages/{file}/mod.rs")],
        None => vec![format!("{noun}/pages.rs"), format!("{noun}/pages/mod.rs")],
    };
    let start = format!("pub async fn {name}(");
    let found = places.iter().find_map(|place| {
        let text = source(place);
        let begin = text.find(&start)?;
        let end = begin + text[begin..].find('{')?;
        Some(text[begin..end].to_owned())
    });
    found.unwrap_or_else(|| panic!("{handler} stands in none of {places:?}"))
}

#[test]
fn t21_the_permission_a_door_declares_is_the_one_its_handler_demands() {
    let rows = rows();
    assert_eq!(rows.len(), DOORS.len(), "rows read from doors.rs");
    for (door, (method, path, least, handler)) in DOORS.iter().zip(&rows) {
        assert_eq!((door.method.as_str(), door.path), (method.as_str(), path.as_str()));
        assert_eq!(door.least.map(|word| format!("{word:?}")).unwrap_or_default(), *least, "{path}");
        let signature = signature(handler);
        let demanded = signature.split_once("Can<").map_or("", |(_, rest)| rest.split('>').next().unwrap_or_default());
        assert_eq!(demanded, least, "{method} {path} is handled by {signature}");
    }
}
