//! The verdict: two answers, and always for what.

use std::collections::BTreeMap;

use super::{Kind, Severity, StandingWord};

/// What a run concludes. "In order" is never said without saying for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Open findings by severity, the worst first; waived ones are not in here.
    pub findings: BTreeMap<Severity, usize>,
    /// How many findings a waiver accepts.
    pub waived: usize,
    /// How many gaps could hide a grant. With one, the run is incomplete.
    pub hiding_gaps: usize,
    /// How many gaps could not; they are stated.
    pub stated_gaps: usize,
    /// The kinds that were judged, with how many of each.
    pub judged: BTreeMap<Kind, usize>,
    /// The kinds that no list speaks for, with how many of each were seen.
    pub not_judged: BTreeMap<Kind, usize>,
    /// How many rows of lists that are kept by hand no reviewer has signed. What matches them matches a draft.
    pub unreviewed_rows: usize,
}

impl Verdict {
    /// Whether all that was to be seen was seen.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.hiding_gaps == 0
    }

    /// Whether every row of the lists that are kept by hand has a reviewer.
    #[must_use]
    pub fn reviewed(&self) -> bool {
        self.unreviewed_rows == 0
    }

    /// How many open findings there are.
    #[must_use]
    pub fn open(&self) -> usize {
        self.findings.values().sum()
    }

    /// How many open findings there are at this severity or above.
    #[must_use]
    pub fn open_at_least(&self, severity: Severity) -> usize {
        self.findings.range(severity..).map(|(_, count)| count).sum()
    }
}

/// How many of each standing, by kind.
pub type Counts = BTreeMap<Kind, BTreeMap<StandingWord, usize>>;
