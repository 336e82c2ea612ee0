//! A file of people, read, compared with who is known, and stored: in one transaction, with cached or single statements.

use std::{collections::HashSet, fmt::Write, time::Instant};

use diesel::{
    connection::SimpleConnection,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    sql_query,
    sql_types::{Array, BigInt, Text},
    sqlite::Sqlite,
};

use crate::data;

struct Row {
    line: i64,
    cells: String,
    email: String,
    outcome: &'static str,
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Text)]
    email: String,
}

/// One row; the same text every time, so that it is prepared once.
#[derive(QueryId)]
struct Insert<'a>(&'a str, &'a str, &'a Row);

impl QueryFragment<Sqlite> for Insert<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Insert(account, id, row) = self;
        out.push_sql("INSERT INTO bulk_invite_rows (account_id, bulk_invite_id, line, cells, email, outcome, reason) VALUES (");
        out.push_bind_param::<Text, _>(account)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(id)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&row.line)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&row.cells)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&row.email)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&row.outcome)?;
        out.push_sql(", '')");
        Ok(())
    }
}
impl<C> RunQueryDsl<C> for Insert<'_> {}

/// Reads the file: header `email,role`, no odd cell in it.
fn read(path: &str) -> Vec<Row> {
    let bytes = std::fs::read(path).expect("a file");
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.expect("a row");
        let email = record[0].trim().to_lowercase();
        let is_good = email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
        let outcome = match &record[1] {
            _ if !is_good => "error",
            _ if !seen.insert(email.clone()) => "skip",
            "agent" | "admin" | "supervisor" => "invite",
            _ => "error",
        };
        let mut cells = String::with_capacity(64);
        let _ = write!(cells, "[{:?},{:?}]", &record[0], &record[1]);
        rows.push(Row { line: record.position().map_or(0, |position| position.line() as i64), cells, email, outcome });
    }
    rows
}

const HEAD: &str = "INSERT INTO bulk_invites (id, account_id, title, resend_pending, headers, notices, delimiter, lines, sendable, to_invite, \
     to_resend, skipped, failed, created_at) VALUES ('ID', 'ACCOUNT', 'team.csv', FALSE, '[]', '[]', ',', N, N, N, 0, 0, 0, 1)";

/// Checks and stores the file for an account, and prints the seconds it took.
pub fn store(url: &str, account: &str, path: &str) {
    let id = "01BNCHSTRE0000000000000000";
    let head = |n: usize| HEAD.replace("ID", id).replace("ACCOUNT", account).replace(", N", &format!(", {n}"));
    match url.strip_prefix("sqlite://") {
        Some(path_of_database) => {
            let mut conn = SqliteConnection::establish(path_of_database).expect("a database");
            conn.batch_execute(data::SQLITE).expect("settings");
            let began = Instant::now();
            let mut rows = read(path);
            for chunk in rows.chunks_mut(500) {
                let marks = vec!["?"; chunk.len()].join(",");
                let text = format!("SELECT email FROM members WHERE account_id = '{account}' AND status <> 'removed' AND email IN ({marks})");
                let mut query = sql_query(text).into_boxed::<Sqlite>();
                for row in chunk.iter() {
                    query = query.bind::<Text, _>(row.email.clone());
                }
                skip(chunk, query.load(&mut conn).expect("who is known"));
            }
            conn.immediate_transaction(|conn| {
                sql_query(head(rows.len())).execute(conn)?;
                rows.iter().try_for_each(|row| Insert(account, id, row).execute(conn).map(drop))
            })
            .expect("stored");
            println!("{:.6}", began.elapsed().as_secs_f64());
        }
        None => {
            let mut conn = PgConnection::establish(url).expect("a database");
            conn.batch_execute(data::POSTGRES).expect("settings");
            let began = Instant::now();
            let mut rows = read(path);
            for chunk in rows.chunks_mut(500) {
                let emails: Vec<&str> = chunk.iter().map(|row| row.email.as_str()).collect();
                let text = format!("SELECT email FROM members WHERE account_id = '{account}' AND status <> 'removed' AND email = ANY($1)");
                let known = sql_query(text).bind::<Array<Text>, _>(emails).load(&mut conn).expect("who is known");
                skip(chunk, known);
            }
            conn.transaction(|conn| {
                sql_query(head(rows.len())).execute(conn)?;
                let insert = format!(
                    "INSERT INTO bulk_invite_rows (account_id, bulk_invite_id, line, cells, email, outcome, reason) \
                     SELECT '{account}', '{id}', line, cells, email, outcome, '' FROM unnest($1, $2, $3, $4) AS rows (line, cells, email, outcome)"
                );
                sql_query(insert)
                    .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.line).collect::<Vec<_>>())
                    .bind::<Array<Text>, _>(rows.iter().map(|row| row.cells.as_str()).collect::<Vec<_>>())
                    .bind::<Array<Text>, _>(rows.iter().map(|row| row.email.as_str()).collect::<Vec<_>>())
                    .bind::<Array<Text>, _>(rows.iter().map(|row| row.outcome).collect::<Vec<_>>())
                    .execute(conn)
            })
            .expect("stored");
            println!("{:.6}", began.elapsed().as_secs_f64());
        }
    }
}

fn skip(chunk: &mut [Row], known: Vec<Known>) {
    let known: HashSet<String> = known.into_iter().map(|known| known.email).collect();
    chunk.iter_mut().filter(|row| known.contains(&row.email)).for_each(|row| row.outcome = "skip");
}
