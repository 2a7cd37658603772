//! What changed since the earlier run, each finding with the sentence that it had or has.

use std::collections::BTreeMap;

use crate::model::{Changes, Finding, Fingerprint, Report};

use super::{phrase, thousands, title};

/// One finding that appeared, stayed, went, was accepted, or is out of sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What became of it: `new`, `resolved`, `accepted`, `out-of-sight`, `still-open`.
    pub what: &'static str,
    /// Which.
    pub fingerprint: Fingerprint,
    /// Its sentence.
    pub title: String,
}

/// Every change, the new ones first; empty where there is no earlier run.
#[must_use]
pub fn changes(report: &Report<'_>) -> Vec<Change> {
    let Some(earlier) = report.earlier() else { return Vec::new() };
    let here: BTreeMap<&Fingerprint, &Finding> =
        report.findings.iter().map(|finding| (&finding.fingerprint, finding)).collect();
    let sentence = |fingerprint: &Fingerprint| match (here.get(fingerprint), earlier.open.get(fingerprint)) {
        (Some(finding), _) => title(report, finding),
        (None, Some(before)) => phrase(&before.title).into_owned(),
        (None, None) => format!("finding {fingerprint}"),
    };
    let groups = [
        ("new", &report.changes.new),
        ("resolved", &report.changes.resolved),
        ("accepted", &report.changes.accepted),
        ("out-of-sight", &report.changes.out_of_sight),
        ("still-open", &report.changes.still_open),
    ];
    groups
        .into_iter()
        .flat_map(|(what, fingerprints)| fingerprints.iter().map(move |fingerprint| (what, fingerprint)))
        .map(|(what, fingerprint)| Change { what, fingerprint: fingerprint.clone(), title: sentence(fingerprint) })
        .collect()
}

/// How many of each: `2 new, 1 resolved, 0 accepted by waivers, 0 out of sight, 17 still open`.
#[must_use]
pub fn change_counts(report: &Report<'_>) -> String {
    let Changes { new, still_open, .. } = &report.changes;
    let [resolved, accepted, out_of_sight] = gone(&report.changes);
    [(new.len(), "new"), resolved, accepted, out_of_sight, (still_open.len(), "still open")].map(counted).join(", ")
}

/// How many are not open any more, by what became of them, where there are any: `1 resolved, 2 out of sight`.
#[must_use]
pub fn gone_counts(report: &Report<'_>) -> Option<String> {
    let some = gone(&report.changes).into_iter().filter(|(number, _)| *number > 0);
    let some: Vec<String> = some.map(counted).collect();
    (!some.is_empty()).then(|| some.join(", "))
}

fn gone(changes: &Changes) -> [(usize, &'static str); 3] {
    [
        (changes.resolved.len(), "resolved"),
        (changes.accepted.len(), "accepted by waivers"),
        (changes.out_of_sight.len(), "out of sight"),
    ]
}

fn counted((number, word): (usize, &'static str)) -> String {
    format!("{} {word}", thousands(number as u64))
}
