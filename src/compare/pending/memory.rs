//! What the next run of the job knows of differences that were pending.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::model::{Finding, Fingerprint, Gap, World};

/// Differences that wait because the directory changed, each with the instant of the first run of the job that showed it.
pub(in crate::compare) type Since = BTreeMap<Fingerprint, DateTime<Utc>>;

/// What waits now, and what waited before and is still there as a finding or may be hidden by a gap: otherwise it would
/// wait once more after the next change of the directory.
pub(in crate::compare) fn remembered(
    world: &World,
    mut pending: Since,
    findings: &[Finding],
    gaps: &[Arc<Gap>],
) -> Since {
    let Some(earlier) = world.earlier.as_ref().filter(|earlier| !earlier.pending.is_empty()) else { return pending };
    let may_be_hidden = gaps.iter().any(|gap| gap.may_hide_in_the_identity_store());
    let found: BTreeSet<&Fingerprint> = findings.iter().map(|finding| &finding.fingerprint).collect();
    for (difference, since) in &earlier.pending {
        if may_be_hidden || found.contains(difference) {
            pending.entry(difference.clone()).or_insert(*since);
        }
    }
    pending
}
