//! The rules, one file each; a rule's name is the same here, in settings, waivers, reports and documentation.
//!
//! A rule looks at a case and returns findings. It prints nothing, and it knows nothing of waivers.

mod ambiguous_match;
mod console_without_mfa;
mod contradicted_listing;
mod differing_permission_set;
mod differing_policy;
mod disabled_user;
mod expired_waiver;
mod invalid_waiver;
mod leaver_with_access;
mod leaver_with_key;
mod lossy_list;
mod missing_application;
mod missing_assignment;
mod missing_entitlement;
mod missing_group;
mod missing_iam_user;
mod missing_membership;
mod missing_permission_set;
mod missing_policy;
mod missing_trust;
mod missing_user;
mod nesting_mismatch;
mod orphaned_assignment;
mod outside_trust;
mod partial_list;
mod people_not_matched;
mod root_access_key;
mod root_without_mfa;
mod shrunken_list;
mod stale_list;
mod unexpected_application;
mod unexpected_assignment;
mod unexpected_entitlement;
mod unexpected_group;
mod unexpected_iam_user;
mod unexpected_membership;
mod unexpected_permission_set;
mod unexpected_policy;
mod unexpected_user;
mod unlisted_administrative_access;
mod unowned_iam_user;
mod unprovisioned_permission_set;
mod unused_row;
mod unused_waiver;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::model::{Evidence, Finding, Fingerprint, Gap, Level, Rule, RuleId, Severity, Subject, World};

use super::rule_context::Case;
use super::waivers::Laid;

/// The rules of what the directory demands and AWS has lost.
pub(super) const MISSING_USER: RuleId = missing_user::RULE.id;
/// See [`MISSING_USER`].
pub(super) const MISSING_MEMBERSHIP: RuleId = missing_membership::RULE.id;

/// What a rule does with a case.
type Check = fn(&Case<'_>) -> Vec<Finding>;

/// Every rule, in the order of the alphabet.
pub static RULES: &[&Rule] = &[
    &ambiguous_match::RULE,
    &console_without_mfa::RULE,
    &contradicted_listing::RULE,
    &differing_permission_set::RULE,
    &differing_policy::RULE,
    &disabled_user::RULE,
    &expired_waiver::RULE,
    &invalid_waiver::RULE,
    &leaver_with_access::RULE,
    &leaver_with_key::RULE,
    &lossy_list::RULE,
    &missing_application::RULE,
    &missing_assignment::RULE,
    &missing_entitlement::RULE,
    &missing_group::RULE,
    &missing_iam_user::RULE,
    &missing_membership::RULE,
    &missing_permission_set::RULE,
    &missing_policy::RULE,
    &missing_trust::RULE,
    &missing_user::RULE,
    &nesting_mismatch::RULE,
    &orphaned_assignment::RULE,
    &outside_trust::RULE,
    &partial_list::RULE,
    &people_not_matched::RULE,
    &root_access_key::RULE,
    &root_without_mfa::RULE,
    &shrunken_list::RULE,
    &stale_list::RULE,
    &unexpected_application::RULE,
    &unexpected_assignment::RULE,
    &unexpected_entitlement::RULE,
    &unexpected_group::RULE,
    &unexpected_iam_user::RULE,
    &unexpected_membership::RULE,
    &unexpected_permission_set::RULE,
    &unexpected_policy::RULE,
    &unexpected_user::RULE,
    &unlisted_administrative_access::RULE,
    &unowned_iam_user::RULE,
    &unprovisioned_permission_set::RULE,
    &unused_row::RULE,
    &unused_waiver::RULE,
];

/// What the rules about access and lists do. Rules about waivers come after the waivers: see [`run_on_waivers`].
const CHECKS: &[Check] = &[
    ambiguous_match::check,
    console_without_mfa::check,
    contradicted_listing::check,
    differing_permission_set::check,
    differing_policy::check,
    disabled_user::check,
    leaver_with_access::check,
    leaver_with_key::check,
    lossy_list::check,
    missing_application::check,
    missing_assignment::check,
    missing_entitlement::check,
    missing_group::check,
    missing_iam_user::check,
    missing_membership::check,
    missing_permission_set::check,
    missing_policy::check,
    missing_trust::check,
    missing_user::check,
    nesting_mismatch::check,
    orphaned_assignment::check,
    outside_trust::check,
    partial_list::check,
    people_not_matched::check,
    root_access_key::check,
    root_without_mfa::check,
    shrunken_list::check,
    stale_list::check,
    unexpected_application::check,
    unexpected_assignment::check,
    unexpected_entitlement::check,
    unexpected_group::check,
    unexpected_iam_user::check,
    unexpected_membership::check,
    unexpected_permission_set::check,
    unexpected_policy::check,
    unexpected_user::check,
    unlisted_administrative_access::check,
    unowned_iam_user::check,
    unprovisioned_permission_set::check,
    unused_row::check,
];

/// The findings of every rule about access and lists. What several rows say alike is one finding: the rows after the
/// first are evidence of it.
pub(super) fn run(case: &Case<'_>) -> Vec<Finding> {
    merged(CHECKS.iter().flat_map(|check| check(case)))
}

fn merged(all: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut known: BTreeMap<Fingerprint, usize> = BTreeMap::new();
    for finding in all {
        match known.entry(finding.fingerprint.clone()) {
            Entry::Occupied(same) => {
                let rows = finding.evidence.into_iter().filter(|piece| matches!(piece, Evidence::Row(_)));
                findings[*same.get()].evidence.extend(rows.chain([Evidence::Holds(finding.subject)]));
            }
            Entry::Vacant(new) => {
                new.insert(findings.len());
                findings.push(finding);
            }
        }
    }
    findings
}

/// What rules would have to know and nothing says.
pub(super) fn untold(world: &World) -> impl Iterator<Item = Arc<Gap>> + '_ {
    root_without_mfa::untold(world)
}

