//! What one cell holds: the name of an account, or a value that is refused.

use super::table::Row;
use crate::expect::error::Damage;

/// The account's name in `CORP\alice`.
pub(crate) fn account_name(login: &str) -> &str {
    match login.split_once('\\') {
        Some((domain, name)) if !domain.is_empty() && !name.is_empty() && !name.contains('\\') => name,
        Some(_) | None => login,
    }
}

/// The whole number in a cell.
///
/// # Errors
/// Where it holds something else: a spreadsheet shows long numbers rounded, and saves them as it shows them.
pub(crate) fn number(row: &Row<'_>, column: &str, text: &str) -> Result<i64, Damage> {
    text.trim().parse().map_err(|_| Damage::RoundedNumber {
        line: row.line,
        column: column.to_owned(),
        value: text.to_owned(),
    })
}

/// Why a file is refused: the cell of a row does not hold what its column takes.
pub(crate) fn value(row: &Row<'_>, column: &str, value: &str, expected: &'static str) -> Damage {
    Damage::Value { line: row.line, column: column.to_owned(), value: value.to_owned(), expected }
}
