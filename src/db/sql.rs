//! The few expressions that diesel does not have, or that the databases spell differently.

use diesel::{
    expression::SqlLiteral,
    sql_types::{Bool, SingleValue, SqlType},
};

/// Text that may be missing.
pub trait TextOrNull: SqlType + SingleValue {}
impl<T: SqlType + SingleValue> TextOrNull for T {}

#[diesel::declare_sql_function]
extern "SQL" {
    /// Lower case; on SQLite of ASCII letters only.
    fn lower<T: TextOrNull>(text: T) -> T;
}

/// Members that are not removed. Written out, because a partial index serves only a condition it can see.
pub fn live_members() -> SqlLiteral<Bool> {
    diesel::dsl::sql("members.status <> 'removed'")
}

/// A LIKE pattern for text that contains `q`, with `!` as the escape character (T16).
pub fn containing(q: &str) -> String {
    format!("%{}%", escaped(q))
}

/// A LIKE pattern for text that begins with `q`.
pub fn beginning(q: &str) -> String {
    format!("{}%", escaped(q))
}

fn escaped(q: &str) -> String {
    q.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t16_wildcards_are_just_characters() {
        assert_eq!(containing("50%_!"), "%50!%!_!!%");
    }
}
