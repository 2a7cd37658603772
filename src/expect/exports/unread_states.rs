//! Columns that no list of ours calls a column of states, and that say all the same that somebody may have left: what has
//! a word of leavers in them, and what is called `Deleted` or `Date resigned`. They are not read, and whoever is marked in
//! one is unknown: silence would count them as current.

use chrono::{DateTime, Utc};

use super::staff_columns::{has_only_days, has_only_truths, is_no_state};
use super::staff_status;
use crate::expect::active_directory::account;
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::Unclear;
use crate::expect::text::dates::{self, Culture, Order};
use crate::model::quoted;

/// How words of a header begin that say that something has ended.
const MARKS: [&str; 12] = [
    "leaver",
    "leavers",
    "inactive",
    "blocked",
    "deleted",
    "terminat",
    "suspend",
    "disabled",
    "resign",
    "offboard",
    "deactivat",
    "departed",
];

/// The columns of a list.
#[derive(Debug, Default)]
pub(crate) struct UnreadStates {
    /// Those in which somebody has a word of leavers.
    words: Vec<usize>,
    /// Those that say yes of somebody.
    marks: Vec<usize>,
    /// Those that have days, and in which order of day and month, where that is known.
    days: Vec<(usize, Option<Order>)>,
}

impl UnreadStates {
    /// Looks for such columns among those that are not read.
    pub(crate) fn of(table: &Table<'_>, culture: Option<&Culture>, is_read: impl Fn(usize) -> bool) -> Self {
        let mut found = UnreadStates::default();
        let unread = table.keys().filter(|(column, key)| !key.is_empty() && !is_read(*column) && !is_no_state(key));
        for (column, _) in unread {
            let mut cells = table.rows().filter_map(|row| row.cell(Some(column)));
            if !says_ended(&table.header[column]) {
                if cells.any(staff_status::is_of_leaver) {
                    found.words.push(column);
                }
            } else if has_only_truths(table, column) {
                found.marks.push(column);
            } else if has_only_days(table, column) {
                let shown = dates::order_shown(table.rows().filter_map(|row| row.cell(Some(column))));
                found.days.push((column, culture.map(|culture| culture.order).or(shown.ok())));
            } else if cells.any(staff_status::is_of_leaver) {
                found.words.push(column);
            }
        }
        found
    }

    /// Why a row leaves open whether somebody has left.
    pub(crate) fn unclear(&self, table: &Table<'_>, row: &Row<'_>) -> Option<Unclear> {
        let cell = |column: usize| row.cell(Some(column)).map(str::trim);
        let word =
            |column: usize, word: &str| Unclear::Word { column: table.header[column].clone(), word: word.to_owned() };
        let mut words = self.words.iter().filter_map(|&column| Some((column, cell(column)?)));
        let of_word = words.find(|(_, word)| staff_status::is_of_leaver(word));
        let mut marks = self.marks.iter().filter_map(|&column| Some((column, cell(column)?)));
        let of_mark = || marks.find(|(_, mark)| account::truth(mark) == Some(true));
        let of_day = || {
            let days = self.days.iter().filter_map(|&(column, order)| Some((column, order, cell(column)?)));
            days.map(|(column, order, day)| match past(day, order) {
                Some(at) => Unclear::Since { column: table.header[column].clone(), word: day.to_owned(), at },
                None => word(column, day),
            })
            .next()
        };
        of_word.or_else(of_mark).map(|(column, said)| word(column, said)).or_else(of_day)
    }

    /// A note of each column.
    pub(crate) fn notes<'a>(&'a self, table: &'a Table<'_>) -> impl Iterator<Item = String> + 'a {
        let days = self.days.iter().map(|(column, _)| column);
        self.words.iter().chain(&self.marks).chain(days).map(|&column| {
            format!(
                "its column {} is not read, but may say who has left: the people that it marks count as unknown",
                quoted(&table.header[column])
            )
        })
    }
}

fn past(day: &str, order: Option<Order>) -> Option<DateTime<Utc>> {
    dates::past_everywhere(day, order?).ok()
}

/// Whether a header says that something has ended.
fn says_ended(header: &str) -> bool {
    words(header).iter().any(|word| word == "left" || MARKS.iter().any(|mark| word.starts_with(mark)))
}

/// The words of a name: `Date Left`, `deletedAt`, `is_terminated`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for char in name.chars() {
        if !char.is_alphanumeric() || (char.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| char.is_alphanumeric()) {
            word.extend(char.to_lowercase());
        }
        before = char;
    }
    words
}

/// What says that a file without a column of states is a list of leavers: its name.
pub(crate) fn called_leavers(name: &str) -> Option<Unclear> {
    const LEAVERS: [&str; 8] =
        ["leaver", "leavers", "terminated", "terminations", "offboarded", "offboarding", "former", "exits"];
    let file = name.rsplit('/').next().unwrap_or(name);
    let is_named = words(file).iter().any(|word| LEAVERS.contains(&word.as_str()));
    is_named.then(|| Unclear::Called(file.to_owned()))
}
