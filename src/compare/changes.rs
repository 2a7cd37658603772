//! What changed since the earlier run of the same job.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::closures;
use super::resolved_findings::{self, Became};
use super::rule_context::Case;
use crate::model::{AccountId, Changes, EarlierFinding, Finding, Fingerprint, Gap, Hides, Kind, Level, World};

/// What changed since the earlier run. A finding that is gone is resolved only if AWS changed. While something could not
/// be seen that may hide it, or nobody looked for it any more, it is out of sight.
pub(super) fn since_earlier(case: &Case<'_>, findings: &[Finding], gaps: &[Arc<Gap>]) -> Changes {
    let world = case.world;
    let Some(earlier) = &world.earlier else { return Changes::default() };
    let open: BTreeSet<&Fingerprint> =
        findings.iter().filter(|finding| finding.waiver.is_none()).map(|finding| &finding.fingerprint).collect();
    let waived: BTreeSet<&Fingerprint> =
        findings.iter().filter(|finding| finding.waiver.is_some()).map(|finding| &finding.fingerprint).collect();
    let (still_open, new) = open.iter().partition(|fingerprint| earlier.open.contains_key(fingerprint));
    let mut changes = Changes { new: owned(new), still_open: owned(still_open), ..Changes::default() };
    let mut gone: BTreeMap<&Fingerprint, &EarlierFinding> = BTreeMap::new();
    for (fingerprint, before) in earlier.open.iter().filter(|(fingerprint, _)| !open.contains(fingerprint)) {
        if waived.contains(fingerprint) {
            changes.accepted.push(fingerprint.clone());
        } else if !is_looked_for(world, &earlier.judged, before) || gaps.iter().any(|gap| may_hide(gap, before)) {
            changes.out_of_sight.push(fingerprint.clone());
        } else {
            gone.insert(fingerprint, before);
        }
    }
    for (fingerprint, became) in resolved_findings::of(case, findings, &gone) {
        let fingerprint = fingerprint.clone();
        match became {
            Became::Resolved => changes.resolved.push(fingerprint),
            Became::Listed(listed) => changes.listed.push((fingerprint, listed)),
            Became::NoLongerListed => changes.no_longer_listed.push(fingerprint),
            Became::PartOf(finding) => changes.part_of.push((fingerprint, finding)),
            Became::OutOfSight => changes.out_of_sight.push(fingerprint),
        }
    }
    changes.out_of_sight.sort();
    closures::account_for(world, earlier, findings, &mut changes);
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
        (Hides::Grants, Some(unseen), Some(account)) => unseen == account,
        (_, _, None) if of_the_identity_store => gap.may_hide_in_the_identity_store(),
        (Hides::Nothing, ..) => false,
        (Hides::Grants, ..) => true,
    }
}

fn owned(fingerprints: Vec<&Fingerprint>) -> Vec<Fingerprint> {
    fingerprints.into_iter().cloned().collect()
}
