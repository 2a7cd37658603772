//! The weekly sign of life: how things stand, also where everything is in order. Who hears nothing knows by it that
//! nothing was to be said.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::model::{Finding, Report, Severity};
use crate::wording;

/// After how long a summary is due: a week, but for the hours by which a run may be early.
const DUE_AFTER: TimeDelta = TimeDelta::hours(7 * 24 - 12);

/// What watching cannot promise.
const BEST_EFFORT: &str = "Changes between runs are assessed as CloudTrail reports them. It reports on a best-effort basis: \
                           only a run proves that nothing else changed.";

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What was assessed and how far, in sentences.
    pub coverage: Vec<String>,
    /// Open findings, the worst first.
    pub open: Vec<OfSeverity>,
    /// Findings that waivers accept, the worst first.
    pub waived: Vec<OfSeverity>,
    /// The instant of the last run that read everything; `None` where no run is known that did.
    pub last_complete: Option<DateTime<Utc>>,
    /// Whether changes between runs are watched.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub watches: bool,
}

/// Findings of one severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfSeverity {
    /// Which.
    pub severity: Severity,
    /// How many.
    pub number: usize,
    /// When a run first had the oldest of them.
    pub oldest: DateTime<Utc>,
}

/// Whether a summary is due in a run that speaks about `as_of`, where the last one was in the run of this instant. Runs
/// may speak about any instant: what lies in the future was said by a rehearsal.
pub(super) fn due(last: Option<DateTime<Utc>>, as_of: DateTime<Utc>) -> bool {
    last.is_none_or(|last| (as_of - last).abs() >= DUE_AFTER)
}

impl Summary {
    /// How things stand in this run.
    pub(super) fn of(report: &Report<'_>, last_complete: Option<DateTime<Utc>>, watches: bool) -> Self {
        Summary {
            coverage: wording::coverage(report),
            open: by_severity(report.open()),
            waived: by_severity(report.waived()),
            last_complete,
            watches,
        }
    }

    /// The same for people, line by line.
    pub(super) fn lines(&self) -> Vec<String> {
        let complete = self.last_complete.map_or_else(|| "not known".to_owned(), wording::instant);
        let findings = [("Open", &self.open), ("Accepted by waivers", &self.waived)];
        let findings = findings.into_iter().map(|(label, all)| format!("{label}: {}", counted(all)));
        let complete = format!("Last complete run: {complete}");
        let watches = self.watches.then(|| BEST_EFFORT.to_owned());
        self.coverage.iter().cloned().chain(findings).chain([complete]).chain(watches).collect()
    }
}

fn by_severity<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<OfSeverity> {
    let mut of_each: BTreeMap<Severity, OfSeverity> = BTreeMap::new();
    for &Finding { severity, first_seen, .. } in findings {
        let entry = of_each.entry(severity).or_insert(OfSeverity { severity, number: 0, oldest: first_seen });
        entry.number += 1;
        entry.oldest = entry.oldest.min(first_seen);
    }
    of_each.into_values().rev().collect()
}

/// `2 critical (oldest 2026-11-13), 4 high (oldest 2026-11-20)`.
fn counted(all: &[OfSeverity]) -> String {
    let one = |of: &OfSeverity| {
        format!("{} {} (oldest {})", wording::thousands(of.number as u64), of.severity, of.oldest.format("%Y-%m-%d"))
    };
    match all {
        [] => "none".to_owned(),
        all => all.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}
