//! The list of everybody (LOOK: one list holds all; removed under their own filter).

mod beside;
mod holdings;
mod order;
mod search;

use std::collections::HashMap;

use diesel::prelude::*;

pub use beside::beside;
pub use holdings::Held;
use order::{key_of, load};
pub use order::{key_parts, row_of};
use search::{Asked, narrowed};

use super::{Status, display_name, rows::InvitationState};
use crate::{
    authz::Role,
    clock::At,
    db::{AccountId, Conn, GroupId, MemberId, schema::members},
    failure::Failure,
    mail::MailState,
    web::listing::{Cursor, PAGE_SIZE},
    words,
};

words! {
    /// What a list can be narrowed to: the statuses, with the invited by what became of their invitation.
    StatusWord {
        /// Joined.
        Active = "active",
        /// Invited, and the invitation runs.
        Invited = "invited",
        /// Invited, and the invitation ran out.
        Expired = "expired",
        /// Invited by somebody who may no longer invite (R12).
        SendAgain = "send_again",
        /// Kept, but out.
        Deactivated = "deactivated",
        /// Gone, until erased.
        Removed = "removed",
    }
}

words! {
    /// The order of a list.
    Sort {
        /// By name, A to Z.
        Name = "name",
        /// By name, Z to A.
        NameDown = "-name",
        /// By role, A to Z.
        Role = "role",
        /// By role, Z to A.
        RoleDown = "-role",
        /// By status, A to Z.
        Status = "status",
        /// By status, Z to A.
        StatusDown = "-status",
        /// Longest not seen first.
        Active = "last_active",
        /// Seen last first.
        ActiveDown = "-last_active",
        /// Joined first.
        Joined = "joined",
        /// Joined last.
        JoinedDown = "-joined",
    }
}

impl Sort {
    /// For the caption.
    pub const fn in_words(self) -> &'static str {
        match self {
            Sort::Name => "name (A to Z)",
            Sort::NameDown => "name (Z to A)",
            Sort::Role => "role (A to Z)",
            Sort::RoleDown => "role (Z to A)",
            Sort::Status => "status (A to Z)",
            Sort::StatusDown => "status (Z to A)",
            Sort::Active => "last active (longest ago first)",
            Sort::ActiveDown => "last active (latest first)",
            Sort::Joined => "joined (earliest first)",
            Sort::JoinedDown => "joined (latest first)",
        }
    }
}

/// What a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Text in name, address, username or telephone number.
    pub q: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only this status.
    pub status: Option<StatusWord>,
    /// Only the members of this group.
    pub group: Option<GroupId>,
}

impl Filters {
    /// Is everybody shown?
    pub const fn is_empty(&self) -> bool {
        self.q.is_empty() && self.role.is_none() && self.status.is_none() && self.group.is_none()
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = members)]
struct Person {
    id: MemberId,
    first_name: String,
    last_name: String,
    email: Option<String>,
    username: Option<String>,
    role: Role,
    status: Status,
    last_active_at: At,
    joined_at: At,
    removed_at: Option<At>,
    erase_at: Option<At>,
    invited_by: Option<MemberId>,
    sort_name: String,
}

/// The state of a mail, the server's reason and the next try.
pub type Mail = (MailState, Option<String>, At);

/// The newest invitation of somebody who is invited.
#[derive(Clone, Debug)]
pub struct Newest {
    /// What became of it.
    pub state: InvitationState,
    /// When it runs out.
    pub expires_at: At,
    /// The state of its mail, the server's reason and the next try; none where the link was handed over by hand.
    pub mail: Option<Mail>,
}

/// A member on the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Their id.
    pub id: MemberId,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Their address.
    pub email: Option<String>,
    /// Their username.
    pub username: Option<String>,
    /// What they are to the account.
    pub role: Role,
    /// Where they stand.
    pub status: Status,
    /// When they last used the portal.
    pub last_active_at: At,
    /// When they joined.
    pub joined_at: At,
    /// When they were removed.
    pub removed_at: Option<At>,
    /// When their personal data is due to be erased, once they are removed (R23).
    pub erase_at: Option<At>,
    /// Who invited them.
    pub invited_by: Option<MemberId>,
    sort_name: String,
    /// Their newest invitation, while invited.
    pub invitation: Option<Newest>,
    numbers: Vec<Held>,
    /// The names of the groups they are in.
    pub groups: Vec<String>,
}

/// A row with its newest invitation, that one's mail, its numbers and its groups, as the database joins them.
type Joined = (Person, Option<(InvitationState, At)>, Option<Mail>, Option<String>, Option<String>);

