//! Why a row leaves open whether somebody is still there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::directory_records::{Entry, EntryKind};

/// Why a row does not say whether somebody is still there, although its list has a column for that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unclear {
    /// Its cell in this column is empty.
    Empty(String),
    /// Its cell has a word that is not known.
    Word {
        /// The column.
        column: String,
        /// The word.
        word: String,
    },
    /// Its cell has a word of those who have not begun, or whose account was never activated.
    NotYet {
        /// The column.
        column: String,
        /// The word.
        word: String,
    },
    /// A column that is not read has a day, from which on the person may have left.
    Since {
        /// The column.
        column: String,
        /// The day, as it is written.
        word: String,
        /// When it is past.
        at: DateTime<Utc>,
    },
    /// The file is called a list of leavers, and has no column that says who has left.
    Called(String),
    /// A newer export of the same people, which is called so, does not have the row's person.
    Absent(String),
}

impl Unclear {
    /// Marks people without a state, where others of the same list have one: they were to have it too.
    pub(crate) fn mark(entries: &mut [Entry], column: &str) {
        if entries.iter().any(|entry| entry.enabled.is_some()) {
            let open = entries.iter_mut().filter(|entry| entry.enabled.is_none() && entry.kind == EntryKind::Person);
            open.for_each(|entry| _ = entry.unclear.get_or_insert_with(|| Unclear::Empty(column.to_owned())));
        }
    }
}
