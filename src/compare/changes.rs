//! What changed since the earlier run of the same job.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Changes, Finding, Fingerprint, Gap, Hides, World};

/// What changed since the earlier run. A finding that is gone while something could not be seen is out of sight, not
/// resolved.
pub(super) fn since_earlier(world: &World, findings: &[Finding], gaps: &[Arc<Gap>]) -> Changes {
    let Some(earlier) = &world.earlier else { return Changes::default() };
    let open: BTreeSet<&Fingerprint> =
        findings.iter().filter(|finding| finding.waiver.is_none()).map(|finding| &finding.fingerprint).collect();
    let waived: BTreeSet<&Fingerprint> =
        findings.iter().filter(|finding| finding.waiver.is_some()).map(|finding| &finding.fingerprint).collect();
    let (still_open, new) = open.iter().partition(|fingerprint| earlier.open.contains_key(fingerprint));
    let (accepted, gone): (Vec<&Fingerprint>, Vec<&Fingerprint>) =
        earlier.open.keys().filter(|fingerprint| !open.contains(fingerprint)).partition(|gone| waived.contains(gone));
    let owned = |fingerprints: Vec<&Fingerprint>| fingerprints.into_iter().cloned().collect::<Vec<_>>();
    let all_seen = gaps.iter().all(|gap| gap.hides == Hides::Nothing);
    let (resolved, out_of_sight) = if all_seen { (gone, Vec::new()) } else { (Vec::new(), gone) };
    Changes {
        new: owned(new),
        still_open: owned(still_open),
        resolved: owned(resolved),
        accepted: owned(accepted),
        out_of_sight: owned(out_of_sight),
    }
}
