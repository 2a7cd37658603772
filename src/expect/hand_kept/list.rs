//! The one loop by which the lists are read that are kept by hand: a row that cannot be used costs itself only.

use super::reviewer::reviewer;
use super::table::{self, OneRowEach};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{Refused, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{AccountId, Kind, ListFormat};

/// A list that is kept by hand, with one thing a row.
pub(crate) trait HandKept {
    /// Its format.
    const FORMAT: ListFormat;
    /// The columns that it must have.
    const REQUIRED: &'static [&'static str];
    /// The columns that it may have besides.
    const OPTIONAL: &'static [&'static str];
    /// What kind of thing a row is about.
    const KIND: Kind;
    /// What one row says.
    type Record;
    /// What a thing is known by that may have several rows only if they say the same.
    type Thing: Ord;
    /// What rows may say of a thing.
    type Says: PartialEq;

    /// What the list speaks for.
    fn tells(table: &Table<'_>) -> Vec<Tells>;

    /// What a row says, or why it cannot be used.
    fn record(reading: &Reading, table: &Table<'_>, row: &Row<'_>) -> Result<Self::Record, String>;

    /// Which thing the row is about, and what it says of it; `None` where several rows do not contradict each other.
    fn thing(record: &Self::Record) -> Option<(Self::Thing, Self::Says)>;

    /// Keeps a record.
    fn keep(reading: &mut Reading, record: Self::Record);

    /// What a row that cannot be used may have been about.
    fn about(table: &Table<'_>, row: &Row<'_>) -> About;
}

/// What a row that cannot be used may have been about; what is not known may be anything.
pub(crate) struct About {
    /// Whom.
    pub(crate) principal: Option<String>,
    /// Where.
    pub(crate) account: Option<AccountId>,
    /// What.
    pub(crate) what: Option<String>,
}

/// Reads a list.
pub(crate) fn read<L: HandKept>(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text, L::REQUIRED, L::OPTIONAL)?;
    let mut reading = Reading::new(file, L::FORMAT);
    reading.tells.extend(L::tells(&table));
    let mut things = OneRowEach::new();
    for row in table.rows() {
        reading.rows_read += 1;
        reading.review(row.line, reviewer(&table, &row));
        let record = L::record(&reading, &table, &row).and_then(|record| {
            if let Some((thing, says)) = L::thing(&record) {
                things.take(row.line, thing, says)?;
            }
            Ok(record)
        });
        match record {
            Ok(record) => {
                reading.rows_used += 1;
                L::keep(&mut reading, record);
            }
            Err(reason) => {
                reading.rows_refused += 1;
                let About { principal, account, what } = L::about(&table, &row);
                let at = reading.at(row.line);
                reading.refusals.push(Refused { at, reason, kind: L::KIND, principal, account, what });
            }
        }
    }
    Ok(reading)
}