impl From<Joined> for Row {
    fn from((person, invitation, mail, numbers, groups): Joined) -> Self {
        let Person {
            id,
            first_name,
            last_name,
            email,
            username,
            role,
            status,
            last_active_at,
            joined_at,
            removed_at,
            erase_at,
            invited_by,
            sort_name,
        } = person;
        let invitation = invitation.map(|(state, expires_at)| Newest { state, expires_at, mail });
        let (numbers, groups) = (holdings::numbers(numbers.as_deref()), holdings::groups(groups.as_deref()));
        Row {
            id,
            first_name,
            last_name,
            email,
            username,
            role,
            status,
            last_active_at,
            joined_at,
            removed_at,
            erase_at,
            invited_by,
            sort_name,
            invitation,
            numbers,
            groups,
        }
    }
}

impl Row {
    /// Their name, or what stands for it.
    pub fn name(&self) -> String {
        display_name(&self.first_name, &self.last_name, self.email.as_deref(), self.username.as_deref())
    }

    /// Their numbers at `now`: an invitation that ran out keeps none, cleared away yet or not (R10).
    pub fn numbers(&self, now: At) -> &[Held] {
        if self.numbers.is_empty() || self.status_word(now) == StatusWord::Expired { &[] } else { &self.numbers }
    }

    /// The word of their status at `now`.
    pub fn status_word(&self, now: At) -> StatusWord {
        match (self.status, &self.invitation) {
            (Status::Active, _) => StatusWord::Active,
            (Status::Deactivated, _) => StatusWord::Deactivated,
            (Status::Removed, _) => StatusWord::Removed,
            (Status::Invited, Some(newest)) if newest.state == InvitationState::Void => StatusWord::SendAgain,
            (Status::Invited, Some(newest)) if newest.state == InvitationState::Expired || newest.expires_at <= now => StatusWord::Expired,
            (Status::Invited, _) => StatusWord::Invited,
        }
    }
}

/// One page of a list.
#[derive(Debug)]
pub struct Shown {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many match, counted no further than [`COUNTED`].
    pub matching: i64,
}

/// Matches are counted so far and no further; beyond, the page says "more than".
pub const COUNTED: i64 = 1000;
/// One page of the list after `after`, and how many match; `listed` is how many there are without filters.
pub fn page(
    conn: &mut Conn,
    account: AccountId,
    filters: &Filters,
    sort: Sort,
    after: Option<&Cursor>,
    listed: i64,
    now: At,
) -> Result<Shown, Failure> {
    let asked = Asked::of(conn, account, filters)?;
    let mut rows = load(conn, narrowed(account, filters, &asked, now), sort, after, PAGE_SIZE as i64 + 1)?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let position = after.map_or(0, |cursor| cursor.position);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: key_of(last, sort), position: position + rows.len() });
    // A page that holds the whole answer has counted it already.
    let matching = match (after, more) {
        (_, false) => (position + rows.len()) as i64,
        (_, true) if filters.is_empty() => listed,
        (_, true) => match asked.known_count(filters) {
            Some(known) => known,
            None => narrowed(account, filters, &asked, now).select(members::seq).limit(COUNTED + 1).load::<i64>(conn)?.len() as i64,
        },
    };
    Ok(Shown { rows, next, matching })
}

/// The addresses or usernames of those who have invited somebody, for exports.
pub fn list_inviters(conn: &mut Conn, account: AccountId) -> Result<HashMap<MemberId, String>, Failure> {
    let inviting: Vec<Option<MemberId>> = members::table.filter(members::account_id.eq(account)).select(members::invited_by).distinct().load(conn)?;
    let inviting: Vec<MemberId> = inviting.into_iter().flatten().collect();
    let rows: Vec<(MemberId, Option<String>, Option<String>)> = members::table
        .filter(members::account_id.eq(account))
        .filter(members::id.eq_any(inviting))
        .select((members::id, members::email, members::username))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, email, username)| Some((id, email.or(username)?))).collect())
}

/// Rows of an export, a thousand at a time, in the order of names.
const EXPORTED: i64 = 1000;

/// Every row that matches, handed to `take` in the order of the list.
pub fn export(
    conn: &mut Conn,
    account: AccountId,
    filters: &Filters,
    sort: Sort,
    now: At,
    mut take: impl FnMut(&Row) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut after: Option<Cursor> = None;
    let asked = Asked::of(conn, account, filters)?;
    loop {
        let rows = load(conn, narrowed(account, filters, &asked, now), sort, after.as_ref(), EXPORTED)?;
        for row in &rows {
            take(row)?;
        }
        match rows.last() {
            Some(last) if rows.len() as i64 == EXPORTED => after = Some(Cursor { key: key_of(last, sort), position: 0 }),
            _ => return Ok(()),
        }
    }
}
