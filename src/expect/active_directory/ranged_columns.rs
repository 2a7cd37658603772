//! A list of values in one column of a table, or in those of the ranges that Active Directory gave of it: of more than
//! 1,500 members it answers `member;range=0-1499`, and leaves `member` empty.

use super::value_range::{self, ValueRange};
use crate::expect::csv::spreadsheet_damage::LongCells;
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;

/// The columns of one list.
pub(crate) struct RangedColumns {
    columns: Vec<(usize, Option<ValueRange>)>,
    cells: LongCells,
}

impl RangedColumns {
    /// The columns of these attributes, each in the form of [`column_key`](crate::expect::csv::header::column_key).
    ///
    /// # Errors
    /// Where a range is not understood.
    pub(crate) fn of(table: &Table, attributes: &[&str]) -> Result<Self, Damage> {
        let is_range = |key: &str| {
            let (name, rest) = key.split_at(key.find(';').unwrap_or(key.len()));
            let ranged = rest.starts_with(";range=");
            (attributes.contains(&name) && (ranged || rest.is_empty())).then_some(ranged)
        };
        let known = table.keys().filter_map(|(column, key)| Some((column, is_range(key)?)));
        let columns = known.map(|(column, ranged)| Ok((column, ranged.then(|| range(table, column)).transpose()?)));
        let columns = columns.collect::<Result<Vec<_>, Damage>>()?;
        let positions: Vec<usize> = columns.iter().map(|&(column, _)| column).collect();
        Ok(RangedColumns { columns, cells: LongCells::of(table, &positions) })
    }

    /// Whether the table has none of them.
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Their positions.
    pub(crate) fn positions(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().map(|&(column, _)| column)
    }

    /// What a row has in them.
    pub(crate) fn cells<'a>(&self, row: &Row<'a>) -> impl Iterator<Item = &'a str> {
        self.columns.iter().filter_map(|&(column, _)| row.cell(Some(column)))
    }

    /// Which part of the list is there, where it is not all of it.
    pub(crate) fn cut(&self, row: &Row<'_>) -> Option<String> {
        self.cut_by_ranges(row).or_else(|| self.cells(row).find_map(|cell| self.cells.cut(cell)))
    }

    fn cut_by_ranges(&self, row: &Row<'_>) -> Option<String> {
        let filled = self.columns.iter().filter(|(column, _)| row.cell(Some(*column)).is_some());
        let mut ranges: Vec<ValueRange> = filled.filter_map(|&(_, range)| range).collect();
        ranges.sort_unstable();
        let mut next = 0;
        for (first, last) in ranges {
            match last {
                _ if first != next => return Some(format!("values {next} to {} are missing", first.saturating_sub(1))),
                None => return None,
                Some(last) => next = last.saturating_add(1),
            }
        }
        (next > 0).then(|| format!("only the first {next} values are in the file"))
    }
}

/// The range of a column such as `member;range=0-1499`, as the header writes it: `-` is no part of a column's key.
fn range(table: &Table, column: usize) -> Result<ValueRange, Damage> {
    let header = &table.header[column];
    let range = header.split_once('=').and_then(|(_, range)| value_range::parse(range.trim()));
    let attribute = header.split(';').next().unwrap_or_default();
    range.ok_or_else(|| value_range::refused(table.header_line, attribute, header))
}
