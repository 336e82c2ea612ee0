//! The numbers and groups of a row, as parts of the list's own statement.

use diesel::{
    backend::Backend,
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::{Nullable, Text},
};

use crate::{db::sql, web::listing::fold};

/// Declares a text with a line for each thing that a member has; none where there is nothing. Two index look-ups a row cost
/// less than two more statements a page.
macro_rules! lines_of_member {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, QueryId)]
        pub(super) struct $name;

        sql::expression!($name: Nullable<Text>);
        impl<DB: Backend> QueryFragment<DB> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    )+};
}

lines_of_member! {
    /// Their numbers: E.164, a space, and as people write it abroad.
    Numbers = "(SELECT string_agg(held.number || ' ' || held.international, '\n') FROM numbers AS held \
               WHERE held.account_id = members.account_id AND held.member_id = members.id)";
    /// The names of the groups they are in; no name has a line's end.
    Groups = "(SELECT string_agg(joined.name, '\n') FROM group_members AS belongs \
              JOIN user_groups AS joined ON joined.account_id = belongs.account_id AND joined.id = belongs.group_id \
              WHERE belongs.account_id = members.account_id AND belongs.member_id = members.id)";
}

/// A number that a member holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// In E.164.
    pub e164: String,
    /// As people write it abroad.
    pub international: String,
}

/// The lines of [`Numbers`], in the order of the numbers: the databases promise none.
pub(super) fn numbers(lines: Option<&str>) -> Vec<Held> {
    let pair = |line: &str| {
        let (e164, international) = line.split_once(' ').unwrap_or((line, line));
        Held { e164: e164.to_owned(), international: international.to_owned() }
    };
    let mut held: Vec<Held> = lines.into_iter().flat_map(str::lines).map(pair).collect();
    held.sort();
    held
}

/// The lines of [`Groups`], in the order of the names.
pub(super) fn groups(lines: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = lines.into_iter().flat_map(str::lines).map(str::to_owned).collect();
    if names.len() > 1 {
        names.sort_by_cached_key(|name| fold(name));
    }
    names
}
