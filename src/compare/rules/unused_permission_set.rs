//! `unused-permission-set`: nobody used the role of a permission set in an account for longer than the settings allow. IAM
//! keeps the last use of a role for 400 days; where it has none, nothing is found.

use std::collections::BTreeMap;

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Ix, PermissionSet, Rule, RuleId, Severity, Subject, Used};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unused-permission-set"),
    severity: Severity::Low,
    title: "Permission set {set} has not been used in {idle} for a long time",
    meaning: "The role of a permission set in an account was last used longer ago than `rules.unused_after`. Without \
              this setting, the rule finds nothing; nor does it where AWS has no last use.",
    advice: "Ask the account's owner whether somebody needs the access. If not, remove its assignments there.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(allowed) = case.world.policy.unused_after else { return Vec::new() };
    let mut unused: BTreeMap<Ix<PermissionSet>, Vec<Evidence>> = BTreeMap::new();
    for ((set, account), at) in case.world.snapshot.last_uses() {
        if case.world.stamp.as_of - at > allowed {
            unused.entry(set).or_default().push(Evidence::LastUsed(Used::RoleIn(account), at));
        }
    }
    let found = unused.into_iter();
    found.map(|(set, accounts)| case.finding(&RULE, RULE.severity, Subject::PermissionSet(set), accounts)).collect()
}
