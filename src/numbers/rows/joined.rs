//! Numbers with the names that belong to them.

use diesel::prelude::*;

use super::Lapsed;
use crate::{
    audit::Target,
    clock::At,
    db::{AccountId, Conn, GroupId, MemberId, MultiBackend, schema::*, sql},
    failure::Failure,
    numbers::{Incoming, Number, Who, party::Person},
};

diesel::alias!(members as targets: Targets, user_groups as target_groups: TargetGroups);

/// A number with the names of who holds it and who gets its calls.
#[derive(Clone, Debug)]
pub struct Row {
    /// The number.
    pub number: Number,
    /// Who holds it now.
    pub holder: Option<Who>,
    /// For whom it was kept until their invitation ran out.
    pub lapsed: Option<Who>,
    /// The member or group its calls go to, where that is not whoever holds it.
    pub towards: Option<Who>,
}

type Joined = (Number, Option<Person>, Option<String>, Option<Person>, Option<String>, bool);

impl From<Joined> for Row {
    fn from((number, person, group, to_person, to_group, is_lapsed): Joined) -> Self {
        let who = |member: Option<MemberId>, person: Option<Person>, group: Option<GroupId>, name: Option<String>| {
            let person = member.zip(person).map(|(id, person)| Who::member(id, person));
            person.or_else(|| group.zip(name).map(|(id, name)| Who::group(id, name)))
        };
        let holder = who(number.member_id, person, number.group_id, group);
        let towards = who(number.incoming_member_id, to_person, number.incoming_group_id, to_group);
        let (holder, lapsed) = if is_lapsed { (None, holder) } else { (holder, None) };
        Row { number, holder, lapsed, towards }
    }
}

impl Row {
    /// What the audit log calls it.
    pub fn subject(&self) -> Target {
        Target::new(self.number.id, self.number.international.clone())
    }

    /// Who holds it, as forms send it: `none`, `member:ID`, `group:ID`.
    pub fn holder_word(&self) -> String {
        self.holder.as_ref().map_or_else(|| "none".to_owned(), |holder| holder.party.word())
    }

    /// Who holds it and where its calls go, as forms send it.
    pub fn incoming_word(&self) -> String {
        format!("{} {}", self.holder_word(), self.number.incoming().word())
    }

    /// Does nobody get its calls?
    pub fn reaches_nobody(&self) -> bool {
        self.holder.is_none() && self.number.incoming() == Incoming::Assignee
    }
}

pub(in crate::numbers) type Boxed<'a> = numbers::BoxedQuery<'a, MultiBackend>;

/// The numbers of an account.
pub(in crate::numbers) fn own<'a>(account: AccountId) -> Boxed<'a> {
    numbers::table.filter(numbers::account_id.eq(account)).into_boxed()
}

/// Rows in the order of their numbers, with the names that belong to them, in one statement.
pub(in crate::numbers) fn load(conn: &mut Conn, narrowed: Boxed<'_>, most: i64, now: At) -> Result<Vec<Row>, Failure> {
    let query = narrowed
        .left_join(members::table.on(members::account_id.eq(numbers::account_id).and(members::id.nullable().eq(numbers::member_id))))
        .left_join(user_groups::table.on(user_groups::account_id.eq(numbers::account_id).and(user_groups::id.nullable().eq(numbers::group_id))))
        .left_join(targets.on(
            targets.field(members::account_id).eq(numbers::account_id).and(targets.field(members::id).nullable().eq(numbers::incoming_member_id)),
        ))
        .left_join(
            target_groups.on(target_groups
                .field(user_groups::account_id)
                .eq(numbers::account_id)
                .and(target_groups.field(user_groups::id).nullable().eq(numbers::incoming_group_id))),
        )
        .order(numbers::number)
        .select((
            Number::as_select(),
            (members::first_name, members::last_name, members::email, members::username, members::status).nullable(),
            user_groups::name.nullable(),
            targets.fields((members::first_name, members::last_name, members::email, members::username, members::status)).nullable(),
            target_groups.field(user_groups::name).nullable(),
            Lapsed(now),
        ));
    let rows: Vec<Joined> = sql::top(query, most).load(conn)?;
    Ok(rows.into_iter().map(Row::from).collect())
}
