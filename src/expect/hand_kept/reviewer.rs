//! Who reviewed a row: another person than the one whom it is for.

use super::table::{cell, is_for_user};
use crate::expect::csv::cell::account_name;
use crate::expect::csv::header::column_key;
use crate::expect::csv::table::{Row, Table};
use crate::model::{full_name, is_placeholder};

/// Whether a list says of its rows who reviewed them.
pub(crate) fn tells_reviewers(table: &Table) -> bool {
    table.has(&[&column_key("reviewed_by")])
}

/// Who reviewed the row. In a list without that column, no row has a reviewer; nor has one with a word in place of a name,
/// or with the name of the user whom it is for.
pub(crate) fn reviewer<'a>(table: &Table, row: &'a Row) -> Option<&'a str> {
    let principal = cell(table, row, "principal").filter(|_| is_for_user(table, row));
    let user = principal.or_else(|| cell(table, row, "user"));
    let reviewer = cell(table, row, "reviewed_by").filter(|reviewer| !is_placeholder(reviewer))?;
    (!user.is_some_and(|user| is_same_user(user, reviewer))).then_some(reviewer)
}

/// Whether a reviewer signs with the name of a user, or with the same one without its domain.
fn is_same_user(user: &str, reviewer: &str) -> bool {
    let in_brackets = reviewer.split_once('<').map_or(reviewer, |(_, mail)| mail.trim_end_matches(['>', ' ']));
    let (user, reviewer) = (full_name(account_name(user)), full_name(account_name(in_brackets)));
    let bare = |name: &str| name.split('@').next().unwrap_or_default().to_owned();
    let is_bare = !user.contains('@') || !reviewer.contains('@');
    user == reviewer || (is_bare && bare(&user) == bare(&reviewer))
}
