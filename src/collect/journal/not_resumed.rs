//! Why an interrupted run cannot be resumed.

use std::io;
use std::path::PathBuf;

use chrono::TimeDelta;

use super::lines;

/// Why an earlier run cannot be gone on from.
#[derive(Debug, thiserror::Error)]
pub enum NotResumed {
    /// There is no journal.
    #[error("no journal of an interrupted run in `{}`", folder.display())]
    NoJournal {
        /// Where one would be.
        folder: PathBuf,
    },
    /// It cannot be opened.
    #[error("cannot open the journal `{}`", path.display())]
    NotOpened {
        /// The journal.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody else may have written what it says.
    #[error("the journal `{}` {why}, so another user may have written it", path.display())]
    NotOurs {
        /// The journal.
        path: PathBuf,
        /// What shows it.
        why: &'static str,
    },
    /// It lies elsewhere than where this run may write, and cannot be copied.
    #[error("cannot copy the journal `{}`", path.display())]
    NotCopied {
        /// The journal.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It cannot be understood.
    #[error("cannot read the journal `{}`", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// Why.
        #[source]
        source: lines::JournalError,
    },
    /// The result is to take its place.
    #[error("the journal `{}` is also the output file", path.display())]
    OntoItself {
        /// The journal.
        path: PathBuf,
    },
    /// Somebody writes to it.
    #[error("another process is writing to the journal `{}`", path.display())]
    Busy {
        /// The journal.
        path: PathBuf,
    },
    /// Its answers are too old to stand beside new ones.
    #[error("the journal `{}` began {} ago, but `aws.resume_within` is {}", path.display(), told(*age), told(*within))]
    TooOld {
        /// The journal.
        path: PathBuf,
        /// How long ago its first answer came.
        age: TimeDelta,
        /// How long ago it may be.
        within: TimeDelta,
    },
    /// It was told to look at something else.
    #[error("the journal `{}` has another scope: its {what} {before}, this run's {now}", path.display())]
    OtherScope {
        /// The journal.
        path: PathBuf,
        /// The part of the scope.
        what: &'static str,
        /// What the journal says.
        before: String,
        /// What the settings say.
        now: String,
    },
}

impl NotResumed {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            NotResumed::NoJournal { .. } => "name the journal after `--resume`, or begin a new run without it",
            NotResumed::NotOpened { .. } | NotResumed::Damaged { .. } | NotResumed::TooOld { .. } => {
                "begin a new run without `--resume`"
            }
            NotResumed::NotOurs { .. } => {
                "begin a new run without `--resume`; or, if you know that it is intact, make a copy that only you \
                 can write to, and name that"
            }
            NotResumed::NotCopied { .. } => "make room in the folder for journals (`collect.journals`), and run again",
            NotResumed::OntoItself { .. } => "name another file after `--to`",
            NotResumed::Busy { .. } => "wait until that run has ended",
            NotResumed::OtherScope { .. } => "use the same settings, or begin a new run without `--resume`",
        }
    }
}

/// In whole hours, below two of them in minutes, and below two of those in seconds.
fn told(age: TimeDelta) -> String {
    let (number, one) = match age.num_minutes() {
        ..2 => (age.num_seconds(), "second"),
        minutes @ ..120 => (minutes, "minute"),
        _ => (age.num_hours(), "hour"),
    };
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
