//! What of a report is news to those who were told of earlier ones.

use std::sync::Arc;

use crate::model::{Finding, Fingerprint, Gap, Hides, Report, Severity};

use super::Told;
use crate::wording;

/// What is news, and what stands beside it.
#[derive(Debug)]
pub struct News<'r> {
    /// The report that it is news of.
    pub report: &'r Report<'r>,
    /// Findings that the recipients do not know of, or know as milder ones, the worst first.
    pub findings: Vec<New<'r>>,
    /// Gaps that could hide a grant, and that they do not know of.
    pub gaps: Vec<&'r Arc<Gap>>,
    /// Findings that they were told of, each with how severe it was, and that a row of a list expects by now although AWS
    /// has what it had.
    pub listed: Vec<(&'r Fingerprint, Option<Severity>)>,
    /// What of the store could not be used by this run, as sentences. The next run has this one's package and record.
    pub damage: Vec<String>,
    /// The mildest severity of which a finding is told.
    pub min_severity: Severity,
    /// What they know once they have been told.
    pub then_told: Told,
}

/// A finding that is news.
#[derive(Debug, Clone, Copy)]
pub struct New<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// How severe it was when they were told of it, where it is worse now.
    pub was: Option<Severity>,
}

impl News<'_> {
    /// How many open findings they know of already.
    #[must_use]
    pub fn known(&self) -> usize {
        self.report.verdict.open_at_least(self.min_severity) - self.findings.len()
    }

    /// How many open findings are too mild for anybody to be told.
    #[must_use]
    pub fn too_mild(&self) -> usize {
        self.report.verdict.open() - self.report.verdict.open_at_least(self.min_severity)
    }

    /// Whether one of the findings was told before, as a milder one.
    #[must_use]
    pub fn got_worse(&self) -> bool {
        self.findings.iter().any(|new| new.was.is_some())
    }
}

/// What is news; `None` where nothing is.
///
/// A finding is known to the recipients if they were told of it, as one that is as severe or worse, and it has stood in
/// every run since: one that went away and came back is news again, and so is one whose message could not be delivered.
#[must_use]
pub fn news<'r>(report: &'r Report<'r>, told: Option<&Told>, min_severity: Severity) -> Option<News<'r>> {
    let known = told.map(|told| told.still(report)).unwrap_or_default();
    let new = |finding: &'r Finding| match known.findings.get(&finding.fingerprint).copied().flatten() {
        None => Some(New { finding, was: None }),
        Some(was) => (finding.severity > was).then_some(New { finding, was: Some(was) }),
    };
    let findings: Vec<New<'r>> =
        report.open().filter(|finding| finding.severity >= min_severity).filter_map(new).collect();
    let hiding = report.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
    let gaps: Vec<&Arc<Gap>> = hiding.filter(|gap| !known.gaps.contains(&gap.key())).collect();
    let damage = wording::damage_notices(report);
    let was_told = |key: &'r Fingerprint| Some((key, *told?.findings.get(key)?));
    let listed: Vec<_> = report.changes.listed.iter().filter_map(|(key, _)| was_told(key)).collect();
    if findings.is_empty() && gaps.is_empty() && damage.is_empty() && listed.is_empty() {
        return None;
    }
    let mut then_told = known;
    let of_findings = findings.iter().map(|new| (new.finding.fingerprint.clone(), Some(new.finding.severity)));
    then_told.findings.extend(of_findings);
    then_told.gaps.extend(gaps.iter().map(|gap| gap.key()));
    Some(News { report, findings, gaps, listed, damage, min_severity, then_told })
}
