//! `unprovisioned-permission-set`: what was described and judged is not what is in force. Identity Center keeps what a
//! permission set allows; an account has what it allowed when it was last provisioned there.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unprovisioned-permission-set"),
    severity: Severity::Medium,
    title: "Permission set {set} was changed, but an older version is still in force in {outdated}",
    meaning: "A permission set was changed but not provisioned again, so accounts still grant what it allowed before.",
    advice: "Reapply the permission set to these accounts in Identity Center (`ProvisionPermissionSet`). The roles \
             `AWSReservedSSO_…` in these accounts show what it allowed before.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let sets = case.world.snapshot.permission_sets.positions();
    let outdated = sets.filter_map(|(position, set)| {
        let accounts: Vec<Evidence> = set.outdated.seen().map(|&account| Evidence::OlderVersionIn(account)).collect();
        let subject = Subject::PermissionSet(position);
        (!accounts.is_empty()).then(|| case.finding(&RULE, RULE.severity, subject, accounts))
    });
    outdated.collect()
}
