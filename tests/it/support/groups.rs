//! User groups for tests that need some.

use rollcall::{
    authz::ManageGroups,
    db::{GroupId, MemberId},
    groups::{self, Group, GroupName},
};

use super::{Person, World};

impl World {
    /// A user group of the account of `by`, made the product's own way: who joins at once joins in the order of names.
    pub fn group(&self, by: &Person, name: &str, people: &[&Person]) -> GroupId {
        let (by, now, name) = (self.proof::<ManageGroups>(by), self.now(), GroupName::parse(name).expect("a name"));
        let members: Vec<MemberId> = people.iter().map(|person| person.id).collect();
        self.app.db.write_now(|tx| groups::create(tx, &by, &name, &members, now)).expect("a group")
    }

    /// The group as the database has it.
    pub fn group_row(&self, of: &Person, id: GroupId) -> Group {
        self.app.db.read_now(|conn| groups::get(conn, of.account, id)).expect("a group")
    }
}
