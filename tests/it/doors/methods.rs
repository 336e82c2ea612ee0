//! How a door is knocked at: its methods, and from where.

use std::collections::BTreeMap;

use super::*;

#[test]
fn t21_another_method_is_refused() {
    let world = World::new();
    let (owner, anonymous) = (world.sign_in(&world.ada), world.browser());
    let mut paths: BTreeMap<&str, Vec<&Method>> = BTreeMap::new();
    for door in DOORS {
        paths.entry(door.path).or_default().push(&door.method_of());
    }
}
