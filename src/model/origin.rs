//! Where AWS's side of a run comes from.

use serde::{Deserialize, Serialize};

/// Where AWS's side of a run comes from. Only a live run has seen AWS answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The run asked AWS.
    Live,
    /// Files that the AWS CLI wrote.
    SavedFiles,
    /// The pages that a run of Rollcall kept: a journal, or the inputs of a package.
    Journal,
}

impl Origin {
    /// The word for it in files for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Origin::Live => "live",
            Origin::SavedFiles => "saved-files",
            Origin::Journal => "journal",
        }
    }
}
