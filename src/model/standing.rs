//! What can be judged, and how it was judged.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Absence, Gap, RowRef, SaidLeft, Subject};

/// How something stands against the expected lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is there, and this row expects it.
    Expected(RowRef),
    /// It differs from the lists, and so recently that the synchronization may not have been there yet.
    Pending(Recent),
    /// It is there, and should not be.
    Unintended(Because),
    /// This row expects it, and it is not there: the proof.
    Missing(RowRef, Absence),
    /// It is there and expected, but it is not what this row says that it should be.
    Differs(RowRef),
    /// A gap forbids a conclusion.
    Unknown(Arc<Gap>),
    /// No list speaks for it, so it was not judged.
    Unlisted,
}

/// A change that is younger than the grace that the settings give the synchronization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recent {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The row that expects it, where one does.
    pub row: Option<RowRef>,
}

/// Why something should not be there. All are evidence that was seen: neither can be made from a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The lists were read to their end and do not expect it.
    NotExpected(Absence),
    /// Its holder has left: the row that says so.
    HolderLeft(RowRef),
    /// Its holder had left by a list of an earlier run, and no list says otherwise since: the run that last read it.
    HolderHadLeft(Arc<SaidLeft>),
    /// The row that expected it has expired.
    Lapsed(RowRef),
}

/// The word for a standing, without its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandingWord {
    /// See [`Standing::Expected`].
    Expected,
    /// See [`Standing::Pending`].
    Pending,
    /// See [`Standing::Unintended`].
    Unintended,
    /// See [`Standing::Missing`].
    Missing,
    /// See [`Standing::Differs`].
    Differs,
    /// See [`Standing::Unknown`].
    Unknown,
    /// See [`Standing::Unlisted`].
    Unlisted,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> StandingWord {
        match self {
            Standing::Expected(_) => StandingWord::Expected,
            Standing::Pending(_) => StandingWord::Pending,
            Standing::Unintended(_) => StandingWord::Unintended,
            Standing::Missing(..) => StandingWord::Missing,
            Standing::Differs(_) => StandingWord::Differs,
            Standing::Unknown(_) => StandingWord::Unknown,
            Standing::Unlisted => StandingWord::Unlisted,
        }
    }
}

/// Something that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What.
    pub subject: Subject,
    /// How it stands.
    pub standing: Standing,
}