/// The findings of the rules about waivers, which look at what the waivers did to the other findings.
pub(super) fn run_on_waivers(case: &Case<'_>, waivers: &Laid, gaps: &[Arc<Gap>]) -> Vec<Finding> {
    let expired = expired_waiver::check(case, waivers).into_iter();
    merged(expired.chain(invalid_waiver::check(case, waivers)).chain(unused_waiver::check(case, waivers, gaps)))
}

/// How severe a rule is where the settings do not say and nothing raises it.
pub(super) fn severity(rule: RuleId) -> Severity {
    RULES.iter().find(|known| known.id == rule).expect("a finding's rule is one of the rules").severity
}

/// How severe a finding of a rule is by the level that the settings give the rule.
pub(super) fn leveled(world: &World, rule: RuleId, of_finding: Severity) -> Severity {
    match world.policy.levels.get(&rule) {
        Some(Level::At(level)) => of_finding.moved(severity(rule), *level),
        Some(Level::Off) | None => of_finding,
    }
}

/// Gives findings the levels that the settings give their rules. One that was raised above its rule's severity, or
/// stands below it, does so from the new one as well.
pub(super) fn level(world: &World, findings: &mut Vec<Finding>) {
    findings.retain(|finding| world.policy.levels.get(&finding.rule) != Some(&Level::Off));
    for finding in findings {
        finding.severity = leveled(world, finding.rule, finding.severity);
    }
}

/// The order of a report: what is about the lists as a whole, since everything else follows from it; then the worst
/// first, then by rule, then by subject.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        let first = (other.subject == Subject::Directory).cmp(&(one.subject == Subject::Directory));
        let severity = first.then_with(|| other.severity.cmp(&one.severity));
        severity.then_with(|| one.rule.cmp(&other.rule)).then_with(|| one.subject.cmp(&other.subject))
    });
}
