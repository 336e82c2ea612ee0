use rollcall::{authz::Role, members::Status};

use super::*;

fn found(browser: &Browser, q: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let page = browser.get(&format!("{LIST}?q={query}"));
    assert_eq!(page.status, 200, "{q}");
    assert_eq!(page.attribute("#f-q", "value").as_deref(), Some(q.trim()), "what was searched for stays");
    shown(&page)
}

#[test]
fn t16_search_finds_names_with_and_without_accents_and_addresses() {
    let world = World::new();
    world.member(world.ada.account, "Zoë Márquez", "zoe.m@acme.test", Role::Agent, Status::Active);
    world.member(world.gus.account, "Zoë Other", "zoe@globex.test", Role::Agent, Status::Active);
    let ada = world.sign_in(&world.ada);
    let hits = [
        "zoe",
        "ZOË",
        "Márquez",
        "MARQUEZ",
        "marq",
        "arqu",
        "zoe.m@acme.test",
        "oe.m@ac",
        "zoe marquez",
        "marquez zoe",
        "zo",
        "ZÖ",
        "z",
        "  zoe  ",
        "zo marq",
    ];
    for q in hits {
        assert_eq!(found(&ada, q), ["Zoë Márquez zoe.m@acme.test"], "{q:?}");
    }
    // One or two letters are the beginning of a name or an address, and every word of the search must fit.
    for q in ["rq", "oe", "zo vargas", "zoe vargas", "zoe@globex", "other"] {
        assert!(found(&ada, q).is_empty(), "{q:?}");
    }
    assert_eq!(found(&ada, "acme.test").len(), 5);
}

#[test]
fn t16_a_changed_name_is_found_by_the_new_one_only() {
    let world = World::new();
    let dana = world.sign_in(&world.dana);
    dana.submit("/profile", &[("first_name", "Daniela"), ("last_name", "Souza"), ("theme", "system")]);
    let ada = world.sign_in(&world.ada);
    assert_eq!(found(&ada, "souza"), ["Daniela Souza dana@acme.test"]);
    assert!(found(&ada, "silva").is_empty());
}

#[test]
fn t16_wildcards_and_quotes_are_characters() {
    let world = World::new();
    for (i, name) in ["%percent One", "_under Two", "!bang Three", "50% Off", "a_b_c Four", "Say\"hello\"there Five"].iter().enumerate() {
        world.member(world.ada.account, name, &format!("p{i}@x.test"), Role::Agent, Status::Active);
    }
    let ada = world.sign_in(&world.ada);
    for (q, name) in [
        ("%", "%percent One"),
        ("_", "_under Two"),
        ("!", "!bang Three"),
        ("0% ", ""),
        ("50%", "50% Off"),
        ("5__", ""),
        ("a_b_c", "a_b_c Four"),
        ("a%c", ""),
        ("\"hello\"", "Say\"hello\"there Five"),
        ("y\"h", "Say\"hello\"there Five"),
    ] {
        let found = found(&ada, q);
        match name {
            "" => assert!(found.is_empty(), "{q}: {found:?}"),
            name => assert!(found.len() == 1 && found[0].starts_with(name), "{q}: {found:?}"),
        }
    }
}

#[test]
fn t16_sql_in_a_search_is_just_text() {
    let world = World::new();
    let ada = world.sign_in(&world.ada);
    world.unchanged("searching", || {
        for q in [
            "' OR 1=1 --",
            "') OR ('1'='1",
            "\"; DROP TABLE members; --",
            "zzz\" OR \"ada",
            "NEAR(ada bruno)",
            "ada*",
            "folded:ada",
            "^ada",
            "\\",
            "ada\\%",
            "x' UNION SELECT password_hash FROM members --",
        ] {
            assert!(found(&ada, q).is_empty(), "{q}");
        }
        assert_eq!(ada.get(&format!("{LIST}?q=%00")).status, 200);
        assert_eq!(ada.get(&format!("{LIST}?q={}", "a".repeat(5000))).status, 200);
        for parameter in ["sort", "role", "status", "after"] {
            let page = ada.get(&format!("{LIST}?{parameter}=name%27%3B+DROP+TABLE+members%3B--"));
            assert_eq!((page.status, page.rows().len()), (200, 4), "{parameter}");
        }
    });
}
