//! After which runs a message is sent.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::Severity;

/// After which runs a message is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// After those with something new, and once a week.
    #[default]
    Changes,
    /// Also after those with open findings of the lowest severity that is sent, or with gaps.
    Findings,
    /// After every run.
    Always,
}

/// What recipients want to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The lowest severity of new findings.
    pub min_severity: Severity,
    /// After which runs.
    pub when: When,
    /// Whether changes between the runs are watched, which the sign of life then says.
    pub watches: bool,
}

impl From<Severity> for Wanted {
    fn from(min_severity: Severity) -> Self {
        Wanted { min_severity, when: When::default(), watches: false }
    }
}
