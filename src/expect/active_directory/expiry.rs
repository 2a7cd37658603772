//! When accounts expire or people leave, by a column of dates: read where its order of day and month is known, and a
//! hole where it is not. A date that is not understood is no statement that somebody is still there.

use crate::model::{What, full_name, quoted};
use chrono::{DateTime, Utc};

use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{Affects, Hole};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::dates::{self, Culture, Order, Unread};

/// Columns of dates. All of one export are in one culture, so each helps to find the order of day and month.
const DATES: [&str; 8] = [
    "accountexpirationdate",
    "lastlogondate",
    "passwordlastset",
    "whencreated",
    "whenchanged",
    "created",
    "modified",
    "lastbadpasswordattempt",
];

/// The dates of one column.
pub(crate) struct Expiry {
    column: Option<usize>,
    order: Result<Order, Unread>,
    unread: u32,
    first: Option<(u32, Unread)>,
    read: bool,
}

impl Expiry {
    /// Finds out in which order the dates are written.
    ///
    /// # Errors
    /// Where they are not in the culture that the settings name.
    pub(crate) fn of(table: &Table, column: Option<usize>, culture: Option<&Culture>) -> Result<Self, Damage> {
        let columns: Vec<usize> =
            table.keys().filter(|(_, key)| DATES.contains(key)).map(|(column, _)| column).collect();
        let columns: Vec<usize> = columns.into_iter().chain(column).collect();
        let dates = || table.rows().flat_map(|row| columns.iter().filter_map(move |&column| dated(&row, Some(column))));
        let is_dated = column.is_some() && table.rows().any(|row| dated(&row, column).is_some());
        let shown = if is_dated { dates::order_shown(dates()) } else { Err(Unread::Undecided) };
        let order = match (culture, shown) {
            (Some(culture), Ok(shown)) if culture.order != shown => {
                return Err(Damage::OtherCulture { culture: culture.name.clone() });
            }
            (Some(culture), Ok(_) | Err(Unread::Undecided | Unread::Strange(_) | Unread::Serial(_))) => {
                Ok(culture.order)
            }
            (_, shown) => shown,
        };
        Ok(Expiry { column, order, unread: 0, first: None, read: false })
    }

    /// When the account of this row expires, if that is said and understood.
    pub(crate) fn read(&mut self, row: &Row<'_>) -> Option<DateTime<Utc>> {
        let text = dated(row, self.column)?.trim();
        match dates::past_in(text, &self.order) {
            Ok(instant) => {
                self.read = true;
                Some(instant)
            }
            Err(unread) => {
                self.unread += 1;
                self.first.get_or_insert((row.line, unread));
                None
            }
        }
    }

    /// Says what was read and what was not. `column` is its name.
    pub(crate) fn tell(self, reading: &mut Reading, column: &str) {
        if self.read {
            let order = match self.order {
                Ok(Order::DayMonthYear) => "the day first",
                Ok(Order::MonthDayYear) => "the month first",
                Ok(Order::YearMonthDay) | Err(_) => "the year first",
            };
            reading.notes.push(format!(
                "{} is read with {order}; it has no time zone, so a date is past only once it is past everywhere",
                quoted(column)
            ));
        }
        if let Some((line, unread)) = self.first {
            reading.holes.push(Hole {
                at: reading.at(line),
                affects: Affects::Employment,
                unseen: What::HaveLeft.of(column).number(self.unread as usize),
                detail: unread.detail(),
            });
        }
    }
}

/// The cell of a column where it is to name a day.
fn dated<'t>(row: &Row<'t>, column: Option<usize>) -> Option<&'t str> {
    row.cell(column).filter(|cell| !has_no_end(cell))
}

/// Whether a cell says that there is no last day: with a word, with a dash, or with zeros as SAP writes them
/// (`00.00.0000`). Words that leave it open (`pending`, `unknown`) say no such thing.
fn has_no_end(cell: &str) -> bool {
    const WORDS: [&str; 13] = [
        "indefinite",
        "n/a",
        "na",
        "never",
        "nil",
        "no end",
        "none",
        "not applicable",
        "null",
        "open-ended",
        "permanent",
        "unbefristet",
        "unlimited",
    ];
    let cell = full_name(cell);
    let is_dash = !cell.is_empty() && cell.chars().all(|character| "-–—._/ ".contains(character));
    let is_zero = cell.contains('0') && cell.chars().all(|character| !character.is_alphanumeric() || character == '0');
    is_dash || is_zero || WORDS.contains(&cell.as_str())
}
