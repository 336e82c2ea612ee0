//! Three cached statements on the product's own schema, on either database.

use diesel::{
    connection::SimpleConnection,
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    r2d2::{ConnectionManager, CustomizeConnection, Pool},
    result::QueryResult,
    sql_types::{BigInt, Binary, Bool, Nullable, Text},
    sqlite::Sqlite,
};

#[allow(dead_code, reason = "read because the product reads them")]
#[derive(Queryable)]
pub struct Actor {
    pub session: String,
    pub epoch: i64,
    pub since: i64,
    pub seen: i64,
    pub flash: Option<String>,
    pub member: String,
    pub account: String,
    pub role: String,
    pub first: String,
    pub last: String,
    pub email: Option<String>,
    pub username: Option<String>,
    pub zone: Option<String>,
    pub theme: String,
    pub company: String,
    pub account_zone: String,
    pub plan: String,
    pub active: i64,
    pub invited: i64,
    pub deactivated: i64,
}

#[allow(dead_code, reason = "read because the product reads them")]
#[derive(Queryable)]
pub struct Row {
    pub id: String,
    pub first: String,
    pub last: String,
    pub email: Option<String>,
    pub username: Option<String>,
    pub role: String,
    pub status: String,
    pub last_active_at: i64,
    pub joined_at: i64,
    pub sort_name: String,
    pub invitation: Option<String>,
    pub expires_at: Option<i64>,
    pub mail: Option<String>,
    pub reason: Option<String>,
    pub next_at: Option<i64>,
    pub numbers: Option<String>,
    pub groups: Option<String>,
}

type ActorTypes = (
    Text,
    BigInt,
    BigInt,
    BigInt,
    Nullable<Text>,
    Text,
    Text,
    Text,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Text,
    Text,
    Text,
    BigInt,
    BigInt,
    BigInt,
);
type RowTypes = (
    Text,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Text,
    BigInt,
    BigInt,
    Text,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
);

const SESSION: &str = "SELECT s.id, s.epoch, s.created_at, s.last_seen_at, s.flash, m.id, m.account_id, m.role, m.first_name, m.last_name, \
     m.email, m.username, m.time_zone, m.theme, a.name, a.time_zone, a.plan, a.active_members, a.invited_members, a.deactivated_members \
     FROM sessions s JOIN members m ON m.account_id = s.account_id AND m.id = s.member_id JOIN accounts a ON a.id = s.account_id \
     WHERE m.status = 'active' AND m.session_epoch = s.epoch AND s.key_hash = ";
const COLUMNS: &str = "SELECT m.id, m.first_name, m.last_name, m.email, m.username, m.role, m.status, m.last_active_at, m.joined_at, m.sort_name, \
     i.state, i.expires_at, e.state, e.reason, e.next_at, \
     (SELECT string_agg(h.international, ', ') FROM numbers h WHERE h.account_id = m.account_id AND h.member_id = m.id), \
     (SELECT string_agg(u.name, ', ') FROM group_members b JOIN user_groups u ON u.account_id = b.account_id AND u.id = b.group_id \
     WHERE b.account_id = m.account_id AND b.member_id = m.id) FROM ";
const SEATS: &str = "SELECT m.id, g.place, m.status, m.availability, c.on_call, c.last_call_at FROM group_members g \
     JOIN members m ON m.account_id = g.account_id AND m.id = g.member_id \
     LEFT JOIN member_calls c ON c.account_id = g.account_id AND c.member_id = g.member_id WHERE g.account_id = ";
const GROUPS: &str = "SELECT id, name FROM user_groups WHERE account_id = ";
const JOINS: &str = " LEFT JOIN invitations i ON m.status = 'invited' AND i.account_id = m.account_id AND i.member_id = m.id \
     AND i.state IN ('open', 'void') LEFT JOIN mails e ON e.id = i.mail_id WHERE m.status <> 'removed' AND m.account_id = ";
const ORDER: &str = " ORDER BY m.sort_name, m.id LIMIT 51";

/// The session of a key, with its member and account.
#[derive(QueryId)]
struct Session(Vec<u8>);
/// The first rows of the list.
#[derive(QueryId)]
struct List(String);
/// The first rows that contain a word.
#[derive(QueryId)]
struct Search(String, String);

/// The groups to choose from.
#[derive(QueryId)]
struct Groups(String);

/// Where everybody of a group stands with calls.
#[derive(QueryId)]
struct Seats(String, String);
type Seat = (String, i64, String, String, Option<bool>, Option<i64>);

impl Query for Seats {
    type SqlType = (Text, BigInt, Text, Text, Nullable<Bool>, Nullable<BigInt>);
}
impl<C> RunQueryDsl<C> for Seats {}
impl Query for Groups {
    type SqlType = (Text, Text);
}
impl<C> RunQueryDsl<C> for Groups {}
impl Query for Session {
    type SqlType = ActorTypes;
}
impl Query for List {
    type SqlType = RowTypes;
}
impl Query for Search {
    type SqlType = RowTypes;
}
impl<C> RunQueryDsl<C> for Session {}
impl<C> RunQueryDsl<C> for List {}
impl<C> RunQueryDsl<C> for Search {}

