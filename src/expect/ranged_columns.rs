//! A list of values in one column of a table, or in those of the ranges that Active Directory gave of it: of more than
//! 1,500 members it answers `member;range=0-1499`, and leaves `member` empty.

use super::table::{Row, Table};

/// The columns of one list.
pub(super) struct RangedColumns(Vec<(usize, Option<Range>)>);

/// The first and the last value of a slice; the last slice has no end.
type Range = (usize, Option<usize>);

impl RangedColumns {
    /// The columns of these attributes, each in the form of [`column_key`](super::table::column_key).
    pub(super) fn of(table: &Table, attributes: &[&str]) -> Self {
        let is_range = |key: &str| {
            let (name, rest) = key.split_at(key.find(';').unwrap_or(key.len()));
            let ranged = rest.starts_with(";range=");
            (attributes.contains(&name) && (ranged || rest.is_empty())).then_some(ranged)
        };
        let known = table.keys().filter_map(|(column, key)| Some((column, is_range(key)?)));
        // `-` is no part of a column's key, so that `0-1499` is there as written only in the header.
        let bounds =
            |(column, ranged): (usize, bool)| (column, ranged.then(|| bounds(&table.header[column])).flatten());
        RangedColumns(known.map(bounds).collect())
    }

    /// Whether the table has none of them.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their positions.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|&(column, _)| column)
    }

    /// What a row has in them.
    pub(super) fn cells<'a>(&self, row: &Row<'a>) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter_map(|&(column, _)| row.cell(Some(column)))
    }

    /// Which part of the list is there, where it is not all of it.
    pub(super) fn cut(&self, row: &Row<'_>) -> Option<String> {
        let filled = self.0.iter().filter(|(column, _)| row.cell(Some(*column)).is_some());
        let mut ranges: Vec<Range> = filled.filter_map(|&(_, range)| range).collect();
        ranges.sort_unstable();
        let mut next = 0;
        for (first, last) in ranges {
            match last {
                _ if first != next => return Some(format!("values {next} to {} are missing", first.saturating_sub(1))),
                None => return None,
                Some(last) => next = last.saturating_add(1),
            }
        }
        (next > 0).then(|| format!("only the first {next} members are there"))
    }
}

/// `member;range=0-1499`; the last range ends in `*`.
fn bounds(header: &str) -> Option<Range> {
    let (first, last) = header.split_once('=')?.1.split_once('-')?;
    // What is not understood ends somewhere.
    let last = if last.trim() == "*" { None } else { Some(last.trim().parse().unwrap_or(usize::MAX)) };
    Some((first.trim().parse().unwrap_or(0), last))
}
