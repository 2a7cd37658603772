//! What changed since the earlier run of the same job.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Changes, EarlierFinding, Finding, Fingerprint, Gap, Hides, World};

/// What changed since the earlier run. A finding that is gone while something could not be seen that may hide it is
/// out of sight, not resolved.
pub(super) fn since_earlier(world: &World, findings: &[Finding], gaps: &[Arc<Gap>]) -> Changes {
    let Some(earlier) = &world.earlier else { return Changes::default() };
    let open: BTreeSet<&Fingerprint> =
        findings.iter().filter(|finding| finding.waiver.is_none()).map(|finding| &finding.fingerprint).collect();
    let waived: BTreeSet<&Fingerprint> =
        findings.iter().filter(|finding| finding.waiver.is_some()).map(|finding| &finding.fingerprint).collect();
    let (still_open, new) = open.iter().partition(|fingerprint| earlier.open.contains_key(fingerprint));
    let mut changes = Changes { new: owned(new), still_open: owned(still_open), ..Changes::default() };
    for (fingerprint, before) in earlier.open.iter().filter(|(fingerprint, _)| !open.contains(fingerprint)) {
        let became = if waived.contains(fingerprint) {
            &mut changes.accepted
        } else if gaps.iter().any(|gap| may_hide(gap, before)) {
            &mut changes.out_of_sight
        } else {
            &mut changes.resolved
        };
        became.push(fingerprint.clone());
    }
    changes
}

/// Whether this gap may be why a finding is not there any more. What one account did not show says nothing about
/// another one; and nobody's place in Identity Center, or in its groups, hangs on what IAM of an account shows.
fn may_hide(gap: &Gap, gone: &EarlierFinding) -> bool {
    let of_the_identity_store = ["user", "group", "membership"].contains(&gone.subject.as_str());
    match (gap.hides, gap.account, gone.account) {
        (Hides::Nothing, ..) => false,
        (Hides::Grants, Some(unseen), Some(account)) => unseen == account,
        (Hides::Grants, Some(_), None) => !(of_the_identity_store && gap.source.starts_with("iam:")),
        (Hides::Grants, None, _) => true,
    }
}

fn owned(fingerprints: Vec<&Fingerprint>) -> Vec<Fingerprint> {
    fingerprints.into_iter().cloned().collect()
}
