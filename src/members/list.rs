//! The list of everybody (LOOK: one list holds all; removed under their own filter).

use std::collections::HashMap;

use diesel::{
    expression::SqlLiteral,
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};

use super::{Status, display_name, rows::InvitationState};
use crate::{
    authz::Role,
    clock::At,
    db::{
        AccountId, Conn, MemberId, MultiBackend,
        schema::{invitations, mails, members},
        sql,
    },
    failure::Failure,
    mail::MailState,
    web::listing::{Cursor, PAGE_SIZE, fold},
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
    /// Text in name, address or username.
    pub q: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only this status.
    pub status: Option<StatusWord>,
}

impl Filters {
    /// Is everybody shown?
    pub const fn is_empty(&self) -> bool {
        self.q.is_empty() && self.role.is_none() && self.status.is_none()
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
    /// Who invited them.
    pub invited_by: Option<MemberId>,
    sort_name: String,
    /// Their newest invitation, while invited.
    pub invitation: Option<Newest>,
}

impl From<Person> for Row {
    fn from(person: Person) -> Self {
        let Person { id, first_name, last_name, email, username, role, status, last_active_at, joined_at, removed_at, invited_by, sort_name } =
            person;
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
            invited_by,
            sort_name,
            invitation: None,
        }
    }
}

