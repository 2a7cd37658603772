//! Which findings a row of the population names.

use std::collections::BTreeMap;

use crate::model::{Evidence, Finding, Principal, Report, Subject};

/// The findings that speak of a subject, or of something that holds it. What a group is assigned reaches everyone in
/// it, so what one of them gets by it is found by the membership, which is in nobody else's path.
pub(super) fn by_subject<'r>(report: &'r Report<'_>) -> BTreeMap<Subject, Vec<&'r Finding>> {
    let mut findings: BTreeMap<Subject, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        let of_one = matches!(finding.subject, Subject::User(_) | Subject::Membership(..));
        let of_all = |held: &Subject| matches!(held, Subject::Assignment(_, _, Principal::Group(_)));
        let held = finding.evidence.iter().filter_map(Evidence::held).filter(|held| !(of_one && of_all(held)));
        for subject in std::iter::once(finding.subject).chain(held) {
            findings.entry(subject).or_default().push(finding);
        }
    }
    findings
}
