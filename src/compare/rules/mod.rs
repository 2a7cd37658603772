//! The rules, one file each; a rule's name is the same here, in settings, waivers, reports and documentation.
//!
//! A rule looks at a case and returns findings. It prints nothing, and it knows nothing of waivers.

mod console_without_mfa;
mod expired_waiver;
mod leaver_with_access;
mod leaver_with_key;
mod missing_assignment;
mod missing_iam_user;
mod missing_membership;
mod missing_policy;
mod missing_trust;
mod missing_user;
mod outside_trust;
mod root_access_key;
mod root_without_mfa;
mod stale_list;
mod unexpected_assignment;
mod unexpected_group;
mod unexpected_iam_user;
mod unexpected_membership;
mod unexpected_policy;
mod unexpected_user;
mod unlisted_administrative_access;
mod unowned_iam_user;
mod unused_waiver;

use std::sync::Arc;

use crate::model::{Finding, Gap, Rule};

use super::case::Case;

/// What a rule does with a case.
type Check = fn(&Case<'_>) -> Vec<Finding>;

/// Every rule, in the order of the alphabet.
pub static RULES: &[&Rule] = &[
    &console_without_mfa::RULE,
    &expired_waiver::RULE,
    &leaver_with_access::RULE,
    &leaver_with_key::RULE,
    &missing_assignment::RULE,
    &missing_iam_user::RULE,
    &missing_membership::RULE,
    &missing_policy::RULE,
    &missing_trust::RULE,
    &missing_user::RULE,
    &outside_trust::RULE,
    &root_access_key::RULE,
    &root_without_mfa::RULE,
    &stale_list::RULE,
    &unexpected_assignment::RULE,
    &unexpected_group::RULE,
    &unexpected_iam_user::RULE,
    &unexpected_membership::RULE,
    &unexpected_policy::RULE,
    &unexpected_user::RULE,
    &unlisted_administrative_access::RULE,
    &unowned_iam_user::RULE,
    &unused_waiver::RULE,
];

/// What the rules about access and lists do. Rules about waivers come after the waivers: see [`run_on_waivers`].
const CHECKS: &[Check] = &[
    console_without_mfa::check,
    leaver_with_access::check,
    leaver_with_key::check,
    missing_assignment::check,
    missing_iam_user::check,
    missing_membership::check,
    missing_policy::check,
    missing_trust::check,
    missing_user::check,
    outside_trust::check,
    root_access_key::check,
    root_without_mfa::check,
    stale_list::check,
    unexpected_assignment::check,
    unexpected_group::check,
    unexpected_iam_user::check,
    unexpected_membership::check,
    unexpected_policy::check,
    unexpected_user::check,
    unlisted_administrative_access::check,
    unowned_iam_user::check,
];

/// The findings of every rule about access and lists.
pub(super) fn run(case: &Case<'_>) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| check(case)).collect()
}

/// The findings of the rules about waivers, which look at what the waivers did to the other findings.
pub(super) fn run_on_waivers(case: &Case<'_>, findings: &[Finding], gaps: &[Arc<Gap>]) -> Vec<Finding> {
    let mut about = expired_waiver::check(case, findings);
    about.extend(unused_waiver::check(case, findings, gaps));
    about
}

/// The order of a report: the worst first, then by rule, then by subject.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        let severity = other.severity.cmp(&one.severity);
        severity.then_with(|| one.rule.cmp(&other.rule)).then_with(|| one.subject.cmp(&other.subject))
    });
}
