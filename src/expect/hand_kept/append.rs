//! One row more in a list that is kept by hand. What is there stays as it is, byte for byte.

use crate::expect::csv::header::{Header, column_key};
use crate::expect::csv::table;
use crate::expect::error::Damage;
use crate::model::quoted;

/// What to add to the end of a list so that it has one row more: a line break where the last line has none, and the
/// row, with the columns, the delimiter and the line breaks that the list has. A cell of a column that the list does
/// not have is left out.
///
/// # Errors
/// Where the list itself cannot be read.
pub fn append_row(text: &str, cells: &[(&str, String)]) -> Result<String, Damage> {
    table::read(text)?;
    let header = Header::of(text);
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let row = header.keys.iter().map(|key| {
        let cell = cells.iter().find(|(column, _)| column_key(column) == *key);
        cell.map_or("", |(_, cell)| cell)
    });
    let mut writer = csv::WriterBuilder::new()
        .delimiter(header.delimiter)
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    writer.write_record(row).expect("a row can be written to memory");
    let bytes = writer.into_inner().expect("writing to memory does not fail");
    let row = String::from_utf8(bytes).expect("cells are text");
    let row = row.strip_suffix('\n').unwrap_or(&row);
    let before = if text.is_empty() || text.ends_with('\n') { "" } else { line_break };
    Ok(format!("{before}{row}{line_break}"))
}

/// The columns that a list lacks for what these cells say, in backticks.
#[must_use]
pub fn cells_without_column(text: &str, cells: &[(&str, String)]) -> Vec<String> {
    let header = Header::of(text);
    let is_said = |(column, cell): &&(&str, String)| !cell.is_empty() && !header.keys.contains(&column_key(column));
    cells.iter().filter(is_said).map(|(column, _)| quoted(column).to_string()).collect()
}
