//! A finding that a plan would make.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A finding that a plan would make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeseenFinding {
    /// Its fingerprint.
    pub finding: String,
    /// Its rule.
    pub rule: String,
    /// Its sentence.
    pub title: String,
}
