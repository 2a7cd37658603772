//! What the lists that are kept by hand have in common: their columns are known, and a row that cannot be used costs
//! itself only.

use super::error::Damage;
use super::table::{self, Row, Table, column_key};

/// Reads a table and checks its header: every required column is there, and every column is known.
pub(super) fn read<'a>(
    text: &'a str,
    required: &[&'static str],
    optional: &[&'static str],
) -> Result<Table<'a>, Damage> {
    if text.trim().is_empty() {
        return Err(Damage::Nobody { what: "it is empty" });
    }
    let table = table::read(text)?;
    for &column in required {
        if !table.has(&[&column_key(column)]) {
            let column = format!("`{column}`");
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
    Ok(table)
}

/// The cell of a column, without blanks around it.
pub(super) fn cell<'a>(table: &Table, row: &'a Row, column: &str) -> Option<&'a str> {
    row.cell(table.column(&[&column_key(column)])).map(str::trim)
}

/// A cell that must not be empty.
pub(super) fn required<'a>(table: &Table, row: &'a Row, column: &str) -> Result<&'a str, String> {
    cell(table, row, column).ok_or_else(|| format!("`{column}` is empty"))
}

/// The values of a cell that joins several by `;`.
pub(super) fn values(cell: &str) -> Vec<String> {
    cell.split(';').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}
