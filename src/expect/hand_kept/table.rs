//! What the lists that are kept by hand have in common: their columns are known, and a row that cannot be used costs
//! itself only.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::expect::active_directory::distinguished_name::Dn;
use crate::expect::csv::cell::account_name;
use crate::expect::csv::header::column_key;
use crate::expect::csv::table::{self, Row, Table};
use crate::expect::error::Damage;
use crate::model::{Presence, quoted, quoted_excerpt};

/// Reads a table and checks its header: every required column is there, and every column is known.
pub(crate) fn read<'a>(
    text: &'a str,
    required: &[&'static str],
    optional: &[&'static str],
) -> Result<Table<'a>, Damage> {
    checked(text, required, optional).map_err(|damage| Damage::ByHand(Box::new(damage)))
}

fn checked<'a>(text: &'a str, required: &[&'static str], optional: &[&'static str]) -> Result<Table<'a>, Damage> {
    if text.trim().is_empty() {
        return Err(Damage::Nobody { what: "it is empty" });
    }
    let table = table::read(text)?;
    for &column in required {
        if !table.has(&[&column_key(column)]) {
            let column = quoted(column);
            return Err(Damage::MissingColumn { column, remedy: "`expected/README.md` lists the columns" });
        }
    }
    let known = || required.iter().chain(optional).copied();
    for name in &table.header {
        if !known().any(|column| column_key(column) == column_key(name)) {
            let distance = |column: &&str| strsim::damerau_levenshtein(&column_key(column), &column_key(name));
            let nearest = known().min_by_key(distance).filter(|column| distance(column) <= 3);
            return Err(Damage::UnknownColumn { line: table.header_line, column: name.clone(), nearest });
        }
    }
    for row in table.rows() {
        let over_lines =
            |column: &usize| row.cell(Some(*column)).is_some_and(|cell| cell.trim().contains(['\r', '\n']));
        let mut told = table.keys().filter(|(_, key)| *key != "comment").map(|(column, _)| column);
        if let Some(column) = told.find(over_lines) {
            return Err(Damage::StrayQuote { line: row.line, column: table.header[column].clone() });
        }
    }
    Ok(table)
}

/// The cell of a column, without blanks around it.
pub(crate) fn cell<'a>(table: &Table, row: &'a Row, column: &str) -> Option<&'a str> {
    row.cell(table.column(&[&column_key(column)])).map(str::trim)
}

/// A cell that must not be empty.
pub(crate) fn required<'a>(table: &Table, row: &'a Row, column: &str) -> Result<&'a str, String> {
    cell(table, row, column).ok_or_else(|| format!("{} is empty", quoted(column)))
}

/// The principal of a row. The short name of a user's domain cannot be translated into its long one: of `CORP\alice`,
/// `alice` is known. A backslash in a distinguished name ends no domain.
pub(crate) fn principal<'a>(table: &Table, row: &'a Row) -> Option<&'a str> {
    let principal = cell(table, row, "principal")?;
    let is_account = is_for_user(table, row) && Dn::parse(principal).is_none();
    Some(if is_account { account_name(principal) } else { principal })
}

pub(super) fn is_for_user(table: &Table, row: &Row) -> bool {
    cell(table, row, "principal_type").is_some_and(|kind| kind.eq_ignore_ascii_case("user"))
}

/// The values of a cell that joins several by `;`.
pub(crate) fn values(cell: &str) -> Vec<String> {
    cell.split(';').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// What rows say, each of a thing of its own: which of two rows that contradict each other is right, nobody knows.
#[derive(Debug)]
pub(crate) struct OneRowEach<Key, Says> {
    first: BTreeMap<Key, (u32, Says)>,
}

impl<Key: Ord, Says: PartialEq> OneRowEach<Key, Says> {
    pub(crate) fn new() -> Self {
        OneRowEach { first: BTreeMap::new() }
    }

    /// Takes a row down. The same again is fine.
    ///
    /// # Errors
    /// Where an earlier row says something else of the same thing.
    pub(crate) fn take(&mut self, line: u32, key: Key, says: Says) -> Result<(), String> {
        match self.first.get(&key) {
            Some((_, said)) if *said == says => Ok(()),
            Some((first, _)) => {
                Err(format!("it contradicts line {first}, which is about the same; leave one of the two out"))
            }
            None => {
                self.first.insert(key, (line, says));
                Ok(())
            }
        }
    }
}

/// The last day on which a row holds.
pub(crate) fn day(table: &Table, row: &Row, column: &str) -> Result<Option<NaiveDate>, String> {
    let day = |text: &str| {
        let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d");
        parsed.map_err(|_| {
            format!("{} is {}, which is not a date; write it as `2027-03-31`", quoted(column), quoted_excerpt(text))
        })
    };
    cell(table, row, column).map(day).transpose()
}

/// Whether what the row expects must be there.
pub(crate) fn presence(table: &Table, row: &Row) -> Result<Presence, String> {
    match cell(table, row, "presence").map(str::to_lowercase).as_deref() {
        None | Some("required") => Ok(Presence::Required),
        Some("allowed") => Ok(Presence::Allowed),
        Some(other) => Err(format!("`presence` is {}; it must be `required` or `allowed`", quoted_excerpt(other))),
    }
}

/// The name of a role.
pub(crate) fn role(cell: &str) -> Result<String, String> {
    if cell.contains(['/', ':']) {
        return Err(format!(
            "`role` is {}; it must be the role name alone, without path and ARN",
            quoted_excerpt(cell)
        ));
    }
    Ok(cell.to_owned())
}

/// A cell that says yes or no.
pub(crate) fn yes_or_no(table: &Table, row: &Row, column: &str) -> Result<Option<bool>, String> {
    match cell(table, row, column).map(str::to_lowercase).as_deref() {
        None => Ok(None),
        Some("yes") => Ok(Some(true)),
        Some("no") => Ok(Some(false)),
        Some(other) => Err(format!("{} is {}; it must be `yes` or `no`", quoted(column), quoted_excerpt(other))),
    }
}

/// The digest of policies: sixty-four hexadecimal digits, as `rollcall adopt` writes them.
pub(crate) fn digest(table: &Table, row: &Row) -> Result<Option<String>, String> {
    let digest = |text: &str| match text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(format!("`digest` is {}, which is not 64 hexadecimal digits", quoted_excerpt(text))),
    };
    cell(table, row, "digest").map(digest).transpose()
}
