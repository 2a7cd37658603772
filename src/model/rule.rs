//! What a rule is called and says.

use std::fmt;

use serde::Serialize;

use super::Severity;

/// A rule, as it is documented. What it checks is in `compare/rules/`, one file a rule, named as the rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name everywhere: settings, waivers, reports, documentation.
    pub id: RuleId,
    /// How much it matters where nothing raises it.
    pub severity: Severity,
    /// Who, what and where, in a sentence with slots (`{who}`, `{place}` …) that `wording` fills. A rule with several cases
    /// gives the others by [`Finding::titled`](super::Finding::titled).
    pub title: &'static str,
    /// What a finding of it means, in a sentence.
    pub meaning: &'static str,
    /// What to do about it, and where.
    pub advice: &'static str,
}

/// The name of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RuleId(pub &'static str);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
