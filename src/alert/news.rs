//! What of a report is news to those who were told of earlier ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Finding, Fingerprint, Gap, Hides, Report, Severity};

use super::Told;

/// What is news, and what stands beside it.
#[derive(Debug)]
pub struct News<'r> {
    /// The report that it is news of.
    pub report: &'r Report<'r>,
    /// Findings that the recipients do not know of, the worst first.
    pub findings: Vec<&'r Finding>,
    /// Gaps that could hide a grant, and that they do not know of.
    pub gaps: Vec<&'r Arc<Gap>>,
    /// What they know once they have been told.
    pub then_told: Told,
}

/// What is news; `None` where nothing is.
///
/// A finding is known to the recipients if they were told of it and it has stood in every run since: one that went
/// away and came back is news again, and so is one whose message could not be delivered.
#[must_use]
pub fn news<'r>(report: &'r Report<'r>, told: Option<&Told>, min_severity: Severity) -> Option<News<'r>> {
    let earlier = report.earlier();
    let known = |finding: &Finding| {
        let told = told.is_some_and(|told| told.findings.contains(&finding.fingerprint));
        told && earlier.is_some_and(|earlier| earlier.open.contains_key(&finding.fingerprint))
    };
    let known_gap = |key: &String| {
        told.is_some_and(|told| told.gaps.contains(key)) && earlier.is_some_and(|earlier| earlier.gaps.contains(key))
    };
    let worth_telling: Vec<&Finding> = report.open().filter(|finding| finding.severity >= min_severity).collect();
    let hiding: Vec<&Arc<Gap>> = report.gaps.iter().filter(|gap| gap.hides == Hides::Grants).collect();
    let findings: Vec<&Finding> = worth_telling.iter().copied().filter(|finding| !known(finding)).collect();
    let gaps: Vec<&Arc<Gap>> = hiding.iter().copied().filter(|gap| !known_gap(&gap.key())).collect();
    if findings.is_empty() && gaps.is_empty() {
        return None;
    }
    let all: BTreeSet<Fingerprint> = worth_telling.iter().map(|finding| finding.fingerprint.clone()).collect();
    let then_told = Told { findings: all, gaps: hiding.iter().map(|gap| gap.key()).collect() };
    Some(News { report, findings, gaps, then_told })
}
