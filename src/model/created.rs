//! When and by whom a membership was made, as far as AWS says: eight bytes, for there are millions of them.

use chrono::{DateTime, Utc};

use super::TextId;

/// When something was made, to the second, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// Seconds since 1970; zero where AWS did not say.
    at: u32,
    /// The number of the maker, and one; zero where AWS did not say.
    by: u32,
}

impl Made {
    /// What AWS said, if it said anything. An instant that 32 bits do not hold was not said.
    #[must_use]
    pub fn of(at: Option<DateTime<Utc>>, by: Option<TextId>) -> Option<Self> {
        let at = at.and_then(|at| u32::try_from(at.timestamp()).ok()).unwrap_or(0);
        let by = by.and_then(|by| u32::try_from(by.number() + 1).ok()).unwrap_or(0);
        (at > 0 || by > 0).then_some(Made { at, by })
    }

    /// When.
    #[must_use]
    pub fn at(self) -> Option<DateTime<Utc>> {
        if self.at == 0 { None } else { DateTime::from_timestamp(self.at.into(), 0) }
    }

    /// By whom: the place among the makers of the snapshot.
    #[must_use]
    pub fn by(self) -> Option<usize> {
        self.by.checked_sub(1).map(|number| number as usize)
    }
}
