//! The verdict, counted from what was judged, found and not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::coverage;
use crate::model::{Counts, Finding, Gap, Hides, Judged, Kind, Level, RowRef, Severity, Verdict, World};

/// How many of each standing, by kind. Every kind has its line, be it empty.
pub(super) fn counts(judged: &[Judged]) -> Counts {
    let mut counts: Counts = Kind::ALL.into_iter().map(|kind| (kind, BTreeMap::new())).collect();
    for judged in judged {
        if let Some(kind) = judged.subject.kind() {
            *counts.entry(kind).or_default().entry(judged.standing.word()).or_default() += 1;
        }
    }
    counts
}

/// The verdict of a run.
pub(super) fn of(
    world: &World,
    counts: &Counts,
    findings: &[Finding],
    gaps: &[Arc<Gap>],
    self_reviewed: &BTreeSet<RowRef>,
) -> Verdict {
    let mut by_severity: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.waiver.is_none()) {
        *by_severity.entry(finding.severity).or_default() += 1;
    }
    let hiding_gaps = gaps.iter().filter(|gap| gap.hides == Hides::Grants).count();
    let levels = world.policy.levels.iter();
    let unsigned = world.expectation.files.iter().map(|file| file.rows_unreviewed as usize);
    Verdict {
        findings: by_severity,
        waived: findings.iter().filter(|finding| finding.waiver.is_some()).count(),
        hiding_gaps,
        stated_gaps: gaps.len() - hiding_gaps,
        unreviewed_rows: unsigned.sum::<usize>() + self_reviewed.len(),
        coverage: coverage::of(world, counts, findings),
        switched_off: levels.filter(|(_, level)| **level == Level::Off).map(|(rule, _)| *rule).collect(),
    }
}