impl Row {
    /// Their name, or what stands for it.
    pub fn name(&self) -> String {
        display_name(&self.first_name, &self.last_name, self.email.as_deref(), self.username.as_deref())
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
/// A term with more hits than this is looked for along the order of the list instead.
const FEW: i64 = 1000;

/// How a term is looked for.
enum Term {
    /// By SQLite's trigram index: the term is rare enough to narrow well.
    Indexed(String),
    /// Anywhere in the folded text: by PostgreSQL's trigram index, or along the list where the term is common.
    Anywhere(String),
    /// Too short for trigrams: the beginning of a name or an address.
    Beginning(String),
}

fn terms(conn: &mut Conn, q: &str) -> Result<Vec<Term>, Failure> {
    let mut terms = Vec::new();
    for word in fold(q).split_whitespace() {
        terms.push(if word.chars().count() < 3 {
            Term::Beginning(word.to_owned())
        } else if matches!(conn, Conn::Sqlite(_)) && hits(conn, word)? <= FEW {
            Term::Indexed(phrase(word))
        } else {
            Term::Anywhere(sql::containing(word))
        });
    }
    Ok(terms)
}

fn phrase(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// How often the trigram index knows a word, counted no further than one past [`FEW`].
fn hits(conn: &mut Conn, word: &str) -> Result<i64, Failure> {
    #[derive(QueryableByName)]
    struct Hits {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let query = diesel::sql_query("SELECT count(*) AS n FROM (SELECT rowid FROM member_search WHERE member_search MATCH ? LIMIT 1001)");
    Ok(query.bind::<Text, _>(phrase(word)).get_result::<Hits>(conn)?.n)
}

type Boxed<'a> = members::BoxedQuery<'a, MultiBackend>;

/// The members of an account that a list shows, in no order yet.
fn narrowed<'a>(conn: &mut Conn, account: AccountId, filters: &Filters, now: At) -> Result<Boxed<'a>, Failure> {
    let mut query = members::table.filter(members::account_id.eq(account)).into_boxed();
    let invitation = |condition: &str| -> SqlLiteral<Bool> {
        let of_member = "EXISTS (SELECT 1 FROM invitations WHERE invitations.account_id = members.account_id AND invitations.member_id = members.id";
        diesel::dsl::sql(&format!("{of_member} AND {condition}"))
    };
    query = match filters.status {
        None => query.filter(sql::LiveMembers),
        Some(StatusWord::Active) => query.filter(members::status.eq(Status::Active)),
        Some(StatusWord::Deactivated) => query.filter(members::status.eq(Status::Deactivated)),
        Some(StatusWord::Removed) => query.filter(members::status.eq(Status::Removed)),
        Some(StatusWord::Invited) => query
            .filter(members::status.eq(Status::Invited))
            .filter(invitation("invitations.state = 'open' AND invitations.expires_at > ").bind::<BigInt, _>(now).sql(")")),
        Some(StatusWord::Expired) => query.filter(members::status.eq(Status::Invited)).filter(
            invitation("(invitations.state = 'expired' OR invitations.state = 'open' AND invitations.expires_at <= ")
                .bind::<BigInt, _>(now)
                .sql("))"),
        ),
        Some(StatusWord::SendAgain) => query.filter(members::status.eq(Status::Invited)).filter(invitation("invitations.state = 'void')")),
    };
    if let Some(role) = filters.role {
        query = query.filter(members::role.eq(role));
    }
    for term in terms(conn, &filters.q)? {
        query = match term {
            Term::Indexed(phrase) => {
                let found = diesel::dsl::sql::<Bool>("members.seq IN (SELECT rowid FROM member_search WHERE member_search MATCH ");
                query.filter(found.bind::<Text, _>(phrase).sql(")"))
            }
            Term::Anywhere(pattern) => query.filter(members::folded.like(pattern).escape('!')),
            Term::Beginning(word) => {
                let (first, later) = (sql::beginning(&word), format!("% {}", sql::beginning(&word)));
                query.filter(members::folded.like(first).escape('!').or(members::folded.like(later).escape('!')))
            }
        };
    }
    Ok(query)
}

/// How many parts the cursor of an order has.
pub const fn key_parts(sort: Sort) -> usize {
    match sort {
        Sort::Role | Sort::RoleDown | Sort::Status | Sort::StatusDown => 3,
        _ => 2,
    }
}

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
    let mut rows = load(conn, account, filters, sort, after, PAGE_SIZE as i64 + 1, now)?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let position = after.map_or(0, |cursor| cursor.position);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: key_of(last, sort), position: position + rows.len() });
    // A page that holds the whole answer has counted it already.
    let matching = match (after, more) {
        (_, false) => (position + rows.len()) as i64,
        (_, true) if filters.is_empty() => listed,
        _ => count(conn, account, filters, now)?,
    };
    Ok(Shown { rows, next, matching })
}

fn key_of(row: &Row, sort: Sort) -> Vec<String> {
    let id = row.id.to_string();
    match sort {
        Sort::Name | Sort::NameDown => vec![row.sort_name.clone(), id],
        Sort::Role | Sort::RoleDown => vec![row.role.word().into(), row.sort_name.clone(), id],
        Sort::Status | Sort::StatusDown => vec![row.status.word().into(), row.sort_name.clone(), id],
        Sort::Active | Sort::ActiveDown => vec![row.last_active_at.micros().to_string(), id],
        Sort::Joined | Sort::JoinedDown => vec![row.joined_at.micros().to_string(), id],
    }
}

fn count(conn: &mut Conn, account: AccountId, filters: &Filters, now: At) -> Result<i64, Failure> {
    let seen: Vec<i64> = narrowed(conn, account, filters, now)?.select(members::seq).limit(COUNTED + 1).load(conn)?;
    Ok(seen.len() as i64)
}

/// Rows of the list in its order. The first comparison with the cursor lets the index begin there.
fn load(conn: &mut Conn, account: AccountId, filters: &Filters, sort: Sort, after: Option<&Cursor>, most: i64, now: At) -> Result<Vec<Row>, Failure> {
    let mut query = narrowed(conn, account, filters, now)?;
    let key = |i: usize| after.map(|cursor| cursor.key.get(i).cloned().unwrap_or_default());
    let at = |i: usize| key(i).map(|text| At::from_micros(text.parse().unwrap_or(0)));
    macro_rules! ordered {
        ($column:expr, $value:expr, up) => {{
            if let (Some(value), Some(id)) = ($value, key(1)) {
                query = query.filter($column.ge(value.clone())).filter($column.gt(value).or(members::id.gt(id)));
            }
            query.order(($column.asc(), members::id.asc()))
        }};
        ($column:expr, $value:expr, down) => {{
            if let (Some(value), Some(id)) = ($value, key(1)) {
                query = query.filter($column.le(value.clone())).filter($column.lt(value).or(members::id.lt(id)));
            }
            query.order(($column.desc(), members::id.desc()))
        }};
    }
    macro_rules! by_word {
        ($column:expr, up) => {{
            if let (Some(word), Some(name), Some(id)) = (key(0), key(1), key(2)) {
                let later = members::sort_name.gt(name.clone()).or(members::sort_name.eq(name).and(members::id.gt(id)));
                query = query.filter($column.ge(word.clone())).filter($column.gt(word).or(later));
            }
            query.order(($column.asc(), members::sort_name.asc(), members::id.asc()))
        }};
        ($column:expr, down) => {{
            if let (Some(word), Some(name), Some(id)) = (key(0), key(1), key(2)) {
                let later = members::sort_name.lt(name.clone()).or(members::sort_name.eq(name).and(members::id.lt(id)));
                query = query.filter($column.le(word.clone())).filter($column.lt(word).or(later));
            }
            query.order(($column.desc(), members::sort_name.desc(), members::id.desc()))
        }};
    }
    let query = match sort {
        Sort::Name => ordered!(members::sort_name, key(0), up),
        Sort::NameDown => ordered!(members::sort_name, key(0), down),
        Sort::Active => ordered!(members::last_active_at, at(0), up),
        Sort::ActiveDown => ordered!(members::last_active_at, at(0), down),
        Sort::Joined => ordered!(members::joined_at, at(0), up),
        Sort::JoinedDown => ordered!(members::joined_at, at(0), down),
        Sort::Role => by_word!(members::role, up),
        Sort::RoleDown => by_word!(members::role, down),
        Sort::Status => by_word!(members::status, up),
        Sort::StatusDown => by_word!(members::status, down),
    };
    let mut rows: Vec<Row> = query.limit(most).select(Person::as_select()).load(conn)?.into_iter().map(Row::from).collect();
    add_invitations(conn, account, &mut rows)?;
    Ok(rows)
}

/// Adds the newest invitation and the state of its mail to those who are invited; asks nothing where nobody is.
fn add_invitations(conn: &mut Conn, account: AccountId, rows: &mut [Row]) -> Result<(), Failure> {
    let invited: Vec<MemberId> = rows.iter().filter(|row| row.status == Status::Invited).map(|row| row.id).collect();
    let mut found: HashMap<MemberId, Newest> = HashMap::new();
    for chunk in invited.chunks(500) {
        let newest: Vec<(MemberId, InvitationState, At, Option<Mail>)> = invitations::table
            .left_join(mails::table.on(invitations::mail_id.eq(mails::id.nullable())))
            .filter(invitations::account_id.eq(account))
            .filter(invitations::member_id.eq_any(chunk))
            .filter(sql::NewestInvitations)
            .select((invitations::member_id, invitations::state, invitations::expires_at, (mails::state, mails::reason, mails::next_at).nullable()))
            .load(conn)?;
        found.extend(newest.into_iter().map(|(member, state, expires_at, mail)| (member, Newest { state, expires_at, mail })));
    }
    for row in rows {
        row.invitation = found.remove(&row.id);
    }
    Ok(())
}

/// One member as the list shows them.
pub fn row_of(conn: &mut Conn, account: AccountId, id: MemberId) -> Result<Row, Failure> {
    let person = members::table.filter(members::account_id.eq(account)).filter(members::id.eq(id)).select(Person::as_select());
    let mut rows = vec![Row::from(person.first(conn).optional()?.ok_or(Failure::NotFound)?)];
    add_invitations(conn, account, &mut rows)?;
    rows.pop().ok_or(Failure::NotFound)
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
    loop {
        let rows = load(conn, account, filters, sort, after.as_ref(), EXPORTED, now)?;
        for row in &rows {
            take(row)?;
        }
        match rows.last() {
            Some(last) if rows.len() as i64 == EXPORTED => after = Some(Cursor { key: key_of(last, sort), position: 0 }),
            _ => return Ok(()),
        }
    }
}
