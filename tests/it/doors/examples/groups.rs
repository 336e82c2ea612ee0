//! The doors of user groups.

use super::*;

const GROUPS: &str = "/settings/user-groups";

/// A name that no group has yet.
fn fresh_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("Team {}", NEXT.fetch_add(1, Ordering::SeqCst))
}

/// A good way through a door of a group that has only the agent in it.
pub(super) fn example(world: &World, door: &Door, home: &[Person; 4]) -> Good {
    let [owner, admin, _, agent] = home;
    let name = fresh_name();
    if !door.path.contains("{id}") {
        return match (door.method.as_str(), door.path) {
            ("POST", GROUPS) => {
                Good { to: format!("{GROUPS}/{{id}}"), ..Good::done(GROUPS, "", &[("name", &name), ("member_ids", agent.id.as_str())]) }
            }
            ("POST", path) => {
                let fields = vec![("name", name), ("q", agent.email.clone()), ("member_ids", admin.id.to_string())];
                Good { fields, ..Good::page(path) }
            }
            (_, path) => Good::page(path),
        };
    }
    let group = world.group(owner, &name, &[agent]);
    let here = format!("{GROUPS}/{group}");
    let path = door.path.replace("{id}", group.as_str()).replace("{member_id}", agent.id.as_str());
    match (door.method.as_str(), door.path.rsplit('/').next().unwrap()) {
        ("GET", _) => Good::page(path),
        ("POST", "{id}") => Good::done(path, &here, &[("name", &fresh_name()), ("version", "1")]),
        ("POST", "members") => Good::done(path, &here, &[("member_ids", admin.id.as_str())]),
        ("POST", "settings") => {
            let fields = [("section", "ring"), ("version", "1"), ("ring_strategy", "round_robin"), ("ring_seconds", "45")];
            Good::done(path.clone(), &path, &fields)
        }
        ("POST", "removal") if door.path.contains("{member_id}") => Good::done(path, &here, &[]),
        ("POST", "removal") => Good::done(path, GROUPS, &[("replacement", "voicemail")]),
        (method, path) => panic!("{method} {path} has no example in tests/it/doors/examples/groups.rs"),
    }
}
