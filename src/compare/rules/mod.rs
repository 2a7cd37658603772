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
mod missing_grant;
mod missing_group;
mod missing_iam_user;
mod missing_membership;
mod missing_permission_set;
mod missing_policy;
mod missing_trust;
mod missing_user;
mod nesting_mismatch;
mod old_key;
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
mod unused_credential;
mod unused_permission_set;
mod unused_row;
mod unused_waiver;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::model::{Evidence, Finding, Fingerprint, Gap, Level, Rule, RuleId, Severity, Subject, World};

use super::rule_context::Case;
use super::waivers::outcome::WaiverOutcome;

/// The rules of what the directory demands and AWS has lost.
pub(super) const MISSING_USER: RuleId = missing_user::RULE.id;
/// See [`MISSING_USER`].
pub(super) const MISSING_MEMBERSHIP: RuleId = missing_membership::RULE.id;
/// The rules of what the directory ended and AWS still has.
pub(super) const LEAVER_WITH_ACCESS: RuleId = leaver_with_access::RULE.id;
/// See [`LEAVER_WITH_ACCESS`].
pub(super) const UNEXPECTED_MEMBERSHIP: RuleId = unexpected_membership::RULE.id;

/// What a rule does.
#[derive(Clone, Copy)]
enum Check {
    /// It looks at access and lists.
    OfAccess(fn(&Case<'_>) -> Vec<Finding>),
    /// It looks at what the waivers did to the findings of the others.
    OfWaivers(fn(&Case<'_>, &WaiverOutcome, &[Arc<Gap>]) -> Vec<Finding>),
}

/// Every rule with what it does, in the order of the alphabet.
const TABLE: [(&Rule, Check); 47] = [
    (&ambiguous_match::RULE, Check::OfAccess(ambiguous_match::check)),
    (&console_without_mfa::RULE, Check::OfAccess(console_without_mfa::check)),
    (&contradicted_listing::RULE, Check::OfAccess(contradicted_listing::check)),
    (&differing_permission_set::RULE, Check::OfAccess(differing_permission_set::check)),
    (&differing_policy::RULE, Check::OfAccess(differing_policy::check)),
    (&disabled_user::RULE, Check::OfAccess(disabled_user::check)),
    (&expired_waiver::RULE, Check::OfWaivers(expired_waiver::check)),
    (&invalid_waiver::RULE, Check::OfWaivers(invalid_waiver::check)),
    (&leaver_with_access::RULE, Check::OfAccess(leaver_with_access::check)),
    (&leaver_with_key::RULE, Check::OfAccess(leaver_with_key::check)),
    (&lossy_list::RULE, Check::OfAccess(lossy_list::check)),
    (&missing_application::RULE, Check::OfAccess(missing_application::check)),
    (&missing_assignment::RULE, Check::OfAccess(missing_assignment::check)),
    (&missing_entitlement::RULE, Check::OfAccess(missing_entitlement::check)),
    (&missing_group::RULE, Check::OfAccess(missing_group::check)),
    (&missing_iam_user::RULE, Check::OfAccess(missing_iam_user::check)),
    (&missing_membership::RULE, Check::OfAccess(missing_membership::check)),
    (&missing_permission_set::RULE, Check::OfAccess(missing_permission_set::check)),
    (&missing_policy::RULE, Check::OfAccess(missing_policy::check)),
    (&missing_trust::RULE, Check::OfAccess(missing_trust::check)),
    (&missing_user::RULE, Check::OfAccess(missing_user::check)),
    (&nesting_mismatch::RULE, Check::OfAccess(nesting_mismatch::check)),
    (&old_key::RULE, Check::OfAccess(old_key::check)),
    (&orphaned_assignment::RULE, Check::OfAccess(orphaned_assignment::check)),
    (&outside_trust::RULE, Check::OfAccess(outside_trust::check)),
    (&partial_list::RULE, Check::OfAccess(partial_list::check)),
    (&people_not_matched::RULE, Check::OfAccess(people_not_matched::check)),
    (&root_access_key::RULE, Check::OfAccess(root_access_key::check)),
    (&root_without_mfa::RULE, Check::OfAccess(root_without_mfa::check)),
    (&shrunken_list::RULE, Check::OfAccess(shrunken_list::check)),
    (&stale_list::RULE, Check::OfAccess(stale_list::check)),
    (&unexpected_application::RULE, Check::OfAccess(unexpected_application::check)),
    (&unexpected_assignment::RULE, Check::OfAccess(unexpected_assignment::check)),
    (&unexpected_entitlement::RULE, Check::OfAccess(unexpected_entitlement::check)),
    (&unexpected_group::RULE, Check::OfAccess(unexpected_group::check)),
    (&unexpected_iam_user::RULE, Check::OfAccess(unexpected_iam_user::check)),
    (&unexpected_membership::RULE, Check::OfAccess(unexpected_membership::check)),
    (&unexpected_permission_set::RULE, Check::OfAccess(unexpected_permission_set::check)),
    (&unexpected_policy::RULE, Check::OfAccess(unexpected_policy::check)),
    (&unexpected_user::RULE, Check::OfAccess(unexpected_user::check)),
    (&unlisted_administrative_access::RULE, Check::OfAccess(unlisted_administrative_access::check)),
    (&unowned_iam_user::RULE, Check::OfAccess(unowned_iam_user::check)),
    (&unprovisioned_permission_set::RULE, Check::OfAccess(unprovisioned_permission_set::check)),
    (&unused_credential::RULE, Check::OfAccess(unused_credential::check)),
    (&unused_permission_set::RULE, Check::OfAccess(unused_permission_set::check)),
    (&unused_row::RULE, Check::OfAccess(unused_row::check)),
    (&unused_waiver::RULE, Check::OfWaivers(unused_waiver::check)),
];

/// Every rule, in the order of the alphabet.
pub static RULES: &[&Rule] = &all();

const fn all() -> [&'static Rule; TABLE.len()] {
    let mut rules = [TABLE[0].0; TABLE.len()];
    let mut number = 0;
    while number < TABLE.len() {
        rules[number] = TABLE[number].0;
        number += 1;
    }
    rules
}

/// The findings of every rule about access and lists. What several rows say alike is one finding: the rows after the
/// first are evidence of it.
pub(super) fn run(case: &Case<'_>) -> Vec<Finding> {
    merged(TABLE.iter().flat_map(|(_, check)| match check {
        Check::OfAccess(check) => check(case),
        Check::OfWaivers(_) => Vec::new(),
    }))
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
pub(super) fn run_on_waivers(case: &Case<'_>, waivers: &WaiverOutcome, gaps: &[Arc<Gap>]) -> Vec<Finding> {
    merged(TABLE.iter().flat_map(|(_, check)| match check {
        Check::OfAccess(_) => Vec::new(),
        Check::OfWaivers(check) => check(case, waivers, gaps),
    }))
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
