//! The verdict: two answers, and always for what.

use std::collections::BTreeMap;

use super::{Coverage, Kind, ReadExtent, RuleId, Severity, StandingWord};

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
    /// How many rows of lists that are kept by hand no reviewer has signed. What matches them matches a draft.
    pub unreviewed_rows: usize,
    /// How far each kind was read and assessed. Every kind has its entry.
    pub coverage: BTreeMap<Kind, Coverage>,
    /// The rules that the settings switch off: what they look for is not claimed.
    pub switched_off: Vec<RuleId>,
}

/// A verdict in a word: what a reader must know first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// AWS was to be read, and nothing of it was.
    Unread,
    /// Something is open.
    Findings,
    /// Nothing is open in what was seen, and gaps may hide access.
    Incomplete,
    /// All was seen, and no expected list speaks for any of it.
    NotAssessed,
    /// All was seen and is as the lists say, and rows of the lists have no reviewer.
    Unreviewed,
    /// All was seen, and what the lists speak for is as they say.
    InOrder,
}

impl Verdict {
    /// The verdict in a word.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match (self.open(), self.complete()) {
            _ if self.reached_nothing() => Outcome::Unread,
            (1.., _) => Outcome::Findings,
            (0, false) => Outcome::Incomplete,
            (0, true) if !self.assesses() => Outcome::NotAssessed,
            (0, true) if !self.reviewed() => Outcome::Unreviewed,
            (0, true) => Outcome::InOrder,
        }
    }

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

    /// The kinds that the run concludes something about, with how many of each: a list speaks for them, and some of
    /// them was read.
    #[must_use]
    pub fn assessed(&self) -> BTreeMap<Kind, usize> {
        let assessed = self.coverage.iter().filter(|(_, coverage)| coverage.is_assessed());
        assessed.map(|(kind, coverage)| (*kind, coverage.assessed())).collect()
    }

    /// The kinds of which something was read for which no list speaks, with how many of each. Where nothing was seen,
    /// nothing is left to assess; what could not be seen is a gap.
    #[must_use]
    pub fn unlisted(&self) -> BTreeMap<Kind, usize> {
        let unlisted = self.coverage.iter().filter(|(_, coverage)| coverage.unlisted > 0);
        unlisted.map(|(kind, coverage)| (*kind, coverage.unlisted)).collect()
    }

    /// Whether the run concludes anything at all beyond what single findings say.
    #[must_use]
    pub fn assesses(&self) -> bool {
        self.coverage.values().any(Coverage::is_assessed)
    }

    /// Whether AWS was to be read, and nothing of it was.
    #[must_use]
    pub fn reached_nothing(&self) -> bool {
        let read = || self.coverage.values().map(|coverage| coverage.read);
        read().any(|read| read == ReadExtent::Unread) && !read().any(ReadExtent::is_some)
    }
}

/// How many of each standing, by kind.
pub type Counts = BTreeMap<Kind, BTreeMap<StandingWord, usize>>;
