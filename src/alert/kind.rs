//! What a message is about.

use serde::Serialize;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What is new in a run, with the summary where that is due.
    News,
    /// The weekly summary alone.
    Summary,
    /// A run failed, or a job is overdue.
    RunFailed,
    /// A test of the channels.
    Test,
    /// Changes of access that the watcher assessed.
    Watch,
    /// A job works again, after failures or missed runs.
    RunWorksAgain,
    /// A plan was applied, or a part of it.
    ChangesMade,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::News => "news",
            Kind::Summary => "summary",
            Kind::RunFailed => "run-failed",
            Kind::Test => "test",
            Kind::Watch => "watch",
            Kind::RunWorksAgain => "run-works-again",
            Kind::ChangesMade => "changes-made",
        }
    }
}
