//! What changed since the earlier run of the same job.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{AccountId, Changes, EarlierFinding, Finding, Fingerprint, Gap, Hides, Kind, Level, World};

/// What changed since the earlier run. A finding that is gone while something could not be seen that may hide it, or
/// while nobody looked for it any more, is out of sight, not resolved.
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
        } else if !is_looked_for(world, &earlier.judged, before) || gaps.iter().any(|gap| may_hide(gap, before)) {
            &mut changes.out_of_sight
        } else {
            &mut changes.resolved
        };
        became.push(fingerprint.clone());
    }
    changes
}

/// Whether this run would find it if it were still there: its rule is on, a list speaks of its kind as one did then,
/// and what it is about is in scope.
fn is_looked_for(world: &World, judged_then: &BTreeSet<String>, gone: &EarlierFinding) -> bool {
    let scope = &world.snapshot.scope;
    let is_off = world.policy.levels.iter().any(|(rule, level)| *level == Level::Off && rule.0 == gone.rule);
    let is_excluded = gone.account.is_some_and(|account| scope.excluded.contains_key(&account));
    let kind = gone.subject.strip_prefix("due-").unwrap_or(&gone.subject);
    let kind = Kind::ALL.into_iter().find(|one| one.word() == kind);
    let of_iam = matches!(kind, Some(Kind::IamUser | Kind::Policy | Kind::Trust)) || gone.subject == "root";
    let is_in_scope = if of_iam {
        let read = |account: AccountId| {
            world.snapshot.iam.iter().any(|iam| world.snapshot.accounts[iam.account].id == account)
        };
        gone.account.is_none_or(read)
    } else {
        scope.identity_center || kind.is_none()
    };
    let is_judged = |kind: Kind| world.expectation.speaks_for.contains(&kind) || !judged_then.contains(kind.word());
    !is_off && !is_excluded && is_in_scope && kind.is_none_or(is_judged)
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
