//! Columns by which exports say whether an account may sign in, beside those that its format always has: what Microsoft
//! 365 calls `Block credential`, what scripts call `Account Status`.

use super::account;
use crate::expect::csv::cell::value;
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::exports::staff_columns;
use crate::expect::exports::staff_status::{self, Status};
use crate::expect::records::directory_records::Unclear;
use crate::model::quoted;

const OPEN: [&str; 6] = ["enabled", "accountenabled", "isenabled", "signinenabled", "signinallowed", "isactive"];
const SHUT: [&str; 9] = [
    "blockcredential",
    "blocksignin",
    "signinblocked",
    "blocked",
    "isblocked",
    "disabled",
    "accountdisabled",
    "isdeleted",
    "suspended",
];
/// When an account was deleted; those that were not have nothing there.
const DELETED: [&str; 3] = ["softdeletiontimestamp", "deleteddatetime", "deletiontimestamp"];

/// Where an export says it.
#[derive(Debug)]
pub(crate) struct StateColumns {
    open: Vec<usize>,
    shut: Vec<usize>,
    deleted: Vec<usize>,
    /// Columns of words, such as `active` and `blocked`.
    words: Vec<usize>,
    /// Columns of words that say something else.
    foreign: Vec<usize>,
}

impl StateColumns {
    /// The columns of an export. One of words is read where all of its words are known, and where nothing else says it.
    pub(crate) fn of(table: &Table<'_>) -> Self {
        let (open, shut, deleted) = (table.columns(&OPEN), table.columns(&SHUT), table.columns(&DELETED));
        let has_others = !open.is_empty() || !shut.is_empty();
        StateColumns { open, shut, deleted, ..StateColumns::of_words(table, has_others) }
    }

    /// Only the columns of words, for an export whose other columns are read elsewhere, if it has any.
    pub(crate) fn of_words(table: &Table<'_>, has_others: bool) -> Self {
        let words = table.keys().filter(|(_, key)| staff_columns::is_status(key)).map(|(column, _)| column);
        let is_known = |column: &usize| {
            table.rows().filter_map(|row| row.cell(Some(*column))).all(|word| staff_status::of(word).is_some())
        };
        let (mut words, mut foreign): (Vec<usize>, Vec<usize>) = words.partition(is_known);
        if words.is_empty() && !has_others {
            words.append(&mut foreign);
        }
        StateColumns { open: Vec::new(), shut: Vec::new(), deleted: Vec::new(), words, foreign }
    }

    /// Whether there is any such column.
    pub(crate) fn any(&self) -> bool {
        [&self.open, &self.shut, &self.words].into_iter().any(|columns| !columns.is_empty())
    }

    /// A note of each column whose words say something else.
    pub(crate) fn notes<'a>(&'a self, table: &'a Table<'_>) -> impl Iterator<Item = String> + 'a {
        let name = |column: &usize| quoted(&table.header[*column]);
        self.foreign.iter().map(move |column| {
            format!("its column {} is ignored: it has unknown words; another column says who has left", name(column))
        })
    }

    /// What a row says; and why it says nothing, where it was to say it. Whoever is gone by one column is gone.
    ///
    /// # Errors
    /// Where a column of `True` and `False` has another word.
    pub(crate) fn read(&self, table: &Table<'_>, row: &Row<'_>) -> Result<(Option<bool>, Option<Unclear>), Damage> {
        let name = |column: usize| table.header[column].clone();
        if self.deleted.iter().any(|&column| row.cell(Some(column)).is_some()) {
            return Ok((Some(false), None));
        }
        let (mut there, mut unclear, mut empty) = (None, None, None);
        for (columns, open) in [(&self.open, true), (&self.shut, false)] {
            for &column in columns {
                let Some(word) = row.cell(Some(column)) else {
                    empty.get_or_insert(column);
                    continue;
                };
                let expected = "`True` or `False`";
                let says = account::truth(word).ok_or_else(|| value(row, &name(column), word, expected))?;
                there = staff_columns::both(there, Some(says == open));
            }
        }
        for &column in &self.words {
            let Some(word) = row.cell(Some(column)).map(str::trim) else {
                empty.get_or_insert(column);
                continue;
            };
            match staff_status::of(word) {
                Some(Status::There) => there = staff_columns::both(there, Some(true)),
                Some(Status::Gone) => there = Some(false),
                Some(Status::NotYet) => {
                    unclear = unclear.or_else(|| Some(Unclear::NotYet { column: name(column), word: word.to_owned() }))
                }
                None => {
                    unclear = unclear.or_else(|| Some(Unclear::Word { column: name(column), word: word.to_owned() }))
                }
            }
        }
        let empty = empty.filter(|_| there.is_none()).map(|column| Unclear::Empty(name(column)));
        Ok((there, unclear.filter(|_| there != Some(false)).or(empty)))
    }
}