macro_rules! both {
    ($backend:ty, $from:literal, $narrowed:literal) => {
        impl QueryFragment<$backend> for Session {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                out.push_sql(SESSION);
                out.push_bind_param::<Binary, _>(&self.0)
            }
        }
        impl QueryFragment<$backend> for List {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                out.push_sql(COLUMNS);
                out.push_sql("members m");
                out.push_sql(JOINS);
                out.push_bind_param::<Text, _>(&self.0)?;
                out.push_sql(ORDER);
                Ok(())
            }
        }
        impl QueryFragment<$backend> for Seats {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                out.push_sql(SEATS);
                out.push_bind_param::<Text, _>(&self.0)?;
                out.push_sql(" AND g.group_id = ");
                out.push_bind_param::<Text, _>(&self.1)?;
                out.push_sql(" ORDER BY g.place");
                Ok(())
            }
        }
        impl QueryFragment<$backend> for Groups {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                out.push_sql(GROUPS);
                out.push_bind_param::<Text, _>(&self.0)?;
                out.push_sql(" ORDER BY folded, id");
                Ok(())
            }
        }
        impl QueryFragment<$backend> for Search {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                out.push_sql(COLUMNS);
                out.push_sql($from);
                out.push_sql(JOINS);
                out.push_bind_param::<Text, _>(&self.0)?;
                out.push_sql($narrowed);
                out.push_bind_param::<Text, _>(&self.1)?;
                out.push_sql(ORDER);
                Ok(())
            }
        }
    };
}
both!(Sqlite, "member_search f CROSS JOIN members m ON m.seq = f.rowid", " AND f.member_search MATCH ");
both!(Pg, "members m", " AND m.folded LIKE ");

/// The product's settings for its connections.
#[derive(Debug)]
struct Setup(&'static str);
impl<C: SimpleConnection + Connection> CustomizeConnection<C, diesel::r2d2::Error> for Setup {
    fn on_acquire(&self, conn: &mut C) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(self.0).map_err(diesel::r2d2::Error::QueryError)
    }
}
pub const SQLITE: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY;";
pub const POSTGRES: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET statement_timeout = '15s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'warning';";

#[derive(Clone)]
pub enum Db {
    Sqlite(Pool<ConnectionManager<SqliteConnection>>),
    Postgres(Pool<ConnectionManager<PgConnection>>),
}

fn pool<C: diesel::r2d2::R2D2Connection + 'static>(url: &str, setup: &'static str) -> Pool<ConnectionManager<C>> {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get) as u32;
    let builder = Pool::builder().max_size(2 * cores + 2).min_idle(Some(1)).test_on_check_out(false);
    builder.connection_customizer(Box::new(Setup(setup))).build(ConnectionManager::new(url)).expect("a database")
}

impl Db {
    pub fn open(url: &str) -> Self {
        match url.strip_prefix("sqlite://") {
            Some(path) => Db::Sqlite(pool(path, SQLITE)),
            None => Db::Postgres(pool(url, POSTGRES)),
        }
    }

    pub fn ping(&self) {
        match self {
            Db::Sqlite(pool) => drop(diesel::select(1.into_sql::<diesel::sql_types::Integer>()).execute(&mut pool.get().expect("a connection"))),
            Db::Postgres(pool) => drop(diesel::select(1.into_sql::<diesel::sql_types::Integer>()).execute(&mut pool.get().expect("a connection"))),
        }
    }

    /// Who holds `key`, the first rows of their account, or those that contain `word`, and the groups to choose from; with
    /// `crowd` also where everybody of that group stands.
    pub fn page(&self, key: &[u8], word: Option<&str>, crowd: Option<&str>) -> QueryResult<(Actor, Vec<Row>, Vec<(String, String)>)> {
        macro_rules! ask {
            ($pool:expr, $pattern:expr) => {{
                let conn = &mut $pool.get().expect("a connection");
                let actor: Actor = Session(key.to_vec()).get_result(conn)?;
                let rows = match word {
                    None => List(actor.account.clone()).load(conn)?,
                    Some(word) => Search(actor.account.clone(), $pattern(word)).load(conn)?,
                };
                if let Some(crowd) = crowd {
                    let seats: Vec<Seat> = Seats(actor.account.clone(), crowd.to_owned()).load(conn)?;
                    std::hint::black_box(seats.iter().filter(|seat| seat.2 == "active" && seat.3 == "available").count());
                }
                let groups = Groups(actor.account.clone()).load(conn)?;
                Ok((actor, rows, groups))
            }};
        }
        match self {
            Db::Sqlite(pool) => ask!(pool, |word: &str| format!("\"{}\"", word.replace('"', "\"\""))),
            Db::Postgres(pool) => ask!(pool, |word: &str| format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))),
        }
    }
}
