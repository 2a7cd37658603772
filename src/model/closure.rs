//! Which change put a finding in order.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Changes of an applied plan that put a finding in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// The first twelve digits of the plan's digest.
    pub plan: String,
    /// The ids of the changes within the plan.
    pub changes: Vec<String>,
    /// When the last of them was done (UTC).
    pub at: DateTime<Utc>,
    /// The ARN of the session that made it, where the journal says so.
    pub by: Option<String>,
}
