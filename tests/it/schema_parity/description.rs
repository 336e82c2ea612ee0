//! A schema in words that both databases share.

use std::{collections::BTreeMap, path::Path};

use rollcall::db::Conn;

use crate::support::database::lines;

/// By table, its columns, unique indexes and foreign keys, a sorted line each.
pub type Schema = BTreeMap<String, Vec<String>>;

const SQLITE: &str = "
    SELECT m.name || '|column ' || c.name || ' ' || CASE WHEN c.type IN ('BIGINT', 'INTEGER') THEN 'bigint' WHEN c.type = 'BLOB' THEN 'bytes' ELSE lower(c.type) END
        || CASE WHEN c.\"notnull\" OR c.pk THEN '' ELSE ' null' END AS line
    FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
    UNION ALL
    SELECT m.name || '|' || CASE WHEN i.\"unique\" THEN 'unique ' ELSE 'index ' END
        || '(' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
        || CASE WHEN i.partial THEN ' where ' || (SELECT substr(sql, instr(sql, ' WHERE ') + 7) FROM sqlite_master WHERE name = i.name) ELSE '' END
    FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table'
    UNION ALL
    SELECT m.name || '|foreign key (' || group_concat(f.\"from\", ',') || ') -> ' || f.\"table\" || '(' || group_concat(f.\"to\", ',') || ')'
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id, f.\"table\"
    UNION ALL
    SELECT m.name || '|unique (' || c.name || ')' FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'INTEGER' AND c.pk";

const POSTGRES: &str = "
    SELECT table_name || '|column ' || column_name || ' ' || CASE data_type WHEN 'bytea' THEN 'bytes' ELSE data_type END
        || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT t.relname || '|' || CASE WHEN i.indisunique THEN 'unique ' ELSE 'index ' END
        || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) || ')'
        || coalesce(' where ' || pg_get_expr(i.indpred, i.indrelid), '')
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE t.relnamespace = 'public'::regnamespace AND m.amname = 'btree'
    UNION ALL
    SELECT t.relname || '|foreign key (' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum)
        || ') -> ' || r.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) || ')'
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid WHERE c.contype = 'f'";

/// What the database says of itself.
pub fn of_database(conn: &mut Conn) -> Schema {
    let sql = if matches!(conn, Conn::Sqlite(_)) { SQLITE } else { POSTGRES };
    let mut schema = Schema::new();
    for line in lines(conn, sql) {
        let (table, fact) = line.split_once('|').unwrap();
        // Diesel's own, and the search index of SQLite (a trigram index of members on PostgreSQL).
        if table.starts_with("__diesel") || table.starts_with("sqlite_") || table.starts_with("member_search") {
            continue;
        }
        schema.entry(table.to_owned()).or_default().push(plain(fact));
    }
    schema.values_mut().for_each(|facts| facts.sort());
    schema
}

/// A predicate without what only one database writes.
fn plain(fact: &str) -> String {
    let Some((index, predicate)) = fact.split_once(" where ") else { return fact.to_owned() };
    let said = predicate.replace("::text", "").replace("= ANY", "IN").replace("ARRAY[", "").replace(']', "");
    let said: String = said.chars().filter(|c| !matches!(c, '(' | ')' | '"' | '\n')).collect();
    format!("{index} where {}", said.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What `src/db/schema.rs` tells diesel.
pub fn of_diesel() -> Schema {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs")).unwrap();
    let mut schema = Schema::new();
    for block in text.split("diesel::table! {").skip(1) {
        let mut rows = block.split('\n').map(str::trim).filter(|line| !line.is_empty());
        let table = rows.next().unwrap().split(' ').next().unwrap();
        let columns = rows.take_while(|line| *line != "}").map(|line| {
            let (name, kind) = line.trim_end_matches(',').split_once(" -> ").unwrap();
            let (kind, null) = kind.strip_prefix("Nullable<").map_or((kind, ""), |inner| (inner.trim_end_matches('>'), " null"));
            let kind = match kind {
                "Int8" => "bigint",
                "Bytea" => "bytes",
                "Bool" => "boolean",
                "Text" => "text",
                "Date" => "date",
                other => panic!("{table}.{name} is {other}"),
            };
            format!("column {name} {kind}{null}")
        });
        schema.insert(table.to_owned(), columns.collect());
    }
    schema.values_mut().for_each(|columns| columns.sort());
    schema
}

/// Every CHECK of the migrations of one database, sorted.
pub fn checks_of_migrations(database: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
    let mut checks = Vec::new();
    for step in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(step.unwrap().path().join("up.sql")).unwrap();
        for rest in text.split("CHECK (").skip(1) {
            let mut depth = 1;
            let end = rest.find(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            checks.push(rest[..end.unwrap()].to_owned());
        }
    }
    checks.sort();
    checks
}
