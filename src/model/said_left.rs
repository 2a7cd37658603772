//! What a run remembers of a former employee.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// That a list said that somebody had left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaidLeft {
    /// The instant that the run assessed which read the list.
    pub at: DateTime<Utc>,
    /// The row, as that run named it: `hr/leavers.csv:5`. Packages of earlier versions do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}
